"""What was said on a network, as notes of the site: short posts with the media they had.

Whoever reads an archive gives `Status` values; here they are joined into threads, get a title and a
place, and are marked as said already, so that no channel says them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from crosspost.content.document import Kind
from crosspost.content.frontmatter import FrontMatter, Image, Variant
from crosspost.content.pictures import is_picture
from crosspost.content.slugs import slugify
from crosspost.imports.found import Found, Harvest, Wishes
from crosspost.imports.words import escaped, escaped_title, title_of
from crosspost.setting_values import LANGUAGE

_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a status showed; `location` is None where the archive does not hold it."""

    name: str
    alt: str
    location: Path | None
    focus: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """One thing that was said. `text` is Markdown, `words` the same without marks.

    `parent` is the id of the status that it goes on from or answers, `other` whether that is
    somebody else's.
    """

    id: str
    date: datetime
    text: str
    words: str
    parent: str = ""
    other: bool = False
    lang: str = ""
    warning: str = ""
    tags: tuple[str, ...] = ()
    media: tuple[Attachment, ...] = ()


def take_statuses(
    statuses: Iterable[Status], harvest: Harvest, wishes: Wishes, zone: ZoneInfo, source: str
) -> None:
    """Put statuses into a harvest, oldest first; answers to others only where they are wished."""
    ordered = sorted(statuses, key=lambda one: (one.date, one.id))
    known = {one.id for one in ordered}
    root: dict[str, str] = {}
    threads: dict[str, list[Status]] = {}
    for one in ordered:
        if not one.parent or (one.other and wishes.replies):
            first = one.id
        elif one.other:
            continue
        elif one.parent in root:
            first = root[one.parent]
        elif one.parent in known or not wishes.replies:
            continue  # it goes on from an answer that is left out
        else:
            first = one.id
        root[one.id] = first
        threads.setdefault(first, []).append(one)
    kept = sum(map(len, threads.values()))
    if len(ordered) > kept:
        harvest.leave_out("answers to others", len(ordered) - kept)
    for thread in threads.values():
        _take(thread, harvest, wishes, zone, source)


def _take(
    thread: list[Status], harvest: Harvest, wishes: Wishes, zone: ZoneInfo, source: str
) -> None:
    first = thread[0]
    local = first.date.astimezone(zone)
    title = escaped_title(first.warning) or title_of(first.words) or f"{local:%Y-%m-%d %H:%M}"
    folder = f"posts/{local:%Y}"
    image, body = _text_of(thread, harvest, source, local)
    said: Mapping[str, Variant] = MappingProxyType(
        {name: Variant(enabled=False) for name in wishes.channels or ("mastodon",)}
    )
    lang = first.lang if first.lang and first.lang != harvest.site.language else None
    front = FrontMatter(
        title=title[:300],
        date=first.date,
        tags=tuple(dict.fromkeys(tag for one in thread for tag in one.tags)),
        summary=first.warning or None,
        image=image,
        lang=lang,
        channels=said,
    )
    harvest.documents.append(
        Found(
            kind=Kind.POST,
            identity=first.id,
            folder=folder,
            name=f"{local:%Y-%m-%d}-{slugify(title, longest=_LONGEST_NAME)}",
            front_matter=front,
            body=body,
            source=source,
        )
    )


def _text_of(
    thread: list[Status], harvest: Harvest, source: str, local: datetime
) -> tuple[Image | None, str]:
    """Return the picture that stands for a thread, and its text with all other media.

    What was behind a warning gets no picture on lists.
    """
    image: Image | None = None
    parts: list[str] = []
    for one in thread:
        if one is not thread[0] and one.warning:
            parts.append(f"**{escaped(one.warning)}**")
        parts.append(one.text)
        for attachment in one.media:
            if attachment.location is None:
                message = f"{attachment.name} of {one.id} is not in the archive."
                harvest.lose("lost-media", message, source)
                continue
            path = f"media/{local:%Y}/{one.id.rpartition('/')[2]}-{attachment.name}"
            harvest.add_media(path, attachment.name, attachment.location, always=False)
            alt = " ".join(attachment.alt.split())
            if not is_picture(path):
                words = alt or attachment.name
                parts.append(f"[{escaped(words)}](/{path})")
            elif image is None and not thread[0].warning:
                image = Image(f"/{path}", alt or None, attachment.focus)
            else:
                parts.append(f"![{escaped(alt)}](/{path})")
    return image, "\n\n".join(part for part in parts if part.strip())


def language_of(text: str) -> str:
    """Return a language tag as it may be written, empty where it is none."""
    return text if re.fullmatch(LANGUAGE["pattern"], text) else ""


def without_unsafe(name: str) -> str:
    """Return a file's name as it can stand in an address."""
    stem, dot, suffix = name.rpartition(".")
    return f"{slugify(stem)}{dot}{slugify(suffix)}" if dot else slugify(name)
