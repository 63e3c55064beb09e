"""A list may follow the line that announces it: people do not leave an empty line between.

CommonMark, and what Jekyll, Hugo and code forges make of Markdown, agree: a line that begins with
`- ` or `1. ` ends the paragraph above it. Python-Markdown wants an empty line there, and this puts
it in. A number other than 1 does not begin a list: a wrapped line may begin with `2019. `.
"""

from __future__ import annotations

import re

from markdown.preprocessors import Preprocessor

_QUOTE = re.compile(r"(?:[ ]{0,3}>[ ]?)*")
_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,9}\.)[ \t]+\S")
_FIRST = re.compile(r"[ ]{0,3}(?:[-*+]|1\.)[ \t]+(?![-*+](?:[ \t]*[-*+])+[ \t]*$)\S")
_RULE = re.compile(r"[ ]{0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_LEAF = re.compile(r"[ ]{0,3}(?:#|\||:[ \t]|\[\^?[^\]]+\]:|\*\[)")


class ListsAfterParagraphs(Preprocessor):
    """Puts an empty line between a paragraph and the list that follows it at once."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with those that were missing; code and raw HTML are gone by now."""
        spaced: list[str] = []
        quoted, paragraph = "", False
        for line in lines:
            quote, text = "", line
            if ">" in line:
                quote = _QUOTE.match(line)[0]  # type: ignore[index] # it matches the empty text, too
                text = line[len(quote) :]
            same = quote.count(">") == quoted.count(">")
            if not text or text.isspace() or _RULE.match(text):
                paragraph = False
            elif same and paragraph and _FIRST.match(text):
                spaced.append(quote.rstrip())
                paragraph = False
            elif not same or not spaced or _is_empty(spaced[-1]):
                # The first line says what the block is: a list goes on until an empty line.
                words = not (_ITEM.match(text) or _LEAF.match(text))
                paragraph = words and not text.startswith(("    ", "\t"))
            quoted = quote
            spaced.append(line)
        return spaced


def _is_empty(line: str) -> bool:
    return not line.strip("> \t") or _RULE.match(line) is not None
