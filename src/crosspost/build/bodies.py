"""The store of rendered bodies: each under the name of all that it was made from.

The name is a hash of the Markdown, its language, how it is rendered and by which versions. So a
body that is found is the right one whatever has happened since: an older store has fewer of them,
never other ones. Each is stored with a hash of its own bytes, so that a damaged file only loses
bodies.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from crosspost.content.body import Body

_TABLE = "CREATE TABLE IF NOT EXISTS body (name TEXT PRIMARY KEY, hash BLOB, data BLOB)"
_MOST_AT_ONCE = 500
_SPARE = 2000
_PAGE = 32 * 1024
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Body).decode


class BodyStore:
    """Bodies in one file; open it anew in each process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def put(self, bodies: Iterable[tuple[str, Body]]) -> None:
        """Store bodies, all or none. What cannot be written is not stored: it is only a cache."""
        rows = [(name, data) for name, body in bodies for data in (_encode(body),)]
        if not rows:
            return
        sql = "INSERT OR REPLACE INTO body VALUES (?, ?, ?)"
        with suppress(sqlite3.Error), self._open() as connection:
            connection.executemany(sql, ((name, _hash(name, data), data) for name, data in rows))

    def get(self, names: Collection[str]) -> dict[str, Body]:
        """Return those bodies of these names that are there and whole."""
        found: dict[str, Body] = {}
        wanted = list(names)
        with suppress(sqlite3.Error):
            connection = self._open()
            for start in range(0, len(wanted), _MOST_AT_ONCE):
                part = wanted[start : start + _MOST_AT_ONCE]
                marks = ",".join("?" * len(part))
                sql = f"SELECT name, hash, data FROM body WHERE name IN ({marks})"  # noqa: S608
                for name, digest, data in connection.execute(sql, part):
                    if isinstance(data, bytes) and digest == _hash(name, data):
                        with suppress(msgspec.MsgspecError):
                            found[name] = _decode(data)
        return found

    def names(self) -> set[str]:
        """Return the names of all bodies that are there, whole or not."""
        with suppress(sqlite3.Error):
            return {name for (name,) in self._open().execute("SELECT name FROM body")}
        return set()

    def keep(self, names: Collection[str]) -> None:
        """Forget the bodies that are not among `names`, where there are many of them."""
        with suppress(sqlite3.Error):
            connection = self._open()
            (count,) = connection.execute("SELECT count(*) FROM body").fetchone()
            if count <= 2 * len(names) + _SPARE:
                return
            with connection:
                connection.execute("CREATE TEMP TABLE used (name TEXT PRIMARY KEY)")
                rows = ((name,) for name in names)
                connection.executemany("INSERT OR IGNORE INTO used VALUES (?)", rows)
                connection.execute("DELETE FROM body WHERE name NOT IN (SELECT name FROM used)")
                connection.execute("DROP TABLE used")
            connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file, as before a fork."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def check(self) -> None:
        """Remove a store that is no database any more, so that the next one can be made."""
        try:
            self._open().execute("SELECT count(*) FROM body").fetchone()
        except sqlite3.Error:
            self.close()
            for path in self._path.parent.glob(f"{self._path.name}*"):
                with suppress(OSError):
                    path.unlink()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=60)
            # A body takes several of the pages that a new store has by default.
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            # A crash of the machine may cost the store; it is made again from the texts.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
            self._connection = connection
        return self._connection


def _hash(name: str, data: bytes) -> bytes:
    # It tells what was damaged from what was not, no more; processors do it several times as fast
    # as a hash that withstands an adversary, who could write another one here as well.
    digest = hashlib.sha1(name.encode(), usedforsecurity=False)
    digest.update(data)
    return digest.digest()
