"""One line of HTML that may stand anywhere: in a heading, in a link, on a card.

A title is shown inside links and headings, where a link, a picture or a block would break the page,
and `<title>` or `<textarea>` would swallow the rest of it. Who writes such a word means the word.
"""

from __future__ import annotations

import re
from html import escape, unescape

from crosspost.content.markup import ATTRIBUTES, attributes

_TAG = re.compile(
    rf"<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>{ATTRIBUTES})>|<", re.DOTALL
)
_KEPT = frozenset(
    {
        *("abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd"),
        *("mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var"),
    }
)
_VOID = frozenset({"br", "wbr"})


def phrase(html: str) -> str:
    """Return a line of HTML with nothing but emphasis, code and the like, every tag closed.

    Links keep their words and pictures their alternative text. Any other tag is shown as it was
    typed, and so is one that is never closed or never opened.
    """
    if "<" not in html:
        return html
    paired = _pairs(html)

    def shown(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if name == "a" or match[0].startswith("<!--"):
            return ""
        if name == "img":
            return escape(unescape(attributes(match[0]).get("alt") or ""), quote=False)
        if name in _VOID:
            return f"<{name}>"
        return match[0] if match.start() in paired else escape(match[0], quote=False)

    return _TAG.sub(shown, html)


def _pairs(html: str) -> set[int]:
    """Return where the tags stand that are kept: a start and its end, properly nested."""
    paired: set[int] = set()
    open_: list[tuple[str, int]] = []
    for match in _TAG.finditer(html):
        name = (match["name"] or "").lower()
        if name not in _KEPT:
            continue
        if not match["end"]:
            open_.append((name, match.start()))
            continue
        while any(name == other for other, _ in open_):
            last, start = open_.pop()
            if last == name:
                paired |= {start, match.start()}
                break
    return paired
