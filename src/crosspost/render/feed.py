"""A feed and its items: what every format is made from.

All text is plain and typeset, all addresses are absolute, all moments are in the site's time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from html import escape

import msgspec

from crosspost.render.answers import stamp_of
from crosspost.render.identity import tag_uri
from crosspost.render.portable import portable_html, portable_text
from crosspost.render.site import Renderer
from crosspost.render.views import Card, Picture
from crosspost.site.entry import Entry, Term

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without items last changed: Atom needs a moment, and now would not be one."""
_RSS_PICTURES = ("image/jpeg", "image/png", "image/gif")


class Label(msgspec.Struct, frozen=True):
    """A category or tag of an item: its key, its name, and the address of all of its kind."""

    term: str
    label: str
    scheme: str


class Item(msgspec.Struct, frozen=True):
    """One post in a feed. `html` is the whole text; `author` is empty where the site signs."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    lang: str
    published: datetime
    updated: datetime
    author: str
    labels: tuple[Label, ...]
    picture: Picture | None


class Feed(msgspec.Struct, frozen=True):
    """A feed, whatever its format. `icon` and `logo` are absolute addresses, or None."""

    id: str
    title: str
    description: str
    lang: str
    url: str
    site_url: str
    author: str
    icon: str | None
    logo: str | None
    updated: datetime
    items: tuple[Item, ...]


class Feeds:
    """Makes the feeds of one site; each post's item is made once, however many feeds hold it."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._settings = renderer.settings
        self._site = renderer.site(renderer.settings.site.language)
        self._items: dict[str, Item] = {}

    def inputs(self, entries: Sequence[Entry], term: Term | None = None) -> tuple[str, str, str]:
        """Return the stamps of what a feed of these posts is made from: cards, texts, its term."""
        renderer = self._renderer
        texts = [(entry.body, renderer.links_stamp(entry)) for entry in entries]
        about = renderer.answers.term(term) if term else ""
        return (renderer.answers.cards(entries), stamp_of(texts), about)

    def newest(self) -> Sequence[Entry]:
        """Return the posts that the feed of the site holds."""
        return self._renderer.index.posts[: self._settings.feeds.items]

    def of_term(self, term: Term) -> list[Entry]:
        """Return the posts that the feed of a term holds."""
        uids = term.uids[: self._settings.feeds.items]
        return [self._renderer.index.by_uid[uid] for uid in uids]

    def site_feed(self) -> Feed:
        """Return the feed of all posts."""
        return self._feed("feeds", "", "", self._site.url, self.newest())

    def term_feed(self, term: Term) -> Feed:
        """Return the feed of a category or a tag."""
        name = f"feeds/{term.output.removesuffix('/index.html')}"
        entries = self.of_term(term)
        url = self._renderer.absolute(term.url)
        label = self._site.term(term).label
        return self._feed(name, label, term.description, url, entries)

    def _feed(
        self, name: str, label: str, description: str, url: str, entries: Sequence[Entry]
    ) -> Feed:
        site = self._site
        items = tuple(map(self.item, entries))
        picture = self._renderer.default_picture
        return Feed(
            id=tag_uri(self._settings, name),
            title=portable_text(f"{label} · {site.title}" if label else site.title),
            description=portable_text(description or site.description or site.title),
            lang=self._settings.site.language,
            url=url,
            site_url=site.url,
            author=portable_text(self._renderer.engine.typeset(site.author, site.language)),
            icon=self._favicon(),
            logo=picture.absolute_url if picture and picture.mime in _RSS_PICTURES else None,
            updated=max((item.updated for item in items), default=_NEVER),
            items=items,
        )

    def _favicon(self) -> str | None:
        self._renderer.answers.note("asset", "favicon.svg")  # it may appear
        if "favicon.svg" not in self._renderer.theme.fingerprints:
            return None
        return self._renderer.absolute(self._renderer.asset_url("favicon.svg"))

    def item(self, entry: Entry) -> Item:
        """Return a post as feeds have it."""
        if entry.uid not in self._items:
            self._items[entry.uid] = self._make_item(entry)
        return self._items[entry.uid]

    def _make_item(self, entry: Entry) -> Item:
        card = self._renderer.site(entry.lang).card(entry)
        published = _moment(entry.date or _NEVER, self._settings.zone)
        updated = _moment(entry.front_matter.updated or published, self._settings.zone)
        return Item(
            id=tag_uri(self._settings, entry.uid),
            url=entry.absolute_url,
            title=portable_text(card.title),
            summary=portable_text(card.summary),
            html=self._html(entry, card),
            lang=entry.lang,
            published=published,
            updated=max(updated, published),
            author=portable_text(card.author),
            labels=self._labels(card),
            picture=card.image,
        )

    def _html(self, entry: Entry, card: Card) -> str:
        """Return the whole text, the post's picture before it where it is not part of it."""
        html = portable_html(self._renderer.body(entry).html, entry.absolute_url)
        if card.image is None or escape(card.image.absolute_url) in html:
            return html
        return portable_text(_figure(card.image)) + html

    def _labels(self, card: Card) -> tuple[Label, ...]:
        terms = ([card.category] if card.category else []) + list(card.tags)
        return tuple(
            Label(
                portable_text(term.slug),
                portable_text(term.label),
                self._renderer.absolute(term.url.rstrip("/").rpartition("/")[0] + "/"),
            )
            for term in terms
        )


def _moment(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment in the site's zone; in UTC where the zone's offset has seconds (to 1911)."""
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    return moment.astimezone(UTC) if offset % timedelta(minutes=1) else local


def _figure(picture: Picture) -> str:
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    caption = f"<figcaption>{escape(picture.caption)}</figcaption>" if picture.caption else ""
    source = f'src="{escape(picture.absolute_url)}" alt="{escape(picture.alt)}"'
    return f"<figure><img {source}{size}>{caption}</figure>\n"
