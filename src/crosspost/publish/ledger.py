"""The ledger: append-only JSON Lines, one file a channel and month, kept in git.

`ledger/<channel>/<YYYY-MM>.jsonl`. An event is on the disk, directory entry included, before
`append` returns. A crash can leave one torn line at a file's end: it was never acknowledged, so
it is passed over and said, and the next event begins a line of its own.
"""

from __future__ import annotations

import errno
import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from crosspost.errors import BlockedError, Problem, Severity, SiteError
from crosspost.publish.rows import Event, EventKind, Key, Row, fold

GIT_ATTRIBUTES = "ledger/**/*.jsonl merge=union"


class Ledger:
    """The events below one directory, and the rows they make.

    `clock` gives the time of new events. `problems` holds warnings: torn lines, and messages
    that have two receipts. Raises `SiteError` where a line can be neither read nor passed over.
    """

    def __init__(self, directory: Path, clock: Callable[[], datetime], name: str = "ledger"):
        self.directory = directory
        self._clock = clock
        self._name = name
        self._events: dict[Key, list[Event]] = {}
        self._problems: list[Problem] = []
        self._sequence = 0
        self._read()
        self.rows: dict[Key, Row] = fold(chain.from_iterable(self._events.values()))

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event, in the order of the fold."""
        return tuple(sorted(chain.from_iterable(self._events.values()), key=Event.order))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person should know of the files, as warnings."""
        twice = [
            Problem(
                f"{self._name}/{row.key.channel}",
                0,
                0,
                "said-twice",
                f"{row.key.uid} has {len(row.remote_ids)} statuses on {row.key.account}: "
                f"{', '.join(row.remote_ids)}. The first is kept; delete the others by hand.",
                Severity.WARNING,
            )
            for row in self.rows.values()
            if len(row.remote_ids) > 1
        ]
        return (*self._problems, *twice)

    def row(self, key: Key) -> Row | None:
        """Return what is known of a message."""
        return self.rows.get(key)

    def append(self, kind: EventKind, key: Key, /, *, generation: int = 1, **data: Any) -> Event:
        """Record one event durably and return it. `data` without a value is left out.

        Raises `BlockedError` where the disk does not take it; nothing is then recorded.
        """
        return self.append_all(kind, [(key, data)], generation=generation)[0]

    def append_all(
        self, kind: EventKind, items: Sequence[tuple[Key, Mapping[str, Any]]], generation: int = 1
    ) -> list[Event]:
        """Record events of one kind, those of one channel in one write. Raises as `append`."""
        at = self._clock().astimezone(UTC).replace(microsecond=0)
        events = [
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
        for channel in dict.fromkeys(event.key.channel for event in events):
            path = self.directory / channel / f"{at:%Y-%m}.jsonl"
            lines = [event.to_line() for event in events if event.key.channel == channel]
            try:
                _append_lines(path, lines, self.directory)
            except OSError as error:
                raise BlockedError(f"{path} cannot be written: {error.strerror}.") from error
        for event in events:
            self._add(event)
            self.rows.update(fold(self._events[event.key]))
        return events

    def _add(self, event: Event) -> None:
        self._events.setdefault(event.key, []).append(event)
        self._sequence = max(self._sequence, event.sequence)

    def _read(self) -> None:
        fatal: list[Problem] = []
        for path in sorted(self.directory.glob("*/*.jsonl")):
            name = f"{self._name}/{path.relative_to(self.directory).as_posix()}"
            try:
                data = path.read_bytes().removeprefix(BOM_UTF8)
            except OSError as error:
                message = f"it cannot be read: {error.strerror}."
                fatal.append(Problem(name, 0, 0, "unreadable", message))
                continue
            for number, line in enumerate(data.split(b"\n"), start=1):
                if line.strip():
                    self._read_line(line, name, number, fatal)
        if fatal:
            raise SiteError(fatal)

    def _read_line(self, line: bytes, name: str, number: int, fatal: list[Problem]) -> None:
        try:
            self._add(Event.from_line(line.decode().strip()))
        except ValueError as error:
            if _is_torn(line):
                message = "this line was cut by a crash and is passed over."
                self._problems.append(
                    Problem(name, number, 0, "torn-line", message, Severity.WARNING)
                )
                return
            message = f"this is no event of the ledger: {error}."
            if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
                message = (
                    "this is left from a merge: keep the events of both sides, and put "
                    f"'{GIT_ATTRIBUTES}' into .gitattributes."
                )
            fatal.append(Problem(name, number, 0, "bad-line", message))


@contextmanager
def publish_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a checkout, so that one publish at a time works on it.

    Raises `BlockedError` where another process holds it. The system frees it when that ends.
    """
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
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
    """Tell git, once, that two histories of the ledger are merged by keeping both."""
    path = root / ".gitattributes"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if GIT_ATTRIBUTES not in text.splitlines():
        separator = "" if not text or text.endswith("\n") else "\n"
        path.write_text(f"{text}{separator}{GIT_ATTRIBUTES}\n", encoding="utf-8")


def _append_lines(path: Path, lines: Sequence[str], top: Path) -> None:
    """Write lines in one call and wait until file and directory hold it."""
    new = not path.exists()
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        glued = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        data = "".join(["\n" * glued, *(f"{line}\n" for line in lines)]).encode()
        try:
            _write_whole(descriptor, data)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if new:
        _sync_directories(path.parent, top.parent)


def _write_whole(descriptor: int, data: bytes) -> None:
    if os.write(descriptor, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


def _sync_directories(lowest: Path, highest: Path) -> None:
    """Make the names of new files and directories durable, from the lowest up."""
    directory = lowest
    while True:
        descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if directory in (highest, directory.parent):
            return
        directory = directory.parent


def _is_torn(line: bytes) -> bool:
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
