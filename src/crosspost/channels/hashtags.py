"""Hashtags as servers read them and as screen readers speak them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_SILENT = "·‧・"


def hashtag(tag: str) -> str | None:
    """Turn a tag into a hashtag: `centre-ville` becomes `#CentreVille`.

    Words are joined with capitals, so that a screen reader says them apart. Only letters, digits
    and underscores stay: a server would end the hashtag at anything else. Returns None where no
    letter is left, because servers make no hashtag of digits alone.
    """
    text = unicodedata.normalize("NFC", tag.strip().lstrip("#＃"))
    for mark in _SILENT:
        text = text.replace(mark, "")
    words = "".join(char if _belongs(char) else " " for char in text).split()
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    if not any(unicodedata.category(char).startswith("L") for char in joined):
        return None
    return f"#{joined}"


def hashtags(tags: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Turn tags into hashtags, each once whatever its case.

    Returns the hashtags, and the tags of which none can be made.
    """
    made: dict[str, str] = {}
    lost: list[str] = []
    for tag in tags:
        one = hashtag(tag)
        if one is None:
            lost.append(tag)
        else:
            made.setdefault(one.casefold(), one)
    return tuple(made.values()), tuple(lost)


def _belongs(char: str) -> bool:
    category = unicodedata.category(char)
    return char == "_" or category[0] in "LM" or category == "Nd"
