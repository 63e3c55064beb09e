"""Posts that were renamed and lost their identity: asked about, never said a second time.

A post without a uid is known by its path. Renamed, it looks like a post that is gone and another
one that was never said, which citizens would read twice. Its address tells, or the words that were
sent and its title, even where a few of them were changed meanwhile; but two posts may say nearly
the same, so a person decides.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from crosspost.channels.message import Message, holds_link
from crosspost.content.frontmatter import UID
from crosspost.publish.likeness import ALIKE, Words
from crosspost.publish.plan import Action, ActionKind
from crosspost.publish.posts import Post
from crosspost.publish.rows import Row, State


def ask_about_renames(
    planned: Sequence[Action],
    gone: Sequence[Action],
    posts: Mapping[str, Post],
    since: datetime,
) -> list[Action]:
    """Return all actions of an account, with those held back that may be one post renamed.

    `planned` are those of posts, `gone` those of messages without a post, `posts` by their uid.
    What was said before `since`, the window's beginning, is of posts that are not announced anew.
    Each new post is asked about by itself: the others are said.
    """
    said = [_Said.of(row) for action in gone if (row := action.row) and _may_come_back(row, since)]
    new = [one for one in planned if one.kind == ActionKind.CREATE and one.row is None]
    was: dict[str, Row] = {}
    for action in new if said else ():
        if action.message is not None and action.key.part == 1:
            row = _renamed(action.message, posts[action.key.uid], said)
            if row is not None:
                was[action.key.uid] = row
    if not was:
        return [*planned, *gone]
    kept = {row.key.uid for row in was.values()}
    held = [
        replace(
            one, kind=ActionKind.BLOCKED, reason=_question(was[one.key.uid], posts[one.key.uid])
        )
        if one.kind == ActionKind.CREATE and one.key.uid in was
        else one
        for one in planned
    ]
    return held + [
        replace(one, kind=ActionKind.SKIP, reason="its post is gone, or has another name now")
        if one.kind == ActionKind.DELETE and one.key.uid in kept
        else one
        for one in gone
    ]


def _may_come_back(row: Row, since: datetime) -> bool:
    """Whether what was said, or may have been, could be said again under another name."""
    there = row.state == State.SENT or row.unsettled
    recent = row.sent_at is None or row.sent_at >= since
    return row.key.part == 1 and there and recent and not row.withdrawn


@dataclass(frozen=True, slots=True)
class _Said:
    """A message whose post is gone, as new ones are compared with it.

    `text` is empty where only a claim is known of it, or where it was adopted without its words.
    """

    row: Row
    text: str
    words: Words
    title: Words

    @classmethod
    def of(cls, row: Row) -> _Said:
        text = str((row.payload or {}).get("text") or row.claimed_url or "")
        return cls(row, text, Words.of(text), Words.of(row.title or ""))

    def likeness(self, words: Words, title: Words) -> float:
        """Return how like the message a new one is: by its words, or by these and its title."""
        by_title = self.title.likeness(title)
        if not self.words.words:
            return by_title
        by_words = self.words.likeness(words)
        return max(by_words, (by_words + by_title) / 2)


def _renamed(message: Message, post: Post, said: Sequence[_Said]) -> Row | None:
    """Return what was said of a post under another name: by its address, past or present, or words.

    Words tell only of a post that is known by its path.
    """
    addresses = _addresses(post, message)
    for one in said:
        if any(holds_link(one.text, address) for address in addresses):
            return one.row
    if not _is_by_path(post):
        return None
    words, title = Words.of(message.text), Words.of(message.title)
    likest = max(said, key=lambda one: one.likeness(words, title))
    return likest.row if likest.likeness(words, title) >= ALIKE else None


def _is_by_path(post: Post) -> bool:
    return post.uid == post.about.path.removesuffix(".md")


def _addresses(post: Post, message: Message) -> tuple[str, ...]:
    site = post.index.settings.site.url
    return (message.url, *(f"{site}{alias}" for alias in post.about.aliases))


def _question(row: Row, post: Post) -> str:
    old = row.key.uid
    place = row.remote_url or ("on the server" if row.state == State.SENT else "perhaps")
    same = f"write uid: {old} into it" if UID.fullmatch(old) else "give it its old name again"
    another = (
        "give it a uid of its own, or say so: crosspost ledger mark "
        f"{shlex.quote(post.uid)} new --channel {row.key.channel}"
        if _is_by_path(post)
        else f"take that one back first, crosspost ledger mark {old} withdrawn"
    )
    return (
        f"{post.file} may be {row.path or old} under another name, which was said ({place}). "
        f"If it is, {same}; if it is another post, {another}."
    )
