"""What one channel is to say of one post, and what a server allows it to be."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that goes with a message.

    `path` is relative to the site, for people; `file` is where the bytes are; `digest` is the
    SHA-256 of those bytes, in hexadecimal. `focus` is a point from -1 to 1 each way, y upwards.
    `moving` says that it is an animation.
    """

    path: str
    digest: str
    mime: str
    alt: str
    focus: tuple[float, float] | None = None
    file: Path = field(default=Path(), compare=False, repr=False)
    moving: bool = False

    def payload(self) -> dict[str, Any]:
        """Return what a reader of the message would notice if it changed."""
        said: dict[str, Any] = {"alt": self.alt, "digest": self.digest}
        if self.focus is not None:
            said["focus"] = list(self.focus)
        return said


@dataclass(frozen=True, slots=True)
class Question:
    """A poll: its answers, how many seconds it is open, and how votes are taken and shown."""

    options: tuple[str, ...]
    expires_in: int
    multiple: bool = False
    hide_totals: bool = False

    def payload(self) -> dict[str, Any]:
        """Return what a reader of the message would notice if it changed."""
        said: dict[str, Any] = {"options": list(self.options), "expires_in": self.expires_in}
        if self.multiple:
            said["multiple"] = True
        if self.hide_totals:
            said["hide_totals"] = True
        return said

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Question:
        """Read back what `payload` gave."""
        return cls(
            options=tuple(map(str, payload["options"])),
            expires_in=int(payload["expires_in"]),
            multiple=bool(payload.get("multiple")),
            hide_totals=bool(payload.get("hide_totals")),
        )


@dataclass(frozen=True, slots=True)
class Message:
    """The words, the pictures and the settings of one status.

    `uid` is the post's identity. `url` is the post's full address. `path` and `line` say where a
    person would change the text. `part` of `parts` is the message's place in a thread, from 1, and
    `reply_to` the id of the status before it, known once that one is said: a channel without
    threads says the parts one after the other. `mentions` holds the handles that a person wrote
    into the text, and means to notify. `quotes` says who may quote it; None: as the account does.
    `title` is the post's, which need not be in the text.
    """

    channel: str
    account: str
    uid: str
    text: str
    url: str
    path: str
    line: int = 0
    part: int = 1
    content_warning: str | None = None
    visibility: str = "public"
    language: str | None = None
    sensitive: bool = False
    media: tuple[Media, ...] = ()
    poll: Question | None = None
    quotes: str | None = None
    mentions: tuple[str, ...] = ()
    parts: int = 1
    reply_to: str | None = None
    title: str = ""

    @property
    def linked(self) -> str:
        """The post's address where the text holds it, else nothing."""
        return self.url if holds_link(self.text, self.url) else ""

    def payload(self) -> dict[str, Any]:
        """Return all that an edit can change, without what is at its default.

        Visibility is not here: no server lets an edit change it.
        """
        said: dict[str, Any] = {"text": self.text}
        if self.content_warning:
            said["content_warning"] = self.content_warning
        if self.language:
            said["language"] = self.language
        if self.sensitive:
            said["sensitive"] = True
        if self.media:
            said["media"] = [one.payload() for one in self.media]
        if self.poll:
            said["poll"] = self.poll.payload()
        if self.quotes:
            said["quotes"] = self.quotes
        return said

    @property
    def hash(self) -> str:
        """SHA-256 of the payload, in hexadecimal: it differs when an edit is due."""
        return payload_hash(self.payload())


def holds_link(text: str, url: str) -> bool:
    """Whether a text holds an address, and not only the beginning of a longer one."""
    return bool(re.search(re.escape(url) + r"(?![\w/?#=&%-])", text))


def payload_hash(payload: dict[str, Any]) -> str:
    """Hash a payload, whatever the order of its keys."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def text_digest(text: str) -> str:
    """Return what a text is recognised by on a server: its letters and digits, hashed.

    Spaces, punctuation and markup are left out, because servers change them in passing.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char for char in plain if char.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server accepts, as it says itself; the defaults are Mastodon's.

    `characters` and `description` (of an alt text) count characters, `per_url` is what one link
    costs, `image_bytes` is in bytes and `image_pixels` in width times height. `strict` is true
    where the server is not known to count as Mastodon does: the longer of two counts is then
    taken. `keyed` says that the server honours idempotency keys, `guarded` that it refuses a
    message which would notify somebody unforeseen, `quotes` that it knows who may quote a message.
    Of polls: how many answers, of how many characters, open for how many seconds at least and at
    most, and whether pictures may stand beside one. `read_at` is when the server was asked, in
    ISO 8601 and UTC; None means that it never was.
    """

    characters: int = 500
    per_url: int = 23
    media: int = 4
    description: int = 1500
    image_bytes: int = 16 * 1024 * 1024
    image_pixels: int = 33_177_600
    mime_types: tuple[str, ...] = PICTURE_TYPES
    strict: bool = False
    keyed: bool = False
    guarded: bool = False
    quotes: bool = False
    poll_options: int = 4
    poll_characters: int = 50
    poll_shortest: int = 300
    poll_longest: int = 2_629_746
    poll_with_media: bool = False
    read_at: str | None = None
