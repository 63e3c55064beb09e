"""Hashtags as servers read them and as screen readers speak them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from crosspost.channels.counting import without_links

_SILENT = "·‧・"
_TYPED = re.compile(r"[#＃](?P<name>\w+(?:[-‐‑'’]\w+)*)")
# What an apostrophe stands after in the middle of a French word; after others it is a genitive.
_ELIDED = re.compile(r"(?:\w{1,2}|aujourd|jusqu|lorsqu|presqu|puisqu|quelqu|quoiqu)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenTag:
    """A hashtag as a person typed it, what a server reads of it, and what to write instead.

    `read` is empty where a server sees no hashtag at all; `instead` where nothing helps.
    """

    typed: str
    read: str
    instead: str


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


def misread_hashtags(text: str) -> tuple[WrittenTag, ...]:
    """Return the hashtags in a text that servers read otherwise than a person meant them.

    `#Saint-Denis` is read as `#Saint`, `#L'Été` as `#L`; `#2026`, `(#Concert)` and `mot#Tag` are
    none. An English genitive (`#Valbourg's`) ends where it is meant to.
    """
    found: dict[str, WrittenTag] = {}
    plain = without_links(text)
    for match in _TYPED.finditer(plain):
        name, typed = match["name"], match[0]
        head = re.match(r"\w+", name)
        read = head[0] if head else ""
        mark = name[len(read) : len(read) + 1]
        if mark in ("'", "’") and not _ELIDED.fullmatch(read):
            name, typed = read, f"#{read}"
        free = match.start() == 0 or plain[match.start() - 1].isspace()
        instead = hashtag(name)
        if instead is None:
            one = WrittenTag(typed, "", "")
        elif not free:
            one = WrittenTag(typed, "", instead)
        elif name != read:
            one = WrittenTag(typed, f"#{read}", instead)
        else:
            continue
        found.setdefault(typed, one)
    return tuple(found.values())


def _belongs(char: str) -> bool:
    category = unicodedata.category(char)
    return char == "_" or category[0] in "LM" or category == "Nd"
