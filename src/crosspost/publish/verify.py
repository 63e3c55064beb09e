"""Verifying: is what the ledger says was said still there, as it was said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspost.channels.base import Channel, GoneError, Seen, UnknownOutcomeError
from crosspost.publish.drift import PICTURES, changed_by_hand, in_words
from crosspost.publish.ledger import Ledger
from crosspost.publish.rows import EventKind, Row, State


class Finding(StrEnum):
    """How a status stands."""

    RIGHT = "right"
    PLAIN = "plain"  # without a preview of its link
    GONE = "gone"
    CHANGED = "changed"
    PICTURES = "pictures"  # fewer or more than were sent
    UNSEEN = "unseen"  # the server gave no clear answer


@dataclass(frozen=True, slots=True)
class Check:
    """One message that was said, and how its status stands; `words` say it to people."""

    row: Row
    finding: Finding
    words: str = ""

    @property
    def is_trouble(self) -> bool:
        """Whether a person should look at it. A preview is the server's affair, and comes late."""
        return self.finding not in (Finding.RIGHT, Finding.PLAIN)


def verify(
    ledger: Ledger, channels: Mapping[str, Channel], since: datetime, *, cards: bool = True
) -> Iterator[Check]:
    """Look at each status that was said since a moment, and record what others did to it.

    One deleted by hand never comes back by itself; one that was changed by hand is left alone.
    Raises `ChannelError` where a server takes no more calls, or not ours.
    """
    for key, row in sorted(ledger.rows.items()):
        channel = channels.get(key.channel)
        recent = row.sent_at is not None and row.sent_at >= since
        if channel is None or not recent or row.state != State.SENT or row.remote_id is None:
            continue
        try:
            seen = channel.look(row.remote_id)
        except GoneError:
            ledger.append(EventKind.GONE, key, generation=row.generation, reason="gone")
            words = "is not there any more; it does not come back by itself"
            yield Check(row, Finding.GONE, words)
        except UnknownOutcomeError as error:
            yield Check(row, Finding.UNSEEN, f"could not be looked at: {error}")
        else:
            changed = changed_by_hand(row, seen)
            if changed and row.drifted is None:
                text, what = seen.digest or "", list(changed)
                generation = row.generation
                ledger.append(
                    EventKind.DRIFTED, key, generation=generation, text=text, changed=what
                )
            yield _check(row, seen, changed, cards=cards)


def _check(row: Row, seen: Seen, changed: tuple[str, ...], *, cards: bool) -> Check:
    """Say how a status stands; what was adopted without its words cannot be compared."""
    if row.payload is None:
        return Check(row, Finding.RIGHT)
    sent, there = len(row.payload.get("media") or ()), len(seen.receipt.media_ids)
    if sent != there and changed in ((), (PICTURES,)):
        return Check(row, Finding.PICTURES, f"has {there} of its {sent} pictures")
    if changed:
        return Check(row, Finding.CHANGED, in_words(row.key, changed))
    linked = "://" in str(row.payload.get("text", ""))  # not so in later messages of a thread
    if cards and linked and not sent and seen.card is False:
        return Check(row, Finding.PLAIN, "has no preview of its link")
    return Check(row, Finding.RIGHT)
