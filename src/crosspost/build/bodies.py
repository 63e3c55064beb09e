"""The store of rendered bodies: each under the name of all that it was made from.

The name is a hash of the Markdown, its language, how it is rendered and by which versions. So a
body that is found is the right one whatever has happened since: an older store has fewer of them,
never other ones.

Bodies stand one after the other in a file that is only appended to; a database says where each of
them is. It tells who may append, too: a body is there for others once all of it is written. With
each place is a check of the bytes and the name that belong there, so that a file that is damaged,
or another one than the database knows, only loses bodies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

import msgspec

from crosspost.content.body import Body

Place = tuple[str, int, int, int]
"""A name, where its body begins in the file, how long it is, and the check of both."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS place (name TEXT PRIMARY KEY, start INT, size INT, hash INT)"
    " WITHOUT ROWID"
)
_SELECT = "SELECT name, start, size, hash FROM place WHERE name IN"
_MOST_AT_ONCE = 500
_SPARE = 2000
_SPARE_BYTES = 1 << 23
_BUFFER = 1 << 16
_NEAR = 1 << 16
"""Bytes from one body to the next up to which both are read at once, and what is between them."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Body).decode


class BodyStore:
    """Bodies in a file beside a database; open it anew in each process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._data = path.with_name(f"{path.name}-data")
        self._connection: sqlite3.Connection | None = None

    def put(self, bodies: Iterable[tuple[str, Body]]) -> None:
        """Store bodies, all or none. What cannot be written is not stored: it is only a cache."""
        packed = [(name, _encode(body)) for name, body in bodies]
        if not packed:
            return
        with suppress(sqlite3.Error, OSError), self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")  # nobody else appends until this is over
            with self._data.open("ab", buffering=_BUFFER) as file:
                places = _append(file, packed)
            connection.executemany("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)", places)

    def get(self, names: Collection[str]) -> dict[str, Body]:
        """Return those bodies of these names that are there and whole."""
        found: dict[str, Body] = {}
        with suppress(sqlite3.Error, OSError):
            for name, data in self._read(names):
                with suppress(msgspec.MsgspecError):
                    found[name] = _decode(data)
        return found

    def names(self) -> set[str]:
        """Return the names of all bodies that are there, whole or not."""
        with suppress(sqlite3.Error):
            return {name for (name,) in self._open().execute("SELECT name FROM place")}
        return set()

    def keep(self, names: Collection[str]) -> None:
        """Forget the bodies that are not among `names`, where there are many of them."""
        with suppress(sqlite3.Error, OSError):
            connection = self._open()
            totals = connection.execute("SELECT count(*), total(size) FROM place").fetchone()
            # What was written by somebody who was killed, or whose database is gone, has no name.
            most = 2 * totals[1] + _SPARE_BYTES
            if totals[0] <= 2 * len(names) + _SPARE and self._data.stat().st_size <= most:
                return
            fresh = self._data.with_name(f"{self._data.name}-new")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                with fresh.open("wb", buffering=_BUFFER) as file:
                    places = _append(file, self._read(names))
                connection.execute("DELETE FROM place")
                connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?)", places)
                # Who is killed here leaves places in another file, where no check is right.
                fresh.replace(self._data)

    def close(self) -> None:
        """Close the database, as before a fork."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def check(self) -> None:
        """Remove a store that is no database any more, so that the next one can be made."""
        try:
            self._open().execute("SELECT count(*) FROM place").fetchone()
        except sqlite3.Error:
            self.close()
            for path in self._path.parent.glob(f"{self._path.name}*"):
                with suppress(OSError):
                    path.unlink()

    def _read(self, names: Collection[str]) -> Iterator[tuple[str, memoryview]]:
        """Yield the bytes of those of these bodies that are there and whole."""
        connection, wanted = self._open(), list(names)
        with self._data.open("rb", buffering=0) as file:
            end = file.seek(0, SEEK_END)
            for number in range(0, len(wanted), _MOST_AT_ONCE):
                part = wanted[number : number + _MOST_AT_ONCE]
                marks = ",".join("?" * len(part))
                sql = f"{_SELECT} ({marks}) ORDER BY start"
                for near in _neighbours(connection.execute(sql, part), end):
                    first, last = near[0][1], near[-1][1] + near[-1][2]
                    file.seek(first)
                    block = memoryview(file.read(last - first))
                    for name, start, size, check in near:
                        data = block[start - first : start - first + size]
                        if check == _check(name, data):
                            yield name, data

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=60)
            # A crash of the machine may cost the store; it is made again from the texts.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
            self._connection = connection
        return self._connection


def _neighbours(places: Iterable[Place], end: int) -> Iterator[list[Place]]:
    """Yield places, which are in order, that can be read at once, with little between them.

    A row that was damaged may hold anything; what is not before `end` is none.
    """
    near: list[Place] = []
    for place in places:
        _, start, size, _ = place
        if type(start) is type(size) is int and 0 <= start <= start + size <= end:
            if near and start - near[-1][1] > _NEAR:
                yield near
                near = []
            near.append(place)
    if near:
        yield near


def _append(file: BinaryIO, packed: Iterable[tuple[str, bytes | memoryview]]) -> list[Place]:
    """Write bodies at the end of a file, and return their places."""
    places, start = [], file.tell()
    for name, data in packed:
        file.write(data)
        places.append((name, start, len(data), _check(name, data)))
        start += len(data)
    return places


def _check(name: str, data: bytes | memoryview) -> int:
    """Return what tells, with a place, whether what stands there is what was written there.

    It finds out what a disk has damaged, no more, and takes the least time of all that do.
    """
    return crc32(data, crc32(name.encode()))
