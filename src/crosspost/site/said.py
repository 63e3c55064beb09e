"""What was said of each post, and where: links from the ledger, for its page.

Only what a page shows is read here. What the events mean is told once, in
`crosspost.publish.rows`; the links are those of its rows that stand, and a test holds them to it.
No network: a ledger that lives on a branch is read from where it was fetched to.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import msgspec

from crosspost.config import Settings

PLACES = ("ledger", ".crosspost/ledger")
"""Where a site's ledger is: in its tree, or where that of a branch is put before a build."""

_RECEIPTS = frozenset({"adopted", "sent", "edited"})
_ENDS = frozenset({"deleted", "gone", "withdrawn"})
_CLOSED = frozenset({"private", "direct"})
_LONGEST = 2048


class Said(msgspec.Struct, frozen=True):
    """One status: its address, and the channel and the account that said it."""

    url: str
    channel: str
    account: str


NOTHING_SAID: Mapping[str, tuple[Said, ...]] = MappingProxyType({})


class _Line(msgspec.Struct, frozen=True):
    """What is read of an event."""

    event: str
    channel: str
    account: str
    uid: str
    at: str
    part: int = 1
    generation: int = 1
    sequence: int = 0
    remote_id: str | None = None
    remote_url: str | None = None
    visibility: str | None = None


_decode = msgspec.json.Decoder(_Line).decode


def read_said(settings: Settings) -> Mapping[str, tuple[Said, ...]]:
    """Return what was said of each post, by its uid; nothing where pages are not to show it.

    The channels of a post are in the settings' order. What cannot be read is passed over: `plan`
    and `publish` report it.
    """
    if not settings.fediverse.discuss:
        return NOTHING_SAID
    return said_in(_lines(settings.root), tuple(settings.channels))


def said_in(lines: Iterable[bytes], channels: Sequence[str] = ()) -> dict[str, tuple[Said, ...]]:
    """Return the statuses that stand, by their post's uid, from the lines of a ledger."""
    by_key: dict[tuple[str, str, str], dict[bytes, _Line]] = {}
    for line in lines:
        try:
            event = _decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if event.part == 1:
            by_key.setdefault((event.uid, event.channel, event.account), {})[line] = event
    places = {name: place for place, name in enumerate(channels)}
    found: dict[str, list[Said]] = {}
    for (uid, channel, account), events in by_key.items():
        url = _standing(events)
        if url:
            found.setdefault(uid, []).append(Said(url, channel, account))
    return {
        uid: tuple(sorted(said, key=lambda one: (places.get(one.channel, len(places)), repr(one))))
        for uid, said in found.items()
    }


def _standing(events: Mapping[bytes, _Line]) -> str:
    """Return the address of a message that everybody can read; empty where there is none."""
    last = max(event.generation for event in events.values())
    ours = [(line, event) for line, event in events.items() if event.generation == last]
    if any(event.event in _ENDS for _, event in ours):
        return ""
    first, url, seen = None, "", ""
    for _, event in sorted(ours, key=lambda one: (one[1].sequence, one[1].at, one[0])):
        if event.event not in _RECEIPTS or event.remote_id is None:
            continue
        first = first or event.remote_id
        if event.remote_id == first:  # of a message said twice, the first is ours
            url = event.remote_url or url
            seen = event.visibility or seen
    return url if seen not in _CLOSED and _is_address(url) else ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= _LONGEST


def _lines(root: Path) -> Iterator[bytes]:
    for place in PLACES:
        for path in sorted((root / place).glob("*/*.jsonl")):
            try:
                data = path.read_bytes()
            except OSError:
                continue
            lines = map(bytes.strip, data.removeprefix(BOM_UTF8).split(b"\n"))
            yield from filter(None, lines)
