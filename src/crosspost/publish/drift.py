"""Drift: what somebody changed by hand in a status that we said.

Words tell by their letters and digits alone, since servers change spaces and marks in passing. What
is finer (a comma, an alternative text, the warning, the language) is compared only where the server
says that the status was edited after our last call: its habits can then not be taken for a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from crosspost.channels.base import Seen
from crosspost.channels.message import Message, text_digest
from crosspost.publish.plan import drifted_in_words
from crosspost.publish.rows import Key, Row

PICTURES = "pictures"


def changed_by_hand(row: Row, seen: Seen, coming: Message | None = None) -> tuple[str, ...]:
    """Return the names of what is not ours in a status; nothing where all of it is.

    Ours are what the last receipt says, the words of an edit that a crash may have cut off, and
    `coming`, which is to be sent now. What was adopted without its words cannot be compared.
    """
    sent = row.payload
    if sent is None:
        return ()
    ours = {text_digest(str(sent.get("text", ""))), *row.edit_texts}
    if coming is not None:
        ours.add(text_digest(coming.text))
    if seen.digest is not None and seen.digest not in ours:
        return ("words",)
    if row.edit_texts or not _edited_since(row, seen):
        return ()
    found = tuple(_differences(sent, seen))
    if coming is not None and not any(_differences(coming.payload(), seen)):
        return ()
    return found


def in_words(key: Key, changed: tuple[str, ...]) -> str:
    """Say what was changed by hand, and how the post's own would replace it."""
    return f"{drifted_in_words(key)} (changed: {', '.join(changed)})"


def _edited_since(row: Row, seen: Seen) -> bool:
    """Whether the server tells of an edit after the last of ours. An older copy of it is none."""
    known = row.edited_at is not None and seen.edited_at is not None
    return known and (seen.edited_at or "") > (row.edited_at or "")


def _differences(sent: Mapping[str, Any], seen: Seen) -> Iterator[str]:
    """Yield the names of what is other than it was sent, as far as the server shows it."""
    if seen.digest is not None and _plain(seen.text) != _plain(sent.get("text")):
        yield "punctuation"
    warning = _plain(sent.get("content_warning"))
    if seen.content_warning is not None and _plain(seen.content_warning) != warning:
        yield "content warning"
    sensitive = bool(sent.get("sensitive") or warning)
    if seen.sensitive is not None and seen.sensitive != sensitive:
        yield "sensitive"
    language = sent.get("language")
    if language and seen.language and _primary(seen.language) != _primary(str(language)):
        yield "language"
    pictures = sent.get("media") or ()
    if len(seen.receipt.media_ids) != len(pictures):
        yield PICTURES
    elif seen.alts is not None and [*map(_plain, seen.alts)] != [
        _plain(one.get("alt")) for one in pictures
    ]:
        yield "alternative texts"


def _plain(text: object) -> str:
    """Return a text by its visible marks: servers trim, and change lines and spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text or "")).split())


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].casefold()
