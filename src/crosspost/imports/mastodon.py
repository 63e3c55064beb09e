"""`import mastodon`: the archive of an account, as its settings let one download it.

Only what was public is taken: followers-only statuses and direct messages stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC
from pathlib import Path
from typing import Any

from crosspost import schema
from crosspost.build.watch import Watch
from crosspost.errors import UsageError
from crosspost.imports.archive import file_inside, opened, read_json, top_of
from crosspost.imports.found import Harvest, OldSite, Wishes, merged, require, zone_named
from crosspost.imports.statuses import (
    Attachment,
    Status,
    language_of,
    take_statuses,
    without_unsafe,
)
from crosspost.imports.words import escaped, html_to_markdown, html_to_text

_PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
_WANTED = re.compile(r"(?:[^/]+/)?(?:outbox|actor)\.json|.*media_attachments/.*")


def read(source: Path, wishes: Wishes, watch: Watch, stack: ExitStack) -> Harvest:
    """Read an archive: a folder, .zip or .tar.gz. Raises `UsageError` where it is none.

    What is unpacked lasts as long as `stack`.
    """
    require(source, "the archive of a Mastodon account")
    wanted = lambda name: _WANTED.fullmatch(name) is not None  # noqa: E731
    folder = stack.enter_context(opened(source, wanted))
    top = top_of(folder, "outbox.json")
    if top is None:
        raise UsageError(f"there is no outbox.json in {source.name}: is this Mastodon's archive?")
    actor = _json(top / "actor.json") if (top / "actor.json").is_file() else {}
    harvest = Harvest("mastodon", OldSite(title=str(actor.get("name") or "")))
    known = merged(wishes.site, harvest.site, wishes.fallback)
    harvest.site = OldSite(title=known.title, language=known.language)
    activities = _json(top / "outbox.json").get("orderedItems")
    if not isinstance(activities, list):
        raise UsageError("outbox.json has no orderedItems: is this Mastodon's archive?")
    me = str(actor.get("id") or "")
    statuses = []
    with watch.phase("read", len(activities)) as done:
        for activity in activities:
            status = _status(activity, me, top, harvest)
            if status is not None:
                statuses.append(status)
            done(1)
    zone = zone_named(known.timezone)
    take_statuses(statuses, harvest, wishes, zone, "outbox.json")
    return harvest


def _json(path: Path) -> dict[str, Any]:
    found = read_json(path)
    return found if isinstance(found, dict) else {}


def _status(activity: Any, me: str, top: Path, harvest: Harvest) -> Status | None:
    """Return what an activity says, or count why it is left out."""
    note = activity.get("object") if isinstance(activity, dict) else None
    if not isinstance(note, dict) or activity.get("type") != "Create":
        harvest.leave_out("boosts")
        return None
    if not _PUBLIC & {str(one) for name in ("to", "cc") for one in _list(note.get(name))}:
        harvest.leave_out("statuses that were not public")
        return None
    name = str(note.get("id") or activity.get("id") or "")
    try:
        date = schema.moment(str(note.get("published")), UTC)
    except schema.Invalid:
        harvest.lose("date", f"{name} has no date that can be read: it is left out.", "outbox.json")
        return None
    content = str(note.get("content") or "")
    lost: list[tuple[str, str]] = []
    text = html_to_markdown(content, lost)
    options = [option for kind in ("oneOf", "anyOf") for option in _list(note.get(kind))]
    text = "\n\n".join(filter(None, [text, _poll(options)]))
    parent = note.get("inReplyTo")
    author = str(note.get("attributedTo") or me)
    return Status(
        id=name,
        date=date,
        text=text,
        words=html_to_text(content),
        parent=str(parent or ""),
        other=bool(parent) and not str(parent).startswith(f"{author}/"),
        lang=_language(note.get("contentMap")),
        warning=" ".join(str(note.get("summary") or "").split())[:200],
        tags=tuple(_hashtags(note)),
        media=tuple(_media(note, top)),
    )


def _language(texts: Any) -> str:
    """Return the language of a note: its text stands under it."""
    return language_of(next(iter(texts), "")) if isinstance(texts, dict) else ""


def _poll(options: list[Any]) -> str:
    lines = []
    for option in options:
        if isinstance(option, dict):
            replies = option.get("replies")
            votes = replies.get("totalItems") if isinstance(replies, dict) else None
            said = f" ({votes})" if isinstance(votes, int) else ""
            lines.append(f"- {escaped(str(option.get('name') or ''))}{said}")
    return "\n".join(lines)


def _hashtags(note: dict[str, Any]) -> Iterator[str]:
    for tag in _list(note.get("tag")):
        if isinstance(tag, dict) and tag.get("type") == "Hashtag":
            name = str(tag.get("name") or "").lstrip("#").strip()
            if name:
                yield name


def _media(note: dict[str, Any], top: Path) -> Iterator[Attachment]:
    for one in _list(note.get("attachment")):
        if not isinstance(one, dict) or not one.get("url"):
            continue
        address = str(one["url"])
        focus = _list(one.get("focalPoint"))
        point = (float(focus[0]), float(focus[1])) if _is_point(focus) else None
        yield Attachment(
            name=without_unsafe(address.rpartition("/")[2]),
            alt=str(one.get("name") or ""),
            location=_found(top, address),
            focus=point if point != (0.0, 0.0) else None,
        )


def _is_point(focus: list[Any]) -> bool:
    return len(focus) == 2 and all(
        isinstance(one, int | float) and not isinstance(one, bool) and -1 <= one <= 1
        for one in focus
    )


def _found(top: Path, address: str) -> Path | None:
    """Return the file of an attachment: archives write its address with or without a prefix."""
    path = address.partition("media_attachments/")[2]
    if not path:
        return None
    return file_inside(top, f"media_attachments/{path}")


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
