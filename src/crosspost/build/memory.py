"""What earlier builds have learnt of the site's files: `.crosspost/cache/`.

Everything here can be lost, cut or taken from an older state without harm. A record is kept under
the hash of the bytes that it was made from, below the name of what made it (`environment`); no
path of this machine and no clock is part of that. Only signatures, which spare readings on this
machine, are tied to its files; elsewhere they fit nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from crosspost.build.bodies import BodyStore
from crosspost.build.signatures import Signature, settled, signature
from crosspost.build.table import Table
from crosspost.content.assets import Asset, Facts
from crosspost.content.reading import DocumentFile, Files
from crosspost.site.entry import Entry
from crosspost.site.reading import Record

Kept = tuple[str, msgspec.Raw]
"""A record as it is kept: the hash of the file's bytes, and the record as bytes."""
Seen = tuple[Signature, str]
"""What the disk said of a file, and the hash of the bytes that it held."""
_decode = msgspec.msgpack.Decoder(Record).decode


class Memory:
    """What is known before a build, and what is to be known after it.

    `environment` is the name of all that makes records, `code` of what tells the facts of files.
    """

    def __init__(self, folder: Path, environment: str, code: str = "") -> None:
        self._folder = folder
        self._environment = environment
        self._taken = time.time_ns()
        self.bodies = BodyStore(folder / "bodies.sqlite")
        self._records = Table[Kept](folder / "records", environment, Kept)
        self._files = Table[Seen](folder / "files", "", Seen)
        self._facts = Table[Facts](folder / "facts", code, Facts)
        self._former: dict[str, Kept] = {}

    def digest(self, found: DocumentFile) -> str:
        """Return the hash of a file whose signature is known; empty where it has to be read."""
        return self._known(found.file, signature(found.stat))

    def facts(self, asset: Asset) -> Facts | None:
        """Return the facts of an asset whose signature is known."""
        known = self._facts.rows.get(asset.file)
        digest = self._known(asset.file, signature(asset.stat))
        return known if known is not None and digest == known.digest and digest else None

    def record(self, path: str, digest: str) -> msgspec.Raw | None:
        """Return the record of a document with these bytes, if there is one."""
        kept = self._records.rows.get(path)
        return kept[1] if kept is not None and kept[0] == digest else None

    def save(self, files: Files, records: Mapping[str, Kept]) -> None:
        """Keep what this build has learnt. What cannot be written is not kept."""
        before = self._records.rows
        changed = {
            path
            for path, (digest, _) in records.items()
            if path not in before or before[path][0] != digest
        }
        former = before.keys() & changed | before.keys() - records.keys()
        self._former = {path: before[path] for path in former}
        self._records.replace(records, changed)
        stats = [
            *(
                (one.file, one.stat, records[one.path][0])
                for one in files.documents
                if one.path in records
            ),
            *((one.file, one.stat, one.facts.digest) for one in files.assets.values()),
        ]
        seen: dict[str, Seen] = {
            file: (signature(stat), digest)
            for file, stat, digest in stats
            if digest and settled(stat, self._taken)
        }
        known = self._files.rows
        self._files.replace(seen, [file for file, one in seen.items() if known.get(file) != one])
        facts = {one.file: one.facts for one in files.assets.values()}
        told = self._facts.rows
        self._facts.replace(facts, [file for file, one in facts.items() if told.get(file) != one])

    def former_entries(self) -> Iterator[Entry]:
        """Yield the entries of documents that are gone or have changed since the last build."""
        for _, data in self._former.values():
            entry = _decode(data).entry
            if entry is not None:
                yield entry

    def _known(self, file: str, found: Signature) -> str:
        seen = self._files.rows.get(file)
        return seen[1] if seen is not None and seen[0] == found else ""
