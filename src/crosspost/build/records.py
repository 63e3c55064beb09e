"""Records of documents as bytes, and back.

JSON, since it keeps the offset of a date. A date that was written without one is in the site's
time zone, which has a name and rules that an offset has not: it is written without an offset again,
and gets the zone when it is read. Every entry that a build uses has come through here, whether it
was read a moment ago or a year, so that both are the same to the last byte.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from crosspost.content.frontmatter import Event, FrontMatter, Period
from crosspost.site.reading import Record

_MOMENTS = ("date", "updated", "expires")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} is not kept")


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_decoder = msgspec.json.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """Return a record as bytes. Its moments lose the site's zone: it is not to be used again."""
    if record.entry is not None:
        _each_moment(record.entry.document.front_matter, _without_zone)
    return _encoder.encode(record)


def decode_record(data: bytes | memoryview | msgspec.Raw, zone: tzinfo) -> Record:
    """Return a record from its bytes. Raises `msgspec.MsgspecError` where they are none."""
    record = _decoder.decode(data)
    if record.entry is not None:
        _each_moment(record.entry.document.front_matter, partial(_with_zone, zone))
    return record


def _with_zone(zone: tzinfo, moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _without_zone(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None) if isinstance(moment.tzinfo, ZoneInfo) else moment


def _each_moment(front: FrontMatter, change: Callable[[datetime], datetime]) -> None:
    """Change each moment of front matter.

    In place, on what nobody else sees: making ten thousand objects a second time is slower.
    """
    for owner, names in ((front, _MOMENTS), (front.event, _EVENT), (front.period, _PERIOD)):
        if owner is not None:
            for name in names:
                moment = getattr(owner, name)
                if moment is not None:
                    object.__setattr__(owner, name, change(moment))


_EVENT = tuple(field.name for field in dataclasses.fields(Event) if field.name != "place")
_PERIOD = tuple(field.name for field in dataclasses.fields(Period))
