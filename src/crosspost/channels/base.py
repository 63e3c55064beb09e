"""What a channel can do, how it says that it could not, and how channels are found.

A package brings a channel of its own through the entry-point group `crosspost.channels`: a class
that is called with `ChannelOptions` and does what `Channel` says.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, cast

from crosspost.channels.message import Limits, Message
from crosspost.errors import BlockedError, did_you_mean

ENTRY_POINTS = "crosspost.channels"
_OWN = {"mastodon": "crosspost.channels.mastodon:MastodonChannel"}


class ChannelError(Exception):
    """A call did not do what it was to do. The text is for people and holds no secret."""


class RefusedError(ChannelError):
    """The server said no: nothing was said, and the same call would be refused again."""


class UnauthorisedError(ChannelError):
    """The token is not accepted: nothing was said, and nothing else will be."""


class RateLimitedError(ChannelError):
    """Too many calls: nothing was said. `reset` is when the server takes the next one."""

    def __init__(self, message: str, reset: datetime | None = None):
        super().__init__(message)
        self.reset = reset


class UnreachableError(ChannelError):
    """The call never reached the server, or not its last step: nothing was said."""


class UnknownOutcomeError(ChannelError):
    """The call may have been carried out, and may not: unknown is not failed."""


class GoneError(ChannelError):
    """The status is not on the server, or no longer."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server gave for a message: its opaque ids and its address.

    `edited_at` is when it was last edited, by the server's clock, in ISO 8601 and UTC to the
    millisecond; empty where it never was, None where the server does not tell.
    """

    remote_id: str
    remote_url: str
    media_ids: tuple[str, ...] = ()
    edited_at: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A status as it is on the server now.

    `text` is what was typed where the server shows it, else what is read; `digest` is its
    `text_digest`, and None where only what is read is known. `card` says whether it has a preview
    of its link, `alts` are the alternative texts of its pictures in their order, `edited_at` is as
    in a receipt: each of these and of the rest is None where a server does not tell.
    """

    receipt: Receipt
    text: str
    digest: str | None
    at: datetime
    links: tuple[str, ...] = ()
    card: bool | None = None
    edited_at: str | None = None
    content_warning: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    alts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChannelOptions:
    """What a channel is opened with. `instance` is an address without its last slash.

    `media_seconds` is how long to wait until the server has worked on a picture.
    """

    name: str
    account: str
    instance: str
    token: str = field(repr=False)
    user_agent: str = "crosspost"
    media_seconds: float = 120.0


class Channel(Protocol):
    """One account that messages are sent through.

    Each method is one intent; each raises a `ChannelError`, or returns when the server has
    confirmed. None of them waits for a rate limit or tries anything twice. `limits` are the
    server's own after `preflight`. So are `warnings`, in words: what the token may not do. And
    `clock_ahead` is how far the server's clock is ahead of ours, None where it does not say.
    """

    limits: Limits
    warnings: Sequence[str]
    clock_ahead: timedelta | None

    def preflight(self) -> Limits:
        """Check that the token is that of the configured account, and read the limits.

        Raises `BlockedError` where the account is another one.
        """

    def create(self, message: Message, key: str) -> Receipt:
        """Say a message. `key` names the intent: a server that honours it says it once."""

    def edit(self, message: Message, remote_id: str, media_ids: Mapping[str, str]) -> Receipt:
        """Replace a status as a whole. `media_ids` gives the ids of pictures by their digest."""

    def delete(self, remote_id: str) -> None:
        """Take a status back. One that is not there is no error."""

    def look(self, remote_id: str) -> Seen:
        """Return a status as it is now, with what was typed. Raises `GoneError` where it is not."""

    def history(self, since: datetime | None = None) -> Iterator[Seen]:
        """Yield the account's own statuses, newest first, as they are read; back to a moment."""

    def find(
        self, url: str, since: datetime, known: Collection[str], digest: str | None
    ) -> tuple[Receipt, ...]:
        """Search the account's statuses since a moment for a message, oldest first.

        `url` is the link that it holds; empty where it holds none, as later messages of a thread:
        its words alone then tell. Ids in `known` belong to other messages. `digest` is the
        `text_digest` of its text; a status of other words is not it. Where that is None, or the
        server does not let texts be read, the link is enough.
        """


def open_channel(kind: str, options: ChannelOptions) -> Channel:
    """Open a channel of a type: one of ours, or one that an installed package brings.

    Raises `BlockedError` where no such type is installed or its package cannot be loaded.
    """
    from importlib.metadata import entry_points

    found = {point.name: point.value for point in entry_points(group=ENTRY_POINTS)} | _OWN
    if kind not in found:
        known = ", ".join(sorted(found))
        raise BlockedError(
            f"channel '{options.name}' is of type '{kind}', which is not installed."
            f"{did_you_mean(kind, found)} Installed: {known}."
        )
    module, _, name = found[kind].partition(":")
    try:
        return cast(Channel, getattr(importlib.import_module(module), name)(options))
    except (ImportError, AttributeError) as error:
        raise BlockedError(f"channel type '{kind}' cannot be loaded: {error}.") from error
