"""What the sandbox keeps, as values. Times are Unix seconds on the sandbox's clock."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from crosspost.sandbox.rules import Poll


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who posts: `username` at `domain`."""

    id: str
    username: str
    domain: str
    created_at: float

    @property
    def handle(self) -> str:
        """`@user@host`."""
        return f"@{self.username}@{self.domain}"


@dataclass(frozen=True, slots=True)
class Token:
    """What a bearer may do: `account_id` is None for an application that speaks for itself."""

    account_id: str | None
    scopes: frozenset[str]
    app: str
    website: str

    def allows(self, *scopes: str) -> bool:
        """Tell whether one of `scopes` was granted; `read` grants every `read:…`."""
        return any(s in self.scopes or s.partition(":")[0] in self.scopes for s in scopes)


@dataclass(frozen=True, slots=True)
class Media:
    """One uploaded file, attached to a status or not yet.

    `polls_left` counts the answers "still processing" that remain; -1 is for ever.
    """

    id: str
    account_id: str
    status_id: str | None
    kind: str
    mime: str
    file: str
    width: int
    height: int
    description: str | None
    focus: tuple[float, float] | None
    polls_left: int
    failed: bool
    created_at: float

    @property
    def ready(self) -> bool:
        """Whether it can be attached."""
        return self.polls_left == 0 and not self.failed

    @classmethod
    def of(cls, row: sqlite3.Row) -> Media:
        """Make a value from a row of the table `media`."""
        focus = None if row["focus_x"] is None else (row["focus_x"], row["focus_y"])
        return cls(
            id=row["id"],
            account_id=row["account_id"],
            status_id=row["status_id"],
            kind=row["kind"],
            mime=row["mime"],
            file=row["file"],
            width=row["width"],
            height=row["height"],
            description=row["description"],
            focus=focus,
            polls_left=row["polls_left"],
            failed=bool(row["failed"]),
            created_at=row["created_at"],
        )

    def to_json(self) -> dict[str, object]:
        """Return what an edit's history keeps of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, object]) -> Media:
        """Read back what `to_json` gave."""
        focus = value["focus"]
        return cls(**{**value, "focus": tuple(focus) if isinstance(focus, list) else None})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Status:
    """One post, as it stands now. `media_ids` are in the order shown."""

    id: str
    account_id: str
    text: str
    spoiler_text: str
    sensitive: bool
    visibility: str
    language: str | None
    in_reply_to_id: str | None
    media_ids: tuple[str, ...]
    poll: Poll | None
    quote_policy: str
    app: str
    website: str
    created_at: float
    edited_at: float | None = None

    @classmethod
    def of(cls, row: sqlite3.Row) -> Status:
        """Make a value from a row of the table `statuses`."""
        return cls(
            id=row["id"],
            account_id=row["account_id"],
            text=row["text"],
            spoiler_text=row["spoiler_text"],
            sensitive=bool(row["sensitive"]),
            visibility=row["visibility"],
            language=row["language"],
            in_reply_to_id=row["in_reply_to_id"],
            media_ids=tuple(json.loads(row["media_ids"])),
            poll=poll_of(row["poll"]),
            quote_policy=row["quote_policy"],
            app=row["app"],
            website=row["website"],
            created_at=row["created_at"],
            edited_at=row["edited_at"],
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """One version of a status: the first is the post as it was created."""

    text: str
    spoiler_text: str
    sensitive: bool
    media: tuple[Media, ...]
    poll: Poll | None
    created_at: float

    @classmethod
    def of(cls, row: sqlite3.Row) -> Edit:
        """Make a value from a row of the table `edits`."""
        return cls(
            text=row["text"],
            spoiler_text=row["spoiler_text"],
            sensitive=bool(row["sensitive"]),
            media=tuple(Media.from_json(m) for m in json.loads(row["media"])),
            poll=poll_of(row["poll"]),
            created_at=row["created_at"],
        )


def poll_json(poll: Poll | None) -> str | None:
    """Return a poll as the text kept in a column."""
    if poll is None:
        return None
    ends = poll.expires_at.timestamp() if poll.expires_at else None
    return json.dumps({**asdict(poll), "expires_at": ends})


def poll_of(column: str | None) -> Poll | None:
    """Read back what `poll_json` gave."""
    if column is None:
        return None
    value = json.loads(column)
    ends = value["expires_at"]
    return Poll(
        options=tuple(value["options"]),
        expires_in=value["expires_in"],
        multiple=value["multiple"],
        hide_totals=value["hide_totals"],
        expires_at=None if ends is None else datetime.fromtimestamp(ends, UTC),
        votes=tuple(value.get("votes") or ()),
    )
