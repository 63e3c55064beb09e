"""The inline patterns that posts are full of, with a short way for their plain cases.

Python-Markdown reads links and emphasis one character after the other, to get the intricate ones
right. Where an expression shows that nothing intricate is there, the answer is the same sooner.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import ImageInlineProcessor, LinkInlineProcessor

if TYPE_CHECKING:
    # Not there before 3.11.
    from markdown.inlinepatterns import DelimiterProcessor

Found = tuple[Element | str | None, int | None, int | None]
"""What an inline pattern made of a match, and from where to where that stood in the text."""
Handle = Callable[[re.Match[str], str], Found]

_BRACKET = re.compile(r"[\[\]]")
# Without a bracket, a quote or an angle inside, nothing is left to decide.
_PLAIN_ADDRESS = re.compile(r"\(\s*([^()'\"<>]*)\)")
# Stars, words without any mark of emphasis, as many stars; or underscores, but not in a word.
_PLAIN_EMPHASIS = re.compile(
    r"(\*{1,2}(?!\*)|(?<!\w)_{1,2}(?!_))(?!\s)([^*_]*+)(?<!\s)\1(?:(?<=\*)(?!\*)|(?<=_)(?!\w))"
)


class Link(LinkInlineProcessor):
    """Python-Markdown's inline link, to replace "link"."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        """Return what stands before the bracket that closes, the place after it, and if it does."""
        depth = 1
        for bracket in _BRACKET.finditer(data, index):
            depth += 1 if bracket[0] == "[" else -1
            if not depth:
                return data[index : bracket.start()], bracket.end(), True
        return data[index:], len(data), False

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        """Return the address and the title in `(address "title")`, the place after, and if so."""
        if match := _PLAIN_ADDRESS.match(data, index):
            return self.unescape(match[1]).strip(), None, match.end(), True
        return super().getLink(data, index)


class Image(Link, ImageInlineProcessor):
    """Python-Markdown's inline picture, to replace "image_link"."""


def emphasis(pattern: DelimiterProcessor) -> Handle:
    """Return how to answer to a match of Python-Markdown's emphasis, `pattern`.

    That looks at the marks of both kinds, up to where all are closed, and keeps what it finds in
    `regions` until it has been asked for each: only between two such spans may this step in.
    """
    in_full: Handle = pattern.handleMatch
    known = {mark: (one.tags, one.smart) for mark, one in pattern.delimiters.items()}
    tags = ("strong", "em")
    if known != {"*": (tags, False), "_": (tags, True)}:
        return in_full

    def handle(match: re.Match[str], data: str) -> Found:
        plain = None if pattern.regions else _PLAIN_EMPHASIS.match(data, match.start())
        if plain is None:
            return in_full(match, data)
        element = Element("em" if len(plain[1]) == 1 else "strong")
        element.text = plain[2]
        return element, plain.start(), plain.end()

    return handle
