"""Documents as bytes, and back.

JSON, since it keeps the offset of a date. A date that was written without one is in the site's
time zone, which has a name and rules that an offset has not: it is written without an offset again,
and gets the zone when it is read. Every document that a page is made from has come through here,
whether it was read a moment ago or a year, so that both are the same to the last byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import force_setattr

from crosspost.content.document import Document
from crosspost.content.frontmatter import Event, FrontMatter, Period

# Most keys of front matter are not written, and there are ten thousand posts.
_KEYS = FrontMatter.__struct_fields__
_values = attrgetter(*_KEYS)
_DEFAULTS = (..., *FrontMatter.__struct_defaults__)  # a title has to be written
_PARTS = tuple(
    name for name in Document.__struct_fields__ if name not in ("front_matter", "places")
)
_MOMENTS = ("date", "updated", "expires")
_EVENT = tuple(name for name in Event.__struct_fields__ if name != "place")
_PERIOD = Period.__struct_fields__


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not kept")  # what no file can write


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_decoder = msgspec.json.Decoder(Document)


def _keys_written(front: FrontMatter) -> dict[str, Any]:
    """Return what front matter says, without the keys whose values say what their absence would."""
    return {
        name: value
        for name, value, default in zip(_KEYS, _values(front), _DEFAULTS, strict=True)
        if value is not default and value != default
    }


class Packed(NamedTuple):
    """A document as bytes, and what pages may show of its front matter.

    What channels are to say is not shown on any page (who says it is a stamp of its own, see
    `crosspost.render.pages`); where keys stand in the file is neither.
    """

    written: bytes
    shown: bytes


def pack_document(document: Document) -> Packed:
    """Return a document as bytes. Its moments lose the site's zone: it is not to be used again."""
    front = document.front_matter
    _each_moment(front, _without_zone)
    keys = _keys_written(front)
    whole = shown = _encoder.encode(keys)
    if keys.pop("channels", None) is not None:
        shown = _encoder.encode(keys)
    values = {name: getattr(document, name) for name in _PARTS}
    values |= {"places": dict(document.places), "front_matter": msgspec.Raw(whole)}
    return Packed(_encoder.encode(values), shown)


def encode_document(document: Document) -> bytes:
    """Return what `pack_document` returns of a document as a whole."""
    return pack_document(document).written


def decode_document(data: bytes, zone: str) -> Document:
    """Return a document from its bytes; `zone` is the name of the site's time zone.

    Raises `msgspec.MsgspecError` where they are none.
    """
    document = _decoder.decode(data)
    front = document.front_matter
    _each_moment(front, partial(_with_zone, ZoneInfo(zone)))
    if front.params:
        force_setattr(front, "params", _with_tuples(front.params))
    return document


def _with_tuples(value: Any) -> Any:
    """Return free data as it is read from a file: JSON makes lists of its tuples."""
    if isinstance(value, dict):
        return {name: _with_tuples(one) for name, one in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value


def _without_zone(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None) if isinstance(moment.tzinfo, ZoneInfo) else moment


def _with_zone(zone: tzinfo, moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _each_moment(front: FrontMatter, change: Callable[[datetime], datetime]) -> None:
    """Change each moment of front matter.

    In place, on what nobody else sees: making ten thousand objects a second time is slower.
    """
    for owner, names in ((front, _MOMENTS), (front.event, _EVENT), (front.period, _PERIOD)):
        if owner is not None:
            for name in names:
                moment = getattr(owner, name)
                if moment is not None:
                    force_setattr(owner, name, change(moment))
