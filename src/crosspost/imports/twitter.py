"""`import twitter`: the archive of an account on X, for a town that leaves it.

Short addresses (t.co) are written out from the archive itself, and nothing is asked of the network.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from crosspost.build.watch import Watch
from crosspost.errors import UsageError
from crosspost.imports.archive import file_inside, opened, read_json
from crosspost.imports.found import Harvest, OldSite, Wishes, merged, require, zone_named
from crosspost.imports.statuses import (
    Attachment,
    Status,
    language_of,
    take_statuses,
    without_unsafe,
)
from crosspost.imports.words import plain_to_markdown

_TWEETS = re.compile(r"tweets?(?:-part\d+)?\.js")
_WANTED = re.compile(
    r"(?:[^/]+/)?data/(?:tweets?(?:-part\d+)?\.js|account\.js|tweets?_media/[^/]+)"
)
_MEDIA = ("tweets_media", "tweet_media")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read(source: Path, wishes: Wishes, watch: Watch, stack: ExitStack) -> Harvest:
    """Read an archive: a folder or a .zip. Raises `UsageError` where it is none.

    What is unpacked lasts as long as `stack`.
    """
    require(source, "the archive of an account on X")
    wanted = lambda name: _WANTED.fullmatch(name) is not None  # noqa: E731
    folder = stack.enter_context(opened(source, wanted))
    data = _data_folder(folder)
    if data is None:
        raise UsageError(f"there is no data/tweets.js in {source.name}: is this the archive of X?")
    account = _account(data)
    harvest = Harvest("twitter", OldSite(title=str(account.get("accountDisplayName") or "")))
    known = merged(wishes.site, harvest.site, wishes.fallback)
    harvest.site = OldSite(title=known.title, language=known.language)
    statuses: dict[str, Status] = {}
    files = sorted(path for path in data.iterdir() if _TWEETS.fullmatch(path.name))
    for path in files:
        tweets = _assigned(path)
        with watch.phase("read", len(tweets)) as done:
            for entry in tweets:
                status = _status(entry, account, data, harvest, path.name)
                if status is not None:
                    statuses[status.id] = status
                done(1)
    zone = zone_named(known.timezone)
    take_statuses(statuses.values(), harvest, wishes, zone, f"data/{files[0].name}")
    return harvest


def _data_folder(folder: Path) -> Path | None:
    inner = sorted(one / "data" for one in folder.iterdir() if one.is_dir())
    for place in (folder / "data", *inner, folder):
        if place.is_dir() and any(_TWEETS.fullmatch(path.name) for path in place.iterdir()):
            return place
    return None


def _assigned(path: Path) -> list[Any]:
    """Return the list that a file assigns: `window.YTD.tweets.part0 = [ … ]`."""
    found = read_json(path, after="=")
    return found if isinstance(found, list) else []


def _account(data: Path) -> dict[str, Any]:
    path = data / "account.js"
    entries = _assigned(path) if path.is_file() else []
    first = entries[0] if entries and isinstance(entries[0], dict) else {}
    account = first.get("account")
    return account if isinstance(account, dict) else {}


def _status(
    entry: Any, account: dict[str, Any], data: Path, harvest: Harvest, file: str
) -> Status | None:
    """Return what a tweet says, or count why it is left out."""
    tweet = entry.get("tweet", entry) if isinstance(entry, dict) else None
    if not isinstance(tweet, dict):
        return None
    text = str(tweet.get("full_text") or tweet.get("text") or "")
    if text.startswith("RT @") or tweet.get("retweeted") is True:
        harvest.leave_out("reposts")
        return None
    name = str(tweet.get("id_str") or tweet.get("id") or "")
    date = _moment(str(tweet.get("created_at") or ""))
    if date is None or not re.fullmatch(r"\d+", name):
        message = f"the post {name} has no date that can be read: it is left out."
        harvest.lose("date", message, f"data/{file}")
        return None
    parent = str(tweet.get("in_reply_to_status_id_str") or "")
    to = str(tweet.get("in_reply_to_user_id_str") or "")
    mine = bool(to) and to == str(account.get("accountId") or "")
    media = tuple(_media(tweet, name, data))
    words = _expanded(text, tweet)
    lang = language_of(str(tweet.get("lang") or ""))
    return Status(
        id=name,
        date=date,
        text=plain_to_markdown(words),
        words=words,
        parent=parent or (f"@{to}" if to and not mine else ""),
        other=bool(to) and not mine,
        lang=lang if len(lang) == 2 else "",  # longer ones say that it is not known
        tags=tuple(
            str(tag.get("text"))
            for tag in _list(tweet.get("entities"), "hashtags")
            if tag.get("text")
        ),
        media=media,
    )


def _moment(text: str) -> datetime | None:
    """Read `Wed Oct 10 20:19:24 +0000 2018`, whatever the machine's language."""
    match = re.fullmatch(r"\w{3} (\w{3}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", text)
    if match is None or match[1] not in _MONTHS:
        return None
    try:
        found = parsedate_to_datetime(f"{match[2]} {match[1]} {match[5]} {match[3]} {match[4]}")
    except ValueError:
        return None
    return found.astimezone(UTC)


def _expanded(text: str, tweet: dict[str, Any]) -> str:
    """Return the text with its addresses in full, and without those of its own pictures."""
    entities = tweet.get("entities")
    for link in _list(entities, "urls"):
        short, whole = str(link.get("url") or ""), str(link.get("expanded_url") or "")
        if short and re.match(r"https?://", whole):
            text = text.replace(short, whole)
    for group in (tweet.get("extended_entities"), entities):
        for one in _list(group, "media"):
            if one.get("url"):
                text = text.replace(str(one["url"]), "")
    return html.unescape(text).strip()


def _media(tweet: dict[str, Any], name: str, data: Path) -> Iterator[Attachment]:
    """Yield the media of a tweet; a film's best variant is in the archive under its own name."""
    shown = _list(tweet.get("extended_entities"), "media") or _list(tweet.get("entities"), "media")
    for one in shown:
        addresses = [
            str(variant.get("url") or "").partition("?")[0]
            for variant in _list(one.get("video_info"), "variants")
        ]
        addresses.append(str(one.get("media_url_https") or one.get("media_url") or ""))
        names = [address.rpartition("/")[2] for address in addresses if address]
        location = next(filter(None, (_found(data, name, file) for file in names)), None)
        if not names:
            continue
        file = location.name.removeprefix(f"{name}-") if location else names[-1]
        alt = str(one.get("ext_alt_text") or "")
        yield Attachment(without_unsafe(file), alt, location)


def _found(data: Path, name: str, file: str) -> Path | None:
    if not re.fullmatch(r"[\w.-]+", file):
        return None
    for folder in _MEDIA:
        path = file_inside(data, f"{folder}/{name}-{file}")
        if path is not None:
            return path
    return None


def _list(group: Any, name: str) -> list[dict[str, Any]]:
    found = group.get(name) if isinstance(group, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
