"""The rows of a ledger, most of them quiet: all that a plan need know of those is one moment.

A message is *quiet* when it was said, or said before crosspost, and nothing has come of it since:
nobody is at it, took it back or wrote other words over it, and it is there once. Such a row is a
number under its post's uid, and is unpacked only where it is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from crosspost.errors import BlockedError
from crosspost.publish.rows import Key, Row, State

BEFORE = -math.inf
"""When a message was said of which it is only known that it was said before crosspost."""

Name = tuple[str, str]
"""A channel and its account."""
_Quiet = dict[Name, dict[str, float]]


def quiet_since(row: Row) -> float | None:
    """Return when a quiet message was said, in seconds since 1970; None for one that is not."""
    key, state = row.key, row.state
    if key.part != 1 or row.withdrawn or row.held_at is not None or len(row.remote_ids) > 1:
        return None
    if state is State.BEFORE:
        return BEFORE
    if state is not State.SENT or row.hash is None or row.sent_at is None:
        return None
    return None if row.drifted is not None or row.overwrite else row.sent_at.timestamp()


@dataclass(frozen=True, slots=True)
class Account:
    """What one account has said.

    `quiet` are its quiet messages, by their posts' uids; `asked` are the uids of posts that have
    any other, whose rows have to be asked for. `later` are the messages of threads after their
    first, by the uid.
    """

    channel: str
    account: str
    quiet: Mapping[str, float] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    later: Mapping[str, list[Key]] = field(default_factory=dict)

    @property
    def has_said(self) -> bool:
        """Whether anything at all is known of it."""
        return bool(self.quiet or self.asked)

    def uids(self) -> Iterator[str]:
        """Yield the uid of every post that it has said, or may have."""
        yield from self.quiet
        yield from self.asked


class Rows(Mapping[Key, Row]):
    """The row of each message: those at hand, and quiet ones that are unpacked when asked for.

    `unpack` returns the rows of all quiet messages.
    """

    def __init__(
        self,
        at_hand: Mapping[Key, Row],
        quiet: _Quiet | None = None,
        unpack: Callable[[], Mapping[Key, Row]] = dict,
        near: Mapping[Key, Row] | None = None,
    ) -> None:
        self.at_hand = dict(at_hand)
        self._quiet = quiet or {}
        self._unpack = unpack
        self._near = near or {}
        """Quiet rows that need no unpacking of all."""
        self.unpacked: dict[Key, Row] = {}
        """Quiet rows that were asked for."""
        self.is_whole = True
        """Whether none of those had to be looked for among all."""

    def __getitem__(self, key: Key) -> Row:
        found = self.at_hand.get(key)
        if found is not None:
            return found
        if not self._is_quiet(key):
            raise KeyError(key)
        found = self.unpacked.get(key) or self._near.get(key)
        if found is None:
            found = self._all.get(key)
        if found is None:
            message = "the ledger was changed while it was being read: run the command again."
            raise BlockedError(message)
        self.unpacked[key] = found
        return found

    @cached_property
    def _all(self) -> Mapping[Key, Row]:
        self.is_whole = False
        return self._unpack()

    def __contains__(self, key: object) -> bool:
        return key in self.at_hand or (isinstance(key, Key) and self._is_quiet(key))

    def __iter__(self) -> Iterator[Key]:
        yield from self.at_hand
        for (channel, account), uids in self._quiet.items():
            for uid in uids:
                yield Key(channel, account, uid)

    def __len__(self) -> int:
        return len(self.at_hand) + sum(map(len, self._quiet.values()))

    def _is_quiet(self, key: Key) -> bool:
        channel, account, uid, part = key
        return part == 1 and uid in self._quiet.get((channel, account), ())

    def update(self, rows: Mapping[Key, Row]) -> None:
        """Have these rows at hand from now on."""
        self.at_hand.update(rows)
        for key in rows if self._quiet else ():
            if key.part == 1:  # a thread's later messages leave its first one as it is
                self._quiet.get((key.channel, key.account), {}).pop(key.uid, None)

    def clear(self) -> None:
        """Forget all rows."""
        for rows in (self.at_hand, self._quiet, self.unpacked):
            rows.clear()

    def accounts(self) -> dict[Name, Account]:
        """Return what each account of each channel has said."""
        quiet = {name: dict(uids) for name, uids in self._quiet.items()}
        later: dict[Name, dict[str, list[Key]]] = {}
        asked: dict[Name, set[str]] = {}
        for key, row in self.at_hand.items():
            name = (key.channel, key.account)
            since = quiet_since(row)
            if since is not None:
                quiet.setdefault(name, {})[key.uid] = since
                continue
            asked.setdefault(name, set()).add(key.uid)
            if key.part > 1:
                later.setdefault(name, {}).setdefault(key.uid, []).append(key)
        for name, uids in asked.items():
            for uid in uids & quiet.get(name, {}).keys():
                del quiet[name][uid]
        return {
            name: Account(
                *name,
                quiet.get(name, {}),
                frozenset(asked.get(name, ())),
                {uid: sorted(keys) for uid, keys in later.get(name, {}).items()},
            )
            for name in quiet.keys() | asked.keys()
        }


def rows_of(rows: Mapping[Key, Row]) -> Rows:
    """Return rows as they are asked about here."""
    return rows if isinstance(rows, Rows) else Rows(rows)


def apart(rows: Iterable[Row]) -> tuple[list[Row], _Quiet, list[Row]]:
    """Return rows that are not quiet, and of the others when they were said, and themselves.

    The last are in the order of the second.
    """
    loud: list[Row] = []
    quiet: dict[Name, dict[str, float]] = {}
    rest: dict[Name, list[Row]] = {}
    for row in rows:
        since, name = quiet_since(row), (row.key.channel, row.key.account)
        if since is None:
            loud.append(row)
        else:
            quiet.setdefault(name, {})[row.key.uid] = since
            rest.setdefault(name, []).append(row)
    return loud, quiet, [row for name in quiet for row in rest[name]]
