from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crosspost.content import cmark as cmark_module
from crosspost.content.cmark import Cmark
from crosspost.content.engine import engine_for
from crosspost.content.gfm import Gfm, as_written
from crosspost.content.gfm_shapes import is_foreign, shaped
from crosspost.content.html_tree import html_tree
from crosspost.content.labels import labels_for
from crosspost.content.markdown import Link, MarkdownEngine, MarkdownError, Picture, clean
from crosspost.content.marks import Marks, unmark
from crosspost.content.notes import label_admonitions, label_notes, label_tasks
from crosspost.content.plaintext import plain_text
from crosspost.content.prose import count_words

CASES = "gfm.md"

STATEFUL = "# Titre\n\nUn mot[^1], [lien][ici], ![x](a.png).\n\n[^1]: Note.\n[ici]: b.md\n"
PIECES = [
    *("a", "été ", " ", "\n", "\n\n", "    ", "\t", "# ", "- ", "1. ", "> ", "* ", "_", "**", "`"),
    *("```\n", "~~~ python\n", "[a](b.md)", "![p](q.png)", "[r][x]", "[x]: y.md\n", "[", "]"),
    *("(", ")", "](", "]: ", "(_a_", "*", "|", '"a"', "www.x.fr", " www.x.fr", "https://x.fr/é"),
    *("<http://x.fr>", "<a@b.c>", "a@b.c", "<https://", '<a href="z.md">', "</a>", "<div>"),
    *("<img src=i.png>", "</div>", " href=", "=", "<!--", "-->", "<script>", "<table>", "</table>"),
    *("[^1]", "\n[^1]: note\n", "| a | b |\n|---|---|\n| c | d |\n", "> [!NOTE]\n> x\n", "~~"),
    *(
        "- [ ] ",
        "- [x] ",
        "&amp;",
        "&copy;",
        "\\",
        "%20",
        "%C3%A9",
        "\\%20",
        "é.md",
        "\r\n",
        "\x02",
    ),
    *("\x86", "\x00", "\u2e00", '"', "'", " !", "<blockquote>", "</blockquote>", "<b/>", "<P>"),
    *("<![CDATA[", "<?php", "<input>", "$", "🎄", "---\n"),
]
SOURCES = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


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
    return MarkdownEngine(flavour="gfm")


def test_markdown(source, expected, seen, engine):
    assert seen(engine.render(source).html) == expected


def test_every_expected_page_is_one_that_a_parser_accepts(source, expected):
    parser = html5lib.HTMLParser(strict=False)
    parser.parseFragment(expected)
    assert [error[1] for error in parser.errors] == []


def test_a_reused_engine_is_as_good_as_new(source, expected, engine):
    engine.render(STATEFUL)
    assert engine.render(source) == MarkdownEngine(flavour="gfm").render(source)


@settings(max_examples=500)
@given(SOURCES)
def test_marks_leave_no_trace(source):
    source = clean(source).expandtabs(4)
    plain, marked = Gfm().parse(source), Gfm().parse(Marks(source).marked)
    assert unmark(marked.html) == plain.html


@given(SOURCES)
def test_a_body_without_places_is_the_same_otherwise(engine, source):
    placed, body = engine.open_body(source), engine.open_body(source, places=False)
    assert body == replace(placed, links=(), pictures=())
    assert body.nameless == any(not (one.alt or "").strip() for one in placed.pictures)


@settings(max_examples=300)
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


@settings(max_examples=300)
@given(st.one_of(SOURCES, st.text()))
def test_any_text_renders(engine, text):
    body = engine.render(text)
    assert body.words == len(engine.prose(text).split())
    engine.inline(text, lang="en")
    plain_text(text, flavour="gfm", width=40)


@settings(max_examples=300)
@given(SOURCES)
def test_nothing_is_decoded_that_the_author_did_not_write(source):
    """What cmark encodes comes back as it was: nothing that was in the text is lost."""
    source = clean(source).replace("\\", "")
    html = Gfm().parse(source).html
    assert html.count("%C3%A9") <= 2 * source.count("%C3%A9")  # an address can be shown as well
    assert "%C2%" not in html


PLACES = """\
Un [lien](a.md "titre") et ![une image](b.png), [vide](), [réf][r], [r].
`[code](non.md)` [deux](a.md) <https://x.example/> <mairie@x.example>

```
[bloc](non.md)
```

- un [point](<c d.md>)
    - ![sous-point](été%20e.jpg)

| a |
|---|
| [case](f.md) |

Note[^1]. <a href="g.md">brut</a> <img src='h.png' alt=''>

    [indenté](non.md)

[^1]: La [note](i.md).

[r]: j.md
[inutile]: non.md

www.x.example, https://y.example/é et z@x.example [été](été.md#à)
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
        Link("j.md", 21, 6, "réf"),
        Link("http://www.x.example", 24, 1, "www.x.example"),
        Link("https://y.example/é", 24, 16, "https://y.example/é"),
        Link("mailto:z@x.example", 24, 39, "z@x.example"),
        Link("été.md#à", 24, 57, "été"),
    )
    assert body.pictures == (
        Picture("b.png", "une image", 1, 41),
        Picture("été%20e.jpg", "sous-point", 9, 21),
        Picture("h.png", "", 15, 45),
    )


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("été.md", "été.md"),
        ("<c d.md>", "c d.md"),
        ("a%20b.md", "a%20b.md"),
        ("<a b%20c.md>", "a b%20c.md"),
        ("a.md?b=1&c=2", "a.md?b=1&c=2"),
        ("a.md?b=1&amp;c=2", "a.md?b=1&c=2"),
        ("a.md?b=1&copy=2", "a.md?b=1&copy=2"),
        ('<"a">', '"a"'),
        ("l'été.md", "l'été.md"),
        ("100%.md", "100%.md"),
        ("%C3%A9.md", "%C3%A9.md"),
        ("%E9.md", "%E9.md"),
        ("a\\_b.md", "a_b.md"),
        ("_posts/a.md", "_posts/a.md"),
        ("a[b].md", "a[b].md"),
        ("日本 ".strip(), "日本"),
        ("👩\u200d🌾.md", "👩\u200d🌾.md"),
        ("https://x.example/%7Ea?b=%2F#é", "https://x.example/%7Ea?b=%2F#é"),
        ("mailto:a@b.example?subject=L'été%20ici", "mailto:a@b.example?subject=L'été%20ici"),
        ("\\%00.md", "%00.md"),
    ],
)
def test_an_address_is_what_its_author_wrote(engine, written, target):
    (link,) = engine.render(f"Un [mot]({written})").links
    assert link.target == target
    (picture,) = engine.render(f"Une ![image]({written})").pictures
    assert picture.src == target
    shown = target.removeprefix("mailto:")
    assert plain_text(f"[mot]({written})", flavour="gfm", typography=False) == f"mot <{shown}>"


def test_a_resolver_answers_for_every_address(engine):
    html = engine.render(
        "[a](x.md) [b][r] ![c](p.jpg) [d](rien.md)\n\n[r]: <é y.md>\n\n"
        '<video src="v.mp4" poster="p.png"></video>\n\n'
        '<img src="q.png" srcset="q.png 1x, r.png 2x" alt="">',
        resolve=Prefix(),
    ).html
    assert '<a href="/lien/x.md">a</a> <a href="/lien/é y.md">b</a>' in html
    assert '<img alt="c" src="/image/p.jpg" width="640" height="480"' in html
    assert "<a>d</a>" in html
    assert '<video src="/lien/v.mp4" poster="/image/p.png">' in html
    assert 'srcset="/image/q.png 1x, /image/r.png 2x"' in html


def test_notes_of_several_bodies_have_ids_of_their_own(engine):
    html = engine.render("Un[^1].\n\n[^1]: x", footnote_prefix="p7-").html
    for part in ('id="p7-fnref:1"', 'href="#p7-fn:1"', '<li id="p7-fn:1">', 'href="#p7-fnref:1"'):
        assert part in html


def test_an_alert_whose_end_is_not_found_stays_a_quotation(engine):
    html = engine.render("> [!NOTE]\n> a <blockquote>\n\n> [!TIP]\n> b").html
    assert "<blockquote>\n<p>[!NOTE]\na <blockquote></p>\n</blockquote>" in html
    assert '<div class="admonition tip">' in html
    assert html.count("<div") == html.count("</div>")


def test_boxes_and_alerts_speak_the_language_of_the_document(engine):
    source = "- [ ] a\n- [x] b\n\n> [!CAUTION]\n> c"
    html = engine.render(source, lang="en").html
    assert 'aria-label="To do"' in html
    assert 'aria-label="Done"' in html
    assert '<p class="admonition-title">Caution</p>' in html
    assert 'aria-label="À faire"' in engine.render(source, lang="fr").html


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("Le marché !", "Le marché\u202f!"),
        ("1. Un *mot* & `x < y`", "1. Un <em>mot</em> &amp; <code>x &lt; y</code>"),
        ("# pas *un* titre", "# pas <em>un</em> titre"),
        ("- ni *une* liste\n  ni deux lignes", "- ni <em>une</em> liste   ni deux lignes"),
        ("- [ ] *ni* une tâche", "- [ ] <em>ni</em> une tâche"),
        ("> *ni* une citation", "&gt; <em>ni</em> une citation"),
        ("[r]: *pas* une adresse", "[r]: <em>pas</em> une adresse"),
        ("[^1]: *pas* une note[^1]", "[^1]: <em>pas</em> une note[^1]"),
        ("    *quatre* espaces", "<em>quatre</em> espaces"),
        ("<div>*a*</div>", "&lt;div&gt;<em>a</em>&lt;/div&gt;"),
        ("www.x.example *a*", "www.x.example <em>a</em>"),
        ("~~Fermé~~ ``` a", "<del>Fermé</del> ``` a"),
        ("<b>gras</b> [a](b) ![c](d)", "<b>gras</b> a c"),
        ("***", "***"),
        ("", ""),
    ],
)
def test_inline_has_no_block_around_it(engine, line, html):
    assert engine.inline(line, lang="fr") == html


def test_text_is_the_running_prose(engine):
    text = engine.prose(
        "# Titre\n\nUn *mot* et `x < &lt;` [lien](a.md)[^1].\nSuite &amp; fin.\n\n"
        "| a |\n|---|\n| b |\n\n- un\n- [x] deux\n\n```\ncode\n```\n\n![alt](p.png)\n\n"
        "> cité\n\n<P>brut <b>gras</b></P>\n\n<script>x</script>\n\n> [!NOTE]\n> aussi\n\n"
        '<figure><img src="q.png" alt="r"><figcaption>légende</figcaption></figure>\n\n'
        "<iframe src='s.html'>cadre</iframe>\n\n[^1]: note"
    )
    assert text == (
        "Un mot et x < &lt; lien. Suite & fin.\n\nun\n\ndeux\n\ncité\n\nbrut gras\n\naussi"
    )


def test_plain_text():
    source = (
        "- [ ] un\n- [x] deux\n\n> [!TIP]\n> Voir www.x.example\n\n"
        '<p>Brut <a href="é f.md">g</a><br>suite</p>\n\n<iframe src="https://v.example/1"></iframe>'
        "\n\n```\n&lt;\n  x\n```\n\nUn[^1].\n\n[^1]: La *note*."
    )
    assert plain_text(source, flavour="gfm") == (
        "- [ ] un\n- [x] deux\n\n| Conseil\n|\n| Voir http://www.x.example\n\n"
        "Brut g <é f.md>\nsuite\n\n<https://v.example/1>\n\n"
        "    &lt;\n      x\n\nUn (1).\n\nNotes\n-----\n(1) La note."
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ok\n\n" + ">" * 10_000, 3),
        ("ok\n" + "- " * 10_000, 2),
        ("a\n\n" + "[" * 10_000, 3),
        ("a\n\n" + "<a " * 5_000, 3),
    ],
)
def test_a_text_beyond_reason_is_refused(engine, text, line):
    with pytest.raises(MarkdownError, match=r"nested|opened") as caught:
        engine.render(text)
    assert caught.value.line == line
    with pytest.raises(MarkdownError):
        plain_text(text, flavour="gfm")
    assert engine.render("*a*").html == "<p><em>a</em></p>"


@pytest.mark.parametrize(
    "text",
    ["<b>" * 20_000 + "x" + "</b>" * 20_000, "*a **b " * 20_000 + "b** a*" * 20_000],
)
def test_a_text_that_is_only_nested_deeply_is_rendered_or_refused(engine, text):
    with suppress(MarkdownError):
        assert engine.render(text).words


@pytest.mark.parametrize(
    "piece", ["mot, ", "*a ", "`a ", '"a ', "a_b", "&a;", "[a](b) ", "~a ", "%20"]
)
def test_a_line_of_100_000_characters_renders(engine, piece):
    assert engine.render(piece * (100_000 // len(piece))).html.startswith("<p>")


@pytest.mark.parametrize("text", ["\ud800 a \udfff", "a\x00b\x1e", "\ufeffa", "\ufffe\uffff"])
def test_what_no_page_may_hold_does_not_reach_the_library(engine, text):
    assert not set("\x00\x1e\ud800\udfff\ufffe\uffff") & set(engine.render(text).html)


def test_only_the_library_that_is_used_is_loaded():
    """Each costs its time at every start."""
    code = (
        "import sys; from crosspost.content.markdown import MarkdownEngine as M;"
        "M(flavour={!r}).render('a'); print('cmarkgfm' in sys.modules, 'markdown' in sys.modules)"
    )
    for flavour, loaded in (("gfm", "True False"), ("markdown", "False True")):
        run = [sys.executable, "-c", code.format(flavour)]
        told = subprocess.run(run, check=True, capture_output=True, text=True).stdout
        assert told.strip() == loaded


@given(SOURCES)
def test_what_is_not_looked_for_is_not_there(source):
    """A glance tells that a page has nothing to be shaped, and nothing that has our labels."""
    html = Cmark().html(source)
    assert is_foreign(html) or shaped(html, as_written) == html
    page, labels = Gfm().parse(source), labels_for("fr")
    html = label_admonitions(label_notes(page.html, labels, "a"), labels)
    assert page.labelled or label_tasks(html, labels) == page.html


def test_memory_is_given_back():
    """cmarkgfm's own functions keep fifty times the size of each text."""
    resource = pytest.importorskip("resource")
    cmark, text = Cmark(), "Un *mot* et [lien](a.md).\n\n- a\n- b\n\n" * 200
    for _ in range(20):
        cmark.html(text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(100):
        cmark.html(text)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    unit = 1 if sys.platform == "darwin" else 1024
    assert grown * unit < 20_000_000, f"{grown * unit} bytes more for 100 texts of 8 kB"


def test_the_library_still_has_the_arena_that_gives_its_memory_back():
    if sys.platform == "win32":
        pytest.skip("its names cannot be looked up there")
    assert "_nothing" not in repr(Cmark()._memory)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), max_size=3))
@pytest.mark.parametrize("arena", [True, False])
def test_where_a_text_lies_makes_no_difference(arena, texts):
    """One after the other, in the arena or without it: as in cmarkgfm's own function."""
    from cmarkgfm.cmark import markdown_to_html_with_extensions as to_html

    cmark = Cmark()
    if not arena:
        cmark._memory = cmark._system()
    for text in (*texts, "".join(texts) * 50):
        assert cmark.html(text) == to_html(text, cmark_module._OPTIONS, cmark_module._EXTENSIONS)


def test_threads_may_each_have_their_own():
    """The arena is the process's: one text is read in it at a time."""
    texts = [piece * 2000 for piece in ("*a* ", "[b](c) ", "- d\n", "`e`\n\n")]
    alone = list(map(Cmark().html, texts))
    with ThreadPoolExecutor(len(texts)) as pool:
        engines = [Cmark() for _ in texts]
        for _ in range(10):
            assert list(pool.map(Cmark.html, engines, texts)) == alone


@pytest.mark.parametrize("flavour", ["markdown", "gfm"])
def test_an_engine_has_what_the_protocol_says(flavour):
    parsed = engine_for(flavour).parse("*a*")
    assert parsed.html == "<p><em>a</em></p>"
    assert parsed.tree is not None
    assert parsed.tree.tag == "div"
    assert parsed.stash == ()


@given(
    SOURCES
    | st.lists(st.sampled_from([piece for piece in PIECES if "<" not in piece])).map("".join)
)
def test_words_are_as_many_in_the_html_as_in_the_tree(source):
    source = clean(source)
    page = Gfm().parse(Marks(source).marked)
    assert page.count_words() == count_words(page.tree, page.stash)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<br>b</p>", "ab"),
        ("<p>a <B>b</b> c", "a b c"),
        ("a</p>b<div/>c", "abc"),
        ("<p title='a>b'>c</p><!-- d --><?e f?>g", "cg"),
        ("<a href=x&copy;>a &copy; b</a>", "a © b"),
    ],
)
def test_html_that_is_not_xml_is_read_all_the_same(html, text):
    assert "".join(html_tree(html).itertext()) == text
