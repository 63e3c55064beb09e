"""A table of the cache: values by name, under the name of what made them, kept as a journal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from crosspost.build.blob import append_blob, read_journal, write_blob

T = TypeVar("T")
A = TypeVar("A")
_NOTHING = msgspec.msgpack.encode(None)
_MOST = 20
"""Additions after which a journal is written anew."""


class _Part(msgspec.Struct, array_like=True):
    environment: str
    rows: dict[str, msgspec.Raw]
    gone: list[str]
    about: msgspec.Raw


class Rows(Mapping[str, T]):
    """Rows that are unpacked when they are looked at: a build that changes one looks at few."""

    __slots__ = ("_decode", "_known", "_packed")

    def __init__(self, packed: Mapping[str, msgspec.Raw], kind: Any) -> None:
        self._packed = packed
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._known: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._decode(self._packed[name])
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


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
        self._rows: dict[str, msgspec.Raw] = {}
        self._about = msgspec.Raw(_NOTHING)
        self.is_new = True
        """Whether there is no table, or none that can be read."""
        blobs, self._whole = read_journal(path)
        self._parts = len(blobs)
        for blob in blobs:
            self._whole = self._take(blob) and self._whole
        self._kind = kind
        self.rows: Mapping[str, T] = Rows(self._rows, kind)

    def _take(self, blob: bytes) -> bool:
        try:
            part = msgspec.msgpack.decode(blob, type=_Part)
        except msgspec.MsgspecError:
            return False
        self.is_new = False
        if part.environment != self._environment:
            self._rows, self._about = {}, msgspec.Raw(_NOTHING)
            return False
        self._about = part.about
        self._rows.update(part.rows)
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
        new = {name: msgspec.Raw(self._encode(row)) for name, row in changed.items()}
        told = msgspec.Raw(self._encode(about))
        if self._whole and not new and not gone and bytes(told) == bytes(self._about):
            return
        whole = {**self._rows, **new}
        for name in gone:
            whole.pop(name, None)
        small = len(new) + len(gone) < len(whole) // 10 and self._parts < _MOST
        with suppress(OSError):
            if self._whole and small:
                part = _Part(self._environment, new, sorted(gone), told)
                self._whole = False  # until all of it is there
                append_blob(self._path, self._encode(part))
                self._parts, self._whole = self._parts + 1, True
            else:
                write_blob(self._path, self._encode(_Part(self._environment, whole, [], told)))
                self._parts, self._whole = 1, True
        self._rows, self._about = whole, told
        self.rows = Rows(whole, self._kind)
