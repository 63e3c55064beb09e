"""What earlier builds have learnt of the site's files: `.crosspost/cache/`.

Everything here can be lost, cut or taken from an older state without harm. A record is kept under
the hash of the bytes that it was made from, below the name of what made it (`environment`); no
path of this machine and no clock is part of that. Only signatures, which spare readings on this
machine, are tied to its files; elsewhere they fit nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, partial
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
        self._code = code
        self.bodies = BodyStore(folder / "bodies.sqlite")
        self._former: dict[str, Kept] = {}
        self._found: set[str] = set()
        """The paths of documents whose records were found."""
        self._recognised: set[str] = set()
        """The files whose signatures were known."""

    @cached_property
    def _records(self) -> Table[Kept]:
        return Table[Kept](self._folder / "records", self._environment, Kept)

    @cached_property
    def _files(self) -> Table[Seen]:
        return Table[Seen](self._folder / "files", self._code, Seen)

    @cached_property
    def _facts(self) -> Table[Facts]:
        return Table[Facts](self._folder / "facts", self._code, Facts)

    def digest(self, found: DocumentFile) -> str:
        """Return the hash of a file whose signature is known; empty where it has to be read."""
        return self._known(found.file, found.stat)

    def facts(self, asset: Asset) -> Facts | None:
        """Return the facts of an asset whose signature is known."""
        known = self._facts.rows.get(asset.file)
        digest = self._known(asset.file, asset.stat)
        return known if known is not None and digest == known.digest and digest else None

    def record(self, path: str, digest: str) -> msgspec.Raw | None:
        """Return the record of a document with these bytes, if there is one.

        It will be kept.
        """
        found = self.look_up(path, digest)
        if found is not None:
            self._found.add(path)
        return found

    def look_up(self, path: str, digest: str) -> msgspec.Raw | None:
        """Return the record of a document with these bytes, if there is one."""
        kept = self._records.rows.get(path)
        return kept[1] if kept is not None and kept[0] == digest else None

    def learn(self, files: Files, records: Mapping[str, Kept]) -> Callable[[], None]:
        """Compare what this build has read with what was known; return what keeps it.

        That may be called in another process. What cannot be written is not kept.
        """
        before = self._records.rows
        new = records.keys() - self._found
        changed = {
            path: kept for path, kept in records.items() if path in new and before.get(path) != kept
        }
        gone = before.keys() - records.keys()
        former = ((path, before.get(path)) for path in (*changed, *gone))
        self._former = {path: kept for path, kept in former if kept is not None}
        return partial(self._save, files, records, changed, gone)

    def learn_few(self, records: Mapping[str, Kept]) -> None:
        """Keep what was read of a few documents beside all that is known."""
        before = self._records.rows
        new = {path: kept for path, kept in records.items() if before.get(path) != kept}
        self._records.amend(new, ())

    def facts_with(self, file: str, digest: str) -> Facts | None:
        """Return the facts of an asset with these bytes, if they are known."""
        known = self._facts.rows.get(file)
        return known if known is not None and known.digest == digest else None

    def _save(
        self,
        files: Files,
        records: Mapping[str, Kept],
        changed: Mapping[str, Kept],
        gone: Collection[str],
    ) -> None:
        self._records.amend(changed, gone)
        self._save_signatures(files, records)
        facts = {one.file: one.facts for one in files.assets.values()}
        told = self._facts.rows
        self._facts.replace(facts, [file for file, one in facts.items() if told.get(file) != one])

    def _save_signatures(self, files: Files, records: Mapping[str, Kept]) -> None:
        digests = {
            **{one.file: records[one.path][0] for one in files.documents if one.path in records},
            **{one.file: one.facts.digest for one in files.assets.values()},
        }
        stats = {
            **{one.file: one.stat for one in files.documents},
            **{one.file: one.stat for one in files.assets.values()},
        }
        known = self._recognised
        seen = {file: signature(stat) for file, stat in stats.items() if file not in known}
        new: dict[str, Seen] = {
            file: (found, digests[file])
            for file, found in seen.items()
            if digests.get(file) and settled(found, self._taken)
        }
        gone = self._files.rows.keys() - digests.keys() | seen.keys() - new.keys()
        self._files.amend(new, gone)

    def former_entries(self) -> Iterator[Entry]:
        """Yield the entries of documents that are gone or have changed since the last build."""
        for _, data in self._former.values():
            entry = _decode(data).entry
            if entry is not None:
                yield entry

    def _known(self, file: str, stat: os.stat_result) -> str:
        seen = self._files.rows.get(file)
        if seen is not None and seen[0] == signature(stat):
            self._recognised.add(file)
            return seen[1]
        return ""
