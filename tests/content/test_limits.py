"""A text that is nested too deeply is refused, with the line where that is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.content.body import MarkdownError
from crosspost.content.limits import DEEPEST, refuse_unreasonable

SIGNS = (
    *(">", "> ", "   >", "    ", "\t", "- ", "* ", "+ ", "1. ", "12345. ", "-  ", "- * ", "1. 2. "),
    *("- - - ", "a", "\n", "\n\n", ": ", "!!! ", "é", " "),
)
PIECES = st.builds(
    lambda sign, times: sign * times,
    st.sampled_from(SIGNS),
    st.one_of(st.just(1), st.sampled_from((3, 20, DEEPEST - 1, DEEPEST, DEEPEST + 1))),
)
LEVELS = (r" {0,3}>", r" {4}|\t", r"[ \t]*(?:[-+*]|\d{1,9}\.) +")
AFTER_SPACES = re.compile(r" *(?:[-+*:]|\d+\.|!!!) ")
AGAIN_AND_AGAIN = (
    *("    " * DEEPEST, "\t" * DEEPEST),
    *("- - - ", "* * * ", "+ + + ", ". 1. 1. "),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_the_first_line_that_is_too_deep_is_named(text: str) -> None:
    again = text.count(">") >= DEEPEST or any(signs in text for signs in AGAIN_AND_AGAIN)
    deep = (number for number, line in enumerate(text.split("\n"), 1) if is_deep(line))
    expected = next(deep, 0) if again else 0
    told = 0
    try:
        refuse_unreasonable(text)
    except MarkdownError as error:
        told = error.line
    assert told == expected


def is_deep(line: str) -> bool:
    """Go down level by level."""
    for level in LEVELS:
        at = depth = 0
        while depth < DEEPEST and (match := re.compile(level).match(line, at)):
            at, depth = match.end(), depth + 1
        if depth == DEEPEST and (level != LEVELS[1] or AFTER_SPACES.match(line, at)):
            return True
    return False


def test_a_text_that_is_nearly_too_deep_is_soon_looked_through() -> None:
    """Each level had two readings once: as many as there are grains on a chessboard."""
    refuse_unreasonable("- - - a\n" + "-  " * (DEEPEST - 1) + "x")


@pytest.mark.parametrize("lines", [0, 1, 5])
def test_what_comes_before_it_counts(lines: int) -> None:
    text = "un mot\n" * lines + "- " * DEEPEST + "x"
    with pytest.raises(MarkdownError) as told:
        refuse_unreasonable(text)
    assert told.value.line == lines + 1
    refuse_unreasonable("un mot\n" * lines + "- " * (DEEPEST - 1) + "x")
