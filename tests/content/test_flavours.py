"""What both flavours know, both make into the same page: a theme cannot tell them apart."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.content.markdown import MarkdownEngine
from crosspost.content.plaintext import plain_text
from crosspost.content.quotes import INLINE

ENGINES = {flavour: MarkdownEngine(flavour=flavour) for flavour in ("markdown", "gfm")}
AS_TYPED = {
    flavour: MarkdownEngine(flavour=flavour, typography=False) for flavour in ("markdown", "gfm")
}


class Page(HTMLParser):
    """HTML without what no reader sees: the order of attributes, space between blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[object] = []
        self._code = False

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, *sorted(attrs)))
        self._code = self._code or tag == "pre"

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        self.found.append(f"/{tag}")
        self._code = self._code and tag != "pre"

    def handle_data(self, data):
        if self._code:
            self.found.append(data)
            return
        text = re.sub(r"[ \n]+", " ", data)
        if self.found and isinstance(self.found[-1], str) and self.found[-1][:1] == " ":
            text = text.lstrip()
        self.found.append(text)


def page(html: str) -> list[object]:
    """Return tags and texts; a text is stripped where it meets the edge of a block."""
    parser = Page()
    parser.feed(html)
    parser.close()
    found = [("/",), *parser.found, ("/",)]
    pieces = []
    for before, piece, after in zip(found, found[1:], found[2:], strict=False):
        shown = piece
        if isinstance(piece, str) and piece[:1] != "/":
            shown = piece.lstrip(" \n") if _is_block(before) else shown
            shown = shown.rstrip(" \n") if _is_block(after) else shown
        if shown:
            pieces.append(shown)
    return pieces


def _is_block(piece: object) -> bool:
    name = piece[0] if isinstance(piece, tuple) else piece[1:] if piece[:1] == "/" else "b"
    return name not in INLINE


def compare(source: str) -> None:
    first, second = (ENGINES[name].render(source) for name in ENGINES)
    assert page(first.html) == page(second.html)
    assert first.headings == second.headings
    assert first.links == second.links
    assert first.pictures == second.pictures
    assert first.words == second.words
    proses = [ENGINES[name].prose(source) for name in ENGINES]
    assert proses[0] == proses[1]
    first, second = (AS_TYPED[name].render(source) for name in AS_TYPED)
    assert page(first.html) == page(second.html)
    for links in ("inline", "footnotes", "none"):
        texts = [plain_text(source, width=60, links=links, flavour=name) for name in ENGINES]
        assert texts[0] == texts[1]


COMMON = {
    "headings": "# Été à l'école\n\n## Deux *mots* `et` plus\n\nSouligné\n========\n\nDeux\n----\n",
    "paragraphs": 'Un mot,\nun autre.  \nEt la suite "citée" d\'ici !\n\nDeux & trois < quatre.\n',
    "emphasis": '*a* **b** _d_ __e__ un_mot_long *f **g** h* `x < y & "z"`\n',
    "lists": "Texte :\n\n- un\n- deux\n    - trois\n    - quatre\n- cinq\n\ntexte\n\n1. a\n2. b\n",
    "loose lists": "- un\n\n    suite\n\n- deux\n\n    suite\n\ntexte\n",
    "a list that starts elsewhere": "3. trois\n4. quatre\n",
    "a list after the line that announces it": "À voir :\n- un\n- deux\n",
    "links": (
        "[a](été.md) [b](<c d.md>) [c](d.md?x=1&y=2) [d](d%20e.md) [e](f.md 'titre') [f][r] [r]\n"
        '[g](h_i_j.md) [h](a%C3%A9.md) [i](#été) [j](/k/l.md) [k](<m "n".md>) [l](o%p.md)\n\n'
        "<https://x.example/é?a=1&b=2#c> <mairie@x.example> [m](https://x.example/%7Ea)\n\n"
        "[r]: s%20t.md \"Titre & 'autre'\"\n"
    ),
    "links in many scripts": "[a](Noe\u0308l.md) [b](🎄.md) [c](日本.md) [d](œ’.md)\n",
    "pictures": (
        'Une ![alt "cité" & < b](é.png) et ![](b.png) et ![c](d.png "Titre")\n\n'
        '![Le marché](marche%20vert.jpg "La place, un samedi !")\n'
    ),
    "tables": "| a | b | c |\n|:--|--:|:-:|\n| 1 | *2* | `3` |\n| [4](a.md) |  | 6 |\n",
    "two tables": "## A\n\na | b\n--|--\nc | d\n\ntexte\n\n| | e |\n|--|--|\n| f | g |\n",
    "code": '```python\nx = "é < & >"\n```\n\n```\n[a](b.md) *c*\n```\n\n    d &amp;\n',
    "code between waves": "~~~\na\n~~~\n\n~~~ python\nb = '~'\n~~~\n",
    "quotations": "> Un *mot*\n> deux.\n>\n> > Trois.\n>\n> - a\n> - b\n",
    "rules": "a\n\n---\n\nb\n\n* * *\n",
    "notes": (
        "Un[^a] mot[^b] encore[^a].\n\n[^a]: La *note* [lien](a.md).\n"
        "[^b]:\n    Un.\n\n    - deux\n    - trois\n"
    ),
    "a note that ends in code": "Un[^a].\n\n[^a]:\n    Texte :\n\n        code\n",
    "escapes": "\\*a\\* \\[b\\](c) \\`d\\` \\# e \\_ \\\\ &copy; &lt;b&gt; &#233;\n",
    "raw HTML": (
        '<div class="a"><p>Un "mot" <b>gras</b></p></div>\n\nUn <b>mot</b>'
        ' <img src="h%20i.png" alt=""> fin\n\n<iframe src="j.html"></iframe>\n'
    ),
    "raw HTML that a browser runs": "<script>a < b && c</script>\n\ntexte\n\n<!-- *d* -->\n",
    "addresses that repeat": "[a](x.md) [b](x.md) ![c](x.md) [d](<x.md>) [e](<x.md>)\n",
    "odd addresses": "[a]() [b](<>) [c](d(e).md) [f](mailto:g@h.example) [i](javascript:j)\n",
    "nothing": "",
    "spaces": "  \n \n",
}


@pytest.mark.parametrize("name", COMMON)
def test_both_flavours_make_the_same_page_of(name):
    compare(COMMON[name])


WORDS = st.sampled_from(
    ["mot", "été", "l'eau", "10 km", '"cité"', "fin !", "a & b", "x < y", "№", "🎄", "a_b", "3 %"]
)
ADDRESSES = st.sampled_from(
    [
        "a.md",
        "été.md",
        "/b/c.md",
        "#d",
        "e.md?f=1&g=2",
        "h%20i.md",
        "<j k.md>",
        "https://l.example/é",
    ]
)
INLINES = st.one_of(
    WORDS,
    WORDS,
    WORDS.map("*{}*".format),
    WORDS.map("**{}**".format),
    WORDS.map("`{}`".format),
    st.builds("[{}]({})".format, WORDS, ADDRESSES),
    st.builds('[{}]({} "titre")'.format, WORDS, ADDRESSES),
    st.builds("![{}]({})".format, WORDS, ADDRESSES),
    st.sampled_from(["<https://m.example/n>", "<o@p.example>", "\\*q", "&eacute;", "[r][ref]"]),
)
LINES = st.lists(INLINES, min_size=1, max_size=5).map(" ".join)
TEXTS = LINES.map("Texte {}".format)
CELLS = st.lists(LINES, min_size=3, max_size=3).map(lambda cells: f"| {' | '.join(cells)} |\n")


def listed(mark: str):
    return lambda items: "".join(f"{mark} {item}\n" for item in items)


BLOCKS = st.one_of(
    st.builds("{} {}\n".format, st.sampled_from(["#", "##", "###"]), LINES),
    TEXTS.map("{}\n------\n".format),
    TEXTS.map("{}  \nsuite\n".format),
    st.lists(TEXTS, min_size=1, max_size=3).map(listed("-")),
    st.lists(TEXTS, min_size=1, max_size=3).map(listed("1.")),
    st.builds("- {}\n    - {}\n    - {}\n- {}\n".format, TEXTS, TEXTS, TEXTS, TEXTS),
    st.lists(TEXTS, min_size=1, max_size=3).map(lambda q: "\n>\n".join(f"> {t}" for t in q) + "\n"),
    st.builds("{}|---|--:|:-:|\n{}{}".format, CELLS, CELLS, CELLS),
    LINES.map("```\n{}\n```\n".format),
    LINES.map("```python\n{}\n```\n".format),
    LINES.map("    {}\n".format),
    ADDRESSES.map('![alt]({} "Titre")\n'.format),
    st.just("* * *\n"),
)


@st.composite
def documents(draw):
    """Documents of what both flavours know, a paragraph before each other block."""
    blocks = draw(st.lists(BLOCKS, max_size=6))
    notes = draw(st.lists(TEXTS, max_size=3))
    parts = []
    for block in blocks:
        parts += [draw(TEXTS) + "\n", block]
    parts += [f"Texte {draw(WORDS)}[^n{n}] suite\n" for n, _ in enumerate(notes)]
    parts += [f"[^n{n}]: {note}\n" for n, note in enumerate(notes)]
    return "\n".join([*parts, "[ref]: t%20u.md 'v'\n"])


@settings(max_examples=100)
@given(documents())
def test_both_flavours_make_the_same_page(source):
    compare(source)


@settings(max_examples=100)
@given(LINES)
def test_both_flavours_make_the_same_title(line):
    first, second = (page(engine.inline(line, lang="fr")) for engine in ENGINES.values())
    assert first == second


TOWN = Path(__file__).parents[2] / "content"
ONLY_MARKDOWN = re.compile(r"^(?:!!! |:   |\*\[)|\{[#:.]|\{loading", re.MULTILINE)


@pytest.mark.parametrize("path", sorted(TOWN.rglob("*.md")), ids=lambda path: path.stem)
def test_a_document_of_the_town_differs_where_it_says_what_github_does_not_know(path):
    body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
    if ONLY_MARKDOWN.search(body):
        first, second = (page(engine.render(body).html) for engine in ENGINES.values())
        assert first != second
    else:
        compare(body)


FEATURES = {
    "Headings": ("## Deux", "<h2"),
    "A list after its line": ("À faire :\n- un", "<li>"),
    "Tables": ("| a | b |\n|---|---|\n| c | d |", "<td>"),
    "Notes": ("mot[^1]\n\n[^1]: La note.", '<li id="fn:1">'),
    "Fenced code": ("```python\nx\n```", '<code class="language-python">'),
    "Raw HTML": ('<aside>a</aside>\n\n<iframe src="b.html"></iframe>', '<iframe src="b.html">'),
    "Definition lists": ("Mot\n:   sens", "<dd>sens</dd>"),
    "Admonitions": ('!!! note "Titre"\n    a', '<div class="admonition note">'),
    "Attributes": ("## Titre {#autre}", '<h2 id="autre">'),
    "Abbreviations": ("Le GP.\n\n*[GP]: general practitioner", "<abbr"),
    "Lines set off in code": ('``` {.python hl_lines="1"}\na\n```', 'class="hll"'),
    "Markdown in raw HTML": ('<div markdown="1">\n*a*\n</div>', "<em>"),
    "Markdown between raw tags": ("<div>\n\n*a*\n\n</div>", "<em>"),
    "Alerts": ("> [!NOTE]\n> a", '<div class="admonition note">'),
    "Tasks": ("- [x] a", 'aria-label="Fait"'),
    "Crossed out": ("~~a~~", "<del>"),
    "Bare addresses": ("www.a.example", '<a href="http://www.a.example">'),
    "Items indented by two spaces": ("- a\n  - b", "<li>a\n<ul>"),
    "Fenced code in a list": ("- a\n\n  ```\n  b\n  ```", "<code>b\n</code></pre>"),
    "Lists with a bracket": ("1) a", "<ol>"),
    "A line's end by a backslash": ("a\\\nb", "<br"),
}


def test_the_page_about_flavours_says_what_each_understands():
    text = (TOWN.parent / "docs/flavours.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|`]+) \| .+ \| (yes|text) \| (yes|text) \|$", text, re.MULTILINE)
    said = {name: {"markdown": first, "gfm": second} for name, first, second in rows}
    found = {
        name: {
            flavour: "yes" if sign in engine.render(source).html else "text"
            for flavour, engine in ENGINES.items()
        }
        for name, (source, sign) in FEATURES.items()
    }
    assert said == found
