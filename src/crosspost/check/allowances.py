"""Allowances: where an author says, beside a line, that a rule does not hold for it.

In Markdown `<!-- crosspost: allow vague-link -->`, in YAML `# crosspost: allow missing-alt`; at the
end of the line that is meant, or alone on a line before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_ALLOW = re.compile(
    r"(?:<!--|#)[ \t]*crosspost:[ \t]*allow[ \t]+(?P<codes>[a-z0-9][a-z0-9 ,-]*?)[ \t]*(?:-->|$)",
    re.MULTILINE,
)
HINT = "crosspost:"
"""What no allowance is without: most files need no closer look."""


class Allowance(msgspec.Struct, frozen=True, array_like=True):
    """One rule that is allowed on one line of a file; `line` and `column` are of the comment."""

    code: str
    meant: int
    line: int
    column: int


def allowances_in(text: str) -> Iterator[Allowance]:
    """Yield the allowances of a file, by its whole text."""
    if HINT not in text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        for match in _ALLOW.finditer(line):
            alone = not (line[: match.start()] + line[match.end() :]).strip()
            meant = _next(lines, number) if alone else number
            for code in re.split(r"[ ,]+", match["codes"]):
                yield Allowance(code, meant, number, match.start() + 1)


def _next(lines: list[str], number: int) -> int:
    """Return the number of the next line that is neither blank nor a comment of ours."""
    for later in range(number, len(lines)):
        if lines[later].strip() and not _ALLOW.fullmatch(lines[later].strip()):
            return later + 1
    return number
