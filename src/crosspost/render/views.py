"""What templates see: small frozen records, made by the façade `site`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, overload

import msgspec
from markupsafe import Markup

from crosspost.content.markdown import Heading

FEED_TYPES = {
    "rss": ("rss.xml", "application/rss+xml"),
    "atom": ("atom.xml", "application/atom+xml"),
    "json": ("feed.json", "application/feed+json"),
}
"""Each feed format: its file's name and its media type."""
_NO_PARAMS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TermView:
    """A category, tag or year. `lang` is the language that its label is in."""

    kind: str
    name: str
    slug: str
    label: str
    description: str
    url: str
    lang: str
    counted: Callable[[], int] = field(repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many posts carry it: asked for, since it changes more often than all the rest."""
        return self.counted()


class Picture(msgspec.Struct, frozen=True):
    """A picture; sizes in CSS pixels, None where they are unknown."""

    url: str
    absolute_url: str
    alt: str
    width: int | None
    height: int | None
    mime: str
    bytes: int
    caption: str
    focus: tuple[float, float] | None

    @property
    def focus_css(self) -> str:
        """The focal point as CSS's object-position: from the left, from the top."""
        x, y = self.focus or (0.0, 0.0)
        return f"{(x + 1) * 50:g}% {(1 - y) * 50:g}%"


class EventView(msgspec.Struct, frozen=True):
    """What a post invites to: when it begins, when it ends if that is known, and where it is."""

    start: datetime
    end: datetime | None
    place: str


class Syndication(msgspec.Struct, frozen=True):
    """What was said of a post on a channel: its address, and who said it.

    `label` is the network's name, `account` the handle.
    """

    url: str
    channel: str
    account: str
    label: str


def nothing_said() -> tuple[Syndication, ...]:
    """Return what was said of a document of which nothing was."""
    return ()


class Card(msgspec.Struct, frozen=True):
    """What a list shows of a post, page or edition. `title` and `summary` are plain text."""

    kind: str
    uid: str
    title: str
    title_html: Markup
    url: str
    absolute_url: str
    lang: str
    date: datetime | None = None
    updated: datetime | None = None
    expires: datetime | None = None
    summary: str = ""
    summary_html: Markup = Markup()
    category: TermView | None = None
    tags: tuple[TermView, ...] = ()
    image: Picture | None = None
    event: EventView | None = None
    author: str = ""
    params: Mapping[str, Any] = _NO_PARAMS
    html: Markup = Markup()
    headings: tuple[Heading, ...] = ()
    reading_minutes: int = 0
    previous: Card | None = None
    next: Card | None = None
    posts: tuple[Card, ...] = ()
    featured: tuple[Card, ...] = ()
    number: int = 0
    syndicated: Callable[[], tuple[Syndication, ...]] = nothing_said

    @property
    def syndication(self) -> tuple[Syndication, ...]:
        """What was said of it elsewhere: asked for, since it comes later than all the rest."""
        return self.syndicated()


class FeedLink(msgspec.Struct, frozen=True):
    """A feed, for <link rel=alternate>."""

    format: str
    type: str
    url: str
    title: str


class AccountLink(msgspec.Struct, frozen=True):
    """An account of the site. `rel` is "me", unless the settings do not want it: then empty."""

    url: str
    label: str
    handle: str
    rel: str = "me"


class PageNumber(msgspec.Struct, frozen=True):
    """One page of a list."""

    number: int
    url: str
    current: bool


class PageNumbers(Sequence[PageNumber]):
    """The pages of a list, made as they are looked at: a list of a thousand has a thousand."""

    __slots__ = ("current", "urls")

    def __init__(self, urls: tuple[str, ...], current: int) -> None:
        self.urls = urls
        self.current = current

    def __len__(self) -> int:
        return len(self.urls)

    @overload
    def __getitem__(self, index: int) -> PageNumber: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PageNumber, ...]: ...
    def __getitem__(self, index: int | slice) -> PageNumber | tuple[PageNumber, ...]:
        numbers = range(1, len(self.urls) + 1)[index]
        if isinstance(numbers, range):
            return tuple(map(self._page, numbers))
        return self._page(numbers)

    def _page(self, number: int) -> PageNumber:
        return PageNumber(number, self.urls[number - 1], number == self.current)


class ListView(msgspec.Struct, frozen=True):
    """One page of a list of posts. `number` counts from 1 to `total`; `count` is of posts."""

    title: str
    kind: str
    term: TermView | None
    posts: tuple[Card, ...]
    number: int
    total: int
    count: int
    previous_url: str | None
    next_url: str | None
    pages: Sequence[PageNumber]


class PageView(msgspec.Struct, frozen=True):
    """What the frame of every page says of it."""

    kind: str
    title: str
    url: str
    absolute_url: str
    lang: str
    description: str
    image: Picture | None
    feeds: tuple[FeedLink, ...]
    noindex: bool = False
    uid: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    creator: str = ""
    """The account whose byline Mastodon shows below links to the page; empty: nobody's."""
