"""What holds for any text: a second pass changes nothing; words, code and tags stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crosspost.content.typography import typeset, typeset_html

CASES = "typography-html.txt"

PIECES = [
    *(
        "mot",
        "École",
        "a",
        " ",
        " ",
        "\u00a0",
        "\u202f",
        "\n",
        "\n\n",
        "12",
        "000",
        "km",
        "h",
        "30",
    ),
    *('"', "'", "«", "»", "“", "”", "’", "‘", "...", ".", "…", "!", "?", ";", ":", "(", ")", ","),
    *(
        "--",
        "-",
        "n°",
        "M. ",
        "%",
        "€",
        "`",
        "\\(",
        "\\)",
        "$$",
        "http://x.fr",
        ":)",
        ":ok:",
        "@",
        "30",
    ),
]
TAGS = [
    *("<p>", "</p>", "<em>", "</em>", "<code>", "</code>", "<br>", '<a href="x \'!">', "</a>"),
    *('<span lang="en">', "</span>", "&nbsp;", "&quot;", "&amp;", "<", ">", "&", "<!--", "-->"),
    *("<pre>", "</pre>", '<i lang="de">', "</i>", "</", "<script>", "</script>"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
HTML = st.lists(st.sampled_from(PIECES + TAGS), max_size=30).map("".join)
LANGS = st.sampled_from(["fr", "en", "de"])


def bare(text: str) -> str:
    """Return a text with everything that typography may touch made the same."""
    text = re.sub("[\\s\u00a0\u202f]+", "", text.replace("&quot;", '"'))
    text = re.sub('[«»“”"]', '"', text)
    text = re.sub("[‘’']", "'", text)
    return text.replace("…", "...").replace("—", "--").replace("–", "--").replace("---", "--")


def test_html(source, expected, seen):
    assert seen(typeset_html(source, "fr")) == expected


@settings(max_examples=400)
@given(TEXTS, LANGS)
@example('""a"\'', "en")
def test_a_second_pass_changes_nothing(text, lang):
    once = typeset(text, lang)
    assert typeset(once, lang) == once


@settings(max_examples=400)
@given(HTML, LANGS)
def test_a_second_pass_over_html_changes_nothing(html, lang):
    once = typeset_html(html, lang)
    assert typeset_html(once, lang) == once


@settings(max_examples=300)
@given(HTML, LANGS)
def test_only_spaces_quotes_and_dots_change(html, lang):
    assert bare(typeset_html(html, lang)) == bare(html)


@given(st.text(), LANGS)
def test_any_text_at_all(text, lang):
    assert typeset(typeset(text, lang), lang) == typeset(text, lang)


@given(TEXTS.filter(lambda text: "\n" not in text), LANGS)
def test_code_is_untouched(text, lang):
    html = f"<p>a <code>{text.replace('<', '')}</code> !</p>"
    assert f"<code>{text.replace('<', '')}</code>" in typeset_html(html, lang)


@pytest.mark.parametrize("piece", ["<a ", '<a "', '"a ', "'a ", "<!--", "&a", "$$ ", "\\( ", ": "])
def test_a_long_line_is_read_once(piece):
    text = piece * (100_000 // len(piece))
    assert bare(typeset(text, "fr")) == bare(text)
