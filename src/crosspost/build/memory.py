"""What earlier builds have learnt of the site's files: `.crosspost/cache/`.

Everything here can be lost, cut or taken from an older state without harm. A record is kept under
the hash of the bytes that it was made from, below the name of what made it (`environment`); no
path of this machine and no clock is part of that. Only signatures, which spare readings on this
machine, are tied to its files; elsewhere they fit nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.bodies import BodyStore
from crosspost.build.signatures import Signature, settled, signature
from crosspost.content.assets import Asset, Facts
from crosspost.content.reading import DocumentFile, Files

FOLDER = "cache"


class _Records(msgspec.Struct, array_like=True):
    environment: str
    records: dict[str, tuple[str, msgspec.Raw]]


class _Seen(msgspec.Struct, array_like=True):
    files: dict[str, tuple[Signature, str]]
    facts: dict[str, Facts]


class Memory:
    """What is known before a build, and what is to be known after it."""

    def __init__(self, folder: Path, environment: str) -> None:
        self._folder = folder
        self._environment = environment
        self._taken = time.time_ns()
        self.bodies = BodyStore(folder / "bodies.sqlite")
        self.records: Mapping[str, tuple[str, msgspec.Raw]] = self._read_records()
        self._seen = _read(folder / "files", _Seen) or _Seen({}, {})

    def digest(self, found: DocumentFile) -> str:
        """Return the hash of a file whose signature is known; empty where it has to be read."""
        return self._known(found.file, signature(found.stat))

    def facts(self, asset: Asset) -> Facts | None:
        """Return the facts of an asset whose signature is known."""
        known = self._seen.facts.get(asset.file)
        digest = self._known(asset.file, signature(asset.stat))
        return known if known is not None and digest == known.digest and digest else None

    def record(self, path: str, digest: str) -> msgspec.Raw | None:
        """Return the record of a document with these bytes, if there is one."""
        kept = self.records.get(path)
        return kept[1] if kept is not None and kept[0] == digest else None

    def save(
        self, files: Files, records: Mapping[str, tuple[str, msgspec.Raw]], *, changed: bool
    ) -> None:
        """Keep what this build has learnt. What cannot be written is not kept."""
        stats = [
            *((one.file, one.stat, records[one.path][0]) for one in files.documents),
            *((one.file, one.stat, one.facts.digest) for one in files.assets.values()),
        ]
        seen = _Seen(
            {
                file: (signature(stat), digest)
                for file, stat, digest in stats
                if digest and settled(stat, self._taken)
            },
            {one.file: one.facts for one in files.assets.values()},
        )
        with suppress(OSError):
            if changed:
                table = _Records(self._environment, dict(records))
                write_blob(self._folder / "records", msgspec.msgpack.encode(table))
            if seen != self._seen:
                write_blob(self._folder / "files", msgspec.msgpack.encode(seen))

    def _known(self, file: str, found: Signature) -> str:
        seen = self._seen.files.get(file)
        return seen[1] if seen is not None and seen[0] == found else ""

    def _read_records(self) -> Mapping[str, tuple[str, msgspec.Raw]]:
        table = _read(self._folder / "records", _Records)
        return table.records if table and table.environment == self._environment else {}


def _read(path: Path, kind: Any) -> Any:
    data = read_blob(path)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except msgspec.MsgspecError:
        return None
