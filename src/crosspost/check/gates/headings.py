"""Headings: none is passed over, and none is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.content.body import Heading
from crosspost.errors import Problem

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]*(.*?)[ \t#]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RAW = re.compile(r"<h([1-6])\b[^>]*>(.*?)(?:</h|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Written:
    level: int
    letters: str
    line: int
    column: int


def _find(text: WrittenText) -> Iterator[Problem]:
    written = list(_written(text.lines))
    places = _places(text.body.headings, written)
    tops = sum(heading.level == 1 for heading in text.body.headings)
    before, told = 1, False
    for heading, (line, column) in zip(text.body.headings, places, strict=True):
        level, shown = heading.level, heading.text[:60]
        if not heading.text.strip():
            message = "this heading has no words: write some, or take it away."
            yield text.problem(line, column, "empty-heading", message)
        elif level == 1:
            if not told:
                also = f", and {tops - 1} more after it" if tops > 1 else ""
                message = f"'{shown}' has the level of the page's own title{also}: write ## for #."
                yield text.problem(line, column, "heading-order", message)
            told = True
        elif level > before + 1:
            above = "the title" if before == 1 else f"a heading of level {before}"
            message = (
                f"'{shown}' is of level {level}, right below {above}: write "
                f"{'#' * (before + 1)} before it."
            )
            yield text.problem(line, column, "heading-order", message)
        before = level


def _written(lines: list[str]) -> Iterator[_Written]:
    """Yield what looks like a heading."""
    for number, line in enumerate(lines, start=1):
        bare = re.sub(r"^(?: {0,3}> ?)+", lambda match: " " * len(match[0]), line).lstrip(" ")
        if match := _ATX.match(bare):
            yield _Written(len(match[1]), _letters(match[2]), number, line.index("#") + 1)
        elif (under := _UNDERLINE.match(line)) and number > 1 and lines[number - 2].strip():
            above = lines[number - 2]
            level = 1 if under[1][0] == "=" else 2
            yield _Written(level, _letters(above), number - 1, len(above) - len(above.lstrip()) + 1)
        else:
            for raw in _RAW.finditer(line):
                yield _Written(int(raw[1]), _letters(raw[2]), number, raw.start() + 1)


def _places(headings: Sequence[Heading], written: Sequence[_Written]) -> list[tuple[int, int]]:
    """Return the place of each heading that was rendered: they come in the same order.

    (0, 0) for one that is not found, as in HTML over several lines.
    """
    places = []
    start = 0
    for heading in headings:
        wanted = _letters(heading.text)[:6]
        place = (0, 0)
        for at in range(start, len(written)):
            one = written[at]
            if one.level == heading.level and (
                one.letters.startswith(wanted) if wanted else not one.letters
            ):
                place, start = (one.line, one.column), at + 1
                break
        places.append(place)
    return places


def _letters(text: str) -> str:
    """Return the letters and digits of a heading: markup and typography aside."""
    return "".join(char for char in re.sub(r"<[^>]*>", "", text) if char.isalnum()).casefold()


GATE = Gate(
    "headings",
    "Headings",
    (
        warning(
            "heading-order",
            "A heading skips a level, or has the level of the page's title.",
            "Who listens to a page finds their way by its headings, as by a table of contents.",
            "Begin a text with `##`, and go down one `#` at a time. Do not choose a level for its "
            "size.",
            "RGAA 9.1 · WCAG 1.3.1",
        ),
        warning(
            "empty-heading",
            "A heading has no words.",
            "A screen reader announces a heading, and then nothing.",
            "Write its words, or take it away.",
            "RGAA 9.1 · WCAG 2.4.6",
        ),
    ),
    text=_find,
)
