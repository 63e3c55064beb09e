"""Words are counted in HTML as they would be in its text."""

from __future__ import annotations

import sys
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.content.word_count import OTHER_SPACES, count_words_of_html

SPACES = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2009\u2028\u202f\u3000"
TEXTS = st.text(st.one_of(st.sampled_from(f"{SPACES}aé’€<>&"), st.characters(codec="utf-8")))


@given(TEXTS)
def test_every_kind_of_space_parts_words(text: str) -> None:
    html = escape(text.replace("\x86", ""))
    assert count_words_of_html(html) == len(html.split())


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Un <em>deux</em> tr<strong>ois</strong></p>\n<p>quatre</p>\n", 4),
        ("<p>Un</p>\n<h2>Pas lui</h2>\n<p>deux</p>\n", 2),
        ("<pre><code>pas lui</code></pre>\n<ul>\n<li>un</li>\n</ul>\n", 1),
        ("<table>\n<tr><td>pas lui</td></tr>\n</table>\n<section>un</section>\n", 1),
        ('<p class="admonition-title">Pas lui</p>\n<p>un<sup id="fnref:1">1</sup></p>\n', 1),
        ('<p>un</p>\n<div class="footnote">\n<p>pas lui</p>\n</div>\n', 1),
        ("<s>un</s> <hr /> <sub>deux</sub> <span>trois</span> <thing>quatre</thing>", 4),
        ("", 0),
    ],
)
def test_only_running_prose_is_counted(html: str, words: int) -> None:
    assert count_words_of_html(html) == words


def test_no_space_is_forgotten() -> None:
    spaces = {chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()}
    assert set(OTHER_SPACES) == {space for space in spaces if space > "\xff"}
