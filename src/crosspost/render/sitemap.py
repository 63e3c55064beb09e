"""sitemap.xml and robots.txt: what search engines may read, and where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, partial
from html import escape

import msgspec

from crosspost.render.answers import stamp_of
from crosspost.render.portable import portable_text
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.site.entry import Entry
from crosspost.site.urls import url_of

MOST = 50_000
"""How many addresses one sitemap may hold, by the protocol; a larger site gets several."""
_INPUTS = ("the address and date of every page",)
_NEVER = (0.0, "")
"""When a document has changed of which that is not known: in seconds since 1970, and in words."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Place(msgspec.Struct, frozen=True):
    """A page: its absolute address and when its content last changed, empty if not known."""

    url: str
    changed: str


def sitemap_tasks(renderer: Renderer, most: int = MOST) -> Iterator[Task]:
    """Yield sitemap.xml (an index and its parts beyond `most` addresses) and robots.txt.

    A file of that name in content/ stands for ours.
    """
    places = partial(_places, renderer)
    count = _count(renderer)
    starts = range(0, count, most)
    maps: dict[str, Callable[[], bytes]] = {"sitemap.xml": partial(_sitemap, places, 0, count)}
    if len(starts) > 1:
        names = [f"sitemap-{number}.xml" for number in range(1, len(starts) + 1)]
        maps = {
            name: partial(_sitemap, places, start, start + most)
            for name, start in zip(names, starts, strict=True)
        }
        urls = [_absolute(renderer, name) for name in names]
        maps["sitemap.xml"] = partial(_sitemap_index, urls, places, most)
    stamps = cache(partial(_stamps, renderer))
    for path, make in maps.items():
        if path not in renderer.index.assets:
            yield Task(path, "every page", "sitemap", make, _INPUTS, stamps)
    if "robots.txt" not in renderer.index.assets:
        robots = partial(_robots, _absolute(renderer, "sitemap.xml"))
        yield Task("robots.txt", "the site's address", "sitemap", robots)


def _count(renderer: Renderer) -> int:
    """Return how many addresses there are, without making them."""
    index = renderer.index
    lists = ["index.html", "archives/index.html"]
    lists += [term.output for term in (*index.categories, *index.tags, *index.years)]
    lists += ["newsletter/index.html"] if index.editions else []
    documents = (entry.output for entry in index.entries if _is_listed(entry))
    return len({*lists, *documents})


def _is_listed(entry: Entry) -> bool:
    return not entry.noindex and entry.output != "404.html"


def _stamps(renderer: Renderer) -> tuple[str]:
    """Return the stamp of what the sitemap says: it changes with an address or a date only."""
    index = renderer.index
    stamps = [entry.map_stamp for entry in index.entries]
    terms = [(term.url, term.uids) for term in (*index.categories, *index.tags, *index.years)]
    return (stamp_of(stamps, terms),)


def _absolute(renderer: Renderer, output: str) -> str:
    return renderer.absolute(url_of(renderer.settings.base_path, output))


def _places(renderer: Renderer) -> list[Place]:
    """Return the pages that are meant to be found: lists by their first page, then documents."""
    index = renderer.index
    changes = {entry.uid: (entry.changed_at or 0.0, entry.changed) for entry in index.entries}

    def newest(uids: Iterable[str]) -> str:
        """Return when the last of these documents changed."""
        return max(map(changes.__getitem__, uids), default=_NEVER)[1]

    latest = newest(index.places)
    terms = (*index.categories, *index.tags, *index.years)
    lists = [
        Place(_absolute(renderer, "index.html"), latest),
        Place(_absolute(renderer, "archives/index.html"), latest),
        *(Place(renderer.absolute(term.url), newest(term.uids)) for term in terms),
    ]
    if index.editions:
        url = _absolute(renderer, "newsletter/index.html")
        lists.append(Place(url, newest(entry.uid for entry in index.editions)))
    documents = [
        Place(entry.absolute_url, entry.changed) for entry in index.entries if _is_listed(entry)
    ]
    # A page may stand at the address of a list that it replaces.
    return list({place.url: place for place in (*lists, *documents)}.values())


def _sitemap(places: Callable[[], Sequence[Place]], start: int, end: int) -> bytes:
    return _document("urlset", "url", places()[start:end])


def _sitemap_index(urls: Sequence[str], places: Callable[[], Sequence[Place]], most: int) -> bytes:
    every = places()
    parts = [every[start : start + most] for start in range(0, len(every), most)]
    latest = [max((one.changed for one in part), key=_moment, default="") for part in parts]
    maps = [Place(url, changed) for url, changed in zip(urls, latest, strict=True)]
    return _document("sitemapindex", "sitemap", maps)


def _moment(changed: str) -> float:
    return datetime.fromisoformat(changed).timestamp() if changed else 0.0


def _document(root: str, element: str, places: Sequence[Place]) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    for place in places:
        changed = f"<lastmod>{place.changed}</lastmod>" if place.changed else ""
        url = escape(portable_text(place.url), quote=False)
        lines.append(f"<{element}><loc>{url}</loc>{changed}</{element}>")
    return "\n".join([*lines, f"</{root}>", ""]).encode()


def _robots(sitemap_url: str) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap_url}\n".encode()
