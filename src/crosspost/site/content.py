"""The content of a site: what every file became, before anything is visible or hidden."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from crosspost.content.assets import Asset
from crosspost.content.document import Document
from crosspost.content.reading import DocumentFile, Files
from crosspost.errors import Problem
from crosspost.site.entry import Entry
from crosspost.site.reading import Record


class Content(msgspec.Struct, frozen=True):
    """All that was read: an entry for each document, in path order, and assets by output path."""

    entries: tuple[Entry, ...]
    assets: dict[str, Asset]
    problems: tuple[Problem, ...]
    unread: frozenset[str] = frozenset()
    """Paths of documents that are there and could not be read; each has a problem."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents themselves."""
        return tuple(entry.document for entry in self.entries)


def content_of(files: Files, records: Iterable[tuple[DocumentFile, Record]]) -> Content:
    """Put together what was found and what was read."""
    entries = []
    problems = list(files.problems)
    unread = set()
    for found, record in records:
        problems += record.problems
        if record.entry is None:
            unread.add(found.path)
        else:
            entries.append(record.entry)
    return Content(tuple(entries), files.assets, tuple(problems), frozenset(unread))
