"""How alike two texts are: whether one may be the other with a few words changed.

Compared are the letters of each word, three by three: an ending, an accent, a date or the order of
sentences changes little of them, another subject nearly all. Links and hashtags are left out, since
a renamed post has another address, and posts of one subject share their tags.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

ALIKE = 0.7
"""From where on a person is asked. `tests/publish/fixtures/renames.txt` shows what that means."""

_NO_WORDS = re.compile(r"https?://\S+|#\w+")
_WORD = re.compile(r"[^\W_]+")
_FEWEST_LETTERS = 30
_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is compared: how often it has each three letters, and each word by its length.

    Without words it is like nothing.
    """

    threes: Counter[str]
    words: Counter[str]

    @classmethod
    def of(cls, text: str) -> Words:
        """Read a text."""
        split = unicodedata.normalize("NFKD", _NO_WORDS.sub(" ", text).casefold())
        plain = "".join(char for char in split if not unicodedata.combining(char))
        threes: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for word in _WORD.findall(plain):
            padded = f" {word} "
            threes.update(padded[at : at + 3] for at in range(len(word)))
            words[word] += len(word)
        return cls(threes, words)

    def likeness(self, other: Words) -> float:
        """Return how alike two texts are, from 0 to 1, whichever of them comes first.

        A text that holds another one whole, and that one is no mere phrase, is like it: sentences
        were added.
        """
        return max(_shared(self.threes, other.threes), self._held(other))

    def _held(self, other: Words) -> float:
        fewer = min(self.words.total(), other.words.total())
        if fewer < _FEWEST_LETTERS:
            return 0.0
        share = (self.words & other.words).total() / fewer
        return share if share >= _NEARLY_ALL else 0.0


def _shared(one: Counter[str], other: Counter[str]) -> float:
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0
