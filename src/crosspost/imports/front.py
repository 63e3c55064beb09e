"""Writing a document as a person would: front matter that is read back as it was meant."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from crosspost import schema
from crosspost.content.frontmatter import Event, FrontMatter, Period, Variant
from crosspost.content.quoting import quoted

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BARE = re.compile(r"/[A-Za-z0-9/._~%-]*|(?=[A-Z0-9]*[A-DF-Z]{2})[A-Z0-9]{26}")


def uid_of(generator: str, identity: str) -> str:
    """Return the uid of what `generator` knows as `identity`: the same, whenever it is imported.

    26 characters of Crockford's base 32, like those that `crosspost new` writes.
    """
    digest = hashlib.blake2b(f"{generator}\0{identity}".encode(), digest_size=16).digest()
    value, digits = int.from_bytes(digest, "big"), []
    for _ in range(26):
        value, digit = divmod(value, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def document_text(front: FrontMatter, body: str, zone: ZoneInfo) -> str:
    """Return the text of a file: its front matter between `---`, an empty line, its body."""
    return "\n".join(["---", *_lines(front, zone), "---", "", body.strip("\n"), ""])


def _lines(front: FrontMatter, zone: ZoneInfo) -> Iterator[str]:
    for name, text in _values(front, zone):
        if text:
            yield f"{name}: {text}"
    if front.params:
        params = {"params": _plain(front.params)}
        text = yaml.safe_dump(params, allow_unicode=True, sort_keys=False, width=10**6)
        yield from text.rstrip("\n").split("\n")


def _values(front: FrontMatter, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield each key and its value as YAML, empty where it says nothing, in the usual order."""
    yield "uid", _bare(front.uid)
    yield "title", quoted(front.title)
    for name in ("date", "updated", "expires"):
        yield name, written_moment(getattr(front, name), zone)
    yield "draft", "true" if front.draft else ""
    yield "category", _text(front.category)
    yield "tags", _list(front.tags)
    yield "summary", _text(front.summary)
    yield "image", "" if front.image is None else _flow(front.image)
    for name in ("lang", "author", "slug"):
        yield name, _text(getattr(front, name))
    yield "permalink", _bare(front.permalink)
    yield "aliases", _list(front.aliases)
    yield "layout", _text(front.layout)
    yield "channels", _channels(front.channels)
    yield "event", _event(front.event, zone)
    yield "menu", "" if front.menu is None else str(front.menu)
    yield "noindex", "true" if front.noindex else ""
    yield "period", _period(front.period, zone)
    yield "posts", _list(front.posts)
    yield "preheader", _text(front.preheader)


def _text(value: str | None) -> str:
    return "" if value is None else quoted(value)


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(quoted(value, flow=True) for value in values)}]" if values else ""


def _bare(value: str | None) -> str:
    """Return an address or an identity, without quotation marks where YAML can do without them."""
    if value is None:
        return ""
    return value if _BARE.fullmatch(value) else quoted(value)


def written_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment in the site's time zone, with an offset only where it would be another."""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    shape = (
        "%Y-%m-%d" if (local.hour, local.minute, local.second) == (0, 0, 0) else "%Y-%m-%d %H:%M"
    )
    if local.second:
        shape += ":%S"
    text = local.strftime(shape) if local.year >= 1000 else local.isoformat(sep=" ")
    if schema.moment(text, zone).timestamp() == local.replace(microsecond=0).timestamp():
        return text
    return f"{local:%Y-%m-%d %H:%M:%S%z}"


def _flow(value: Any) -> str:
    """Return a value in one line of YAML; of a schema, what differs from its defaults."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value, flow=True)
    if isinstance(value, timedelta):
        return f"{int(value.total_seconds())} seconds"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, schema.Schema):
        keys = (
            f"{name.rstrip('_')}: {_flow(getattr(value, name))}"
            for name, said in schema.keys_of(type(value))
            if getattr(value, name) != said.default
        )
        return f"{{{', '.join(keys)}}}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _event(event: Event | None, zone: ZoneInfo) -> str:
    if event is None:
        return ""
    parts = [f"start: {written_moment(event.start, zone)}"]
    if event.end is not None:
        parts.append(f"end: {written_moment(event.end, zone)}")
    if event.place is not None:
        parts.append(f"place: {quoted(event.place, flow=True)}")
    return f"{{{', '.join(parts)}}}"


def _period(period: Period | None, zone: ZoneInfo) -> str:
    if period is None:
        return ""
    first, last = (written_moment(day, zone) for day in (period.from_, period.to))
    return f"{{from: {first}, to: {last}}}"


def _channels(channels: Mapping[str, Variant]) -> str:
    parts = []
    for name, variant in channels.items():
        value = _flow(variant)
        value = "true" if value == "{}" else value
        value = "featured" if variant.featured else value if variant.enabled else "false"
        parts.append(f"{quoted(name, flow=True)}: {value}")
    return f"{{{', '.join(parts)}}}" if parts else ""


def _plain(value: Any) -> Any:
    """Return free data as YAML's own types."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
