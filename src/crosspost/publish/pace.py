"""Pace: what a server takes in a while, planned for from what the ledger says was done lately.

Mastodon counts in windows that begin when they like; so we count back from now, which is never
less. Servers that count otherwise lose nothing: the numbers are above what a town says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from crosspost.publish.plan import CHANGES, Action, ActionKind
from crosspost.publish.rows import Event, EventKind


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `count` of something in each `span`; `words` name it."""

    count: int
    span: timedelta
    words: str


STATUSES = Pace(300, timedelta(hours=3), "300 posts and edits in three hours")
MEDIA = Pace(30, timedelta(minutes=30), "30 pictures in half an hour")
DELETES = Pace(30, timedelta(minutes=30), "30 deletions in half an hour")
LONGEST = STATUSES.span


def paced(actions: Sequence[Action], events: Iterable[Event], now: datetime) -> list[Action]:
    """Return one account's actions, those that the server would not take yet with their `after`.

    `events` are the account's of the last `LONGEST`. A creation that has to wait holds back those
    behind it: what a town says keeps its order.
    """
    spent: dict[Pace, list[datetime]] = {STATUSES: [], MEDIA: [], DELETES: []}
    for event in events:
        for pace, number in _cost_of_event(event).items():
            if event.at > now - pace.span:
                spent[pace] += [event.at] * number
    for moments in spent.values():
        moments.sort()
    planned: list[Action] = []
    behind: tuple[datetime, Pace] | None = None
    for action in actions:
        if action.kind is ActionKind.SKIP:  # most of them: it costs nothing
            planned.append(action)
            continue
        cost = _cost(action)
        wait = behind if action.kind == ActionKind.CREATE and behind else _wait(cost, spent)
        if wait is None:
            for pace, number in cost.items():
                spent[pace] += [now] * number
            planned.append(action)
            continue
        if action.kind == ActionKind.CREATE:
            behind = wait
        reason = f"{action.reason}; the server takes {wait[1].words}"
        planned.append(replace(action, after=wait[0], reason=reason))
    return planned


def _wait(
    cost: Mapping[Pace, int], spent: Mapping[Pace, list[datetime]]
) -> tuple[datetime, Pace] | None:
    """Return until when, and for what, something of that cost has to wait; None: it has not."""
    for pace, number in cost.items():
        over = len(spent[pace]) + number - pace.count
        if number and 0 < over <= len(spent[pace]):
            return spent[pace][over - 1] + pace.span, pace
    return None


def _cost(action: Action) -> Mapping[Pace, int]:
    """Return what one action uses up."""
    if action.kind == ActionKind.DELETE:
        return {DELETES: 1}
    if action.kind not in CHANGES or action.message is None:
        return {}
    pictures = [media.digest for media in action.message.media]
    if action.kind == ActionKind.EDIT and action.row is not None:
        known = {one.get("digest") for one in (action.row.payload or {}).get("media", ())}
        pictures = [digest for digest in pictures if digest not in known]
    return {STATUSES: 1, MEDIA: len(pictures)}


def _cost_of_event(event: Event) -> Mapping[Pace, int]:
    """Return what was used up, as the server may have counted it.

    An edit's receipt does not say which pictures were new: all count.
    """
    if event.kind == EventKind.DELETED:
        return {DELETES: 1}
    if event.kind in (EventKind.SENT, EventKind.EDITED):
        return {STATUSES: 1, MEDIA: len((event.data.get("payload") or {}).get("media") or ())}
    return {}
