"""Links and pictures whose parts are found with expressions, not one character after the other."""

from __future__ import annotations

import re

from markdown.inlinepatterns import ImageInlineProcessor, LinkInlineProcessor

_BRACKET = re.compile(r"[\[\]]")
# Without a bracket, a quote or an angle inside, nothing is left to decide.
_PLAIN_ADDRESS = re.compile(r"\(\s*([^()'\"<>]*)\)")


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
