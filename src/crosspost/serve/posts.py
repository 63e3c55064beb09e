"""The list of all documents: searched without accents or case, and narrowed to what hides."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from crosspost.content.document import Kind
from crosspost.serve.live import Snapshot
from crosspost.site.entry import Entry

SHOWS = {
    "all": "Everything",
    "draft": "Drafts",
    "future": "Future",
    "published": "Published",
    "expired": "Expired",
    "gone": "Gone",
}
_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list. `reason` says why it hides; `date` is in the site's time zone."""

    uid: str
    title: str
    url: str
    file: str
    lang: str
    kind: str
    date: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. `counts` are of every choice, for the same words."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    counts: dict[str, int]


def search(snapshot: Snapshot, words: str, show: str, page: int) -> Found:
    """Return the documents that hold all `words`, drafts first, then newest first."""
    wanted = plain(words).split()
    hits: dict[str, list[Entry]] = {name: [] for name in SHOWS}
    for entry in _in_order(snapshot):
        if wanted and not _holds(entry, wanted):
            continue
        hits["all"].append(entry)
        hits[snapshot.unpublished.get(entry.url, "published")].append(entry)
    chosen = hits[show if show in SHOWS else "all"]
    pages = max(1, -(-len(chosen) // _PER_PAGE))
    page = min(max(1, page), pages)
    part = chosen[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    counts = {name: len(found) for name, found in hits.items()}
    rows = tuple(row(entry, snapshot) for entry in part)
    return Found(rows, len(chosen), page, pages, counts)


def row(entry: Entry, snapshot: Snapshot) -> Row:
    """Describe a document."""
    settings = snapshot.index.settings
    date = entry.date.astimezone(settings.zone) if entry.date else None
    return Row(
        uid=entry.uid,
        title=snapshot.renderer.engine.typeset(entry.title, entry.lang),
        url=entry.url,
        file=entry.file,
        lang=entry.lang,
        kind=str(entry.kind),
        date=f"{date:%Y-%m-%d %H:%M}" if date and entry.kind != Kind.PAGE else "",
        reason=snapshot.unpublished.get(entry.url, ""),
    )


def plain(text: str) -> str:
    """Return a text without accents and capitals."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char)).replace("œ", "oe")


def _holds(entry: Entry, wanted: list[str]) -> bool:
    parts = (entry.title, entry.path, entry.summary, entry.category or "", *entry.tags)
    text = plain("\n".join(parts))
    return all(word in text for word in wanted)


def _in_order(snapshot: Snapshot) -> Iterator[Entry]:
    def order(entry: Entry) -> tuple[bool, float, str]:
        draft = snapshot.unpublished.get(entry.url) == "draft"
        return (not draft, -(entry.date_at or 0.0), entry.path)

    yield from sorted(snapshot.content.entries, key=order)
