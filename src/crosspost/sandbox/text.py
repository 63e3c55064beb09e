"""A status' plain text as the HTML that the server would serve."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from crosspost.sandbox.entities import Entity, EntityKind, find_entities
from crosspost.sandbox.profiles import TagBoundary

_SHOWN = 30
_PREFIX = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def link(url: str) -> str:
    """Return a link whose text hides the protocol and all after 30 characters."""
    prefix = found[0] if (found := _PREFIX.match(url)) else ""
    shown, hidden = url[len(prefix) :][:_SHOWN], url[len(prefix) + _SHOWN :]
    if len(hidden) == 1:  # an ellipsis would take the room of the one character it hides
        shown, hidden = shown + hidden, ""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{escape(prefix)}</span>'
        f'<span class="{"ellipsis" if hidden else ""}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(hidden)}</span></a>'
    )


def tag(name: str, url: str) -> str:
    """Return a hashtag's link."""
    return (
        f'<a href="{escape(url)}" class="mention hashtag" rel="tag">'
        f"#<span>{escape(name)}</span></a>"
    )


def mention(username: str, url: str) -> str:
    """Return an account's link."""
    return (
        f'<span class="h-card" translate="no"><a href="{escape(url)}" class="u-url mention">'
        f"@<span>{escape(username)}</span></a></span>"
    )


def to_html(
    text: str,
    *,
    boundary: TagBoundary,
    tag_url: Callable[[str], str],
    account_url: Callable[[str], str | None],
) -> str:
    """Return `text` as paragraphs of HTML.

    `account_url` gives the address of a handle, or None for one that is nobody's: that stays text.
    """

    def shown(entity: Entity) -> str:
        if entity.kind is EntityKind.LINK:
            return link(entity.value)
        if entity.kind is EntityKind.TAG:
            return tag(entity.value, tag_url(entity.value))
        url = account_url(entity.value)
        if url is None:
            return f"@{escape(entity.value)}"
        return mention(entity.value.partition("@")[0], url)

    if not text.strip():
        return ""
    pieces: list[str] = []
    last = 0
    for entity in find_entities(text, boundary):
        pieces += (escape(text[last : entity.start]), shown(entity))
        last = entity.end
    html = "".join((*pieces, escape(text[last:]))).replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = re.split(r"\n\n+", html)
    return "".join(f"<p>{p}</p>".replace("\n", "<br />") for p in paragraphs)
