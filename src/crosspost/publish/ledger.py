"""The ledger: append-only JSON Lines, one file a channel and month, kept in git.

`<channel>/<YYYY-MM>.jsonl`, in a folder of the tree or on a branch of the site's remote
(`crosspost.publish.store`, `crosspost.publish.branch`). Three doors lead in, and each is durable
before it returns: `claim` and `adopt` write only while nobody else has changed what they rest on,
`append` writes whatever happened. A crash can leave one torn line at a file's end: it was never
acknowledged, so it is passed over and said, and the next event begins a line of its own.
"""

from __future__ import annotations

import os
import random
import secrets
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from crosspost.errors import BlockedError, Problem, Severity, SiteError
from crosspost.publish.quiet import Rows
from crosspost.publish.rows import OUTCOMES, Event, EventKind, Key, Row, fold, fold_on
from crosspost.publish.snapshot import (
    LATELY,
    Snapshot,
    keep_near,
    keep_snapshot,
    read_rest,
    read_snapshot,
)
from crosspost.publish.store import NONE_KNOWN, DirectoryStore, LedgerFile, Store

GIT_ATTRIBUTES = "ledger/**/*.jsonl merge=union"

LEASE = timedelta(minutes=30)
"""How long a claim on a shared ledger belongs to the run that made it.

Longer than any call and its uploads take, and short enough that a server which honours
idempotency keys (50 minutes of trust) still knows the key when another run takes over.
"""

_ATTEMPTS = 12
_LONGEST_PAUSE = 4.0
_FEW = 500
"""Events that may be folded on top of what was kept, before all is kept anew."""


class TakenError(Exception):
    """Another run has claimed or said the message meanwhile: it is left to that one."""


class Ledger:
    """The events that a store holds, and the rows they make.

    A path stands for a folder in the tree. `clock` gives the time of new events, `run` names whose
    claims they are, and `ended` names runs that are known to be over. `problems` holds warnings:
    torn lines, and messages that have two receipts. `kept` is where the rows are kept for the next
    one that only reads. Raises `SiteError` where a line can be neither read nor passed over.
    """

    def __init__(
        self,
        store: Store | Path,
        clock: Callable[[], datetime],
        name: str = "ledger",
        *,
        kept: Path | None = None,
    ) -> None:
        self.store: Store = DirectoryStore(store, name) if isinstance(store, Path) else store
        self.run = secrets.token_hex(6)
        self.ended: frozenset[str] = frozenset()
        self.rows = Rows({})
        self._clock = clock
        self._events: dict[Key, dict[str, Event]] = {}
        self._problems: list[Problem] = []
        self._sequence = 0
        self._read: dict[str, bytes] = {}
        self._kept = kept
        self._snapshot: Snapshot | None = None
        """Where the rows come from as long as the events themselves were not asked for."""
        if kept is None:
            self.refresh()
        else:
            self._read_kept(kept)

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event, in the order of the fold."""
        return tuple(sorted(self._all(), key=Event.order))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person should know of the files, as warnings."""
        twice = [
            Problem(
                f"{self.store.name}/{row.key.channel}",
                0,
                0,
                "said-twice",
                f"{row.key.uid} has {len(row.remote_ids)} statuses on {row.key.account}: "
                f"{', '.join(row.remote_ids)}. The first is kept; delete the others by hand.",
                Severity.WARNING,
            )
            for row in sorted(self.rows.at_hand.values(), key=attrgetter("key"))
            if len(row.remote_ids) > 1
        ]
        return tuple(dict.fromkeys((*self._problems, *twice)))

    def row(self, key: Key) -> Row | None:
        """Return what is known of a message."""
        return self.rows.get(key)

    def since(self, moment: datetime) -> list[Event]:
        """Return the events from a moment on, in no order."""
        kept = self._snapshot
        known = kept is not None and (kept.newest is None or kept.newest < moment)
        lately: list[Event] = []
        if kept is not None and kept.newest is not None and kept.lately is not None:
            known |= kept.newest - LATELY <= moment
            lately = [Event.from_line(line) for line in kept.lately] if known else []
        if known:
            added = chain.from_iterable(events.values() for events in self._events.values())
            return [event for event in (*lately, *added) if event.at >= moment]
        return [event for event in self._all() if event.at >= moment]

    def held(self, now: datetime) -> dict[Key, datetime]:
        """Return which messages another run is at, and until when they are left to it.

        Only a shared ledger has such: in a folder, the lock of the checkout tells that a run
        which left a claim has ended.
        """
        if not self.store.shared:
            return {}
        over = {self.run, *self.ended}
        return {
            key: row.held_at + LEASE
            for key, row in self.rows.at_hand.items()
            if row.held_at is not None and row.held_at > now - LEASE and row.run not in over
        }

    def claim(self, key: Key, row: Row | None, /, *, generation: int = 1, **data: Any) -> None:
        """Record the intent, durably, as long as the message stands where `row` says.

        On a shared ledger this is the lock. Raises `TakenError` where another run was first, and
        `BlockedError` where the claim cannot be kept; nothing may then be sent.
        """
        item = (key, {**data, "run": self.run})
        if not self._add(EventKind.CLAIMED, [item], {key: row}, generation):
            raise TakenError

    def adopt(self, items: Sequence[tuple[Key, Mapping[str, Any]]]) -> None:
        """Record messages as said before, in one step, but for those that are known by now."""
        self._add(EventKind.ADOPTED, items, {}, 1)

    def append(self, kind: EventKind, key: Key, /, *, generation: int = 1, **data: Any) -> Event:
        """Record what has happened, whatever others wrote, and return it.

        `data` without a value is left out. Raises `BlockedError` where the disk does not take it;
        nothing is then recorded.
        """
        if kind in OUTCOMES:
            data = {**data, "run": self.run}
        events = self._made(kind, [(key, data)], generation)
        self.store.keep(_lines(events), f"{kind} {key.uid}")
        self._take(events)
        return events[0]

    def refresh(self) -> None:
        """Read what was added since it was last read, by others or by a merge."""
        if self._snapshot is not None:
            self._forget()
        self._refresh(self.store.read())

    def _forget(self) -> None:
        """Forget all that was read, to read it anew without what was kept."""
        self._snapshot = None
        self._sequence = 0
        self.rows = Rows({})
        for known in (self._events, self._problems, self._read):
            known.clear()

    def _read_kept(self, path: Path) -> None:
        """Read what was added to what was kept; all, and keep that, where it does not fit."""
        snapshot = read_snapshot(path)
        files = self.store.read(snapshot.looks if snapshot is not None else NONE_KNOWN)
        if snapshot is not None and snapshot.fits(files) and self._resume(files, snapshot):
            return
        self._forget()
        if any(file.is_same for file in files):
            files = self.store.read()
        self._refresh(files)
        if not self._problems:
            keep_snapshot(path, files, self._all(), self.rows)

    def _resume(self, files: Sequence[LedgerFile], snapshot: Snapshot) -> bool:
        """Fold what was added on top of what was kept; whether that gives the same as all would."""
        fatal: list[Problem] = []
        added: list[Event] = []
        for file in files:
            size = snapshot.size(file.name)
            if file.trouble:
                return False
            if not file.is_same and len(file.data) > size:
                added += self._parse(file, file.data[:size], fatal)
        few = len(added) <= max(_FEW, snapshot.count // 50)
        if fatal or not few or any(one.sequence <= snapshot.sequence for one in added):
            return False
        self._snapshot = snapshot
        self.rows = Rows(
            {row.key: row for row in snapshot.rows},
            snapshot.all_quiet(),
            self._unpack,
            {row.key: row for row in snapshot.near},
        )
        self.rows.update(fold_on(self.rows, added))
        for event in added:
            self._events.setdefault(event.key, {})[event.to_line()] = event
        self._sequence = max([snapshot.sequence, *(one.sequence for one in added)])
        return True

    def _unpack(self) -> Mapping[Key, Row]:
        """Return the rows of all quiet messages; where they are lost, all events are read."""
        if self._snapshot is not None and self._kept is not None:
            rest = read_rest(self._kept, self._snapshot)
            if rest is not None:
                return rest
        return Ledger(self.store, self._clock).rows

    def remember(self) -> None:
        """Keep what a plan has asked for where the next one finds it at once."""
        if self._snapshot is not None and self._kept is not None:
            keep_near(self._kept, self._snapshot, self.rows)

    def _refresh(self, files: Sequence[LedgerFile]) -> None:
        fatal: list[Problem] = []
        touched: set[Key] = set()
        for file in files:
            if file.trouble:
                fatal.append(Problem(file.name, 0, 0, "unreadable", file.trouble))
                continue
            known = self._read.get(file.name, b"")
            whole = known.endswith(b"\n") and file.data.startswith(known)
            touched |= self._read_file(file, known if whole else b"", fatal)
            self._read[file.name] = file.data
        if fatal:
            raise SiteError(fatal)
        self._fold(touched)

    def _add(
        self,
        kind: EventKind,
        items: Sequence[tuple[Key, Mapping[str, Any]]],
        expected: Mapping[Key, Row | None],
        generation: int,
    ) -> bool:
        """Add events of messages that stand where they are expected to; whether there was any."""
        for attempt in range(_ATTEMPTS):
            wanted = [item for item in items if self.rows.get(item[0]) == expected.get(item[0])]
            if not wanted:
                return False
            events = self._made(kind, wanted, generation)
            subject = f"{kind} {events[0].key.uid}" if len(events) == 1 else f"{kind} {len(events)}"
            if self.store.add(_lines(events), subject):
                self._take(events)
                return True
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.05 * 2**attempt)))  # noqa: S311
            self.refresh()
            if all(event.to_line() in self._events.get(event.key, {}) for event in events):
                return True  # it had been taken, and only the answer was lost
        raise BlockedError(f"{self.store.name} is being written by others all the time: try later.")

    def _made(
        self, kind: EventKind, items: Sequence[tuple[Key, Mapping[str, Any]]], generation: int
    ) -> list[Event]:
        at = self._clock().astimezone(UTC).replace(microsecond=0)
        return [
            Event(
                kind=kind,
                key=key,
                at=at,
                sequence=self._sequence + number,
                generation=generation,
                data={name: value for name, value in data.items() if value not in (None, (), [])},
            )
            for number, (key, data) in enumerate(items, start=1)
        ]

    def _take(self, events: Sequence[Event]) -> None:
        self._all()
        for event in events:
            self._events.setdefault(event.key, {})[event.to_line()] = event
            self._sequence = max(self._sequence, event.sequence)
        self._fold({event.key for event in events})

    def _fold(self, keys: set[Key]) -> None:
        self.rows.update(fold(chain.from_iterable(self._events[key].values() for key in keys)))

    def _all(self) -> Iterator[Event]:
        """Return every event; they are read now where only the rows were kept."""
        if self._snapshot is not None:
            self._forget()
            self._refresh(self.store.read())
        return chain.from_iterable(events.values() for events in self._events.values())

    def _read_file(self, file: LedgerFile, known: bytes, fatal: list[Problem]) -> set[Key]:
        """Read a file from where it was known to; return the messages that its lines are of."""
        found = self._parse(file, known, fatal)
        for event in found:
            self._events.setdefault(event.key, {})[event.line] = event
            self._sequence = max(self._sequence, event.sequence)
        return {event.key for event in found}

    def _parse(self, file: LedgerFile, known: bytes, fatal: list[Problem]) -> list[Event]:
        found: list[Event] = []
        data = file.data[len(known) :]
        if not known:
            data = data.removeprefix(BOM_UTF8)
        first = known.count(b"\n") + 1
        for number, line in enumerate(data.split(b"\n"), start=first):
            if line.strip():
                event = self._event(line, file.name, number, fatal)
                if event is not None:
                    found.append(event)
        return found

    def _event(self, line: bytes, name: str, number: int, fatal: list[Problem]) -> Event | None:
        try:
            try:
                text = line.decode()
            except UnicodeDecodeError:
                raise ValueError("it is not in UTF-8") from None
            return Event.from_line(text.strip())
        except ValueError as error:
            if is_torn(line):
                message = "this line was cut by a crash and is passed over."
                self._problems.append(
                    Problem(name, number, 0, "torn-line", message, Severity.WARNING)
                )
                return None
            message = f"this is no event of the ledger: {error}."
            if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
                message = (
                    "this is left from a merge: keep the events of both sides, and put "
                    f"'{GIT_ATTRIBUTES}' into .gitattributes."
                )
            fatal.append(Problem(name, number, 0, "bad-line", message))
            return None


@contextmanager
def publish_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a checkout, so that one publish at a time works on it.

    Raises `BlockedError` where another process holds it, or where it cannot be made. The system
    frees it when that ends.
    """
    import fcntl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise BlockedError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BlockedError(
                "another publish is running on this site: let it end, then try again."
            ) from None
        yield
    finally:
        os.close(descriptor)


def ensure_git_attributes(root: Path) -> None:
    """Tell git, once, that two histories of the ledger are merged by keeping both.

    Raises `BlockedError` where the file cannot be read or written.
    """
    path, wanted = root / ".gitattributes", GIT_ATTRIBUTES.encode()
    try:
        data = path.read_bytes() if path.exists() else b""
        if wanted not in data.splitlines():
            separator = b"" if not data or data.endswith(b"\n") else b"\n"
            path.write_bytes(data + separator + wanted + b"\n")
    except OSError as error:
        raise BlockedError(f"{path} cannot be written: {error.strerror}.") from error


def _lines(events: Sequence[Event]) -> dict[str, list[str]]:
    """Return events as lines, by the file that they belong to."""
    files: dict[str, list[str]] = {}
    for event in events:
        name = f"{event.key.channel}/{event.at.astimezone(UTC):%Y-%m}.jsonl"
        files.setdefault(name, []).append(event.to_line())
    return files


def is_torn(line: bytes) -> bool:
    """Whether a line may be the beginning of an event: its object is not closed at its end."""
    if not line.startswith(b"{"):
        return False
    depth, in_text, escaped = 0, False, False
    for byte in line.rstrip():
        if in_text:
            in_text = escaped or byte != ord('"')
            escaped = byte == ord("\\") and not escaped
        elif byte == ord('"'):
            in_text = True
        elif byte in b"{[":
            depth += 1
        elif byte in b"}]":
            depth -= 1
            if depth == 0:
                return False
    return True
