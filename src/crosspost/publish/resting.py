"""Messages at rest: those of which a glance tells that nothing happens to them.

So it is with nearly all messages of a town that has spoken for years: said and too old to be
edited, said before crosspost, or of a post that is older than the window. They are told apart by
columns alone, without a post, a row or an action for each. `crosspost.publish.rules` decides on all
others, and would say the same of these, which a test holds them to.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosspost.publish.offer import Offer
from crosspost.publish.quiet import BEFORE, Account
from crosspost.site.choice import OFF, Chooser


@dataclass(frozen=True, slots=True)
class Resting:
    """The messages of one account at rest: the places of their posts, ascending, by the reason."""

    channel: str
    account: str
    offer: Offer
    places: Mapping[str, Sequence[int]]

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self.places.values()))

    def by_place(self) -> Iterator[tuple[int, str]]:
        """Yield the place of each message and its reason, in the order of places."""
        pairs = [(place, why) for why, places in self.places.items() for place in places]
        yield from sorted(pairs)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is old, in seconds since 1970, and how that is said.

    A post before `oldest` has left the window; what was said before `editable` stays as it is.
    """

    oldest: float
    editable: float
    older: str


def at_rest(
    offer: Offer,
    said: Account,
    chooser: Chooser,
    bounds: Bounds,
    elsewhere: Collection[str],
    *,
    first_run: bool,
) -> tuple[Resting, list[int]]:
    """Return the messages of an account that rest, and the places of posts to be decided on.

    `elsewhere` are the uids of posts that the account has said under another channel's name.
    """
    resting: dict[str, list[int]] = {}
    left: list[int] = []
    quiet, asked = said.quiet, said.asked
    oldest, editable, older = bounds.oldest, bounds.editable, bounds.older
    before = resting.setdefault("before crosspost", [])
    too_old = resting.setdefault("said; too old to be edited", [])
    columns = zip(offer.uids, offer.dates, offer.hidden, offer.why_not(chooser), strict=True)
    for place, (uid, date, hidden, why_not) in enumerate(columns):
        if uid in asked:
            left.append(place)
            continue
        at = quiet.get(uid)
        if at is None:  # never said
            if first_run or uid in elsewhere:
                left.append(place)
            elif why := why_not or hidden:
                resting.setdefault(why, []).append(place)
            elif oldest <= date != math.inf:
                left.append(place)
            else:
                resting.setdefault(older, []).append(place)
        elif at == BEFORE:
            before.append(place)
        elif at >= editable:
            left.append(place)
        elif not (hidden or why_not):
            too_old.append(place)
        elif hidden == "draft" or why_not == OFF:
            left.append(place)
        else:
            why = f"{hidden or why_not}; its message stays"
            resting.setdefault(why, []).append(place)
    found = {why: places for why, places in resting.items() if places}
    return Resting(said.channel, said.account, offer, found), left
