"""What is silenced, by a comment beside the line or by the settings; and silence that is no use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crosspost.check.allowances import Allowance
from crosspost.check.registry import RULES
from crosspost.check.rule import Rule
from crosspost.config import SETTINGS_FILE, Settings
from crosspost.errors import Problem, Severity, did_you_mean

Allowed = Mapping[str, Sequence[Allowance]]
"""The allowances of each file."""


def settled(problems: Sequence[Problem], settings: Settings, allowed: Allowed) -> list[Problem]:
    """Return the problems that are left to say, as weighty as the settings want them."""
    used: set[tuple[str, Allowance]] = set()
    left = []
    for problem in problems:
        here = [
            (problem.file, one)
            for one in allowed.get(problem.file, ())
            if one.code == problem.code and one.meant == problem.line
        ]
        if not here or _is_firm(problem):
            left.append(problem)
        else:
            used.update(here)
    left += _useless(allowed, used)
    left += _unknown(settings)
    return [one for problem in left if (one := _weighed(problem, settings)) is not None]


def _is_firm(problem: Problem) -> bool:
    rule = RULES.get(problem.code)
    return rule is not None and rule.firm and problem.severity == Severity.ERROR


def _weighed(problem: Problem, settings: Settings) -> Problem | None:
    check = settings.check
    if _is_firm(problem):
        return problem
    if problem.code in check.off:
        return None
    if problem.code in check.error:
        return problem._replace(severity=Severity.ERROR)
    if problem.code in check.warn:
        return problem._replace(severity=Severity.WARNING)
    return problem


def _useless(allowed: Allowed, used: set[tuple[str, Allowance]]) -> Iterator[Problem]:
    """Yield the allowances that nothing needed."""
    for file, ones in allowed.items():
        for one in ones:
            rule = RULES.get(one.code)
            if (file, one) in used or (rule is not None and rule.passing):
                continue
            code = "unknown-rule"
            if rule is None:
                message = f"there is no rule '{one.code}'.{did_you_mean(one.code, RULES)}"
            elif rule.firm:
                message = _firm(rule)
            else:
                code = "unused-allowance"
                message = f"nothing on line {one.meant} breaks the rule '{one.code}': remove this."
            yield Problem(file, one.line, one.column, code, message, Severity.WARNING)


def _unknown(settings: Settings) -> Iterator[Problem]:
    """Yield the rules of the settings that do not exist, or cannot be silenced."""
    check = settings.check
    for key, codes in (("off", check.off), ("warn", check.warn), ("error", check.error)):
        for code in codes:
            rule = RULES.get(code)
            if rule is None:
                message = f"check.{key}: there is no rule '{code}'.{did_you_mean(code, RULES)}"
            elif rule.firm and key != "error":
                message = f"check.{key}: {_firm(rule)}"
            else:
                continue
            place = settings.places.get("check", (0, 0))
            yield Problem(SETTINGS_FILE, *place, "unknown-rule", message, Severity.WARNING)


def _firm(rule: Rule) -> str:
    return f"'{rule.code}' cannot be silenced: build refuses it too."
