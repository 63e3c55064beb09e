"""Slugs: the part of an address, or of a heading's id, that is made from words.

Addresses are for ever, so what this module answers is frozen by tests: a change here moves pages.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container

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
_SEPARATORS = re.compile(r"[\W_]+")
LONGEST = 80


def slugify(text: str, *, longest: int = LONGEST) -> str:
    """Return the slug of `text`: lower case, words joined by single hyphens, never empty.

    Accents go, ligatures are spelt out and every apostrophe parts words (`l’école` gives
    `l-ecole`). Letters of other scripts stay as they are, to be percent-encoded where an address
    is written. A slug longer than `longest` characters is cut after a whole word where there is
    one. A text with no letter and no digit gives `x-` and eight hexadecimal digits of its digest,
    so that two such texts do not meet.
    """
    words = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    words = _COMBINING.sub("", unicodedata.normalize("NFKD", words))
    # Recomposed, so that scripts that combine (Hangul, Devanagari) keep whole syllables.
    slug = _SEPARATORS.sub("-", unicodedata.normalize("NFC", words)).strip("-")
    if not slug:
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4)
        return f"x-{digest.hexdigest()}"
    if len(slug) <= longest:
        return slug
    whole, hyphen, _ = slug[: longest + 1].rpartition("-")
    return whole if hyphen else slug[:longest]


def unique(slug: str, taken: Container[str]) -> str:
    """Return `slug`, or `slug-2`, `slug-3`… where it is in `taken` already."""
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
