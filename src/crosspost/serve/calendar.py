"""The calendar: what goes out when, on which channel."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crosspost.content.document import Kind
from crosspost.publish.plan import Action, ActionKind, Target
from crosspost.serve.live import LiveSite
from crosspost.serve.plans import Plans
from crosspost.site.entry import Entry

_NOW = {
    ActionKind.CREATE: "will be said by the next publish",
    ActionKind.EDIT: "will be corrected by the next publish",
    ActionKind.DELETE: "will be taken back by the next publish",
    ActionKind.ADOPT: "will be recorded as said before crosspost",
    ActionKind.BLOCKED: "blocked",
    ActionKind.HANDOFF: "for a person to send",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """What one channel does with a post: `state` is said, planned, blocked or nothing."""

    channel: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that goes out, or leaves, at a moment."""

    at: datetime
    what: str
    uid: str
    title: str
    lang: str
    url: str
    reason: str
    sayings: tuple[Saying, ...] = ()


_FIRST, _LAST = date(1900, 1, 1), date(9998, 12, 1)
"""The months that are shown: each has one before and one after."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month and what happens on it."""

    date: date
    is_today: bool
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month, from its first day to its last; `offset` is the weekday it begins on, from 0."""

    first: date
    offset: int
    days: tuple[Day, ...]
    undated: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """The month and year, as `December 2026`."""
        return f"{calendar.month_name[self.first.month]} {self.first.year}"

    @property
    def count(self) -> int:
        """How many things happen."""
        return sum(len(day.happenings) for day in self.days)

    @property
    def before(self) -> str:
        """The month before, as 2026-11."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after, as 2027-01."""
        return f"{self.first + timedelta(days=32):%Y-%m}"


def month_of(live: LiveSite, plans: Plans, wanted: str) -> Month:
    """Return a month of the site, as 2026-12; the one that it is now where that is none."""
    zone = live.settings.zone
    today = live.now.index.now.astimezone(zone).date()
    try:
        first = date.fromisoformat(f"{wanted}-01")
    except ValueError:
        first = today.replace(day=1)
    first = max(_FIRST, min(first, _LAST))
    length = calendar.monthrange(first.year, first.month)[1]
    found: dict[date, list[Happening]] = {}
    for one in _happenings(live, plans, first, length):
        found.setdefault(one.at.date(), []).append(one)
    days = []
    for number in range(length):
        day = first + timedelta(days=number)
        here = tuple(sorted(found.get(day, ()), key=lambda one: (one.at, one.title)))
        days.append(Day(day, day == today, here))
    drafts = (entry for entry in live.now.content.entries if entry.draft and not entry.date_at)
    return Month(first, first.weekday(), tuple(days), tuple(drafts))


def _happenings(live: LiveSite, plans: Plans, first: date, length: int) -> Iterator[Happening]:
    zone, snapshot = live.settings.zone, live.now
    begin = datetime(first.year, first.month, 1, tzinfo=zone)
    start = begin.timestamp()
    end = (begin + timedelta(days=length)).timestamp()
    targets = plans.targets
    plan = plans.plan
    actions: dict[str, list[Action]] = {}
    for action in plan.actions if plan else ():
        actions.setdefault(action.key.uid, []).append(action)
    for entry in snapshot.content.entries:
        reason = snapshot.unpublished.get(entry.url, "")
        title = snapshot.renderer.engine.typeset(entry.title, entry.lang)
        told = (entry.uid, title, entry.lang, entry.url, reason)
        if entry.date_at is not None and start <= entry.date_at < end and entry.kind != Kind.PAGE:
            what = "post" if entry.kind == Kind.POST else "newsletter"
            sayings: tuple[Saying, ...] = ()
            if entry.kind == Kind.POST:
                own = actions.get(entry.uid, [])
                sayings = tuple(_sayings(entry, reason, own, targets, plans))
            at = datetime.fromtimestamp(entry.date_at, zone)
            yield Happening(at, what, *told, sayings)
        if entry.expires_at is not None and start <= entry.expires_at < end and not entry.draft:
            at = datetime.fromtimestamp(entry.expires_at, zone)
            yield Happening(at, "expires", *told)


def _sayings(
    entry: Entry,
    reason: str,
    actions: Sequence[Action],
    targets: Sequence[Target],
    plans: Plans,
) -> Iterator[Saying]:
    """Yield what each channel does: what the ledger says it did, else what is planned."""
    if reason == "future":
        for action in plans.when_it_appears(entry, targets):
            yield _saying(action, "is said when it appears")
        return
    for action in actions:
        yield _saying(action, _NOW.get(action.kind, action.reason))


def _saying(action: Action, words: str) -> Saying:
    part = action.key.part
    name = f"{action.key.channel}, part {part}" if part > 1 else action.key.channel
    row = action.row
    if action.kind == ActionKind.BLOCKED:
        return Saying(name, "blocked", action.reason)
    if action.kind == ActionKind.SKIP:
        if row is not None and row.sent_at is not None:
            return Saying(name, "said", f"said {row.sent_at:%Y-%m-%d %H:%M} UTC")
        return Saying(name, "nothing", action.reason)
    return Saying(name, "planned", words)
