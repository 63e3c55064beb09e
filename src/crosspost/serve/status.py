"""A channel's message as its readers will see it: for Mastodon, a status with all its parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from crosspost.channels.compose import Composed
from crosspost.channels.counting import message_length
from crosspost.channels.message import Media, Message
from crosspost.errors import Problem
from crosspost.publish.plan import Target
from crosspost.render.site import Renderer
from crosspost.render.views import Picture
from crosspost.sandbox.profiles import TagBoundary
from crosspost.sandbox.text import to_html
from crosspost.site.entry import Entry
from crosspost.site.urls import url_of

_TYPED = frozenset({"mastodon"})


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a message. `x` and `y` are its focal point in percent, from the top left."""

    url: str
    alt: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What a server makes of the link, where no picture is attached."""

    url: str
    host: str
    title: str
    description: str
    image: Image | None


@dataclass(frozen=True, slots=True)
class Part:
    """One status: the only one, or one of a thread. `html` is its text as the server shows it."""

    number: int
    html: Markup
    length: int
    limit: int
    content_warning: str
    sensitive: bool
    visibility: str
    language: str
    images: tuple[Image, ...]
    card: LinkCard | None
    poll: tuple[str, ...]

    @property
    def over(self) -> int:
        """How many characters it is too long."""
        return max(0, self.length - self.limit)

    @property
    def share(self) -> int:
        """How much of what is allowed it takes, in percent."""
        return min(100, math.ceil(100 * self.length / self.limit)) if self.limit else 100


@dataclass(frozen=True, slots=True)
class Speech:
    """All that one channel would say of a post."""

    name: str
    account: str
    kind: str
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    limits_from: str

    @property
    def as_status(self) -> bool:
        """Whether it is shown as Mastodon shows a status."""
        return self.kind in _TYPED


def speech_of(
    entry: Entry,
    target: Target,
    composed: Composed,
    problems: Sequence[Problem],
    renderer: Renderer,
) -> Speech:
    """Show what a channel would say."""
    base = renderer.settings.base_path
    messages = composed.messages
    card = None if any(one.media for one in messages) else _card(entry, renderer)
    parts = tuple(
        _part(number, message, target, base, card if number == 1 else None)
        for number, message in enumerate(messages, start=1)
    )
    return Speech(
        name=target.name,
        account=target.account,
        kind=target.kind,
        parts=parts,
        problems=tuple(problems),
        notes=composed.notes,
        limits_from=target.limits_from,
    )


def _part(number: int, message: Message, target: Target, base: str, card: LinkCard | None) -> Part:
    limits = target.limits
    return Part(
        number=number,
        html=_html(message, target),
        length=message_length(message.text, message.content_warning, limits),
        limit=limits.characters,
        content_warning=message.content_warning or "",
        sensitive=message.sensitive,
        visibility=message.visibility,
        language=message.language or "",
        images=tuple(_image(one, base) for one in message.media),
        card=card,
        poll=message.poll.options if message.poll else (),
    )


def _html(message: Message, target: Target) -> Markup:
    """Return a text as the server serves it: links shortened, hashtags and mentions linked."""
    host = target.account.rpartition("@")[2] or "mastodon.example"
    meant = {one.lstrip("@").casefold() for one in message.mentions}

    def account_url(handle: str) -> str | None:
        name, _, domain = handle.lstrip("@").partition("@")
        known = handle.lstrip("@").casefold() in meant
        return f"https://{domain or host}/@{quote(name)}" if known else None

    html = to_html(
        message.text,
        boundary=TagBoundary.SPACE,
        tag_url=lambda name: f"https://{host}/tags/{quote(name)}",
        account_url=account_url,
    )
    return Markup(html)  # noqa: S704 - built from escaped pieces


def _image(media: Media, base: str) -> Image:
    url = url_of(base, media.path.removeprefix("content/"))
    return Image(url, media.alt, *_point(media.focus))


def _point(focus: tuple[float, float] | None) -> tuple[float, float]:
    """Turn a focal point (-1 to 1, y upwards) into percent from the top left."""
    x, y = focus or (0.0, 0.0)
    return round((x + 1) * 50, 1), round((1 - y) * 50, 1)


def _card(entry: Entry, renderer: Renderer) -> LinkCard:
    card = renderer.site(entry.lang).card(entry)
    picture: Picture | None = renderer.page_view(entry, card).image
    image = None
    if picture is not None:
        image = Image(picture.url, picture.alt, *_point(picture.focus))
    host = urlsplit(entry.absolute_url).hostname or ""
    return LinkCard(entry.absolute_url, host, card.title, card.summary, image)
