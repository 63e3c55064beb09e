"""The front matter of a document: what a person writes between the two `---` lines.

Every key is documented beside its attribute; the reference page and the JSON Schema are made from
these texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from crosspost import schema
from crosspost.schema import Invalid, Node, Schema, Source, key
from crosspost.setting_values import LANGUAGE, TEXT, language, line, one_line, written

_EMPTY: Mapping[str, Any] = MappingProxyType({})
UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}")
LONGEST = {"title": 300, "category": 100, "summary": 2000, "layout": 100}  # characters
_UID_SCHEMA = {**TEXT, "pattern": f"^{UID.pattern}$"}
_SLUG_SCHEMA = {**TEXT, "pattern": r"^[^/?#\\ ]+$"}
_PATH_SCHEMA = written(r"/(?!/)[^?#]*")
_DAY = written(schema.MOMENT)


def _uid(node: Node, _: Source) -> str:
    value = schema.text(node).strip()
    if not UID.fullmatch(value):
        raise Invalid(f"'{value[:40]}' is not a uid: letters, digits, dots and hyphens, up to 128.")
    return value


def _focus(node: Node, source: Source) -> tuple[float, float]:
    values = schema.read(tuple[float, ...], node, source)
    if len(values) != 2 or not all(-1 <= value <= 1 for value in values):
        raise Invalid("it is a point [x, y], each from -1 to 1; [0, 0] is the centre, y goes up.")
    return (values[0], values[1])


def url_path(node: Node, _: Source) -> str:
    """Read an address on this site: it begins with a slash."""
    value = schema.text(node).strip()
    if not value.startswith("/") or value.startswith("//") or ".." in value.split("/"):
        raise Invalid(f"'{value}' is not an address on this site. Write /town/museum/.")
    if "?" in value or "#" in value:
        raise Invalid(f"'{value}' must end before its ? or #.")
    return value


def _url_paths(node: Node, source: Source) -> tuple[str, ...]:
    if not isinstance(node, schema.SequenceNode):
        raise Invalid("expected a list. Write [/old/address/].")
    paths = []
    for item in node.value:
        try:
            paths.append(url_path(item, source))
        except Invalid as error:
            source.report(item, "wrong-value", str(error))
    return tuple(paths)


def _slug(node: Node, _: Source) -> str:
    value = schema.text(node).strip()
    if not value or set(value) & set("/?#\\ ") or value in (".", ".."):
        raise Invalid(f"'{value}' cannot be part of an address: write words-with-hyphens.")
    return value


class Image(Schema):
    """The picture that stands for a document on lists, cards and channels."""

    src: str
    """Where it is: beside the document, or from content/ where it begins with a slash."""
    alt: str | None = None
    """What it shows, for those who do not see it."""
    focus: tuple[float, float] | None = key(
        None,
        parse=_focus,
        schema={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    )
    """The point that no crop may lose: [x, y], each from -1 to 1, y upwards."""
    caption: str | None = None
    """A line below it: its author, its date."""


class Poll(Schema):
    """A question that readers answer on the channel; its words are those of the message."""

    options: tuple[str, ...]
    """The answers to choose from, as [Samedi, Dimanche]."""
    expires_in: timedelta = timedelta(days=1)
    """How long it is open, from the moment at which it is sent."""
    multiple: bool = False
    """Whether one may choose several answers."""
    hide_totals: bool = False
    """Whether the count of the votes is shown only at the end."""


class Part(Schema):
    """One message of a thread that carries more than its words."""

    text: str
    """Its words."""
    images: tuple[Image, ...] = ()
    """The pictures that go with it."""
    poll: Poll | None = None
    """The question that it asks."""


class Variant(Schema):
    """What one channel is to say of a post, where a person wrote it."""

    text: str | tuple[str | Part, ...] | None = None
    """The message, as it is to be sent; a list is a thread, one message after the other. The link
    is added below the (first) message unless one of them holds {url}."""
    images: tuple[Image, ...] | None = None
    """Its pictures, in this order, in place of the post's; those of a thread go with the first
    message. One that is also the post's own needs no more than its `src`."""
    poll: Poll | None = None
    """A question for readers: {options: [Oui, Non], expires_in: 3 days}. It cannot be changed once
    it is asked, because that would throw the votes away."""
    visibility: Literal["public", "unlisted", "private", "direct"] | None = None
    """Who sees it. Of a public thread, all messages after the first are unlisted."""
    content_warning: str | None = None
    """A line behind which the message is folded."""
    quotes: Literal["public", "followers", "nobody"] | None = None
    """Who may quote it, where the server knows of quotes."""
    language: str | None = key(None, parse=language, schema=LANGUAGE)
    """The message's language, where it is not the post's."""
    tags: tuple[str, ...] | None = None
    """Hashtags of this message; the post's own where the key is absent."""
    enabled: bool = key(True, hidden=True)
    featured: bool = key(False, hidden=True)

    @property
    def parts(self) -> int:
        """How many messages it is: more than one for a thread."""
        return max(1, len(self.text)) if isinstance(self.text, tuple) else 1

    @property
    def words(self) -> tuple[str, ...]:
        """The words of each message that was written; none where none was."""
        if isinstance(self.text, tuple):
            return tuple(part.text if isinstance(part, Part) else part for part in self.text)
        return () if self.text is None else (self.text,)

    @property
    def all_images(self) -> tuple[Image, ...]:
        """The pictures that it names, those of its parts included."""
        parts = self.text if isinstance(self.text, tuple) else ()
        inner = (image for part in parts if isinstance(part, Part) for image in part.images)
        return (*(self.images or ()), *inner)


class Period(Schema):
    """The days whose posts an edition gathers, both included."""

    from_: datetime
    """The first day."""
    to: datetime
    """The last day."""


def _period(node: Node, source: Source) -> Period:
    value = schema.read(Period, node, source)
    if value.to < value.from_:
        raise Invalid("it ends before it begins.")
    return value  # type: ignore[no-any-return]


class Event(Schema):
    """What a post invites to."""

    start: datetime
    """When it begins: 2026-12-05 or 2026-12-05 14:00."""
    end: datetime | None = None
    """When it ends."""
    place: str | None = None
    """Where it is."""


def _event(node: Node, source: Source) -> Event:
    value = schema.read(Event, node, source)
    if value.end is not None and value.end < value.start:
        raise Invalid("it ends before it begins.")
    return value  # type: ignore[no-any-return]


def _variants(node: Node, source: Source) -> Mapping[str, Variant]:
    if not isinstance(node, schema.MappingNode):
        raise Invalid("expected channels and what each is to say, as mastodon: {text: …}.")
    variants: dict[str, Variant] = {}
    for name_node, value in node.value:
        name = schema.text(name_node)
        if isinstance(value, schema.MappingNode):
            variant = schema.decode(Variant, value, source)
            if variant is not None:
                variants[name] = variant
            continue
        word = schema.text(value).lower()
        if word in ("false", "no", "off"):
            variants[name] = Variant(enabled=False)
        elif word in ("true", "yes", "on"):
            variants[name] = Variant()
        elif word == "featured" and name == "newsletter":
            variants[name] = Variant(featured=True)
        else:
            source.report(
                value,
                "wrong-value",
                f"{name}: '{word}' is neither false nor a variant. Write {name}: false, or "
                f"{name}: {{text: …}}.",
            )
    return MappingProxyType(variants)


class FrontMatter(Schema):
    """What a document says of itself before its text."""

    title: str = key(parse=one_line(LONGEST["title"]), schema=line(LONGEST["title"]))
    """Its title; Markdown's emphasis and code are understood."""
    uid: str | None = key(None, parse=_uid, schema=_UID_SCHEMA)
    """Its identity for ever, written by `crosspost new`: never the slug, the address or the text.
    Without one, a post takes it from its path, and must not be renamed."""
    date: datetime | None = None
    """When it appears: 2026-12-01 or 2026-12-01 09:00, in the site's time zone."""
    updated: datetime | None = None
    """When its meaning last changed."""
    expires: datetime | None = None
    """When it leaves the site."""
    draft: bool = False
    """Not published, whatever its date."""
    category: str | None = key(
        None, parse=one_line(LONGEST["category"]), schema=line(LONGEST["category"])
    )
    """Its one category."""
    tags: tuple[str, ...] = ()
    """What it is about, as [noel, centre-ville]."""
    summary: str | None = key(
        None, parse=one_line(LONGEST["summary"]), schema=line(LONGEST["summary"])
    )
    """One or two whole sentences, for lists, feeds and channels."""
    image: Image | None = None
    """The picture that stands for it."""
    lang: str | None = key(None, parse=language, schema=LANGUAGE)
    """Its language, where it is not the site's."""
    author: str | None = None
    """Who signs it."""
    slug: str | None = key(None, parse=_slug, schema=_SLUG_SCHEMA)
    """The last part of its address; otherwise made from the file's name."""
    permalink: str | None = key(None, parse=url_path, schema=_PATH_SCHEMA)
    """Its whole address, whatever the pattern."""
    aliases: tuple[str, ...] = key(
        (), parse=_url_paths, schema={"type": "array", "items": _PATH_SCHEMA}
    )
    """Older addresses that lead here."""
    gone: bool = False
    """Withdrawn for good: it is in no list and no feed, and its address says that it is gone."""
    layout: str | None = key(
        None, parse=one_line(LONGEST["layout"]), schema=line(LONGEST["layout"])
    )
    """The template, without .html, where it is not the kind's own."""
    channels: Mapping[str, Variant] = key(
        _EMPTY,
        parse=_variants,
        schema={
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    {"type": "boolean"},
                    {"const": "featured"},
                    {"$ref": "#/definitions/Variant"},
                ]
            },
        },
    )
    """What each channel is to say of it; false: nothing. `newsletter: featured` puts it first."""
    event: Event | None = key(None, parse=_event, schema={"$ref": "#/definitions/Event"})
    """What the post invites to: {start: 2026-12-05 14:00, end: 2026-12-05 17:00, place: Halle}."""
    menu: int | None = None
    """Pages: their place in the main menu, lowest first."""
    noindex: bool = False
    """Keep it out of search engines and the sitemap."""
    period: Period | None = key(
        None,
        parse=_period,
        schema={
            "type": "object",
            "properties": {"from": _DAY, "to": _DAY},
            "required": ["from", "to"],
            "additionalProperties": False,
        },
    )
    """Editions: the days whose posts they gather, {from: 2026-11-01, to: 2026-11-15}."""
    posts: tuple[str, ...] = ()
    """Editions: the posts they hold, by path or uid, in this order."""
    preheader: str | None = key(None, parse=one_line(250), schema=line(250))
    """Editions: the line that mail programs show beside the subject."""
    params: Mapping[str, Any] = _EMPTY
    """Free data for your own templates."""
