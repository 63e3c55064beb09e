"""Where in the source each address of the rendered page was written.

No Markdown engine of ours says at which line a link stands. So before an engine runs, each place
in the source that may be an address gets a *mark*: its number, written with control characters
that HTML forbids and `markdown.clean` has taken out. The engine decides what is a link;
the mark that comes out in a `href` says which place it was. Marks elsewhere (in code, in prose)
are simply taken out again. What is marked in vain costs nothing, so this can stay simple.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

# C1 controls: not letters, not spaces (but for U+0085), not punctuation, so no rule of Markdown
# sees them; and in Latin-1, so that Python keeps a French text in one byte a character.
_FIRST = 0x86
START = chr(_FIRST)
_TAB = 4
# What each begins with is found much sooner than any of a class of characters.
MARK = re.compile(r"\x86[\x86-\x96]*+")
_DIGITS = [chr(_FIRST + 1 + n) for n in range(16)]
_VALUES = {digit: n for n, digit in enumerate(_DIGITS)}

_BRACKETED = r"\](?:\([ \t]*(?![\s\"'<])|:[ \t]*(?=[^\s<]))"
_ANGLE = r"<[A-Za-z][A-Za-z0-9+.\-]*://"
# No mark goes into `](<here>)`: where that is no link after all, it would spoil a tag.
_ANGLED = re.compile(r"\](?:\(|:)[ \t]*<([^<>\n]*)>")
_RAW = r"\b(?:href|src|srcset|poster|data)[ \t]*=[ \t]*[\"']?(?=[^\s\"'>])"
# An expression that looks for less is faster, by far where all it finds begins with one character.
_IN_BRACKETS = re.compile(_BRACKETED)
_IN_MARKDOWN = re.compile(f"{_BRACKETED}|{_ANGLE}")
_ANYWHERE = re.compile(f"{_BRACKETED}|{_ANGLE}|{_RAW}")
# Looked for one by one, each begins with a word, which is found sooner than any of five.
_ATTRIBUTES = [re.compile(f"{name}[ \t]*=") for name in ("href", "src", "srcset", "poster", "data")]
_AUTOLINK = re.compile(_ANGLE)


class Marks:
    """The places of one source text that may be addresses.

    `marked` is the text to give to the engine. `place()` answers lines and columns from 1, in
    characters of the text given to the constructor.
    """

    __slots__ = ("_angled", "_lines", "_offsets", "_source", "_tabbed", "marked")

    def __init__(self, source: str) -> None:
        self._tabbed = source.split("\n") if "\t" in source else None
        self._source = source = without_tabs(source)
        self._offsets: list[int] = []
        self._lines: list[int] | None = None
        self._angled: dict[str, list[int]] = {}
        angle = "<" in source
        if angle and ("](<" in source or "]: <" in source):
            for match in _ANGLED.finditer(source):
                self._angled.setdefault(match[1].strip(), []).append(match.start(1))
        places = _IN_MARKDOWN if angle and _AUTOLINK.search(source) else _IN_BRACKETS
        # An attribute stands in a tag, or in a list of attributes between braces.
        if (angle or "{" in source) and any(name.search(source) for name in _ATTRIBUTES):
            places = _ANYWHERE
        self.marked = places.sub(self._mark, source)

    def _mark(self, match: re.Match[str]) -> str:
        found = match[0]
        if found.startswith("]:"):
            # A footnote's text is no address, and a mark would hide a list that starts there.
            bracket = self._source.rfind("[", 0, match.start())
            if self._source.startswith("[^", bracket):
                return found
        number = len(self._offsets)
        at_start = found.endswith("://")
        self._offsets.append(match.start() + 1 if at_start else match.end())
        mark = START + "".join(_DIGITS[int(digit, 16)] for digit in f"{number:x}")
        return found + mark

    def taken_out(self, text: str) -> tuple[str, int | None]:
        """Return `text` without any mark, and the number of the first if that is one of ours."""
        before, start, after = text.partition(START)
        if not start:
            return text, None
        number = at = 0
        for char in after:
            value = _VALUES.get(char)
            if value is None:
                break
            number = number * 16 + value
            at += 1
        known = number if number < len(self._offsets) else None
        if START in after:
            return unmark(text), known
        return before + after[at:], known

    def offset(self, number: int | None, written: str) -> int:
        """Return the offset of a mark, or of the next `written` in the source; -1 if neither.

        Without a mark, addresses between angle brackets are taken in their order.
        """
        if number is not None:
            return self._offsets[number]
        places = self._angled.get(written)
        if places:
            return places.pop(0) if len(places) > 1 else places[0]
        if written.startswith("http://www.") and written not in self._source:
            # GitHub makes a link of `www.town.example` as it stands.
            written = written.removeprefix("http://")
        return self._source.find(written) if written else -1

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset; (0, 0) for -1."""
        if offset < 0:
            return 0, 0
        if self._lines is None:
            # Each line with its end: a NUL is in no source.
            lines = self._source.replace("\n", "\n\0").split("\0")
            self._lines = [0, *accumulate(map(len, lines[:-1]))]
        line = bisect_right(self._lines, offset)
        column = offset - self._lines[line - 1]
        if self._tabbed is not None:
            column = _before_expansion(self._tabbed[line - 1], column)
        return line, column + 1


def without_tabs(source: str) -> str:
    """Return a text as an engine reads it: with spaces up to the next stop, which marks would move.

    So that it is the same text whether its places are marked or not.
    """
    return source.expandtabs(_TAB) if "\t" in source else source


def _before_expansion(line: str, column: int) -> int:
    """Return which character of a line with tabs stands at a column of the expanded line."""
    reached = 0
    for position, char in enumerate(line):
        if reached >= column:
            return position
        reached += _TAB - reached % _TAB if char == "\t" else 1
    return len(line)


def unmark(text: str) -> str:
    """Return `text` without any mark."""
    return MARK.sub("", text) if START in text else text
