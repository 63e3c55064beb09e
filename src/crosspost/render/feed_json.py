"""JSON Feed 1.1, written by hand: it is a dictionary."""

from __future__ import annotations

import json
from typing import Any

from crosspost.render.feed import Feed, Item

_VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed, self_url: str) -> bytes:
    """Return a feed as JSON Feed 1.1; `self_url` is its own address."""
    found = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": self_url,
        "description": feed.description,
        "icon": feed.logo,
        "favicon": feed.icon,
        "authors": [{"name": feed.author, "url": feed.site_url}],
        "language": feed.lang,
        "items": [_item(item) for item in feed.items],
    }
    text = json.dumps(_without_nothing(found), ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def _item(item: Item) -> dict[str, Any]:
    picture = item.picture
    attachments = []
    if picture is not None and picture.mime and picture.bytes:
        attachments.append(
            {
                "url": picture.absolute_url,
                "mime_type": picture.mime,
                "title": picture.alt,
                "size_in_bytes": picture.bytes,
            }
        )
    found = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "summary": item.summary,
        "image": picture.absolute_url if picture else None,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "authors": [{"name": item.author}] if item.author else None,
        "tags": [label.label for label in item.labels] or None,
        "language": item.lang,
        "attachments": [_without_nothing(one) for one in attachments] or None,
    }
    # An item must have content, be it empty.
    return {**_without_nothing(found), "content_html": item.html}


def _without_nothing(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value or value == []}
