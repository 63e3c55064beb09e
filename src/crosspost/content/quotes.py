"""Straight quotes and apostrophes: which way each one turns, and whether it turns at all."""

from __future__ import annotations

import re
from html import unescape

from crosspost.content.markup import ATTRIBUTES

INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "math", "q", "ruby", "s", "samp", "small", "span"),
        *("strong", "sub", "sup", "svg", "time", "tt", "u", "var", "wbr"),
    }
)
"""Elements that do not end a run of prose: a quote may open before them and close behind."""

_TAG = re.compile(rf"</?([a-zA-Z][\w:-]*){ATTRIBUTES}>")
_ENTITY = re.compile(r"&(?:#\w{1,8}|[a-zA-Z]\w{0,30});")
_MAIL = re.compile(r"[\w.+-]*+@\w")
# A mark and what typography makes of it stand in the same sets, so that a second pass over a
# text comes to the same conclusions.
_OPENERS = frozenset("([{«“‘—–-/'’\"")
_ONLY_OPENERS = frozenset("([{«“")
_CLOSERS = frozenset(".,;:!?…)]}»”‘’—–-/'\"")
_NOT_INSIDE = frozenset(')]}»”"')


def following(text: str, position: int) -> str:
    """Return the character that a reader sees at `position`; nothing at the end of a block."""
    while position < len(text):
        char = text[position]
        if char == "<":
            tag = _TAG.match(text, position)
            if tag:
                if tag[1].lower() not in INLINE:
                    return ""
                position = tag.end()
                continue
        elif char == "&" and (entity := _ENTITY.match(text, position)):
            return unescape(entity[0])[:1]
        return char
    return ""


class Quotes:
    """The quotes of one text, block by block.

    `out` holds the pieces of the text that are set already; the piece of a quote is the next one
    when `quote` is called. Double quotes are written into it when their block ends, and only if
    all of them pair up: one that is left over makes the others doubtful.
    """

    def __init__(self, text: str, out: list[str]) -> None:
        self._text = text
        self._out = out
        self._block_start = 0
        self._tag_end = -1
        self._seen = -1
        """Offset of the last character of prose before the inline tags that end at `_tag_end`."""
        self._guillemets = 0
        self._open: list[tuple[int, bool]] = []
        self._turned: list[tuple[int, str]] = []
        self._single: list[int] = []
        self._doubtful = False
        self._met = False
        """Whether the block holds any quote at all: most do not, and end at once."""

    def tag(self, start: int, end: int) -> None:
        """Note an inline tag."""
        if start != self._tag_end:
            self._seen = start - 1
        self._tag_end = end

    def line_break(self, end: int) -> None:
        """Note a line's end inside a block."""
        self._block_start = end

    def end_block(self, end: int) -> None:
        """Turn the quotes of the block that ends; the next begins at `end`."""
        self._block_start = end
        if not self._met:
            return
        if self._turned and not self._doubtful and not self._open:
            for index, mark in self._turned:
                self._out[index] = mark
        self._turned, self._open, self._single = [], [], []
        self._doubtful = self._met = False
        self._guillemets = 0

    def guillemet(self, step: int) -> None:
        """Note a guillemet that the author wrote: 1 opens, -1 closes."""
        self._met = True
        self._guillemets = max(0, self._guillemets + step)

    def before(self, position: int) -> str:
        """Return the character that a reader sees before `position`; nothing at a block's start."""
        at = self._seen if position == self._tag_end else position - 1
        if at < self._block_start:
            return ""
        char = self._text[at]
        if char == ";":
            ampersand = self._text.rfind("&", max(0, at - 33), at)
            if ampersand >= 0 and _ENTITY.fullmatch(self._text, ampersand, at + 1):
                return unescape(self._text[ampersand : at + 1])[-1:]
        return char

    def quote(self, char: str, start: int, end: int, family: str) -> str | None:
        """Return what the quote at `start` becomes; None: it stays, or its block's end tells."""
        self._met = True
        before, after = self.before(start), following(self._text, end)
        if char == '"':
            self._double(before, after, french=family == "fr")
            return None
        if family == "fr":
            elides = before.isalpha() and (after.isalnum() or after in {"«", "“", '"', "‘"})
            return "’" if elides and not _MAIL.match(self._text, end) else None
        return self._english_single(before, after, end)

    def _double(self, before: str, after: str, *, french: bool) -> None:
        spaced = not before or before.isspace()
        ends = not after or after.isspace()
        opens = (spaced or before in _OPENERS) and not ends and after not in _NOT_INSIDE
        closes = not spaced and before not in _ONLY_OPENERS and (ends or after in _CLOSERS)
        index = len(self._out)
        if closes and self._open:
            opening, nested = self._open.pop()
            left, right = ("«\u202f", "\u202f»") if french and not nested else ("“", "”")
            self._turned += [(opening, left), (index, right)]
        elif opens and not closes:
            self._open.append((index, bool(self._open) or self._guillemets > 0))
        elif closes and not before.isdigit():
            self._doubtful = True

    def _english_single(self, before: str, after: str, end: int) -> str | None:
        if before.isalnum() and after.isalpha():
            return None if _MAIL.match(self._text, end) else "’"
        spaced = not before or before.isspace()
        if (spaced or before in _OPENERS) and after.isalnum():
            if after.isdigit():
                return "’"
            self._single.append(len(self._out))
            return None
        if spaced or not (not after or after.isspace() or after in _CLOSERS):
            return None
        if self._single:
            self._out[self._single.pop()] = "‘"
            return "’"
        return "’" if before.isalpha() else None
