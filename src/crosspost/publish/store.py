"""Where the ledger's lines are: what it asks of such a place, and the folder in the tree.

A store knows files and lines, not what they mean. `crosspost.publish.branch` is the other one.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from crosspost.build.signatures import Signature, settled, signature
from crosspost.errors import BlockedError

Lines = Mapping[str, Sequence[str]]
"""Lines by the file that they go to, as `mastodon/2026-11.jsonl`; without their line ends."""


Looks = Mapping[str, Signature]
"""The signatures of files, by their names."""
NONE_KNOWN: Looks = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """One file as it was read. `name` is for people; `trouble` says why there is no `data`.

    `look` is the signature that it had before it was read, where that tells it from any later
    state; `is_same` says that it is one that was known by its signature, and was not read.
    """

    name: str
    data: bytes = b""
    trouble: str = ""
    look: Signature | None = None
    is_same: bool = False


class Store(Protocol):
    """A place that holds the ledger's lines, and loses none that it has taken.

    `name` is how problems call it. `shared` says that other machines write to it too.
    """

    name: str
    shared: bool

    def read(self, known: Looks = NONE_KNOWN) -> Sequence[LedgerFile]:
        """Return every file as it stands, by name.

        Of files with the signatures `known`, by name, the data may be left out.
        """

    def add(self, lines: Lines, subject: str) -> bool:
        """Add lines, if nobody has written since they were last read; whether they were.

        Durable on return. Where the answer is no, nothing was added, and `read` gives what
        others wrote. Raises `BlockedError` where the place does not take lines at all.
        """

    def keep(self, lines: Lines, subject: str) -> None:
        """Keep lines whatever others wrote: durable on return, if need be on this machine alone.

        Raises `BlockedError` where they can be kept nowhere.
        """

    def settle(self) -> str:
        """Bring what is on this machine alone to where it belongs; say in words if that fails."""


class DirectoryStore:
    """A folder of the site's tree. One process at a time writes to it: the lock sees to that."""

    shared = False

    def __init__(self, directory: Path, name: str = "ledger") -> None:
        self.directory = directory
        self.name = name

    def read(self, known: Looks = NONE_KNOWN) -> Sequence[LedgerFile]:
        """Return every file below the folder."""
        found = []
        now = time.time_ns()
        for path in sorted(self.directory.glob("*/*.jsonl")):
            name = f"{self.name}/{path.relative_to(self.directory).as_posix()}"
            try:
                stat = path.stat()
                seen = signature(stat)
                look = seen if settled(seen, now) else None
                if look is not None and known.get(name) == look:
                    found.append(LedgerFile(name, look=look, is_same=True))
                else:
                    found.append(LedgerFile(name, path.read_bytes(), look=look))
            except OSError as error:
                found.append(LedgerFile(name, trouble=f"it cannot be read: {error.strerror}."))
        return found

    def add(self, lines: Lines, subject: str = "") -> bool:
        """Append to each file in one write, and wait until the disk holds it."""
        del subject
        for name, new in lines.items():
            path = self.directory / name
            try:
                _append_lines(path, new, self.directory)
            except OSError as error:
                raise BlockedError(f"{path} cannot be written: {error.strerror}.") from error
        return True

    def keep(self, lines: Lines, subject: str = "") -> None:
        """Append."""
        self.add(lines, subject)

    def settle(self) -> str:
        """Return nothing: what was added is where it belongs."""
        return ""

    def clear(self) -> None:
        """Remove every file: what they held is kept elsewhere now."""
        for path in self.directory.glob("*/*.jsonl"):
            path.unlink(missing_ok=True)


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
