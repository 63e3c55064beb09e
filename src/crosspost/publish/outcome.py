"""What became of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crosspost.publish.plan import Action, Plan

_NOT_DONE = 3
_BLOCKED = 4


class Status(StrEnum):
    """What became of one action."""

    CREATED = "created"
    FOUND = "found"  # it was on the server already: adopted, not said again
    EDITED = "edited"
    DELETED = "deleted"
    ADOPTED = "adopted"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LEFT = "left"  # still planned: the next run does it
    GONE = "gone"  # found missing on the server
    KEPT = "kept"  # changed by hand on the server: those words stay


DONE = (Status.CREATED, Status.FOUND, Status.EDITED, Status.DELETED, Status.ADOPTED)


@dataclass(frozen=True, slots=True)
class Result:
    """One action and what became of it; `words` say why, `url` is the status' address."""

    action: Action
    status: Status
    words: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole run: its plan and what became of each action.

    `unsettled` says in words what of the record is on this machine alone.
    """

    plan: Plan
    results: tuple[Result, ...]
    stopped: bool = False
    unsettled: str = ""

    def count(self, *statuses: Status) -> int:
        """Return how many actions ended so."""
        return sum(result.status in statuses for result in self.results)

    @property
    def exit_status(self) -> int:
        """0 all done · 3 some are not done, the rest went out · 4 no account could be used."""
        targets = self.plan.targets
        held = {
            result.action.key.channel
            for result in self.results
            if result.status == Status.BLOCKED and not result.action.problems
        } | {target.name for target in targets if target.blocked}
        said = self.count(*DONE)
        if targets and not said and held >= {target.name for target in targets}:
            return _BLOCKED
        if self.stopped or held or self.unsettled:
            return _NOT_DONE
        trouble = (Status.FAILED, Status.UNKNOWN, Status.LEFT, Status.BLOCKED)
        return _NOT_DONE if self.count(*trouble) else 0
