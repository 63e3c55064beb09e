"""RSS 2.0 and Atom 1.0 through feedgen: the only module that knows it.

feedgen 1.0 has no news since 2023 and four faults that would show: it writes the moment of the
run where no date is given, loses the attributes of an entry's links, puts new entries first, and
formats RSS dates by setting the locale of the whole process. So every date that it must have is
given, entries are appended, and what it would get wrong is written by an extension (its own way
of adding elements) instead: RSS dates, and the links of Atom entries.

A post stands in many feeds (the site's, its category's, its tags'): its entry is made once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from crosspost.render.feed import Feed, Item
from crosspost.render.views import FEED_TYPES

# `email.utils` has them too, but brings sockets with it, and takes a quarter of all that is loaded.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def rfc_822(moment: datetime) -> str:
    """Return a moment that has a time zone as RSS writes it, by RFC 822."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment:%d} {month} {moment.year:04} {moment:%H:%M:%S %z}"


class _Entry(FeedEntry):  # type: ignore[misc]
    """An entry whose element is made once: it is taken out of one feed and put into the next."""

    _element: Any = None

    def rss_entry(self, extensions: bool = True) -> Any:
        if self._element is None:
            self._element = super().rss_entry(extensions)
        return self._element

    def atom_entry(self, extensions: bool = True) -> Any:
        if self._element is None:
            self._element = super().atom_entry(extensions)
        return self._element


class _Entries:
    """The entries of all feeds of one format, by the ids of their items."""

    def __init__(self) -> None:
        self._made: dict[str, _Entry] = {}

    def _add(self, generator: Any, item: Item) -> _Entry | None:
        """Add an item to a feed. Returns its entry where that is new, to be completed."""
        known = self._made.get(item.id)
        if known is not None and known.parts.item is item:
            generator.add_entry(known, order="append")
            return None
        entry = self._made[item.id] = _Entry()
        generator.add_entry(entry, order="append")
        entry.parts.item = item
        entry.title(item.title)
        entry.link(href=item.url, rel="alternate")
        if item.summary:
            entry.summary(item.summary)
        if item.html:
            entry.content(item.html, type="html")
        for label in item.labels:
            entry.category(term=label.term, scheme=label.scheme, label=label.label)
        return entry


class Rss(_Entries):
    """Writes feeds as RSS 2.0."""

    def __call__(self, feed: Feed, self_url: str) -> bytes:
        """Return a feed; `self_url` is its own address."""
        generator = _generator(feed, self_url, "rss")
        # feedgen passes over a date that is false; it cannot be told to write none.
        generator.updated(_Unwritten(feed.updated.year, 1, 1, tzinfo=feed.updated.tzinfo))
        generator.register_extension("parts", _Channel, _RssItem, atom=False)
        generator.parts.feed = feed
        for item in feed.items:
            entry = self._add(generator, item)
            if entry is not None:
                entry.guid(item.id, permalink=False)
                picture = item.picture
                if picture is not None and picture.mime and picture.bytes:
                    entry.enclosure(picture.absolute_url, picture.bytes, picture.mime)
        return bytes(generator.rss_str(pretty=True))


class Atom(_Entries):
    """Writes feeds as Atom 1.0."""

    def __call__(self, feed: Feed, self_url: str) -> bytes:
        """Return a feed; `self_url` is its own address."""
        generator = _generator(feed, self_url, "atom")
        generator.id(feed.id)
        generator.updated(feed.updated)
        generator.author(name=feed.author, uri=feed.site_url)
        if feed.icon:
            generator.icon(feed.icon)
        generator.register_extension("parts", _Frame, _AtomEntry, rss=False)
        for item in feed.items:
            entry = self._add(generator, item)
            if entry is not None:
                entry.id(item.id)
                entry.published(item.published)
                entry.updated(item.updated)
                if item.author:
                    entry.author(name=item.author)
        return bytes(generator.atom_str(pretty=True))


def _generator(feed: Feed, self_url: str, name: str) -> Any:
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description)
    generator.language(feed.lang)
    generator.generator("crosspost")
    generator.docs("")
    generator.link(href=self_url, rel="self", type=FEED_TYPES[name][1])
    # The last link is the one that RSS shows.
    generator.link(href=feed.url, rel="alternate", type="text/html", hreflang=feed.lang)
    if feed.logo:
        generator.image(feed.logo, title=feed.title, link=feed.url)
    return generator


class _Unwritten(datetime):
    """A moment that is false, so that feedgen does not write it."""

    def __bool__(self) -> bool:
        return False


class _Channel:
    """What we write into an RSS channel ourselves."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DUBLIN_CORE}

    def extend_rss(self, root: Any) -> None:
        channel = root[0]
        if self.feed.items:
            xml_elem("lastBuildDate", channel).text = rfc_822(self.feed.updated)
            newest = max(item.published for item in self.feed.items)
            xml_elem("pubDate", channel).text = rfc_822(newest)
        xml_elem(f"{{{_DUBLIN_CORE}}}creator", channel).text = self.feed.author


class _RssItem:
    """What we write into an RSS item ourselves."""

    item: Item

    def extend_rss(self, element: Any) -> None:
        xml_elem("pubDate", element).text = rfc_822(self.item.published)
        if self.item.author:
            # RSS's own `author` would have to be a mail address.
            xml_elem(f"{{{_DUBLIN_CORE}}}creator", element).text = self.item.author
        xml_elem(f"{{{_DUBLIN_CORE}}}language", element).text = self.item.lang


class _Frame:
    """Nothing to add to an Atom feed: feedgen asks all the same."""

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_atom(self, root: Any) -> None:
        return


class _AtomEntry:
    """What we write into an Atom entry ourselves: its language, and links with all they say."""

    item: Item

    def extend_atom(self, element: Any) -> None:
        element.set(_LANGUAGE, self.item.lang)
        for link in element.findall("link"):
            element.remove(link)
        xml_elem(
            "link",
            element,
            rel="alternate",
            type="text/html",
            hreflang=self.item.lang,
            href=self.item.url,
        )
        picture = self.item.picture
        if picture is not None and picture.mime and picture.bytes:
            xml_elem(
                "link",
                element,
                rel="enclosure",
                type=picture.mime,
                length=str(picture.bytes),
                href=picture.absolute_url,
            )
