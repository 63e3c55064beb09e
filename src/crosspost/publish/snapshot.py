"""The fold of a ledger, kept for the next plan: most of its lines are years old.

Kept in the cache, under the hash of the very bytes that were read. It may miss, and never lies:
where a file has lost or changed a byte, or an event was merged that is older than the newest one
known, all is read as if nothing had been kept. What was added since is folded on top.

It is two files. One is read each time: of quiet messages it holds a moment, of all others the row.
The rows of quiet messages are in the other one, which is read when one of them is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.signatures import Signature
from crosspost.build.states import installation
from crosspost.publish.quiet import BEFORE, Name, Rows, apart
from crosspost.publish.rows import Event, Key, Row
from crosspost.publish.store import LedgerFile

LATELY = timedelta(hours=4)
"""How long before the newest event lines are kept as they are: a plan asks for three hours."""
_MOST_LINES = 2000
_NEAR = timedelta(days=62)
"""How long before the newest event a quiet message's row is kept where it is read each time."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What was read of one file: how many bytes, their hash, and its signature, if it has one."""

    size: int
    digest: str
    look: Signature | None = None


class _Quiet(msgspec.Struct, frozen=True, array_like=True):
    """The quiet messages of one account: their posts' uids, and when each was said."""

    channel: str
    account: str
    uids: list[str]
    moments: list[float]


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """The rows of a ledger whose files were read up to `files`.

    `sequence` is the greatest of its events, `newest` when the last of them happened; `lately` are
    the lines of the last hours before that, None where they are too many. `rows` are those that are
    not quiet. `rest` is the hash of the other file, and `near` are some rows that are in it.
    """

    installed: str
    files: dict[str, Known]
    sequence: int
    newest: datetime | None
    lately: list[str] | None
    rows: list[Row]
    quiet: list[_Quiet]
    near: list[Row]
    rest: str

    def fits(self, files: Iterable[LedgerFile]) -> bool:
        """Whether the files hold all that they held, byte for byte, and perhaps more after it."""
        found = {file.name: file for file in files if not file.trouble}
        return all(_holds(found.get(name), known) for name, known in self.files.items())

    @property
    def looks(self) -> dict[str, Signature]:
        """The signatures of files, by their names: those that have one need not be read again."""
        return {name: known.look for name, known in self.files.items() if known.look}

    def size(self, name: str) -> int:
        """Return up to where a file is known."""
        known = self.files.get(name)
        return known.size if known else 0

    @property
    def count(self) -> int:
        """How many messages it knows."""
        return len(self.rows) + sum(len(one.uids) for one in self.quiet)

    def all_quiet(self) -> dict[Name, dict[str, float]]:
        """Return when each quiet message was said, by its account and its post's uid."""
        return {
            (one.channel, one.account): dict(zip(one.uids, one.moments, strict=True))
            for one in self.quiet
        }


_decode = msgspec.msgpack.Decoder(Snapshot).decode
_decode_rows = msgspec.msgpack.Decoder(list[Row]).decode
_encode = msgspec.msgpack.Encoder().encode


def _holds(file: LedgerFile | None, known: Known) -> bool:
    if file is None:
        return known.size == 0
    if file.is_same:
        return True
    data = memoryview(file.data)
    return len(data) >= known.size and known.digest == _digest(data[: known.size])


def read_snapshot(path: Path) -> Snapshot | None:
    """Return what was kept by this very installation; None where it is missing or broken."""
    data = read_blob(path)
    if data is None:
        return None
    try:
        kept = _decode(data)
    except (msgspec.MsgspecError, ValueError):
        return None
    even = all(len(one.uids) == len(one.moments) for one in kept.quiet)
    return kept if even and kept.installed == installation().content else None


def read_rest(path: Path, snapshot: Snapshot) -> dict[Key, Row] | None:
    """Return the rows of all quiet messages; None where they are lost, or of another snapshot."""
    data = read_blob(_rest_of(path))
    if data is None or _digest(data) != snapshot.rest:
        return None
    try:
        return {row.key: row for row in _decode_rows(data)}
    except (msgspec.MsgspecError, ValueError):
        return None


def keep_snapshot(
    path: Path,
    files: Sequence[LedgerFile],
    events: Iterable[Event],
    rows: Mapping[Key, Row],
) -> None:
    """Keep the rows of files that were read whole, and whose lines are `events`.

    What would not read back as it is, and what cannot be written, is not kept.
    """
    every = list(events)
    ends = all(not file.data or file.data.endswith(b"\n") for file in files)
    if not ends or any(event.at.utcoffset() for event in every):
        return
    known = {file.name: Known(len(file.data), _digest(file.data), file.look) for file in files}
    if len(known) != len(files):
        return
    sequence = max((event.sequence for event in every), default=0)
    newest = max((event.at for event in every), default=None)
    lately = [one.to_line() for one in every if newest is not None and one.at >= newest - LATELY]
    loud, quiet, rest = apart(rows.values())
    young = newest.timestamp() - _NEAR.total_seconds() if newest else BEFORE
    with suppress(OSError, OverflowError, ValueError, msgspec.MsgspecError):
        packed = _encode(rest)
        snapshot = Snapshot(
            installed=installation().content,
            files=known,
            sequence=sequence,
            newest=newest,
            lately=lately if len(lately) <= _MOST_LINES else None,
            rows=loud,
            quiet=[_Quiet(*name, [*uids], [*uids.values()]) for name, uids in quiet.items()],
            near=[row for row in rest if row.sent_at and row.sent_at.timestamp() >= young],
            rest=_digest(packed),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_blob(_rest_of(path), packed)
        write_blob(path, _encode(snapshot))


def keep_near(path: Path, snapshot: Snapshot, rows: Rows) -> None:
    """Keep the quiet rows that were asked for where the next plan finds them at once."""
    if rows.is_whole:
        return
    near = {row.key: row for row in snapshot.near} | rows.unpacked
    with suppress(OSError, OverflowError, ValueError, msgspec.MsgspecError):
        write_blob(path, _encode(replace(snapshot, near=list(near.values()))))


def _rest_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-quiet")


def _digest(data: bytes | memoryview) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
