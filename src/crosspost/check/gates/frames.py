"""Frames of other sites: each says what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.content.markup import attributes
from crosspost.errors import Problem

_FRAME = re.compile(r"<iframe\b[^>]*>", re.IGNORECASE)
_MESSAGE = (
    'this frame has no title: write <iframe title="Map of the market" …>, so that one knows what '
    "is in it before one goes in."
)


def _find(text: WrittenText) -> Iterator[Problem]:
    whole = "\n".join(text.lines)
    for match in _FRAME.finditer(whole):
        if not (attributes(match[0]).get("title") or "").strip():
            line = whole.count("\n", 0, match.start()) + 1
            column = match.start() - whole.rfind("\n", 0, match.start())
            yield text.problem(line, column, "untitled-frame", _MESSAGE)


GATE = Gate(
    "frames",
    "Frames",
    (
        warning(
            "untitled-frame",
            "A frame (`<iframe>`) has no title.",
            "A screen reader says “frame”, and one has to go in to know what it is.",
            "Write `title=` and what it shows.",
            "RGAA 2.1 · WCAG 4.1.2",
        ),
    ),
    text=_find,
)
