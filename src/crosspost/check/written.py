"""The text of one document as its author wrote it, and beside it what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crosspost.content.body import Body
from crosspost.content.document import Document
from crosspost.errors import Problem, Severity

_FENCE = re.compile(r" {0,3}(?:> ?)*(`{3,}|~{3,})")
_BLANKED = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|pre|svg|code)\b.*?(?:</(?P=raw)\s*>|\Z)"
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?[a-zA-Z][^<>]*>"
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
    r"|https?://[^\s<>)\]]+|www\.[^\s<>)\]]+"
    r"|\{[%{:].*?[%}]\}|\{:[^}\n]*\}"
)


@dataclass(frozen=True)
class WrittenText:
    """A document, the Markdown of its body, and the body as it was rendered.

    Lines and columns of the body count from 1.
    """

    document: Document
    lang: str
    markdown: str
    body: Body
    compat: bool = False

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the body; code and comments are blank, and everything is in its place."""
        return _without_code(self.markdown).split("\n")

    @cached_property
    def words(self) -> list[str]:
        """The lines without addresses and tags: what a reader reads, in its place."""
        text = "\n".join(self.lines)
        return _MARKUP.sub(lambda match: _blank(match[0]), text).split("\n")

    def paragraphs(self) -> Iterator[tuple[int, str]]:
        """Yield the blocks of `words` between blank lines, each with the line where it begins."""
        start, block = 0, []
        for number, line in enumerate([*self.words, ""], start=1):
            if line.strip():
                start = start or number
                block.append(line)
            elif block:
                yield start, "\n".join(block)
                start, block = 0, []

    def messages(self) -> Iterator[tuple[str, str]]:
        """Yield what was written for channels: the key that it stands at, and its words."""
        for name, variant in self.document.front_matter.channels.items():
            for number, words in enumerate(variant.words):
                keys = (f"channels.{name}.text.{number}", f"channels.{name}.text")
                known = [key for key in keys if key in self.document.places]
                yield (known[0] if known else "channels"), words

    def problem(self, line: int, column: int, code: str, message: str) -> Problem:
        """Make a warning at a place of the body; 0 where it is not known."""
        place = (line, column) if line else (1, 1)
        return self.document.body_problem(*place, code, message, Severity.WARNING)

    def problem_at(self, key: str, code: str, message: str) -> Problem:
        """Make a warning at a key of the front matter."""
        return self.document.problem(key, code, message, Severity.WARNING)


def _without_code(markdown: str) -> str:
    """Return the text with everything that is code or a comment as spaces."""
    lines = markdown.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if fence:
            lines[number] = _blank(line)
            if match and match[1].startswith(fence) and not line[match.end() :].strip("`~ "):
                fence = ""
        elif match:
            fence = match[1]
            lines[number] = _blank(line)
        elif _begins_code(lines, number):
            lines[number] = _blank(line)
    return _BLANKED.sub(lambda match: _blank(match[0]), "\n".join(lines))


def _begins_code(lines: list[str], number: int) -> bool:
    """Say whether a line is indented code: after a blank line or code, and not in a list."""
    line = lines[number]
    if not line.startswith(("    ", "\t")) or (number and lines[number - 1].strip()):
        return False
    return not re.match(r"\s+(?:[-+*]|\d+[.)])\s", line) and not _in_list(lines, number)


def _in_list(lines: list[str], number: int) -> bool:
    """Say whether an indented line goes on with an item above it."""
    for line in reversed(lines[:number]):
        if line.strip() and not line.startswith((" ", "\t")):
            return bool(re.match(r"(?:[-+*:]|\d+[.)]|\[\^[^\]]+\]:|!!!)\s?", line))
    return False


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
