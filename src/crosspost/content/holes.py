"""Holes: the places of a rendered body that only the whole site can fill.

Rendering Markdown is dear and depends on one text alone; where its links lead, and how large its
pictures are, depends on every other file. So a body is rendered once, with a numbered hole for
each attribute that holds an address of the site, and filled as often as the site changes.

A hole stands inside a tag, with the space before it, for whole attributes (` href="…"`), between
two control characters that no source can hold (`markdown.clean` takes them out).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from crosspost.content.body import Hole, Resolver
from crosspost.content.markup import HOLE

ELSEWHERE = re.compile(r"#|[A-Za-z][A-Za-z0-9+.-]*:|//")
"""How an address begins that is none of the site's files: it is never asked about."""
_CLOSE = "\x0f"


def hole(number: int) -> str:
    """Return what stands in a tag in place of the attribute of hole `number`."""
    return f"{HOLE}{number}{_CLOSE}"


def fill(html: str, holes: Sequence[Hole], resolve: Resolver) -> str:
    """Return `html` with every hole filled by what `resolve` answers."""
    parts: list[str] = []
    done = 0
    # To look for one character is several times as fast as to split at it.
    while (opens := html.find(HOLE, done)) >= 0:
        closes = html.find(_CLOSE, opens)
        number = int(html[opens + 1 : closes])
        parts += (html[done : opens - 1], _filled(holes[number], resolve))
        done = closes + 1
    parts.append(html[done:])
    return "".join(parts)


def _filled(one: Hole, resolve: Resolver) -> str:
    value: str | None = None
    if one.kind == "link":
        value = resolve.link(one.target)
    elif one.kind == "media":
        value = resolve.link(one.target) or one.target
    elif one.kind == "picture":
        value = resolve.picture(one.target)
    elif one.kind == "candidates":
        value = ", ".join(
            (address if ELSEWHERE.match(address) else resolve.picture(address)) + space + size
            for address, space, size in candidates(one.target)
        )
    else:
        size = resolve.size(one.target)
        return f' width="{size[0]}" height="{size[1]}"' if size else ""
    return "" if value is None else f' {one.attribute}="{escape(value, quote=True)}"'


def candidates(written: str) -> list[tuple[str, str, str]]:
    """Take a srcset apart: each address, the space behind it, and its size."""
    parts = (candidate.strip().partition(" ") for candidate in written.split(", "))
    return [part for part in parts if part[0]]


class AsWritten:
    """Answers every address with itself: for a text that belongs to no site."""

    def link(self, target: str) -> str:
        """Return the address as it is written."""
        return target

    def picture(self, src: str) -> str:
        """Return the address as it is written."""
        return src

    def size(self, src: str) -> None:
        """Know no size."""
