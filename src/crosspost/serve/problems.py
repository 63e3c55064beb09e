"""Problems as the preview shows them: each with its place in the file, and the lines around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crosspost.errors import Problem, Severity
from crosspost.serve.folder import read_below

_AROUND = 2
_LONGEST_LINE = 400
_MOST = 200
"""Problems that a browser is told at once: somebody mends the first ones first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file; `hit` where the problem is."""

    number: int
    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A problem and its excerpt."""

    problem: Problem
    excerpt: tuple[Line, ...]

    @property
    def place(self) -> str:
        """The file, and the line and column where there are any."""
        one = self.problem
        return ":".join([one.file, *(str(number) for number in (one.line, one.column) if number)])

    @property
    def is_error(self) -> bool:
        """Whether a build would be refused for it."""
        return self.problem.severity == Severity.ERROR

    def as_json(self) -> dict[str, object]:
        """Return what the script in a page shows."""
        return {
            "place": self.place,
            "file": self.problem.file,
            "severity": str(self.problem.severity),
            "code": self.problem.code,
            "message": self.problem.message,
            "excerpt": [[one.number, one.text, one.hit] for one in self.excerpt],
        }


def shown(root: Path, problems: tuple[Problem, ...]) -> list[Shown]:
    """Return the first problems with their excerpts; files outside of the site have none."""
    texts: dict[str, list[str]] = {}
    found = []
    for problem in problems[:_MOST]:
        if problem.line and problem.file not in texts:
            data = read_below(root, problem.file) or b""
            texts[problem.file] = data.decode("utf-8", "replace").splitlines()
        found.append(Shown(problem, _excerpt(texts.get(problem.file, []), problem.line)))
    return found


def _excerpt(lines: list[str], line: int) -> tuple[Line, ...]:
    if not 1 <= line <= len(lines):
        return ()
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    return tuple(
        Line(number, lines[number - 1][:_LONGEST_LINE], number == line)
        for number in range(first, last + 1)
    )
