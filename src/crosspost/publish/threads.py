"""Threads: messages that are said in their order, taken back in the other, and all or none."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from crosspost.publish.plan import Action, ActionKind
from crosspost.publish.rows import Key, Row, State

SENDS = (ActionKind.CREATE, ActionKind.EDIT)
"""What puts words on a server."""

TAKEN_OUT = "taken out of its thread"
"""Why a message of a thread was deleted; another one may stand in its place later."""


def in_order(actions: list[Action]) -> list[Action]:
    """Put deletions last, and of a thread the last message first: no answer loses its question."""
    deletions = [one for one in actions if one.kind == ActionKind.DELETE]
    others = [one for one in actions if one.kind != ActionKind.DELETE]
    return others + sorted(deletions, key=lambda one: (one.key.uid, -one.key.part))


def all_or_none(actions: list[Action]) -> list[Action]:
    """Hold a whole thread back where one of its messages has to be mended: half says nothing."""
    wrong = [one for one in actions if one.problems]
    if not wrong or len(actions) == 1:
        return actions
    number = wrong[0].key.part
    words = f"message {number} of its thread has to be mended first"
    return [
        replace(
            one,
            kind=ActionKind.BLOCKED,
            reason=words,
            message=None,
            diff=(),
            problems=wrong[0].problems,
        )
        if one.kind in SENDS and not one.problems
        else one
        for one in actions
    ]


def was_taken_out(row: Row | None) -> bool:
    """Whether a message ended because its thread did without it: its place is free."""
    return row is not None and row.state == State.ENDED and row.reason == TAKEN_OUT


def said_before(key: Key, rows: Mapping[Key, Row]) -> Row | None:
    """Return the message that the one of `key` answers, where it is on the server."""
    row = rows.get(key._replace(part=key.part - 1))
    return row if row is not None and row.state == State.SENT and row.remote_id else None
