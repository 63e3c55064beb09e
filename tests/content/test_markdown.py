from __future__ import annotations

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crosspost.content.markdown import Heading, Link, MarkdownEngine, MarkdownError, Picture, clean
from crosspost.content.marks import Marks, unmark
from crosspost.content.python_markdown import PythonMarkdown

CASES = "markdown.md"

STATEFUL = (
    "# Titre\n\nUn mot[^1], HTML, [lien][ici], ![x](a.png).\n\n"
    "[^1]: Note.\n[ici]: b.md\n*[HTML]: HyperText\n"
)
PIECES = [
    *("a", "été ", " ", "\n", "\n\n", "    ", "\t", "# ", "- ", "1. ", "> ", "* ", "_", "**", "`"),
    *(
        "```\n",
        "~~~ python\n",
        "[a](b.md)",
        "![p](q.png)",
        "[r][x]",
        "[x]: y.md\n",
        "[",
        "]",
        "(",
        ")",
    ),
    *("<http://x.fr>", "<a@b.c>", '<a href="z.md">', "</a>", "<img src=i.png>", "<div>", "</div>"),
    *("[^1]", "\n[^1]: note\n", "| a | b |\n|---|---|\n| c | d |\n", "!!! note\n    x\n", "&amp;"),
    *(
        "\\",
        "{#id}",
        "{: .c }",
        "*[a]: b\n",
        "<!--",
        "-->",
        "<script>",
        "\r\n",
        "\x02",
        "\x86",
        "\x00",
    ),
    *(
        '"',
        "'",
        " !",
        "<table>",
        "</table>",
        '<div markdown="1">',
        ": d\n",
        "$",
        "é",
        "🎄",
        "---\n",
    ),
]
SOURCES = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


class Prefix:
    """Resolves by putting a word in front, so that what was asked can be read in the answer."""

    def link(self, target: str) -> str | None:
        return None if target == "rien.md" else f"/lien/{target}"

    def picture(self, src: str) -> str:
        return f"/image/{src}"

    def size(self, src: str) -> tuple[int, int] | None:
        return (640, 480) if src.endswith(".jpg") else None


@pytest.fixture(scope="module")
def engine():
    return MarkdownEngine()


def test_markdown(source, expected, seen, engine):
    assert seen(engine.render(source).html) == expected


def test_every_expected_page_is_one_that_a_parser_accepts(source, expected):
    parser = html5lib.HTMLParser(strict=False)
    parser.parseFragment(expected)
    assert [error[1] for error in parser.errors] == []


def test_a_reused_engine_is_as_good_as_new(source, expected, engine):
    engine.render(STATEFUL)
    assert engine.render(source) == MarkdownEngine().render(source)


@settings(max_examples=150, deadline=None)
@given(SOURCES, SOURCES)
def test_nothing_leaks_from_one_document_to_the_next(engine, first, second):
    alone = MarkdownEngine().render(second)
    engine.render(first)
    engine.inline(first, lang="fr")
    assert engine.render(second) == alone


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_marks_leave_no_trace(source):
    source = clean(source)
    plain, marked = PythonMarkdown().parse(source), PythonMarkdown().parse(Marks(source).marked)
    assert unmark(marked.html) == plain.html


@given(st.text() | st.text(st.characters(max_codepoint=255)))
def test_what_no_page_may_hold_is_taken_out_of_any_text(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert clean(text) == "".join(char for char in lines if not no_page_holds(char))


def no_page_holds(char):
    code = ord(char)
    control = (code < 32 and char not in "\t\n") or 0x7F <= code <= 0x9F
    return (
        control or 0xFDD0 <= code <= 0xFDEF or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)
    )


@given(SOURCES)
def test_a_body_without_places_is_the_same_otherwise(engine, source):
    placed, body = engine.open_body(source), engine.open_body(source, places=False)
    assert body == replace(placed, links=(), pictures=())
    assert body.nameless == any(not (one.alt or "").strip() for one in placed.pictures)


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_every_link_stands_where_it_is_said_to(engine, source):
    body = engine.render(source, resolve=Prefix())
    lines = clean(source).split("\n")
    assert not set("\x00\x02\x86") & set(body.html + engine.prose(source))
    for target, line, column in [
        *((link.target, link.line, link.column) for link in body.links),
        *((picture.src, picture.line, picture.column) for picture in body.pictures),
    ]:
        if line and target in {"b.md", "q.png", "y.md", "z.md", "i.png", "http://x.fr"}:
            assert lines[line - 1][column - 1 :].startswith(target)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_renders(engine, text):
    engine.render(text)
    engine.inline(text, lang="en")


PLACES = """\
Un [lien](a.md "titre") et ![une image](b.png), [vide](), [réf][r], [r].
`[code](non.md)` [deux](a.md) <https://x.example/> <mairie@x.example>

```
[bloc](non.md)
```

- un [point](<c d.md>)
    - ![sous-point](e.jpg)

| a |
|---|
| [case](f.md) |

Note[^1]. <a href="g.md">brut</a> <img src='h.png' alt=''>

    [indenté](non.md)

[^1]: La [note](i.md).
[r]: j.md
[inutile]: non.md
"""


def test_links_and_pictures_have_their_line_and_column(engine):
    body = engine.render(PLACES)
    assert body.links == (
        Link("a.md", 1, 11, "lien"),
        Link("", 1, 56, "vide"),
        Link("a.md", 2, 25, "deux"),
        Link("https://x.example/", 2, 32, "https://x.example/"),
        Link("mailto:mairie@x.example", 2, 53, "mairie@x.example"),
        Link("c d.md", 8, 15, "point"),
        Link("f.md", 13, 10, "case"),
        Link("g.md", 15, 20, "brut"),
        Link("i.md", 19, 17, "note"),
        Link("j.md", 20, 6, "réf"),
    )
    assert body.pictures == (
        Picture("b.png", "une image", 1, 41),
        Picture("e.jpg", "sous-point", 9, 21),
        Picture("h.png", "", 15, 45),
    )
    lines = PLACES.split("\n")
    for link in body.links:
        written = link.target.removeprefix("mailto:")
        assert lines[link.line - 1][link.column - 1 :].startswith(written)


def test_columns_count_a_tab_as_one_character(engine):
    (link,) = engine.render("-\té\t[a](b.md)").links
    assert (link.line, link.column) == (1, 9)


def test_a_resolver_answers_for_every_address(engine):
    html = engine.render(
        "[a](x.md) [b][r] ![c](p.jpg) [d](rien.md)\n\n[r]: y.md\n\n"
        '<video src="v.mp4" poster="p.png"></video>\n\n'
        '<img src="q.png" srcset="q.png 1x, r.png 2x" alt="">',
        resolve=Prefix(),
    ).html
    assert '<a href="/lien/x.md">a</a> <a href="/lien/y.md">b</a>' in html
    assert '<img alt="c" src="/image/p.jpg" width="640" height="480"' in html
    assert "<a>d</a>" in html
    assert '<video src="/lien/v.mp4" poster="/image/p.png">' in html
    assert 'srcset="/image/q.png 1x, /image/r.png 2x"' in html


def test_an_answer_is_escaped(engine):
    class Odd(Prefix):
        def link(self, target: str) -> str | None:
            return '"><script>&'

    assert 'href="&quot;&gt;&lt;script&gt;&amp;"' in engine.render("[a](b)", resolve=Odd()).html


def test_headings_are_collected_with_typography(engine):
    body = engine.render("# L'été !\n\n### *Deux* `mots`[^1]\n\n[^1]: x")
    assert body.headings == (
        Heading(1, "l-ete", "L’été\u202f!"),
        Heading(3, "deux-mots", "Deux mots"),
    )


def test_heading_ids_do_not_depend_on_other_documents(engine):
    first = engine.render("# Un\n\n# Un").headings
    assert [h.id for h in first] == ["un", "un-2"]
    assert engine.render("# Un\n\n# Un").headings == first


def test_notes_of_several_bodies_have_ids_of_their_own(engine):
    html = engine.render("Un[^1].\n\n[^1]: x", footnote_prefix="p7-").html
    assert 'id="p7-fnref:1"' in html
    assert 'href="#p7-fn:1"' in html
    assert '<li id="p7-fn:1">' in html
    assert 'href="#p7-fnref:1"' in html


def test_notes_speak_the_language_of_the_document(engine):
    source = "A word[^1].\n\n[^1]: x"
    assert 'title="Back to the text, note 1"' in engine.render(source, lang="en").html
    assert 'title="Retour au texte, note 1"' in engine.render(source, lang="fr").html


def test_without_typography_the_text_stays_as_typed():
    html = MarkdownEngine(typography=False).render('L\'été : "oui" !').html
    assert html == '<p>L\'été : "oui" !</p>'


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("Le marché !", "Le marché\u202f!"),
        ("1. Un *mot* & `x < y`", "1. Un <em>mot</em> &amp; <code>x &lt; y</code>"),
        ("# pas un titre", "# pas un titre"),
        ("- ni une liste\n  ni deux lignes", "- ni une liste   ni deux lignes"),
        ("<b>gras</b> [a](b) ![c](d)", "<b>gras</b> a c"),
        ("", ""),
    ],
)
def test_inline_has_no_block_around_it(engine, line, html):
    assert engine.inline(line, lang="fr") == html


def test_text_keeps_the_spaces_of_its_author(engine):
    assert engine.prose("10\u00a0km  et\n9\u202fh") == "10\u00a0km et 9\u202fh"


def test_text_has_addresses_of_mail_as_they_are_read(engine):
    assert engine.prose("Un <a@b.example> & un.") == "Un a@b.example & un."


def test_text_is_the_running_prose(engine):
    text = engine.prose(
        "# Titre\n\nUn *mot* et `x < y` [lien](a.md)[^1].\nSuite &amp; fin.\n\n"
        "| a |\n|---|\n| b |\n\n- un\n- deux\n\n```\ncode\n```\n\n![alt](p.png)\n\n"
        "> cité\n\n<p>brut <b>gras</b></p>\n\n<script>x</script>\n\n!!! note\n    aussi\n\n"
        "[^1]: note"
    )
    assert text == (
        "Un mot et x < y lien. Suite & fin.\n\nun\n\ndeux\n\ncité\n\nbrut gras\n\naussi"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ok\n\n" + ">" * 10_000, 3),
        ("ok\n" + "- " * 10_000, 2),
        ("\n".join("    " * n + "- x" for n in range(300)), 61),
        ("a\n\n" + "[" * 10_000, 3),
        ("a\n\n" + "[" * 5_000 + "]" * 5_000, 3),
        ("a\n\n" + "[a](" * 5_000, 3),
        ("a\n\n" + "![" * 5_000, 3),
        ("a\n\n" + "<a " * 5_000, 3),
        ("a\n\n" + "<![CDATA[" * 1_000, 3),
    ],
)
def test_a_text_beyond_reason_is_refused_with_its_line(engine, text, line):
    with pytest.raises(MarkdownError, match=r"nested|opened") as caught:
        engine.render(text)
    assert caught.value.line == line
    assert engine.render("*a*").html == "<p><em>a</em></p>"


@pytest.mark.parametrize("piece", ["mot, ", "*a ", "`a ", '"a ', "a_b", "1 000 ", "&a;", "[a](b) "])
def test_a_line_of_100_000_characters_renders(engine, piece):
    assert engine.render(piece * (100_000 // len(piece))).html.startswith("<p>")
