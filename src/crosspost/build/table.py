"""A table of the cache: values by name, under the name of what made them, kept as a journal."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Generic, TypeVar
from zlib import crc32

import msgspec

from crosspost.build.blob import append_blob, read_journal, write_blob

T = TypeVar("T")
A = TypeVar("A")
Packed = bytes | memoryview
"""A row as it is kept, its check before it."""
_NOTHING = msgspec.msgpack.encode(None)
_CHECK = 4
"""Bytes before a row that tell whether it is whole."""
_MOST = 20
"""Additions after which a journal is written anew."""


class _Part(msgspec.Struct, array_like=True):
    """What is written at once: names of rows, and how long each of them is in the tail."""

    environment: str
    names: list[str]
    sizes: bytes
    gone: list[str]
    about: msgspec.Raw


class Rows(Mapping[str, T]):
    """Rows that are looked at, and unpacked, when they are wanted: of most builds that is little.

    One that is broken is none. It may still be among the names that are listed.
    """

    __slots__ = ("_decode", "_known", "_packed")

    def __init__(self, packed: Mapping[str, Packed], kind: Any, known: Mapping[str, T]) -> None:
        self._packed = packed
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._known: dict[str, T] = dict(known)

    def __getitem__(self, name: str) -> T:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._unpacked(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """Return a row. (What a mapping has by itself takes twice as long, ten thousand times.)"""
        found = self._known.get(name)
        if found is None and name in self._packed:
            with suppress(KeyError):
                found = self._known[name] = self._unpacked(name)
        return default if found is None else found

    def _unpacked(self, name: str) -> T:
        row = self._packed[name]
        packed = row[_CHECK:]
        if row[:_CHECK] != _check(name, packed):
            raise KeyError(name)
        try:
            found: T = self._decode(packed)
        except msgspec.MsgspecError:
            raise KeyError(name) from None
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def _check(name: str, packed: Packed) -> bytes:
    """Return what stands before a row, to tell whether it is what was written under this name.

    It finds out what a disk has damaged, no more, and takes the least time of all that do.
    """
    return crc32(packed, crc32(name.encode("utf-8", "surrogatepass"))).to_bytes(_CHECK, "big")


class Table(Generic[T]):
    """Rows by name. `rows` may be read; `replace` and `amend` say what they are to be.

    Rows that were made by another environment are none. What holds for all rows stands beside them,
    and is kept in one step with them: a build that is killed leaves both or neither. `environment`
    names all that rows are made by, their shape included.
    """

    def __init__(self, path: Path, environment: str, kind: Any) -> None:
        self._path = path
        self._environment = environment
        self._encode = msgspec.msgpack.Encoder().encode
        self._rows: dict[str, Packed] = {}
        self._about = msgspec.Raw(_NOTHING)
        self.is_new = True
        """Whether there is no table, or none that can be read."""
        blobs, self._whole = read_journal(path)
        self._parts = len(blobs)
        for blob, tail in blobs:
            self._whole = self._take(blob, tail) and self._whole
        self._kind = kind
        self.rows: Mapping[str, T] = Rows(self._rows, kind, {})

    def _take(self, blob: memoryview, tail: memoryview) -> bool:
        try:
            part = msgspec.msgpack.decode(blob, type=_Part)
            sizes = array("Q", part.sizes)
        except (msgspec.MsgspecError, ValueError):
            return False
        if len(sizes) != len(part.names) or sum(sizes) != len(tail):
            return False
        self.is_new = False
        if part.environment != self._environment:
            self._rows, self._about = {}, msgspec.Raw(_NOTHING)
            return False
        self._about = part.about
        places = pairwise(accumulate(sizes, initial=0))
        self._rows.update(zip(part.names, [tail[start:end] for start, end in places], strict=True))
        for name in part.gone:
            self._rows.pop(name, None)
        return True

    def about(self, kind: type[A]) -> A | None:
        """Return what holds for all rows; None where nothing is known."""
        with suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(self._about, type=kind)
        return None

    def replace(self, rows: Mapping[str, T], changed: Collection[str], about: Any = None) -> None:
        """Keep these rows from now on; those that are new or other than before are in `changed`.

        What cannot be written is not kept.
        """
        gone = self._rows.keys() - rows.keys()
        self.amend({name: rows[name] for name in changed if name in rows}, gone, about)

    def amend(self, changed: Mapping[str, T], gone: Collection[str], about: Any = None) -> None:
        """Keep the rows of before, but for these. What cannot be written is not kept.

        Little is appended, much is written anew.
        """
        packed = zip(changed, map(self._encode, changed.values()), strict=True)
        new = {name: _check(name, row) + row for name, row in packed}
        told = msgspec.Raw(self._encode(about))
        if self._whole and not new and not gone and bytes(told) == bytes(self._about):
            return
        whole: dict[str, Packed] = {**self._rows, **new}
        for name in gone:
            whole.pop(name, None)
        small = len(new) + len(gone) < len(whole) // 10 and self._parts < _MOST
        with suppress(OSError):
            if self._whole and small:
                self._whole = False  # until all of it is there
                append_blob(self._path, *self._written(new, sorted(gone), told))
                self._parts, self._whole = self._parts + 1, True
            else:
                write_blob(self._path, *self._written(whole, [], told))
                self._parts, self._whole = 1, True
        self._rows, self._about = whole, told
        self.rows = Rows(whole, self._kind, changed)

    def _written(
        self, rows: Mapping[str, Packed], gone: list[str], about: msgspec.Raw
    ) -> tuple[bytes, bytes]:
        """Return rows as they are written: a part, and its tail."""
        sizes = array("Q", map(len, rows.values())).tobytes()
        part = _Part(self._environment, list(rows), sizes, gone, about)
        return self._encode(part), b"".join(rows.values())
