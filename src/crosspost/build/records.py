"""Records of documents as bytes, and back.

JSON, since it keeps the offset of a date. A date that was written without one is in the site's
time zone, which has a name and rules that an offset has not: it is written without an offset again,
and gets the zone when it is read. Every entry that a build uses has come through here, whether it
was read a moment ago or a year, so that both are the same to the last byte.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, tzinfo
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
    """Return a record as bytes."""
    entry = record.entry
    if entry is not None:
        front = _each_moment(entry.document.front_matter, _without_zone)
        document = dataclasses.replace(entry.document, front_matter=front)
        record = dataclasses.replace(record, entry=dataclasses.replace(entry, document=document))
    return _encoder.encode(record)


def decode_record(data: bytes | memoryview | msgspec.Raw, zone: tzinfo) -> Record:
    """Return a record from its bytes. Raises `msgspec.MsgspecError` where they are none."""
    record = _decoder.decode(data)
    if record.entry is not None:
        _give_zone(record.entry.document.front_matter, zone)
    return record


def _without_zone(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None) if isinstance(moment.tzinfo, ZoneInfo) else moment


def _each_moment(front: FrontMatter, change: Any) -> FrontMatter:
    """Return front matter with each of its moments changed."""
    values: dict[str, Any] = {
        name: change(value) for name in _MOMENTS if (value := getattr(front, name)) is not None
    }
    if front.event is not None:
        end = front.event.end
        values["event"] = dataclasses.replace(
            front.event, start=change(front.event.start), end=end and change(end)
        )
    if front.period is not None:
        values["period"] = Period(change(front.period.from_), change(front.period.to))
    return dataclasses.replace(front, **values) if values else front


def _give_zone(front: FrontMatter, zone: tzinfo) -> None:
    """Give the zone to moments that have none.

    In place, on what nobody has seen yet: making ten thousand objects a second time is slower.
    """
    for owner, names in ((front, _MOMENTS), (front.event, _EVENT), (front.period, _PERIOD)):
        if owner is not None:
            for name in names:
                moment = getattr(owner, name)
                if moment is not None and moment.tzinfo is None:
                    object.__setattr__(owner, name, moment.replace(tzinfo=zone))


_EVENT = tuple(field.name for field in dataclasses.fields(Event) if field.name != "place")
_PERIOD = tuple(field.name for field in dataclasses.fields(Period))
