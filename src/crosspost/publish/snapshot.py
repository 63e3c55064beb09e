"""The fold of a ledger, kept for the next plan: most of its lines are years old.

Kept in the cache, under the hash of the very bytes that were read. It may miss, and never lies:
where a file has lost or changed a byte, or an event was merged that is older than the newest one
known, all is read as if nothing had been kept. What was added since is folded on top.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.states import installation
from crosspost.publish.rows import Event, Key, Row
from crosspost.publish.store import LedgerFile


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What was read of one file: how many bytes, and their hash."""

    size: int
    digest: str


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """The rows of a ledger whose files were read up to `files`.

    `sequence` is the greatest of its events, `newest` when the last of them happened.
    """

    installed: str
    files: dict[str, Known]
    sequence: int
    newest: datetime | None
    rows: list[Row]

    def fits(self, files: Iterable[LedgerFile]) -> bool:
        """Whether the files hold all that they held, byte for byte, and perhaps more after it."""
        found = {file.name: file.data for file in files if not file.trouble}
        return all(
            len(data := found.get(name, b"")) >= known.size
            and known.digest == _digest(memoryview(data)[: known.size])
            for name, known in self.files.items()
        )

    def size(self, name: str) -> int:
        """Return up to where a file is known."""
        known = self.files.get(name)
        return known.size if known else 0


_decode = msgspec.msgpack.Decoder(Snapshot).decode


def read_snapshot(path: Path) -> Snapshot | None:
    """Return what was kept by this very installation; None where it is missing or broken."""
    data = read_blob(path)
    if data is None:
        return None
    try:
        kept = _decode(data)
    except (msgspec.MsgspecError, ValueError):
        return None
    return kept if kept.installed == installation() else None


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
    known = {file.name: Known(len(file.data), _digest(file.data)) for file in files}
    if len(known) != len(files):
        return
    sequence = max((event.sequence for event in every), default=0)
    newest = max((event.at for event in every), default=None)
    snapshot = Snapshot(installation(), known, sequence, newest, list(rows.values()))
    with suppress(OSError, OverflowError, ValueError, msgspec.MsgspecError):
        data = msgspec.msgpack.encode(snapshot)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_blob(path, data)


def _digest(data: bytes | memoryview) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
