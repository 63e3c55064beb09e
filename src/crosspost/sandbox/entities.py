"""What a server finds in a status: links, mentions and hashtags, each with its place.

The rules are those of Mastodon's own extractor, written again: a link needs its protocol and a
top-level domain that exists; a hashtag needs a letter; where two overlap, the first one wins.
Names kept for examples and tests (`.example`, `.test`, RFC 2606) count as domains that exist: a
rehearsal's site often stands under one, and the real one will have a real name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crosspost.sandbox.profiles import TagBoundary


class EntityKind(StrEnum):
    """What was found."""

    LINK = "link"
    MENTION = "mention"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the text, `text[start:end]`.

    `value` is the address of a link, the handle without its first `@`, the tag without its `#`.
    """

    kind: EntityKind
    start: int
    end: int
    value: str


_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_HOST = re.compile(
    rf"(?<![A-Za-z0-9@＠$#＃])https?://(?P<host>(?:{_LABEL}\.)+{_LABEL})(?![@\w])", re.IGNORECASE
)
_CHAR = r"[^\s<>()?]"
_END = r"""[^\s()?!*"'「」<>;:=,.$%\[\]~&|]"""
_PARENS = rf"\((?:{_CHAR}+|{_CHAR}*\({_CHAR}+\){_CHAR}*)\)"
_PATH = rf"(?:{_CHAR}*(?:{_PARENS}{_CHAR}*)*(?:{_END}|{_PARENS})|{_CHAR}+/)"
_ABROAD = "\u00a0-\ud7ff\uf900-\U0010fffd"
_QUERY = rf"\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^{_ABROAD}]*[a-z0-9_&=#/\-{_ABROAD}]"
_REST = re.compile(rf"(?::\d+)?(?:/(?:{_PATH})*)?(?:{_QUERY})?", re.IGNORECASE)
_MENTION = re.compile(
    r"(?<![=/\w])@(?P<handle>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*(?:@\w+(?:[.-]+\w+)*)?)", re.IGNORECASE
)
_AFTER_MENTION = re.compile(r"[@＠À-ÖØ-öø-ÿ]|://")
_RESERVED = frozenset({"example", "test", "invalid", "localhost"})
_SEPARATORS = "_\u00b7\u30fb\u200c"
_LONGEST_DOMAIN = 253


@lru_cache(maxsize=1024)
def _exists(label: str) -> bool:
    """Tell whether `label` is a top-level domain, by the list that Mastodon's clients carry."""
    if label in _RESERVED:
        return True
    if not re.fullmatch(r"[^\W\d_]{2,}|xn--[a-z0-9-]+", label):
        return False
    from mastodon import Mastodon

    address = f"https://a.{label}/{'x' * 40}"
    return Mastodon.get_status_length(address) < len(address)


def _links(text: str) -> Iterator[Entity]:
    for match in _HOST.finditer(text):
        labels = match["host"].split(".")
        while len(labels) > 1 and not _exists(labels[-1].lower()):
            labels.pop()
        if len(labels) < 2:
            continue
        end = match.start("host") + len(".".join(labels))
        if end == match.end("host"):
            rest = _REST.match(text, end)
            end = rest.end() if rest else end
        yield Entity(EntityKind.LINK, match.start(), end, text[match.start() : end])


def _mentions(text: str) -> Iterator[Entity]:
    for match in _MENTION.finditer(text):
        _, _, domain = match["handle"].partition("@")
        if not _AFTER_MENTION.match(text, match.end()) and len(domain) <= _LONGEST_DOMAIN:
            yield Entity(EntityKind.MENTION, match.start(), match.end(), match["handle"])


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _is_word(char: str) -> bool:
    return char == "_" or _is_letter(char) or unicodedata.category(char) in {"Nd", "Pc"}


def tag_at(text: str, start: int) -> str:
    """Return the hashtag's name that begins at `start` (just after the `#`); empty for none."""
    end = start
    while end < len(text) and (_is_word(text[end]) or text[end] in _SEPARATORS):
        end += 1
    name = text[start:end].rstrip(_SEPARATORS.replace("_", ""))
    if not name or not _is_word(name[0]):
        return ""
    found = any(_is_letter(c) or c in _SEPARATORS for c in name[1:-1])
    return name if found or any(map(_is_letter, name)) else ""


def _tags(text: str, boundary: TagBoundary) -> Iterator[Entity]:
    for match in re.finditer("[#＃]", text):
        before = text[match.start() - 1] if match.start() else " "
        if boundary is TagBoundary.SPACE:
            allowed = before.isspace()
        else:
            allowed = match[0] == "#" and before not in "=/)" and not before.isalnum()
        name = tag_at(text, match.end()) if allowed else ""
        if name:
            yield Entity(EntityKind.TAG, match.start(), match.end() + len(name), name)


def find_entities(text: str, boundary: TagBoundary = TagBoundary.SPACE) -> tuple[Entity, ...]:
    """Return the links, mentions and hashtags of `text`, in order and without overlaps."""
    found = sorted(
        (*_links(text), *_tags(text, boundary), *_mentions(text)), key=lambda e: (e.start, -e.end)
    )
    kept: list[Entity] = []
    for entity in found:
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return tuple(kept)
