"""What can go wrong, in words a webmaster can act on.

A `Problem` belongs to a place in a file; a run collects all of them and raises once. Everything
else that stops a run is one of three exceptions, and each has an exit status of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a problem matters: an error stops the run, a warning is only said."""

    ERROR = "error"
    WARNING = "warning"


class Problem(NamedTuple):
    """One thing that a person has to mend, and where.

    `file` is relative to the site, with forward slashes. `line` and `column` count from 1; 0 means
    that the problem has no such place. `code` is a stable kebab-case name for tools and docs.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        file = re.sub(r"[\x00-\x1f\x7f]", lambda match: repr(match[0])[1:-1], self.file)
        place = [file, *(str(n) for n in (self.line, self.column) if n)]
        return f"{':'.join(place)}: {self.severity}: {self.message} [{self.code}]"


class CrosspostError(Exception):
    """What a command turns into a message and an exit status, never into a traceback."""

    exit_status = 1


class SiteError(CrosspostError):
    """The site's own content or settings are wrong: every problem of the run, in file order."""

    exit_status = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(CrosspostError):
    """The command was called in a way that cannot be meant."""

    exit_status = 2


class PartialError(CrosspostError):
    """Some messages failed or are unknown; the others went out."""

    exit_status = 3


class BlockedError(CrosspostError):
    """Something outside the content stopped the whole run: an account, the network, the disk."""

    exit_status = 4


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` (with its leading space), or nothing where no name is close."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{close[0]}'?" if close else ""
