"""What an edit changes, and what it must leave: a poll that was asked keeps its votes."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.channels.checks import in_words
from crosspost.channels.message import Limits, Message, Question
from crosspost.publish.rows import Row


def keep_poll(message: Message, row: Row) -> tuple[Message, tuple[str, ...]]:
    """Return a message with the poll that was said, and words where the post asks for another.

    A server throws all votes away when an answer changes. A poll may still come to a message that
    had none.
    """
    said = (row.payload or {}).get("poll")
    if not isinstance(said, Mapping):
        return message, ()
    poll = Question.of(said)
    if message.poll == poll:
        return message, ()
    words = "its poll stays as it was asked: a change would throw the votes away"
    return replace(message, poll=poll), (words,)


def poll_is_over(poll: Question, row: Row, now: datetime, limits: Limits) -> bool:
    """Whether an edit would open a poll again: it has ended, or is too near its end to be sent."""
    if row.sent_at is None or not (row.payload or {}).get("poll"):
        return False
    left = row.sent_at + timedelta(seconds=poll.expires_in) - now
    return left < timedelta(seconds=limits.poll_shortest)


def difference(row: Row, message: Message) -> tuple[str, ...]:
    """Return the lines that an edit takes away (-) and brings (+)."""
    if row.payload is None:
        return ()
    changed = difflib.unified_diff(_lines(row.payload), _lines(message.payload()), n=0, lineterm="")
    return tuple(line for line in changed if not line.startswith(("---", "+++", "@@")))


def _lines(payload: Mapping[str, object]) -> list[str]:
    lines = [
        f"{name}: {payload[name]}"
        for name in ("content_warning", "language", "sensitive", "quotes")
        if name in payload
    ]
    lines += str(payload.get("text", "")).split("\n")
    pictures = payload.get("media") or ()
    if isinstance(pictures, Sequence):
        lines += [
            f"picture {str(one.get('digest'))[:8]}: {one.get('alt')}"
            + (f" (focus {one['focus']})" if one.get("focus") else "")
            for one in pictures
            if isinstance(one, Mapping)
        ]
    poll = payload.get("poll")
    if isinstance(poll, Mapping):
        lines.append(f"poll: {poll_in_words(Question.of(poll))}")
    return lines


def poll_in_words(poll: Question) -> str:
    """Say a poll in one line: its answers, how long it is open, how votes are taken."""
    facts = [" / ".join(poll.options), f"open for {in_words(poll.expires_in)}"]
    if poll.multiple:
        facts.append("several answers")
    if poll.hide_totals:
        facts.append("totals hidden until the end")
    return ", ".join(facts)
