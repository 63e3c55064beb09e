"""Small readings of HTML text that several passes share: attributes, words, escapes."""

from __future__ import annotations

import re
from html import escape, unescape

from crosspost.content.marks import unmark

HOLE = "\x0e"
"""What a hole begins with: a control character, which no source can hold."""
# No part of a tag may hold a `<` outside quotes, so that a stray `<a "` never swallows a page.
ATTRIBUTES = r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+"
_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_AFTER_NAME = re.compile(r"[\s/](?!\Z)")
_TAG = re.compile(rf"<!--.*?-->|</?[a-zA-Z]{ATTRIBUTES}>", re.DOTALL)
_NOTE_REFERENCE = re.compile(r"<sup id=\"[^\"]*\"><a class=\"footnote-ref\".*?</a></sup>")
# Not the no-break spaces: they are the author's.
_SPACES = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_ALT = re.compile(r"<img\b[^>]*?\balt=\"([^\"]*)\"[^>]*>")


def attributes(tag: str) -> dict[str, str | None]:
    """Return the attributes of a start tag by lower-case name, as written (not unescaped)."""
    found: dict[str, str | None] = {}
    space = _AFTER_NAME.search(tag)
    if space is None:
        return found
    for name, value in _ATTRIBUTE.findall(tag, space.end()):
        bare = value[1:-1] if value[:1] in {'"', "'"} else value
        found.setdefault(name.lower(), bare if value else None)
    return found


def write_tag(name: str, values: dict[str, str | None]) -> str:
    """Return a start tag. Values are written as they are but for `"`, which becomes `&quot;`.

    A value that begins with `HOLE` stands for the whole attribute (see `crosspost.content.holes`).
    """
    parts = [name]
    for key, value in values.items():
        if value is None:
            parts.append(key)
        elif value.startswith(HOLE):
            parts.append(value)
        else:
            parts.append(f'{key}="{value.replace(chr(34), "&quot;")}"')
    return f"<{' '.join(parts)}>"


def words(html: str) -> str:
    """Return what a reader sees of a piece of HTML: no tags, pictures by their alt text."""
    if "<" not in html and "&" not in html:
        text = unmark(html).strip(" ")
        return (
            text if text.isprintable() and "  " not in text else _SPACES.sub(" ", text).strip(" ")
        )
    if "<" in html:
        html = _NOTE_REFERENCE.sub("", html)
        if "<img" in html:
            html = _ALT.sub(r"\1", html)
        html = _TAG.sub("", html)
    return _SPACES.sub(" ", unmark(unescape(html))).strip(" ")


def attribute(text: str) -> str:
    """Return `text` escaped for a quoted attribute."""
    return escape(text, quote=True)
