"""Rebuilding a ledger that was lost: which status of the account is which post's.

A status is a post's by the post's address in it, else by its words. Where two could be, nobody
guesses: both are named, and a person says which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crosspost.channels.base import Channel, Seen
from crosspost.channels.compose import compose_thread
from crosspost.channels.message import Message, text_digest
from crosspost.publish.ledger import Ledger
from crosspost.publish.plan import Target
from crosspost.publish.posts import Post
from crosspost.publish.rows import EventKind, Key, State

_SETTLED = (State.SENT, State.ENDED)
_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Match:
    """A post, and the statuses that may be its message: one is found, several are unclear.

    `how` says in words by what. `message` is what the post says today, where the status says the
    same; it is None where the words differ, and are then left as they are.
    """

    key: Key
    path: str
    statuses: tuple[Seen, ...]
    how: str
    message: Message | None = None

    @property
    def found(self) -> bool:
        """Whether there is one status, so that nothing has to be guessed."""
        return len(self.statuses) == 1


def matches(
    posts: Iterable[Post], target: Target, channel: Channel, ledger: Ledger
) -> tuple[Match, ...]:
    """Return the posts that the account has spoken of and the ledger does not know as said.

    Reads the whole account. Raises `ChannelError` where it cannot be read.
    """
    offered = [
        (post, keys)
        for post in posts
        if post.entry is not None and (keys := _unsettled(ledger, post, target))
    ]
    if not offered:
        return ()
    known = {id_ for row in ledger.rows.values() for id_ in row.remote_ids}
    shelf = _Shelf(seen for seen in channel.history() if seen.receipt.remote_id not in known)
    return tuple(_matched(offered, target, shelf))


def adopt_all(found: Sequence[Match], ledger: Ledger) -> None:
    """Record each status that was found as the message of its post."""
    for match in found:
        row = ledger.row(match.key)
        (seen,) = match.statuses
        ledger.append(
            EventKind.ADOPTED,
            match.key,
            generation=row.generation if row else 1,
            path=match.path,
            reason=f"found on the account by {match.how}",
            remote_id=seen.receipt.remote_id,
            remote_url=seen.receipt.remote_url,
            **_what_it_says(match, seen),
        )


def _matched(
    offered: Sequence[tuple[Post, Sequence[Key]]], target: Target, shelf: _Shelf
) -> Iterator[Match]:
    taken: set[str] = set()
    for post, keys in offered:
        source, _ = post.source(target.name)
        composed = compose_thread(source, target.voice, target.limits)
        linked = [bool(one.message and one.message.linked) for one in composed]
        found: list[Match] = []
        for key in keys:
            message = composed[key.part - 1].message
            # Where a text does not go out as it is written, the link is in the first.
            by_link = linked[key.part - 1] or (key.part == 1 and not any(linked))
            addresses = _addresses(post, source.url) if by_link else ()
            how, statuses = shelf.holding(addresses, message, taken)
            if statuses:
                taken |= {seen.receipt.remote_id for seen in statuses}
                says_it = len(statuses) == 1 and _says(statuses[0], message)
                found.append(Match(key, post.file, statuses, how, message if says_it else None))
        whole = len(found) == len(keys) and all(match.message for match in found)
        # A thread of which one message was not recognised is not continued: it may be there.
        yield from found if whole else (replace(match, message=None) for match in found)


def _says(seen: Seen, message: Message | None) -> bool:
    return message is not None and text_digest(seen.text) == text_digest(message.text)


class _Shelf:
    """An account's statuses, oldest first, by the links in them and by their words."""

    def __init__(self, statuses: Iterable[Seen]) -> None:
        self._by_link: dict[str, list[Seen]] = {}
        self._by_words: dict[str, list[Seen]] = {}
        for seen in sorted(statuses, key=lambda seen: seen.at):
            for link in dict.fromkeys((*seen.links, *_LINK.findall(seen.text))):
                self._by_link.setdefault(link, []).append(seen)
            self._by_words.setdefault(text_digest(seen.text), []).append(seen)

    def holding(
        self, addresses: Sequence[str], message: Message | None, taken: Collection[str]
    ) -> tuple[str, tuple[Seen, ...]]:
        """Return by what a message was found, and the statuses that may be it but for `taken`."""
        how, statuses = "its address", self.linking(addresses)
        same = [seen for seen in statuses if _says(seen, message)]
        if len(same) == 1:
            statuses = same
        if not statuses and message is not None:
            how, statuses = "its words", self.saying(text_digest(message.text))
        return how, tuple(seen for seen in statuses if seen.receipt.remote_id not in taken)

    def linking(self, addresses: Sequence[str]) -> list[Seen]:
        """Return the statuses with one of these links."""
        found = (seen for one in addresses for seen in self._by_link.get(one, ()))
        return list({seen.receipt.remote_id: seen for seen in found}.values())

    def saying(self, digest: str) -> list[Seen]:
        """Return the statuses of these words."""
        return list(self._by_words.get(digest, ()))


def _addresses(post: Post, url: str) -> tuple[str, ...]:
    """Return where a post is and was."""
    site = post.index.settings.site.url
    return (url, *(f"{site}{alias}" for alias in (post.entry.aliases if post.entry else ())))


def _unsettled(ledger: Ledger, post: Post, target: Target) -> list[Key]:
    """Return the messages of a post of which the ledger does not know that they were said."""
    parts = range(1, post.variant(target.name).parts + 1)
    keys = (Key(target.name, target.account, post.uid, part) for part in parts)
    return [key for key in keys if (row := ledger.row(key)) is None or row.state not in _SETTLED]


def _what_it_says(match: Match, seen: Seen) -> Mapping[str, Any]:
    """Return what later edits are compared with; nothing where words or pictures differ."""
    message, pictures = match.message, seen.receipt.media_ids
    if message is None or len(message.media) != len(pictures):
        return {}
    return {"hash": message.hash, "payload": message.payload(), "media_ids": list(pictures)}
