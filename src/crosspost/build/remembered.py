"""Reading a site from what builds have kept of it, for commands that build nothing.

Whatever is not kept, or not as the file is now, is read here; nothing is rendered, and nothing is
written: what a record has besides (the name of its body) only a build can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crosspost.build.environment import site_names
from crosspost.build.memory import Memory
from crosspost.build.states import Listing
from crosspost.config import Settings
from crosspost.content.reading import DocumentFile, Files, find_files, read_bytes
from crosspost.digests import digest_of
from crosspost.errors import Problem
from crosspost.site.content import Content, content_of
from crosspost.site.index import SiteIndex, make_index
from crosspost.site.reading import Reader, Record

CACHE = ".crosspost/cache"
_decode = msgspec.msgpack.Decoder(Record).decode


def remembered_index(
    settings: Settings, now: datetime, listing: Listing | None = None
) -> tuple[SiteIndex, tuple[Problem, ...]]:
    """Read the content and index it, as `crosspost.site.loading.load_index` does, but quicker.

    `listing` is what stands in folders that have just been looked through, by their paths.
    """
    content = _content(settings, listing or {})
    index, problems = make_index(settings, content, now)
    return index, (*content.problems, *problems)


def open_memory(settings: Settings) -> Memory:
    """Return what the site's builds have learnt of its files, for whoever only reads it."""
    names = site_names(settings)
    return Memory(settings.root / CACHE, names.records, names.code)


def _content(settings: Settings, listing: Listing) -> Content:
    memory = open_memory(settings)
    files = find_files(settings, listing)
    return content_of(files, _records(settings, memory, files))


def _records(
    settings: Settings, memory: Memory, files: Files
) -> Iterator[tuple[DocumentFile, Record]]:
    reader = Reader(settings)
    for found in files.documents:
        digest = memory.digest(found)
        kept = memory.record(found.path, digest) if digest else None
        yield found, _read(reader, memory, found) if kept is None else _decode(kept)


def _read(reader: Reader, memory: Memory, found: DocumentFile) -> Record:
    """Read a file whose signature is not known: a copy of one that is kept need not be parsed."""
    problems: list[Problem] = []
    data = read_bytes(found, problems)
    if data is None:
        return Record("", None, tuple(problems))
    kept = memory.record(found.path, digest_of(data))
    return _decode(kept) if kept is not None else reader.read(found, data)[0]
