"""Python-Markdown behind one small class: the default engine.

Its state is the risk (footnotes, references and abbreviations live on the instance), so nobody
else sees the instance: `parse` resets it and hands out values.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from xml.etree.ElementTree import Element, SubElement

import markdown
import msgspec
from markdown.inlinepatterns import IMAGE_LINK_RE, LINK_RE
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX

from crosspost.content.lists import ListsAfterParagraphs
from crosspost.content.markdown_blocks import BlockLoop
from crosspost.content.markdown_gates import PREPROCESSORS, TREE_PROCESSORS, with_needs
from crosspost.content.markdown_inline import Inline
from crosspost.content.markdown_patterns import Image, Link
from crosspost.content.markdown_tree import LineEnds, to_html
from crosspost.content.prose import count_words

EXTENSIONS = (
    "tables",
    "footnotes",
    "fenced_code",
    "def_list",
    "admonition",
    "attr_list",
    "abbr",
    "md_in_html",
    "sane_lists",
)

_BLANKS = re.compile(r"\n[ ]+(?=\n)")


class Parsed(msgspec.Struct, frozen=True):
    """What an engine makes of a text.

    `html` is the page's body before anything of ours. `tree` is the same as elements; in its
    texts, raw HTML stands as a placeholder that `stash` (by number) resolves. Whether there is
    anything `labelled` in it was not looked for.
    """

    html: str
    tree: Element | None
    stash: tuple[str | Element, ...]
    labelled: bool = True

    def count_words(self) -> int:
        """Return how many words the running prose has."""
        return count_words(self.tree, self.stash)


class _KeepTree(Treeprocessor):
    """Remembers the finished tree: the plain text is made from it, not from the HTML."""

    root: Element | None = None

    def run(self, root: Element) -> None:
        self.root = root


class Whitespace(Preprocessor):
    """Clears the lines of blanks and writes tabs as spaces, to replace "normalize_whitespace"."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with two empty ones at the end."""
        text = "\n".join(lines)
        # One character that is not there is found missing in no time.
        if STX in text or ETX in text:
            text = text.replace(STX, "").replace(ETX, "")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\t" in text:
            text = text.expandtabs(self.md.tab_length)
        return _BLANKS.sub("\n", text + "\n\n").split("\n")


class PythonMarkdown:
    """One Python-Markdown instance, reset for every text; not for use from several threads.

    It gives what that instance's own `convert` would give, sooner: see `markdown_gates`.
    """

    def __init__(self) -> None:
        # By name, they would be looked for among all packages that are installed.
        extensions = [
            import_module(f"markdown.extensions.{name}").makeExtension() for name in EXTENSIONS
        ]
        md = self._markdown = markdown.Markdown(extensions=extensions, output_format="html")
        # As in CommonMark: `\<script>` is a word, where the bare tag would swallow the page.
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "<"]
        # After fenced code (25) and raw HTML (20) are taken out of the text.
        md.preprocessors.register(ListsAfterParagraphs(), "crosspost_lists", 15)
        self._tree = _KeepTree(md)
        # After every other tree processor: the last one of Python-Markdown has priority 0.
        md.treeprocessors.register(self._tree, "crosspost_tree", -10)
        self._hasten()

    def _hasten(self) -> None:
        md = self._markdown
        # A set of the same names has not to be gone through for each element.
        md.block_level_elements = frozenset(md.block_level_elements)  # type: ignore[assignment]
        md.is_block_level = lru_cache(md.is_block_level)  # type: ignore[method-assign]
        md.preprocessors.register(Whitespace(md), "normalize_whitespace", 30)
        md.inlinePatterns.register(Link(LINK_RE, md), "link", 160)
        md.inlinePatterns.register(Image(IMAGE_LINK_RE, md), "image_link", 150)
        md.parser.parseBlocks = BlockLoop(md.parser).parse  # type: ignore[method-assign]
        if Inline.suits(md):
            md.treeprocessors.register(Inline(md), "inline", 20)
        md.treeprocessors.register(LineEnds(md), "prettify", 10)
        self._preprocessors = with_needs(md.preprocessors, PREPROCESSORS)
        self._tree_processors = with_needs(md.treeprocessors, TREE_PROCESSORS)

    def parse(self, text: str) -> Parsed:
        """Return `text` (Markdown, lines ended by `\\n`) as HTML and as a tree.

        Raises RecursionError where a text is nested beyond what Python-Markdown can follow.
        """
        self._reset()
        if not text.strip():
            return Parsed("", None, ())
        md = self._markdown
        lines = text.split("\n")
        for may_apply, preprocessor in self._preprocessors:
            if may_apply is None or may_apply("\n".join(lines)):
                lines = preprocessor.run(lines)
        md.parser.parseDocument(lines)
        html = self._write(md.parser.root, text)
        start = html.index(f"<{md.doc_tag}>") + len(md.doc_tag) + 2
        html = html[start : html.rindex(f"</{md.doc_tag}>")].strip()
        html = self._finish(html)
        return Parsed(html, self._tree.root, tuple(md.htmlStash.rawHtmlBlocks))

    def parse_inline(self, line: str) -> str:
        """Return one line of Markdown as HTML, with no block around it.

        `# `, `- ` or `1. ` at the start are words here, as they are in a title.
        """
        self._reset()
        root = Element("div")
        SubElement(root, "p").text = line
        html = self._write(root, line).strip()
        html = html.removeprefix("<div>").removesuffix("</div>").strip()
        html = html.removeprefix("<p>").removesuffix("</p>").strip()
        return self._finish(html)

    def _write(self, root: Element, source: str) -> str:
        for may_apply, processor in self._tree_processors:
            if may_apply is None or may_apply(source):
                replaced = processor.run(root)
                root = root if replaced is None else replaced
        html = to_html(root)
        return self._markdown.serializer(root) if html is None else html

    def _finish(self, html: str) -> str:
        for postprocessor in self._markdown.postprocessors:
            html = postprocessor.run(html)
        return html.strip()

    def _reset(self) -> None:
        self._tree.root = None
        self._markdown.reset()
        # Not part of its reset: what the block parser was in the middle of when a text raised.
        self._markdown.parser.state.clear()
