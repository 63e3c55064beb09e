"""Slugs: the part of an address, or of a heading's id, that is made from words.

Addresses are for ever, so what this module answers is frozen by tests: a change here moves pages.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that Unicode does not decompose.
_LETTERS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
    }
)
_COMBINING = re.compile(r"[\u0300-\u036f]+")
# What C++, C# and Canal+ are without: another name.
_SIGNS = re.compile(r"(?<=\w)(?:\++|#)(?!\w)")
_SIGN_WORDS = str.maketrans({"+": "-plus", "#": "-sharp"})
_SEPARATORS = re.compile(r"[\W_]+")
LONGEST = 80


@lru_cache(maxsize=4096)
def slugify(text: str, *, longest: int = LONGEST) -> str:
    """Return the slug of `text`: lower case, words joined by single hyphens, never empty.

    Accents go, ligatures are spelt out, every apostrophe parts words (`l’école` gives `l-ecole`),
    and a plus or a sharp that ends a word is one (`C++` gives `c-plus-plus`). Letters of other
    scripts stay as they are, to be percent-encoded where an address is written. A slug longer than
    `longest` characters is cut after a whole word where there is one. A text with no letter and no
    digit gives `x-` and eight hexadecimal digits of its digest, so that two such texts do not meet.
    """
    if text.isascii():  # as most names of files are: nothing in it can be taken apart
        words = text.lower()
        if len(words) <= longest and "--" not in words and words.replace("-", "a").isalnum():
            return words.strip("-") or _of_digest(text)
    else:
        words = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
        words = _COMBINING.sub("", unicodedata.normalize("NFKD", words))
    if "+" in words or "#" in words:
        words = _SIGNS.sub(lambda match: match[0].translate(_SIGN_WORDS), words)
    if not words.isascii():
        # Recomposed, so that scripts that combine (Hangul, Devanagari) keep whole syllables.
        words = unicodedata.normalize("NFC", words)
    slug = _SEPARATORS.sub("-", words).strip("-")
    if not slug:
        return _of_digest(text)
    if len(slug) <= longest:
        return slug
    whole, hyphen, _ = slug[: longest + 1].rpartition("-")
    return whole if hyphen else slug[:longest]


def _of_digest(text: str) -> str:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4)
    return f"x-{digest.hexdigest()}"


class Names:
    """Hands out names (ids on a page) that no one else has: `a`, `a-2`, `a-3`…"""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def new(self, slug: str) -> str:
        """Return `slug`, with the first free number from 2 where it is taken."""
        name, number = slug, self._numbers.get(slug, 1)
        while name in self._taken:
            number += 1
            name = f"{slug}-{number}"
        self._numbers[slug] = number
        self._taken.add(name)
        return name
