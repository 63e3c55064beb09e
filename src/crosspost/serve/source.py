"""The site's files as they are now: read once, and then only where one changed.

What builds have learnt spares most of the reading. It is never written here: that is for the build
which runs behind the preview, and two that write would undo each other's work.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

import msgspec

from crosspost.build.bodies import BodyStore
from crosspost.build.memory import Memory
from crosspost.build.remembered import open_memory
from crosspost.build.signatures import signature
from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.body import Body, MarkdownError
from crosspost.content.markdown import MarkdownEngine, engine_of
from crosspost.content.reading import DocumentFile, Files, find_files, read_body, read_bytes
from crosspost.errors import Problem
from crosspost.site.content import Content
from crosspost.site.entry import Entry
from crosspost.site.reading import Reader, Record

_decode = msgspec.msgpack.Decoder(Record).decode
_KEPT_BODIES = 500


class Source:
    """All documents and assets of a site. Everything here happens in one thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._reader = Reader(settings)
        self._records: dict[str, Record] = {}
        self._good: dict[str, Entry] = {}
        """The last entry of each document that could be read."""
        memory = open_memory(settings)
        self.bodies = LiveBodies(memory.bodies, settings)
        self._files = find_files(settings)
        for asset in self._files.assets.values():
            facts = memory.facts(asset)
            if facts is not None:
                asset.remember(facts)
        for found in self._files.documents:
            self._keep(found, self._known(memory, found) or self._read(found))

    def refresh(self, named: Collection[str]) -> frozenset[str]:
        """Read again what changed; `named` files may have, whatever the disk says of them.

        Returns the documents and assets that are new, gone or other than before, by their paths
        relative to the site.
        """
        before = self._files
        documents = {one.file: one for one in before.documents}
        if all(name in documents for name in named):
            again = [_stat_again(documents[name]) for name in named]
            if None not in again:
                return frozenset(one.file for one in again if one and self._changed(one))
        self._files = files = find_files(self.settings)
        changed = {
            found.file for found in files.documents if self._differs(found, documents, named)
        }
        gone = documents.keys() - {found.file for found in files.documents}
        for file in gone:
            path = documents[file].path
            self._records.pop(path, None)
            self._good.pop(path, None)
        said = {one.file for one in {*before.problems} ^ {*files.problems}}
        return frozenset({*changed, *gone, *said, *self._assets(before, files, named)})

    def content(self) -> Content:
        """Return what was read; a document that cannot be stands as it last could."""
        entries: list[Entry] = []
        unread = set()
        problems = list(self._files.problems)
        for found in self._files.documents:
            record = self._records[found.path]
            problems += record.problems
            entry = record.entry or self._good.get(found.path)
            if entry is None:
                unread.add(found.path)
            else:
                entries.append(entry)
        return Content(tuple(entries), self._files.assets, tuple(problems), frozenset(unread))

    def _known(self, memory: Memory, found: DocumentFile) -> Record | None:
        digest = memory.digest(found)
        data = memory.record(found.path, digest) if digest else None
        return _decode(data) if data is not None else None

    def _read(self, found: DocumentFile, *, render: bool = False) -> Record:
        problems: list[Problem] = []
        data = read_bytes(found, problems)
        if data is None:
            return Record("", None, tuple(problems))
        record, text = self._reader.read(found, data)
        if not render or record.entry is None:
            return record
        record, body = self._reader.render(record, text)
        if body is None or record.entry is None:
            return record
        name = self.bodies.keep(found.path, record.digest, body)
        entry = msgspec.structs.replace(record.entry, body=name, holes=body.holes)
        return msgspec.structs.replace(record, entry=entry)

    def _keep(self, found: DocumentFile, record: Record) -> None:
        self._records[found.path] = record
        if record.entry is not None:
            self._good[found.path] = record.entry

    def _differs(
        self,
        found: DocumentFile,
        documents: Mapping[str, DocumentFile],
        named: Collection[str],
    ) -> bool:
        before = documents.get(found.file)
        same = before is not None and signature(before.stat) == signature(found.stat)
        return (not same or found.file in named) and self._changed(found)

    def _changed(self, found: DocumentFile) -> bool:
        """Read a document again, and say whether it is another one now."""
        before = self._records.get(found.path)
        record = self._read(found, render=True)
        if before is not None and before.digest == record.digest and record.digest:
            return False
        self._keep(found, record)
        return True

    def _assets(self, before: Files, now: Files, named: Collection[str]) -> Iterator[str]:
        """Yield the assets that changed; of all others, what is known of them stays."""
        for path, asset in now.assets.items():
            old = before.assets.get(path)
            if old is not None and old.file == asset.file and _same(old, asset, named):
                now.assets[path] = old
            else:
                yield asset.file
        for path in before.assets.keys() - now.assets.keys():
            yield before.assets[path].file


def _same(old: Asset, new: Asset, named: Collection[str]) -> bool:
    return signature(old.stat) == signature(new.stat) and new.file not in named


def _stat_again(found: DocumentFile) -> DocumentFile | None:
    """Look at a file again; None where it is gone, or has become a link, which may lead out."""
    try:
        here = os.lstat(found.location)
    except OSError:
        return None
    return found._replace(stat=here) if stat.S_ISREG(here.st_mode) else None


class LiveBodies:
    """Rendered bodies: of what was edited, from the builds' store, else rendered now."""

    def __init__(self, store: BodyStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._fresh: dict[str, Body] = {}

    def keep(self, path: str, digest: str, body: Body) -> str:
        """Keep a body, and return its name."""
        name = f"live {path} {digest}"
        self._fresh.pop(name, None)
        self._fresh[name] = body
        while len(self._fresh) > _KEPT_BODIES:
            del self._fresh[next(iter(self._fresh))]
        return name

    def __call__(self, entry: Entry) -> Body:
        """Return the body of a document, with its holes.

        Raises `SiteError` where the file has changed since it was read.
        """
        name = entry.body or f"live {entry.path} {entry.digest}"
        found = self._fresh.get(name)
        if found is None and entry.body:
            found = self._store.get([entry.body]).get(entry.body)
        return found or self._rendered(entry)

    @cached_property
    def _engine(self) -> MarkdownEngine:
        return engine_of(self._settings.markdown)

    def _rendered(self, entry: Entry) -> Body:
        text = read_body(self._settings, entry.document)
        try:
            body = self._engine.open_body(text, lang=entry.lang)
        except MarkdownError:  # said when it was read
            return Body("", (), (), (), 0)
        self.keep(entry.path, entry.digest, body)
        return body
