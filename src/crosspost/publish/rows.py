"""What was said: events, and the row of each message that they fold into.

The ledger holds events and nothing else; the state of a message is the fold of its events. The
fold gives one answer whatever the order in which lines were merged and however often one is
there, because events are put in one order first (`sequence`, then time, then content) and because
what is certain outweighs what is not: a receipt is never undone by somebody's failure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

_decode = msgspec.json.Decoder().decode


class EventKind(StrEnum):
    """What happened to a message."""

    ADOPTED = "adopted"  # said before crosspost, or found on the server
    CLAIMED = "claimed"  # the intent, recorded before the call
    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"  # by us
    GONE = "gone"  # by somebody else: found missing on the server
    FAILED = "failed"  # the server refused: nothing was said
    RELEASED = "released"  # the call was not made, or certainly not taken
    UNKNOWN = "unknown"  # nobody knows whether it was said
    WITHDRAWN = "withdrawn"  # a person asks for its deletion
    DRIFTED = "drifted"  # found with other words than we sent: somebody edited it by hand
    OVERWRITE = "overwrite"  # a person says that the post's words count, not those
    RESOLVED = "resolved"  # a person says that an unknown message was not said


class State(StrEnum):
    """Where a message stands."""

    POSTING = "posting"  # claimed, and no receipt: the run ended in between
    UNKNOWN = "unknown"
    FAILED = "failed"
    OPEN = "open"  # released or resolved: as if never tried
    SENT = "sent"
    BEFORE = "before"  # adopted without an address: said before crosspost
    ENDED = "ended"  # deleted or gone: it never comes back by itself


class Key(NamedTuple):
    """The identity of a message: which account says which part of which post."""

    channel: str
    account: str
    uid: str
    part: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger.

    `at` is UTC. `sequence` is larger than that of every event its writer had read. `generation`
    counts from 1 and rises when a person asks for a message to be said anew. `data` holds what
    belongs to the kind: hash, remote_id, remote_url, key, reason, payload, media_ids.
    """

    kind: EventKind
    key: Key
    at: datetime
    sequence: int = 0
    generation: int = 1
    data: Mapping[str, Any] = field(default_factory=dict)
    line: str = field(default="", compare=False, repr=False)

    def to_line(self) -> str:
        """Return the event as one line of JSON: sorted keys, no spaces, no line end.

        An event that was read gives the line that it was read from.
        """
        if self.line:
            return self.line
        record: dict[str, Any] = {
            **self.data,
            "event": str(self.kind),
            "channel": self.key.channel,
            "account": self.key.account,
            "uid": self.key.uid,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sequence": self.sequence,
        }
        if self.key.part != 1:
            record["part"] = self.key.part
        if self.generation != 1:
            record["generation"] = self.generation
        return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str) -> Event:
        """Read an event. Raises `ValueError` with the reason where the line is none."""
        try:
            record = _decode(line)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None
        if not isinstance(record, dict):
            raise ValueError("it is not an object")  # noqa: TRY004 - one kind of error for callers
        try:
            kind = EventKind(record.pop("event"))
            key = Key(
                channel=_text(record.pop("channel")),
                account=_text(record.pop("account")),
                uid=_text(record.pop("uid")),
                part=_number(record.pop("part", 1)),
            )
            at = datetime.fromisoformat(_text(record.pop("at")))
            sequence = _number(record.pop("sequence", 0))
            generation = _number(record.pop("generation", 1))
            _check(record)
        except KeyError as error:
            raise ValueError(f"{error} is missing") from None
        except TypeError as error:
            raise ValueError(str(error)) from None
        if at.tzinfo is None:
            raise ValueError("its time has no zone")
        return cls(kind, key, at, sequence, generation, record, line)

    def order(self) -> tuple[int, datetime, str]:
        """Return what puts events of any files and merges into one order."""
        return (self.sequence, self.at, self.to_line())


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one message.

    `hash` and `payload` are of what was last sent (or claimed, while there is no receipt).
    `remote_ids` holds every id that a receipt names; more than one is a message said twice.
    `claimed_at` is when the last claim was made, with the link and the digest of the text by which
    it is recognised; `sent_at` is when the message was first said. `held_at` is when `run` last
    took the message in hand, until it let go. `edit_texts` are digests of edits that may have been
    made. `drifted` is the digest of words that are not ours. `title` is the post's, as it was when
    the message was last claimed. `edited_at` is what the server said of our last edit, empty where
    we made none, None where nobody knows.
    """

    key: Key
    state: State
    generation: int
    hash: str | None = None
    idempotency_key: str | None = None
    remote_ids: tuple[str, ...] = ()
    remote_url: str | None = None
    payload: Mapping[str, Any] | None = None
    visibility: str | None = None
    media_ids: tuple[str, ...] = ()
    claimed_at: datetime | None = None
    claimed_url: str | None = None
    claimed_text: str | None = None
    sent_at: datetime | None = None
    reason: str | None = None
    path: str | None = None
    withdrawn: bool = False
    run: str | None = None
    held_at: datetime | None = None
    edit_texts: tuple[str, ...] = ()
    drifted: str | None = None
    overwrite: bool = False
    title: str | None = None
    edited_at: str | None = None

    @property
    def remote_id(self) -> str | None:
        """The status' id on its server, as the oldest receipt has it."""
        return self.remote_ids[0] if self.remote_ids else None

    @property
    def unsettled(self) -> bool:
        """Whether nobody knows yet if the message was said."""
        return self.state in (State.POSTING, State.UNKNOWN)


def fold(events: Iterable[Event]) -> dict[Key, Row]:
    """Return the row of each message: order and repetition of the events do not matter."""
    return fold_on({}, events)


def fold_on(rows: Mapping[Key, Row], events: Iterable[Event]) -> dict[Key, Row]:
    """Return the rows that events change which all come after those that the rows are made of."""
    by_key: dict[Key, dict[str, Event]] = {}
    for event in events:
        by_key.setdefault(event.key, {})[event.to_line()] = event
    return {key: _fold_one(key, one.values(), rows.get(key)) for key, one in by_key.items()}


def _fold_one(key: Key, events: Iterable[Event], row: Row | None = None) -> Row:
    for event in sorted(events, key=Event.order):
        if row is None or event.generation > row.generation:
            row = Row(key, State.OPEN, event.generation, path=event.data.get("path"))
        if event.generation == row.generation:
            row = _apply(row, event)
    if row is None:
        raise ValueError("a row needs an event")
    return row


_PENDING = {
    EventKind.UNKNOWN: State.UNKNOWN,
    EventKind.FAILED: State.FAILED,
    EventKind.RELEASED: State.OPEN,
    EventKind.RESOLVED: State.OPEN,
}
OUTCOMES = (EventKind.UNKNOWN, EventKind.FAILED, EventKind.RELEASED)
"""How a call of one run ended: it says nothing of a message that another run has taken over."""

_TEXTS = (
    *("action", "hash", "key", "path", "reason", "remote_id", "remote_url", "run", "text", "title"),
    *("url", "visibility", "edited_at"),
)
_SAID = (State.SENT, State.BEFORE, State.ENDED)


def _apply(row: Row, event: Event) -> Row:
    """Return the row after one event of its generation."""
    data, kind = event.data, event.kind
    if data.get("path") not in (None, row.path):
        row = replace(row, path=data["path"])
    if data.get("title") not in (None, row.title):
        row = replace(row, title=data["title"])
    said = row.state in _SAID
    taken_over = row.held_at is not None and row.run is not None
    if kind in OUTCOMES and taken_over and data.get("run") not in (None, row.run):
        return row
    receipt = kind in (EventKind.ADOPTED, EventKind.SENT, EventKind.EDITED)
    if row.held_at and not receipt and kind not in (EventKind.CLAIMED, EventKind.WITHDRAWN):
        row = replace(row, held_at=None)
    if kind == EventKind.WITHDRAWN:
        row = replace(row, withdrawn=True)
    elif kind == EventKind.OVERWRITE:
        row = replace(row, overwrite=True, drifted=None)
    elif kind == EventKind.DRIFTED:
        row = replace(row, drifted=data.get("text") or "", overwrite=False)
    elif kind in (EventKind.DELETED, EventKind.GONE):
        row = replace(row, state=State.ENDED, reason=data.get("reason") or str(kind))
    elif receipt:
        row = _receipt(row, event)
    elif kind == EventKind.CLAIMED:
        row = _claim(row, event, said=said)
    elif kind in _PENDING and not said:
        row = replace(row, state=_PENDING[kind], reason=data.get("reason"))
    return row


def _claim(row: Row, event: Event, *, said: bool) -> Row:
    """Return the row after a claim: of a creation, of looking for one, of an edit or a deletion."""
    data, action = event.data, event.data.get("action", "create")
    if said:
        texts = (*row.edit_texts, data["text"]) if action == "edit" and data.get("text") else ()
        return replace(row, edit_texts=texts or row.edit_texts)
    if action != "create":
        return replace(row, run=data.get("run"), held_at=event.at)
    return replace(
        row,
        run=data.get("run"),
        held_at=event.at,
        state=State.POSTING,
        hash=data.get("hash"),
        idempotency_key=data.get("key"),
        claimed_at=event.at,
        claimed_url=data.get("url"),
        claimed_text=data.get("text"),
        reason=None,
    )


def _receipt(row: Row, event: Event) -> Row:
    """Return the row after adopted, sent or edited."""
    data = event.data
    remote_id = data.get("remote_id")
    if remote_id is None and row.state in _SAID:
        return replace(row, held_at=None) if row.held_at else row
    ids = row.remote_ids
    if remote_id is not None and remote_id not in ids:
        ids = (*ids, remote_id)
    state = State.BEFORE if remote_id is None else State.SENT
    if row.state == State.ENDED:
        state = State.ENDED
    if (
        ids and remote_id != ids[0]
    ):  # a second status for one message: it is reported, and the first stays ours
        return replace(row, state=state, remote_ids=ids, held_at=None)
    return replace(
        row,
        state=state,
        remote_ids=ids,
        remote_url=data.get("remote_url") or row.remote_url,
        hash=data.get("hash"),
        payload=data.get("payload"),
        visibility=data.get("visibility") or row.visibility,
        media_ids=tuple(data.get("media_ids") or ()),
        sent_at=row.sent_at or event.at,
        claimed_at=None,
        held_at=None,
        reason=None,
        edit_texts=(),
        drifted=None,
        overwrite=False,
        edited_at="" if event.kind == EventKind.SENT else data.get("edited_at"),
    )


def _check(data: Mapping[str, Any]) -> None:
    """Raise `TypeError` where what the fold reads is of another type than we write."""
    for name, value in data.items():
        if value is not None and name in _TEXTS:
            _text(value)
    for media_id in _of(list, data.get("media_ids") or []):
        _text(media_id)
    pictures = _of(dict, data.get("payload") or {}).get("media") or []
    for picture in _of(list, pictures):
        _text(_of(dict, picture).get("digest"))


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {'list' if kind is list else 'mapping'}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a number")
    return value
