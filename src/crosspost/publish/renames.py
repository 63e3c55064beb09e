"""Posts that were renamed and lost their identity: asked about, never said a second time.

A post without a uid is known by its path. Renamed, it looks like a post that is gone and another
one that was never said, which citizens would read twice. The words that were sent tell; but two
posts may say the same, so a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from crosspost.channels.message import Message, holds_link, text_digest
from crosspost.content.frontmatter import UID
from crosspost.publish.plan import Action, ActionKind
from crosspost.publish.posts import Post
from crosspost.publish.rows import Row, State

_LINK = re.compile(r"https?://\S+")
_NO_WORDS = text_digest("")


def ask_about_renames(
    planned: Sequence[Action],
    gone: Sequence[Action],
    posts: Mapping[str, Post],
    since: datetime,
) -> list[Action]:
    """Return all actions of an account, with those held back that may be one post renamed.

    `planned` are those of posts, `gone` those of messages without a post, `posts` by their uid.
    What was said before `since`, the window's beginning, is of posts that are not announced anew.
    """
    said = {
        action.key.uid: row
        for action in gone
        if (row := action.row) is not None
        and row.key.part == 1
        and (row.state == State.SENT and row.payload and not row.withdrawn)
        and (row.sent_at is None or row.sent_at >= since)
    }
    new = [one for one in planned if one.kind == ActionKind.CREATE and one.row is None]
    was: dict[str, Row] = {}
    for action in new if said else ():
        if action.message is not None and action.key.part == 1:
            post = posts[action.key.uid]
            found = (row for row in said.values() if _is_of(row, action.message, post))
            if (row := next(found, None)) is not None:
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


def _is_of(row: Row, message: Message, post: Post) -> bool:
    """Whether a message that was said may be a post's: by its address, past or present, or words.

    Words tell only of a post that is known by its path.
    """
    text = str((row.payload or {}).get("text", ""))
    if any(holds_link(text, address) for address in _addresses(post, message)):
        return True
    digest = _words(text)
    return _is_by_path(post) and digest != _NO_WORDS and digest == _words(message.text)


def _words(text: str) -> str:
    return text_digest(_LINK.sub("", text))


def _is_by_path(post: Post) -> bool:
    return post.uid == post.about.path.removesuffix(".md")


def _addresses(post: Post, message: Message) -> tuple[str, ...]:
    site = post.index.settings.site.url
    return (message.url, *(f"{site}{alias}" for alias in post.about.aliases))


def _question(row: Row, post: Post) -> str:
    old, place = row.key.uid, row.remote_url or "on the server"
    same = f"write uid: {old} into it" if UID.fullmatch(old) else "give it its old name again"
    another = (
        "give it a uid of its own"
        if _is_by_path(post)
        else f"take that one back first, crosspost ledger mark {old} withdrawn"
    )
    return (
        f"{post.file} may be {row.path or old} under another name, which was said ({place}). "
        f"If it is, {same}; if it is another post, {another}."
    )
