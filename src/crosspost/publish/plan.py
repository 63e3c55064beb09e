"""The plan: what publishing would do, action by action, and why not where it would not.

`crosspost.publish.rules` makes it, `crosspost.publish.report` shows it, `crosspost.publish.apply`
carries it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

import msgspec

from crosspost.channels.compose import Voice
from crosspost.channels.message import Limits, Message
from crosspost.errors import Problem
from crosspost.publish.resting import Resting
from crosspost.publish.rows import Key, Row, State
from crosspost.site.choice import Chooser
from crosspost.site.index import SiteIndex
from crosspost.site.register import Register


class ActionKind(StrEnum):
    """What would happen to one message."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    ADOPT = "adopt"
    SKIP = "skip"
    BLOCKED = "blocked"
    HANDOFF = "handoff"

    __hash__ = str.__hash__  # that of an Enum is no C: a plan counts a hundred thousand


CHANGES = (ActionKind.CREATE, ActionKind.EDIT, ActionKind.DELETE)


@dataclass(frozen=True, slots=True)
class Target:
    """One account to speak through.

    `limits_from` says in words where the limits come from. `blocked` says why nothing may be
    sent there in this run; empty where it may. `warnings` are what to mend all the same. `chooser`
    tells which posts it says; without one, all that do not forbid it.
    """

    voice: Voice
    kind: str
    limits: Limits = field(default_factory=Limits)
    limits_from: str = "defaults"
    blocked: str = ""
    warnings: tuple[str, ...] = ()
    chooser: Chooser | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self.voice.channel

    @property
    def account(self) -> str:
        """The account's handle."""
        return self.voice.account


class Action(msgspec.Struct, frozen=True):
    """One message and what would happen to it.

    `message` is there for creations and edits, `row` where the ledger knows the message. `diff`
    holds the lines that an edit changes, `notes` what had to be left out of the message. `after`
    is from when a change can be made, where that is not now: it is left for a later run.
    """

    kind: ActionKind
    key: Key
    path: str
    reason: str
    message: Message | None = None
    length: int = 0
    limit: int = 0
    row: Row | None = None
    notes: tuple[str, ...] = ()
    diff: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    after: datetime | None = None

    @property
    def generation(self) -> int:
        """How often a person asked for this message, from 1.

        What has ended and is to be said all the same (another message in its place in a thread)
        is asked for anew.
        """
        if self.row is None:
            return 1
        anew = self.kind == ActionKind.CREATE and self.row.state == State.ENDED
        return self.row.generation + anew


@dataclass(frozen=True)
class Plan:
    """What a run does, oldest post first, and the accounts it goes to.

    `decided` are the actions of messages that something might have happened to; the others are
    `resting`, an account each. `next_change` is when a post next appears or expires by itself;
    `is_local` says that it was made from files of this checkout alone.
    """

    decided: tuple[Action, ...]
    targets: tuple[Target, ...]
    now: datetime
    warnings: tuple[Problem, ...] = ()
    next_change: datetime | None = None
    is_local: bool = True
    resting: tuple[Resting, ...] = ()

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Every action, those of messages at rest included: skipped, and without a row."""
        if not self.resting:
            return self.decided
        by_account: dict[tuple[str, str], list[Action]] = {}
        for action in self.decided:
            by_account.setdefault((action.key.channel, action.key.account), []).append(action)
        return tuple(
            action
            for rest in self.resting
            for action in _merged(rest, by_account.get((rest.channel, rest.account), []))
        )

    def rest_of(self, target: Target) -> Resting | None:
        """Return the messages of an account that are at rest."""
        name = (target.name, target.account)
        found = (rest for rest in self.resting if (rest.channel, rest.account) == name)
        return next(found, None)

    @property
    def is_idle(self) -> bool:
        """Whether it only leaves posts as they are, as far as files of this checkout tell."""
        return self.is_local and all(action.kind == ActionKind.SKIP for action in self.decided)

    def until(self, site: SiteIndex | Register) -> float | None:
        """Return when time alone first changes a plan that is idle, in seconds since 1970.

        A post appears or expires, leaves the window, or its message becomes too old to be edited.
        """
        settings, now = site.settings.publish, self.now.timestamp()
        window, age = settings.window.total_seconds(), settings.max_edit_age.total_seconds()
        moments = [date + window for date in site.visible_dates]
        old = self.now - settings.max_edit_age - timedelta(seconds=1)
        moments += [
            sent_at.timestamp() + age
            for action in self.decided
            if action.row is not None and (sent_at := action.row.sent_at) and sent_at >= old
        ]
        if self.next_change is not None:
            moments.append(self.next_change.timestamp())
        return min((moment for moment in moments if moment >= now), default=None)

    @property
    def changes(self) -> tuple[Action, ...]:
        """What would reach a server."""
        return tuple(action for action in self.decided if action.kind in CHANGES)

    @property
    def adoptions(self) -> tuple[Action, ...]:
        """What would be recorded as said before crosspost."""
        return tuple(action for action in self.decided if action.kind == ActionKind.ADOPT)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person has to mend in the content, once each."""
        found = (problem for action in self.decided for problem in action.problems)
        return tuple(dict.fromkeys(found))


def _merged(rest: Resting, decided: list[Action]) -> Iterator[Action]:
    """Yield an account's actions in the order of its posts; last, those without a post."""
    offer = rest.offer
    at: dict[int, list[Action]] = {}
    for action in decided:
        at.setdefault(offer.places.get(action.key.uid, len(offer.uids)), []).append(action)
    for place, reason in rest.by_place():
        at[place] = [
            Action(
                ActionKind.SKIP,
                Key(rest.channel, rest.account, offer.uids[place]),
                offer.file(place),
                reason,
            )
        ]
    for place in sorted(at):
        yield from at[place]


def drifted_in_words(key: Key) -> str:
    """Say that a status was changed by hand, and how the post's words would replace its own."""
    return (
        "changed by hand on the server: its words are kept. To replace them: crosspost ledger mark "
        f"{key.uid} overwrite --channel {key.channel}"
    )
