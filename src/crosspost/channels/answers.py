"""What servers answer, read with care: keys may be missing, and every server has its habits."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from crosspost.channels.base import Receipt, Seen, UnknownOutcomeError
from crosspost.channels.message import Limits, Media, text_digest

_Value = TypeVar("_Value", str, bool)

_LONGEST_ID = 255
_LONGEST_URL = 2048
# Versions of Mastodon's API: those of 4.5 and of 4.6.
_KNOWS_QUOTES = 7
_POLLS_WITH_MEDIA = 10


def read_limits(instance: Mapping[str, Any]) -> Limits:
    """Read what a server allows from its answer to /api/v2/instance, or to v1.

    A key that is missing, or is not a number above zero, has Mastodon's own value.
    """
    default = Limits()
    settings = _part(instance, "configuration")
    statuses, media = _part(settings, "statuses"), _part(settings, "media_attachments")
    polls = _part(settings, "polls")
    version = _positive(_part(instance, "api_versions"), "mastodon", 0)
    native = "mastodon" in _part(instance, "api_versions")
    per_url = _positive(statuses, "characters_reserved_per_url", default.per_url)
    most = _positive(instance, "max_toot_chars", default.characters)
    types = _items(media, "supported_mime_types")
    known = tuple(str(mime) for mime in types if str(mime).startswith("image/"))
    return Limits(
        characters=_positive(statuses, "max_characters", most),
        per_url=per_url,
        media=_positive(statuses, "max_media_attachments", default.media),
        description=_positive(media, "description_limit", default.description),
        image_bytes=_positive(media, "image_size_limit", default.image_bytes),
        image_pixels=_positive(media, "image_matrix_limit", default.image_pixels),
        mime_types=known or default.mime_types,
        strict=not (native and per_url == default.per_url),
        keyed=native,
        guarded=native,
        quotes=version >= _KNOWS_QUOTES,
        poll_options=_positive(polls, "max_options", default.poll_options),
        poll_characters=_positive(polls, "max_characters_per_option", default.poll_characters),
        poll_shortest=_positive(polls, "min_expiration", default.poll_shortest),
        poll_longest=_positive(polls, "max_expiration", default.poll_longest),
        poll_with_media=version >= _POLLS_WITH_MEDIA,
    )


def same_account(
    wanted: str, account: Mapping[str, Any], instance: Mapping[str, Any], base: str
) -> str | None:
    """Return None where the account is the wanted one, else its handle.

    An account's name has no domain on its own server, and that server may live at another
    address than the domain in its handles: each domain that it claims counts.
    """
    handle = str(account.get("acct") or account.get("username") or "").lstrip("@")
    name, _, domain = handle.partition("@")
    claimed = [
        domain,
        _host(instance.get("domain")),
        _host(instance.get("uri")),
        _host(instance.get("account_domain")),
        urlsplit(base).netloc,
    ]
    domains = [one.casefold() for one in claimed if one]
    user, _, wanted_domain = wanted.lstrip("@").casefold().partition("@")
    if not name:
        return "an account that its server does not name"
    if user == name.casefold() and wanted_domain in domains:
        return None
    return f"@{name}@{domains[0] if domains else '?'}"


def _host(value: object) -> str:
    text = str(value or "")
    return urlsplit(text).netloc if "//" in text else text


def _part(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = mapping.get(name)
    return value if isinstance(value, Mapping) else {}


def _positive(mapping: Mapping[str, Any], name: str, default: int) -> int:
    value = mapping.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        return default
    return value


def _items(mapping: Mapping[str, Any], name: str) -> list[Any]:
    value = mapping.get(name)
    return value if isinstance(value, list) else []


def focus_of(media: Media) -> str:
    """Return a picture's focus as a server is told of it: the middle where it has none."""
    x, y = media.focus or (0.0, 0.0)
    return f"{x},{y}"


def attachments_of(status: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the attachments of a status that have an id, in their order."""
    found = _items(status, "media_attachments")
    return [one for one in found if isinstance(one, Mapping) and one.get("id")]


def receipt_of(status: Any, media_ids: list[str]) -> Receipt:
    """Read a status. One without an id is no answer to go by."""
    remote_id = id_of(status)
    attached = [id_of(media) for media in attachments_of(status)]
    url = str(status.get("url") or status.get("uri") or "")
    return Receipt(
        remote_id=remote_id,
        remote_url=url if len(url) <= _LONGEST_URL else "",
        media_ids=tuple(attached or media_ids),
        edited_at=_edited_at(status),
    )


def seen_of(status: Any, source: str | None = None) -> Seen:
    """Read a status as it is now; `source` is what was typed, where the server showed it."""
    receipt = receipt_of(status, [])
    content = str(status.get("content") or "")
    return Seen(
        receipt=receipt,
        text=shown_text(status) if source is None else source,
        digest=None if source is None else text_digest(source),
        at=moment_of(status),
        links=tuple(html.unescape(link) for link in re.findall(r'href="([^"]*)"', content)),
        card=bool(status["card"]) if "card" in status else None,
        edited_at=receipt.edited_at,
        content_warning=_of(status, "spoiler_text", str),
        sensitive=_of(status, "sensitive", bool),
        language=_of(status, "language", str),
        alts=tuple(str(one.get("description") or "") for one in attachments_of(status)),
    )


def _edited_at(status: Mapping[str, Any]) -> str | None:
    """Return when a status was last edited, in one form; empty: never, None: it does not say."""
    if "edited_at" not in status:
        return None
    value = status["edited_at"]
    if value is None:
        return ""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _of(mapping: Mapping[str, Any], name: str, kind: type[_Value]) -> _Value | None:
    value = mapping.get(name)
    return value if isinstance(value, kind) else None


def lacking(needed: Mapping[str, str], scopes: Any) -> list[str]:
    """Return what each needed scope is for, where a token's scopes do not hold it.

    `write` holds `write:statuses`. A server that does not say what a token may do lacks nothing.
    """
    held = {str(scope) for scope in scopes} if isinstance(scopes, list) and scopes else None
    if held is None:
        return []
    return [
        f"{scope}: {use}"
        for scope, use in needed.items()
        if scope not in held and scope.partition(":")[0] not in held
    ]


def holds(status: Mapping[str, Any], url: str) -> bool:
    """Whether a status links to `url`, or has it in its words where the server made no link."""
    content = str(status.get("content") or "")
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', content)]
    return url in links or bool(re.search(re.escape(url) + r"(?![\w/?#=&%-])", shown_text(status)))


def shown_text(status: Mapping[str, Any]) -> str:
    """Return a status' words without their HTML; links in full."""
    lines = re.sub(r"<(?:br|/p)[^>]*>", "\n", str(status.get("content") or ""))
    return html.unescape(re.sub(r"<[^>]+>", "", lines))


def moment_of(status: Mapping[str, Any]) -> datetime:
    """Return when a status was made; one that does not say counts as made now."""
    value = status.get("created_at")
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def id_of(thing: Any) -> str:
    """Return an id as an opaque text. An answer without one is no answer to go by."""
    found = thing.get("id") if isinstance(thing, Mapping) else None
    if not isinstance(found, str | int) or not found or len(str(found)) > _LONGEST_ID:
        raise UnknownOutcomeError("the server's answer has no id")
    return str(found)
