from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.content.body import MarkdownError
from crosspost.content.plaintext import LinkStyle, plain_text

CASES = "plaintext.md"


def test_plain_text(source, expected, seen):
    assert seen(plain_text(source, width=40)) == expected


class Absolute:
    def link(self, target: str) -> str | None:
        return None if target == "rien.md" else f"https://valbourg.example/{target}"

    def picture(self, src: str) -> str:
        return src

    def size(self, src: str) -> tuple[int, int] | None:
        return None


LINKS = "[un](a.md), [deux](b.md), [un encore](a.md) et [rien](rien.md)"


def test_links_in_place():
    assert plain_text(LINKS, resolve=Absolute()) == (
        "un <https://valbourg.example/a.md>, deux <https://valbourg.example/b.md>,"
        " un encore <https://valbourg.example/a.md> et rien"
    )


def test_links_at_the_end_are_numbered_once():
    assert plain_text(LINKS, links="footnotes", resolve=Absolute()) == (
        "un [1], deux [2], un encore [1] et rien\n\n"
        "[1] https://valbourg.example/a.md\n[2] https://valbourg.example/b.md"
    )


def test_no_links():
    assert plain_text(LINKS, links=LinkStyle.NONE) == "un, deux, un encore et rien"


def test_the_words_are_in_the_language_of_the_document():
    source = "![A market](m.jpg)\n\n!!! warning\n    Wind"
    assert plain_text(source, lang="en") == "[Image: A market]\n\n| Warning\n|\n| Wind"


def test_typography_can_be_left_out():
    assert plain_text("L'été !", typography=False) == "L'été !"


def test_a_text_beyond_reason_is_refused():
    with pytest.raises(MarkdownError):
        plain_text(">" * 10_000)


@settings(max_examples=100, deadline=None)
@given(st.text(), st.one_of(st.none(), st.integers(20, 80)))
def test_any_text_at_all(text, width):
    assert "\x02" not in plain_text(text, width=width)
