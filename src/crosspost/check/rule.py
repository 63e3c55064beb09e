"""A rule, and the gate that holds some: values that say what is wrong, why, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspost.errors import Problem, Severity

if TYPE_CHECKING:
    from crosspost.check.checked import CheckedSite
    from crosspost.check.written import WrittenText


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for.

    `code` is its stable name. `what` is one sentence on what is wrong, `why` on whom it troubles,
    `mend` on what to write instead. `criterion` names the criterion of RGAA 4.1 and of WCAG 2.2,
    where there is one. `firm` says that `build` refuses it too, so that silence would not help;
    `passing` that it comes and goes by itself (the calendar, the network), so that an allowance of
    it is not missed.
    """

    code: str
    severity: Severity
    what: str
    why: str
    mend: str
    criterion: str = ""
    firm: bool = False
    passing: bool = False


def error(code: str, what: str, why: str, mend: str, criterion: str = "", **more: bool) -> Rule:
    """Make a rule whose breach fails the check."""
    return Rule(code, Severity.ERROR, what, why, mend, criterion, **more)


def warning(code: str, what: str, why: str, mend: str, criterion: str = "", **more: bool) -> Rule:
    """Make a rule whose breach is only said."""
    return Rule(code, Severity.WARNING, what, why, mend, criterion, **more)


@dataclass(frozen=True, slots=True)
class Gate:
    """Some rules that belong together, and what finds their breaches.

    `text` looks at one document and at nothing else, so that what it finds is remembered until the
    document changes; `site` looks at everything that was made, each time. A gate with neither
    describes what reading and building report themselves.
    """

    name: str
    title: str
    rules: tuple[Rule, ...]
    text: Callable[[WrittenText], Iterable[Problem]] | None = None
    site: Callable[[CheckedSite], Iterable[Problem]] | None = None
