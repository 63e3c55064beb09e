"""The register of a site, kept from one plan to the next: only what has changed is read.

It is kept in the cache, as a file that is whole or not there, under the name of all that entries
are made by. Which documents are what they were is told by their signatures, else by their bytes;
the others are taken from what builds have kept, or read. Beside the columns stand the entries that
the last plan asked for, since the next one will ask for the same.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property

import msgspec

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.environment import site_names
from crosspost.build.memory import Memory
from crosspost.build.remembered import CACHE, open_memory
from crosspost.build.signatures import looks_of, settled, signature
from crosspost.build.states import Listing
from crosspost.config import Settings
from crosspost.content.reading import DocumentFile, changed_meanwhile, find_files, read_bytes
from crosspost.digests import digest_of
from crosspost.errors import Severity
from crosspost.site.entry import Entry
from crosspost.site.reading import Reader, Record
from crosspost.site.register import KINDS, Columns, Register

_FEW = 24
"""Documents that are rather read again each time than the whole register written anew."""
_WORTH_LOADING = 60
"""Documents from which on what builds have kept of all is loaded for them."""
_UNKNOWN = array("q", (0, 0, 0, -1)).tobytes()
"""The signature of a file that has none."""
_LOOK = len(_UNKNOWN)


class _Kept(msgspec.Struct, array_like=True):
    """What is kept: columns, and beside each row the signature and the hash of its file."""

    environment: str
    columns: Columns
    looks: bytes
    digests: list[str]
    near: dict[str, bytes]
    """Records by the path of their document, as of its hash."""

    @property
    def fits(self) -> bool:
        """Whether all that stands beside each other is of the same documents."""
        count = len(self.columns.paths)
        return self.columns.fits and len(self.digests) == count and len(self.looks) == count * _LOOK


_decode = msgspec.msgpack.Decoder(_Kept).decode
_decode_record = msgspec.msgpack.Decoder(Record).decode
_encode = msgspec.msgpack.Encoder().encode


class _Wrong(Exception):
    """Something has to be reported: an index has to be made, which says what."""


class KeptRegister:
    """The register of a site's files as they are now, and what is to be kept of it.

    `listing` is what stands in folders that have just been looked through. `register` is None
    where something is to be reported: an index of the site then says it in full.
    """

    def __init__(self, settings: Settings, now: datetime, listing: Listing) -> None:
        self._settings = settings
        self._file = settings.root / CACHE / "register"
        self._environment = site_names(settings)[1]
        self._reader = Reader(settings)
        self._taken = time.time_ns()
        self._read = 0
        self._records: dict[str, Record] = {}
        """Records that were read or unpacked in this run."""
        self.register: Register | None = None
        with suppress(_Wrong):
            register = self._up_to_date(now, listing)
            self.register = register if register.is_sound else None

    @cached_property
    def _memory(self) -> Memory:
        return open_memory(self._settings)

    def _up_to_date(self, now: datetime, listing: Listing) -> Register:
        """Read what has changed since the register was kept."""
        files = find_files(self._settings, listing)
        if any(problem.severity == Severity.ERROR for problem in files.problems):
            raise _Wrong
        documents = files.documents
        kept = self._kept()
        self._near = kept.near
        looks = looks_of(signature(document.stat) for document in documents).tobytes()
        places = _places(kept.columns.paths, documents)
        self._gone = len(kept.columns.paths) - sum(place >= 0 for place in places)
        columns, digests, before = kept.columns, kept.digests, kept.looks
        if places != range(len(columns.paths)):
            columns = columns.arranged(places)
            digests = [digests[place] if place >= 0 else "" for place in places]
            before = b"".join(
                before[place * _LOOK : (place + 1) * _LOOK] if place >= 0 else _UNKNOWN
                for place in places
            )
        changed = list(_differing(before, looks))
        kinds = [KINDS.index(document.kind) for document in documents]
        if kinds != columns.kinds:
            others = {n for n, kind in enumerate(kinds) if kind != columns.kinds[n]}
            for place in others:
                digests[place] = ""
            changed = sorted({*changed, *others})
        self._columns, self._digests = columns, digests
        self._looks, self._files = bytearray(before), documents
        numbers: dict[object, int] = {one.name: n for n, one in enumerate(columns.kinds_of_traits)}
        many = len(changed) > _WORTH_LOADING
        for place in changed:
            self._see(place, numbers, many)
        return Register(self._settings, now, columns, files.assets, self._entry)

    def _kept(self) -> _Kept:
        """Return what was kept, if it was made by what is installed here; else nothing."""
        data = read_blob(self._file)
        self._is_new = True
        if data is not None:
            with suppress(msgspec.MsgspecError, ValueError):
                kept = _decode(data)
                if kept.environment == self._environment and kept.fits:
                    self._is_new = False
                    return kept
        return _Kept(self._environment, Columns.none(), b"", [], {})

    def _see(self, place: int, numbers: dict[object, int], many: bool) -> None:
        """Take in a document whose signature is not known here."""
        found = self._files[place]
        digest = self._memory.digest(found) if many else ""
        data = None
        if not digest:
            data = _bytes_of(found)
            digest = digest_of(data)
        self._read += 1
        seen = signature(found.stat)
        look = looks_of([seen]).tobytes() if settled(seen, self._taken) else _UNKNOWN
        self._looks[place * _LOOK : (place + 1) * _LOOK] = look
        if digest == self._digests[place]:
            return
        record = self._record(found, digest, data, many)
        if record.entry is None:
            raise _Wrong
        self._digests[place] = digest
        self._near.pop(found.path, None)
        self._columns.put(place, record.entry, numbers)

    def _record(self, found: DocumentFile, digest: str, data: bytes | None, many: bool) -> Record:
        """Return the record of a document: as builds have kept it, or as it is read now."""
        packed = self._memory.record(found.path, digest) if many else None
        if packed is not None:
            record = _decode_record(packed)
        else:
            data = _bytes_of(found) if data is None else data
            record = self._reader.read(found, data, digest)[0]
            if not many:
                self._records[found.path] = record
        if any(problem.severity == Severity.ERROR for problem in record.problems):
            raise _Wrong
        return record

    def _entry(self, path: str) -> Entry:
        """Return the entry of a document that is known; it is read again where it is not near.

        Raises `SiteError` where its file is not what it was a moment ago.
        """
        record = self._records.get(path)
        if record is None and path in self._near:
            with suppress(msgspec.MsgspecError):
                record = _decode_record(self._near[path])
        place = self._place_of[path]
        digest = self._digests[place]
        if record is None or record.digest != digest:
            self._read += 1
            many = self._read > _WORTH_LOADING
            packed = self._memory.record(path, digest) if many else None
            record = _decode_record(packed) if packed is not None else self._again(place)
        self._records[path] = record
        if record.entry is None:
            raise changed_meanwhile(f"content/{path}")
        return record.entry

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {path: place for place, path in enumerate(self._columns.paths)}

    def _again(self, place: int) -> Record:
        found = self._files[place]
        data = read_bytes(found, [])
        if data is None or digest_of(data) != self._digests[place]:
            raise changed_meanwhile(found.file)
        return self._reader.read(found, data, self._digests[place])[0]

    def keep(self) -> None:
        """Keep the register, if that spares the next plan more than it costs this one."""
        register = self.register
        if register is None or not (self._is_new or self._read > _FEW or self._gone > _FEW):
            return
        near = {path: _encode(self._records[path]) for path in register.asked}
        kept = _Kept(self._environment, self._columns, bytes(self._looks), self._digests, near)
        with suppress(OSError, msgspec.MsgspecError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_blob(self._file, _encode(kept))


def _places(paths: list[str], documents: Sequence[DocumentFile]) -> Sequence[int]:
    """Return where each document is in what was kept; -1 for one that is new."""
    names = [document.path for document in documents]
    if names == paths:
        return range(len(paths))
    known = {path: place for place, path in enumerate(paths)}
    return [known.get(name, -1) for name in names]


def _differing(before: bytes, after: bytes) -> Iterator[int]:
    """Yield the places of signatures that are not the same; both are equally long."""
    if before == after:
        return
    one, other = array("q", before), array("q", after)
    step = 512 * 4
    for start in range(0, len(one), step):
        if one[start : start + step] != other[start : start + step]:
            for place in range(start, min(start + step, len(one)), 4):
                if one[place : place + 4] != other[place : place + 4]:
                    yield place // 4


def _bytes_of(found: DocumentFile) -> bytes:
    data = read_bytes(found, [])
    if data is None:
        raise _Wrong
    return data
