"""The steps of publishing: create, edit, delete, adopt; each claims, calls and keeps the receipt.

A creation whose outcome nobody knows is settled: looked for on the server first, and said again
only where it is not there.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crosspost.channels.base import (
    Channel,
    ChannelError,
    GoneError,
    Receipt,
    RefusedError,
    Seen,
    UnknownOutcomeError,
    UnreachableError,
)
from crosspost.channels.message import Message, text_digest
from crosspost.errors import BlockedError
from crosspost.publish.drift import changed_by_hand, in_words
from crosspost.publish.ledger import LEASE, Ledger
from crosspost.publish.live import LiveCheck
from crosspost.publish.outcome import Result, Status
from crosspost.publish.plan import Action
from crosspost.publish.rows import EventKind, Key, Row, State
from crosspost.publish.stop import Stop
from crosspost.publish.threads import TAKEN_OUT, said_before

KEY_LIFE = timedelta(minutes=50)
"""How long a server that honours idempotency keys is trusted to; Mastodon keeps them an hour."""

SETTLE_SECONDS = 20.0
"""How long to wait before asking what became of a call: a slow server may still be at it."""

CLOCK_MARGIN = timedelta(minutes=5)
"""How far before the claim a search begins: clocks differ."""


class NotClaimedError(BlockedError):
    """The ledger does not take a claim: of this message nothing was sent, nor of those after it."""


@dataclass(slots=True)
class Run:
    """What carrying out one plan needs. `report` is told of each result as it happens.

    `patience` is how long the run still waits for rate limits to be lifted.
    """

    site: str
    channels: Mapping[str, Channel]
    ledger: Ledger
    clock: Callable[[], datetime]
    report: Callable[[Result], None]
    live: LiveCheck
    stop: Stop
    settle_seconds: float = SETTLE_SECONDS
    patience: timedelta = timedelta()
    closed: dict[str, str] = field(default_factory=dict)


def intent_key(site: str, key: Key, generation: int) -> str:
    """Return the idempotency key: it names the intent, so a changed text has the same one."""
    intent = f"v1|{site}|{key.channel}|{key.account}|{key.uid}|{key.part}|{generation}"
    return base64.b32encode(hashlib.sha256(intent.encode()).digest()).decode().rstrip("=").lower()


def create(action: Action, run: Run) -> Result:
    """Say a message; where an earlier run may have said it, look for it first."""
    message, channel = _answering(action, run), run.channels[action.key.channel]
    row = run.ledger.row(action.key)
    if row is not None and row.unsettled:
        return _settle(action, row, run)
    key = intent_key(run.site, action.key, action.generation)
    text = text_digest(message.text)
    _claim(
        action,
        row,
        run,
        hash=message.hash,
        key=key,
        url=message.linked,
        text=text,
        title=message.title,
    )
    try:
        receipt = channel.create(message, key)
    except GoneError as error:
        raise RefusedError(str(error)) from error
    except UnknownOutcomeError as error:
        run.ledger.append(
            EventKind.UNKNOWN, action.key, generation=action.generation, reason=str(error)
        )
        run.stop.wait(run.settle_seconds)
        row = run.ledger.row(action.key)
        if row is None or run.stop.requested:
            raise
        return _settle(action, row, run)
    return _said(action, receipt, run)


def _settle(action: Action, row: Row, run: Run) -> Result:
    """Find out whether a claimed message was said: search, and only then say it again.

    The second call has the first one's key. A server that honours keys answers it with the status
    that is there, should the search have missed it.
    """
    message, channel = _answering(action, run), run.channels[action.key.channel]
    if row.run != run.ledger.run or row.held_at is None:
        _claim(action, row, run, what="settle")  # two runs that look would both find nothing
        _give_time(row, run)
    claimed = row.claimed_at or run.clock()
    same = row.hash == message.hash
    replayed = channel.limits.keyed and run.clock() - claimed < KEY_LIFE
    others = {
        id_
        for key, other in run.ledger.rows.items()
        if key != action.key and key.account == action.key.account
        for id_ in other.remote_ids
    }
    try:
        url = message.linked if row.claimed_url is None else row.claimed_url
        found = channel.find(url, claimed - CLOCK_MARGIN, others, row.claimed_text)
    except (RefusedError, GoneError) as error:
        if not replayed:
            raise UnknownOutcomeError(
                f"the account cannot be searched ({error}): look at it, then settle this with "
                f"crosspost ledger resolve {action.key.uid}"
            ) from error
        found = ()
    if found:
        return _found(action, row, found, run)
    try:
        receipt = channel.create(message, row.idempotency_key or "")
    except GoneError as error:
        if replayed:
            raise
        raise RefusedError(str(error)) from error
    # With the same key the server may have answered with what the first call said.
    return _said(action, receipt, run, as_claimed=None if same else row)


def _give_time(row: Row, run: Run) -> None:
    """Let a server end the call of a run that died in it: a search before that finds nothing."""
    lately = row.held_at is not None and run.clock() - row.held_at < LEASE
    if row.state == State.POSTING and lately:
        run.stop.wait(run.settle_seconds)
        if run.stop.requested:
            raise UnreachableError("the run was asked to end")


def _found(action: Action, row: Row, found: tuple[Receipt, ...], run: Run) -> Result:
    """Record a status that was on the server already; the oldest is ours, others are reported."""
    message = _message(action)
    same = row.hash == message.hash
    for receipt in found:
        run.ledger.append(
            EventKind.ADOPTED,
            action.key,
            generation=action.generation,
            path=action.path,
            hash=row.hash,
            payload=message.payload() if same else None,
            visibility=message.visibility,
            edited_at="",  # by us: what was only claimed was never edited
            **_receipt_data(receipt),
        )
    words = "found on the server, not said again"
    if len(found) > 1:
        words += f"; {len(found)} times: {', '.join(one.remote_url for one in found)}"
    return Result(action, Status.FOUND, words, found[0].remote_url)


def _said(action: Action, receipt: Receipt, run: Run, as_claimed: Row | None = None) -> Result:
    """Record a receipt: of the message, or of the older text that `as_claimed` was claimed with."""
    message = _message(action)
    run.ledger.append(
        EventKind.SENT,
        action.key,
        generation=action.generation,
        path=action.path,
        hash=as_claimed.hash if as_claimed else message.hash,
        payload=None if as_claimed else message.payload(),
        visibility=message.visibility,
        **_receipt_data(receipt),
    )
    return Result(action, Status.CREATED, "", receipt.remote_url)


def edit(action: Action, run: Run) -> Result:
    """Replace a status. An edit that was made twice is made once: no search is needed."""
    message, row = _message(action), _known(action, run)
    pictures = (row.payload or {}).get("media", ())
    known: dict[str, str] = {}
    if len(pictures) == len(row.media_ids):
        known = dict(zip((one["digest"] for one in pictures), row.media_ids, strict=True))
    if (drift := _drift(action, row, run)) is not None:
        seen, changed = drift
        run.ledger.append(
            EventKind.DRIFTED,
            action.key,
            generation=action.generation,
            text=seen.digest or "",
            changed=list(changed),
        )
        return Result(action, Status.KEPT, in_words(action.key, changed), row.remote_url or "")
    text = text_digest(message.text)
    _claim(action, row, run, hash=message.hash, text=text, title=message.title)
    receipt = run.channels[action.key.channel].edit(message, row.remote_id or "", known)
    run.ledger.append(
        EventKind.EDITED,
        action.key,
        generation=action.generation,
        path=action.path,
        hash=message.hash,
        payload=message.payload(),
        edited_at=receipt.edited_at,
        **_receipt_data(receipt),
    )
    return Result(action, Status.EDITED, "", receipt.remote_url)


def _drift(action: Action, row: Row, run: Run) -> tuple[Seen, tuple[str, ...]] | None:
    """Return a status and what in it somebody else wrote; None where it is ours.

    A server that does not show what was typed cannot be asked.
    """
    if row.overwrite or row.payload is None:
        return None
    try:
        seen = run.channels[action.key.channel].look(row.remote_id or "")
    except RefusedError:
        return None
    except UnknownOutcomeError as error:
        raise UnreachableError(f"the status could not be looked at: {error}") from error
    changed = changed_by_hand(row, seen, _message(action))
    return (seen, changed) if changed else None


def delete(action: Action, run: Run) -> Result:
    """Take a status back. A deletion that was made twice is made once."""
    row = _known(action, run)
    _claim(action, row, run)
    run.channels[action.key.channel].delete(row.remote_id or "")
    reason = TAKEN_OUT if action.reason == TAKEN_OUT else "deleted"
    run.ledger.append(EventKind.DELETED, action.key, generation=action.generation, reason=reason)
    return Result(action, Status.DELETED, "", row.remote_url or "")


def adopt(actions: Sequence[Action], run: Run) -> None:
    """Record messages that were said before crosspost, all at once: a first run may have many."""
    run.ledger.adopt(
        [(action.key, {"path": action.path, "reason": action.reason}) for action in actions]
    )


def _claim(action: Action, row: Row | None, run: Run, what: str = "", **data: str) -> None:
    """Put the intent on record, as long as the message stands where `row` says."""
    try:
        run.ledger.claim(
            action.key,
            row,
            generation=action.generation,
            action=what or str(action.kind),
            path=action.path,
            **data,
        )
    except BlockedError as error:
        raise NotClaimedError(str(error)) from error


def _receipt_data(receipt: Receipt) -> dict[str, object]:
    return {
        "remote_id": receipt.remote_id,
        "remote_url": receipt.remote_url,
        "media_ids": list(receipt.media_ids),
    }


def _message(action: Action) -> Message:
    if action.message is None:
        raise ChannelError(f"{action.path} has no message to send")
    return action.message


def _answering(action: Action, run: Run) -> Message:
    """Return an action's message, and of a thread the status that it answers."""
    message = _message(action)
    if action.key.part == 1:
        return message
    before = said_before(action.key, run.ledger.rows)
    if before is None:
        raise RefusedError(f"message {action.key.part - 1} of its thread is not said")
    return replace(message, reply_to=before.remote_id)


def _known(action: Action, run: Run) -> Row:
    row = run.ledger.row(action.key)
    if row is None or row.remote_id is None:
        raise RefusedError(f"the ledger has no status of {action.key.uid}")
    return row
