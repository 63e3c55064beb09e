"""Rows of emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem

_SIGN = (
    "[\U0001f300-\U0001f64f\U0001f680-\U0001faff\u2600-\u26ff\u2702-\u27b0\u203c\u2049"
    "\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25b6\u25c0\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55]"
)
_ONE = (
    rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_SIGN}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
    rf"(?:\u200d{_SIGN}\ufe0f?[\U0001f3fb-\U0001f3ff]?)*)"
)
_RUN = re.compile(rf"{_ONE}(?:[ \u00a0]*{_ONE}){{2,}}")


def _find(text: WrittenText) -> Iterator[Problem]:
    front = text.document.front_matter
    for key, value in (("title", front.title), ("summary", front.summary or "")):
        if match := _RUN.search(value):
            yield text.problem_at(key, "emoji-run", _message(match[0]))
    for number, line in enumerate(text.words, start=1):
        for match in _RUN.finditer(line):
            yield text.problem(number, match.start() + 1, "emoji-run", _message(match[0]))
    for place, words in text.messages():
        if match := _RUN.search(words):
            yield text.problem_at(place, "emoji-run", _message(match[0]))


def _message(run: str) -> str:
    return f"'{run}' is read aloud name by name: keep one emoji, or write what they mean."


GATE = Gate(
    "emoji",
    "Emoji",
    (
        warning(
            "emoji-run",
            "Three emoji or more stand in a row.",
            "A screen reader says the whole name of each.",
            "Keep one, at the end of the sentence; let the words say what matters.",
            "RGAA 1.1 · WCAG 1.1.1",
        ),
    ),
    text=_find,
)
