"""Sentences in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem

_LETTER = "A-ZÀ-ÖØ-ÞŒŸ"
_WORD = rf"[{_LETTER}]{{2,}}"
# Signs between acronyms (ANSSI, CNIL) end a run: a list of them is no shout.
_RUN = re.compile(
    rf"(?<![\w#@/.-])(?:[{_LETTER}]+['’-]?)*{_WORD}"
    rf"(?:[ \u00a0\u202f'’-]+(?:{_WORD}|[{_LETTER}](?!\w))){{2,}}(?!\w)"
)
_TITLE = re.compile(rf"[^a-zà-öø-ÿœ]*{_WORD}[^a-zà-öø-ÿœ]+{_WORD}[^a-zà-öø-ÿœ]*")
_FEWEST = 15
_FEWEST_IN_TITLE = 10
_LONG = 5
"""Letters from which a word is hardly an acronym."""


def _find(text: WrittenText) -> Iterator[Problem]:
    title = text.document.front_matter.title
    if _TITLE.fullmatch(title) and _letters(title) >= _FEWEST_IN_TITLE and _spoken(title):
        yield text.problem_at("title", "all-caps", _message(title))
    for run in _runs(text.document.front_matter.summary or ""):
        yield text.problem_at("summary", "all-caps", _message(run[0]))
    for number, line in enumerate(text.words, start=1):
        for run in _runs(line):
            yield text.problem(number, run.start() + 1, "all-caps", _message(run[0]))
    for place, words in text.messages():
        for run in _runs(words):
            yield text.problem_at(place, "all-caps", _message(run[0]))


def _runs(words: str) -> Iterator[re.Match[str]]:
    for match in _RUN.finditer(words):
        if _letters(match[0]) >= _FEWEST and _spoken(match[0]):
            yield match


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)


def _spoken(text: str) -> bool:
    """Say whether there are words among the capitals, not acronyms alone."""
    return sum(len(word) >= _LONG for word in re.findall(rf"[{_LETTER}]+", text)) >= 2


def _message(text: str) -> str:
    shown = text if len(text) <= 50 else f"{text[:50]}…"
    return f"'{shown}' is in capitals: write it as a sentence, and use ** ** to stress it."


GATE = Gate(
    "capitals",
    "Capitals",
    (
        warning(
            "all-caps",
            "A title, or several words on end of a text or a message, are in capitals.",
            "They are slower to read, hardest for who has dyslexia, and some screen readers spell "
            "them out.",
            "Write a sentence; stress it with `**`. Capitals for looks are the theme's affair.",
            "no criterion of its own; readability (WCAG 3.1)",
        ),
    ),
    text=_find,
)
