"""The engine gives what plain Python-Markdown gives, byte for byte, and leaves out only vain work.

`Plain` is Python-Markdown with the same extensions and nothing of ours but the blank lines before
lists: every processor is asked about every text. Whoever changes a gate finds out here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry

from crosspost.content import markdown_gates as gates
from crosspost.content.lists import ListsAfterParagraphs
from crosspost.content.markdown import MarkdownEngine, clean
from crosspost.content.markdown_blocks import BlockLoop
from crosspost.content.markdown_inline import Inline
from crosspost.content.marks import Marks
from crosspost.content.prose import count_words, prose
from crosspost.content.python_markdown import EXTENSIONS, PythonMarkdown

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "fixtures"

# Every syntax that the engine knows, well formed and not; lines of `%%` stand between blocks.
BLOCKS = (FIXTURES / "pieces-blocks.md").read_text(encoding="utf-8").strip("\n").split("\n%%\n")
RUNS = (FIXTURES / "pieces-inline.md").read_text(encoding="utf-8").strip("\n").split("\n")
NOISE = " \n\t*_`[](){}<>!#&\\|:^-+=~\"'/.1aé\x02\x03\x85\x86\x87\xa0\u2028"


def full():
    """Return Python-Markdown as the engine sets it up, without the engine's short cuts."""
    md = markdown.Markdown(extensions=list(EXTENSIONS), output_format="html")
    md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "<"]
    md.preprocessors.register(ListsAfterParagraphs(), "crosspost_lists", 15)
    return md


class Plain:
    """Plain Python-Markdown, made anew for each text."""

    def parse(self, text):
        md, kept = full(), [None]

        class Keep(Treeprocessor):
            def run(self, root):
                kept.append(root)

        md.treeprocessors.register(Keep(md), "keep", -10)
        return md.convert(text), kept[-1], tuple(md.htmlStash.rawHtmlBlocks)

    def parse_inline(self, line):
        md, root = full(), Element("div")
        SubElement(root, "p").text = line
        for processor in md.treeprocessors:
            replaced = processor.run(root)
            root = root if replaced is None else replaced
        html = md.serializer(root).strip()
        html = html.removeprefix("<div>").removesuffix("</div>").strip()
        html = html.removeprefix("<p>").removesuffix("</p>").strip()
        for postprocessor in md.postprocessors:
            html = postprocessor.run(html)
        return html.strip()


def nested(element):
    """Return an element as values that can be compared, with all that is below it."""
    if not isinstance(element, Element):
        return element
    below = [nested(child) for child in element]
    return element.tag, dict(element.items()), element.text, element.tail, below


def of_engine(text):
    parsed = ENGINE.parse(text)
    return parsed.html, nested(parsed.tree), [nested(raw) for raw in parsed.stash]


def of_plain(text):
    html, tree, stash = Plain().parse(text)
    return html, nested(tree), [nested(raw) for raw in stash]


# One for all tests: what a text leaves behind would show in the next.
ENGINE = PythonMarkdown()


def texts():
    """Return texts of a few blocks, whole or cut by prefixes, with runs and noise among them."""
    run = st.sampled_from(RUNS) | st.text(NOISE, max_size=12)
    line = st.lists(run, max_size=5).flatmap(
        lambda runs: st.sampled_from([" ".join(runs), "".join(runs)])
    )
    prefix = st.sampled_from(["", "", "", "    ", "> ", "- ", "1. ", "   ", "        ", "\t", ">"])
    lines = st.lists(st.builds(str.__add__, prefix, line), max_size=4).map("\n".join)
    block = st.sampled_from(BLOCKS)
    shifted = st.builds(lambda start, text: start + text.replace("\n", "\n" + start), prefix, block)
    gap = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n", "", "\n\n\n", "\n  \n"])
    piece = st.builds(str.__add__, block | shifted | lines, gap)
    return st.lists(piece, max_size=7).map("".join)


def files():
    """Return the Markdown in the project, and posts such as the benchmark has."""
    sys.path.append(str(ROOT / "benchmarks"))
    import corpus

    yield from ((f"post {number}", corpus.make_post(number).body) for number in range(60))
    found = [*ROOT.glob("*.md"), *FIXTURES.iterdir()]
    for folder in ("content", "docs", "src/crosspost/scaffold"):
        found += (ROOT / folder).rglob("*.md")
    for path in sorted(found):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in files()])
def test_real_texts_are_as_without_gates(text):
    text = clean(text)
    assert of_engine(text) == of_plain(text)
    marked = Marks(text).marked
    assert of_engine(marked) == of_plain(marked)


@pytest.mark.parametrize("text", [*BLOCKS, *RUNS])
def test_each_syntax_is_as_without_gates(text):
    assert of_engine(text) == of_plain(text)
    assert ENGINE.parse_inline(text) == Plain().parse_inline(text)


@given(texts())
def test_any_text_is_as_without_gates(text):
    assert of_engine(text) == of_plain(text)


@given(st.lists(st.sampled_from(RUNS) | st.text(NOISE), max_size=6).map(" ".join))
def test_any_line_is_as_without_gates(line):
    assert ENGINE.parse_inline(line) == Plain().parse_inline(line)


@given(st.text("*_ ab.\n", max_size=24) | st.text("[]()<>\"'! a\\", max_size=24))
def test_marks_of_emphasis_and_brackets_in_any_order_are_as_without_short_ways(line):
    assert ENGINE.parse_inline(line) == Plain().parse_inline(line)


def test_emphasis_may_be_nested_deeper_than_calls_of_python():
    deep = "*a " * 1200 + "a*" * 1200
    assert ENGINE.parse(deep).html == Plain().parse(deep)[0]
    assert MarkdownEngine(typography=False).prose(deep) == "a " * 1200 + "a" * 1200


@given(texts())
def test_the_words_that_are_counted_are_those_of_the_prose(text):
    parsed = ENGINE.parse(text)
    counted = count_words(parsed.tree, parsed.stash)
    assert counted == len(prose(parsed.tree, parsed.stash).split())


@given(texts(), texts())
def test_a_text_leaves_nothing_to_the_next(before, text):
    alone = PythonMarkdown().parse(text)
    ENGINE.parse(before)
    ENGINE.parse_inline(before)
    after = ENGINE.parse(text)
    assert (after.html, nested(after.tree)) == (alone.html, nested(alone.tree))


def test_a_text_that_raised_leaves_nothing_to_the_next():
    with pytest.raises(RecursionError):
        ENGINE.parse("- " * 2000 + "x")
    assert of_engine("words\n\n- *x*\n") == of_plain("words\n\n- *x*\n")


@given(texts())
def test_a_gate_says_no_only_where_a_processor_does_nothing(text):
    md = full()
    lines = text.split("\n")
    for name, may_apply in gates.PREPROCESSORS.items():
        assert may_apply(text) or md.preprocessors[name].run(lines) == lines, name
    for name, expression in gates.LINES.items():
        processor, may_apply = md.parser.blockprocessors[name], gates.line_gate(expression)
        for block in text.split("\n\n"):
            blocks = [block, "next"]
            if not may_apply(f"\n{block}") and processor.test(Element("div"), block):
                assert processor.run(Element("div"), blocks) is False, name
                assert blocks == [block, "next"], name
    md.treeprocessors["inline"].stashed_nodes = {}
    for name, needs in gates.PATTERNS.items():
        pattern = md.inlinePatterns[name]
        if not any(need in text for need in needs):
            for match in pattern.getCompiledRegExp().finditer(text):
                assert pattern.handleMatch(match, text) == (None, None, None), name


def test_every_gate_is_that_of_a_processor():
    md = full()
    for names, registry in (
        (gates.PREPROCESSORS, md.preprocessors),
        (gates.LINES, md.parser.blockprocessors),
        (gates.PATTERNS, md.inlinePatterns),
        (gates.TREE_PROCESSORS, md.treeprocessors),
    ):
        assert [name for name in names if name not in registry] == []
    assert gates.PATTERNS.keys() >= gates.REFERENCES
    assert Inline.suits(md) or markdown.__version_info__ < (3, 11)


def test_a_processor_that_is_not_known_is_asked_about_everything():
    md = full()
    asked = []

    class New(markdown.blockprocessors.BlockProcessor):
        def test(self, parent, block):
            asked.append(block)
            return False

    class NewPattern(markdown.inlinepatterns.InlineProcessor):
        def handleMatch(self, match, data):  # noqa: N802 - the name is Python-Markdown's
            return Element("new"), match.start(), match.end()

    md.parser.blockprocessors.register(New(md.parser), "new", 35)
    md.inlinePatterns.register(NewPattern("new"), "new", 45)
    md.parser.parseBlocks = BlockLoop(md.parser).parse
    md.treeprocessors.register(Inline(md), "inline", 20)
    assert (
        md.convert("a new text\n\n*a* new\n")
        == "<p>a <new></new> text</p>\n<p><em>a</em> <new></new></p>"
    )
    assert asked == ["a new text", "*a* new"]


def test_with_needs_keeps_the_order_and_what_has_no_need():
    registry = Registry()
    for name, priority in (("c", 1), ("a", 3), ("b", 2)):
        registry.register(name.upper(), name, priority)
    needs = {"c": 1, "gone": 2, "a": 3}
    assert gates.with_needs(registry, needs) == [(3, "A"), (None, "B"), (1, "C")]
