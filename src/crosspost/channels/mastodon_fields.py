"""What is sent for a message: of a creation, and of an edit, which replaces the whole status.

What an edit leaves out is gone: pictures and their texts, the warning, the poll with its votes. So
all of it is sent again each time, and a poll as the server has it: a server throws the votes away
where an answer differs by a letter, or where it is not told whether there may be several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crosspost.channels.answers import focus_of
from crosspost.channels.base import RefusedError
from crosspost.channels.message import Limits, Message, Question


def create_fields(message: Message, media_ids: Sequence[str], limits: Limits) -> dict[str, Any]:
    """Return the body of a creation; what the server does not know is left out."""
    fields: dict[str, Any] = {
        "status": message.text,
        "visibility": message.visibility,
        "sensitive": message.sensitive,
    }
    optional = {
        "media_ids": list(media_ids),
        "spoiler_text": message.content_warning,
        "language": message.language,
        "in_reply_to_id": message.reply_to,
        "poll": _poll_fields(message.poll, message.poll.expires_in) if message.poll else None,
        "quote_approval_policy": message.quotes if limits.quotes else None,
    }
    fields |= {name: value for name, value in optional.items() if value}
    if limits.guarded and not message.mentions:
        fields["allowed_mentions"] = []  # refused, should it notify somebody all the same
    return fields


def edit_fields(
    message: Message,
    media_ids: Sequence[str],
    poll: Mapping[str, Any] | None,
    limits: Limits,
    clock_ahead: timedelta = timedelta(),
) -> dict[str, Any]:
    """Return the body of an edit: everything, since what is left out is lost.

    `poll` is the one that the server has, if it has one, and `clock_ahead` how far that server's
    clock is ahead of ours: the poll's end must stay where it is. Raises `RefusedError` where that
    is over: an edit would open it again.
    """
    fields: dict[str, Any] = {
        "status": message.text,
        "spoiler_text": message.content_warning or "",
        "sensitive": message.sensitive,
        "media_ids": list(media_ids),
        "media_attributes": [
            {"id": id_, "description": media.alt, "focus": focus_of(media)}
            for id_, media in zip(media_ids, message.media, strict=True)
        ],
    }
    if message.language:
        fields["language"] = message.language
    if message.quotes and limits.quotes:
        fields["quote_approval_policy"] = message.quotes
    if message.poll:
        seconds = message.poll.expires_in
        question = message.poll
        if poll is not None:
            seconds = _seconds_left(poll, limits, datetime.now(UTC) + clock_ahead)
            question = Question(
                options=tuple(str(option["title"]) for option in poll.get("options") or ()),
                expires_in=seconds,
                multiple=bool(poll.get("multiple")),
                hide_totals=message.poll.hide_totals,
            )
        fields["poll"] = _poll_fields(question, seconds)
    return fields


def _poll_fields(poll: Question, seconds: int) -> dict[str, Any]:
    return {
        "options": list(poll.options),
        "expires_in": seconds,
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
    }


def _seconds_left(poll: Mapping[str, Any], limits: Limits, now: datetime) -> int:
    """Return for how long a poll is still open, so that its end stays where it is."""
    ends = poll.get("expires_at")
    if ends is None:
        return limits.poll_longest
    moment = ends if isinstance(ends, datetime) else datetime.fromisoformat(str(ends))
    left = round((moment - now).total_seconds())
    if poll.get("expired") or left < limits.poll_shortest:
        raise RefusedError("its poll is over, and an edit would open it again")
    return left
