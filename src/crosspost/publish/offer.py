"""The offer: the posts of a site as a plan goes through them, the oldest first.

As columns, since of most posts it is only asked whose they are and whether they are old; a post
itself is there for those that something may be said of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from crosspost.publish.posts import Post, Prose
from crosspost.site.choice import Choosable, Chooser
from crosspost.site.register import Register


@dataclass(frozen=True)
class Offer:
    """A list for each thing that is known of all posts, in the order of a plan.

    `dates` are seconds since 1970, infinite for a post without one; `hidden` says why a post is
    not on the site, and is empty for one that is. `traits` are numbers in `kinds_of_traits`, which
    may lack tags; `all_traits` gives those of each post, whole.
    """

    uids: Sequence[str]
    paths: Sequence[str]
    dates: Sequence[float]
    hidden: Sequence[str]
    traits: Sequence[int]
    kinds_of_traits: Sequence[Choosable]
    all_traits: Callable[[], Sequence[Choosable]]
    post_at: Callable[[int], Post]
    """Returns the post at a place."""

    @classmethod
    def of(cls, posts: Iterable[Post]) -> Offer:
        """Return the offer of posts that are at hand."""
        ordered = sorted(posts, key=_oldest_first)
        return cls(
            uids=[post.uid for post in ordered],
            paths=[post.about.path for post in ordered],
            dates=[_date(post.date_at) for post in ordered],
            hidden=[post.hidden for post in ordered],
            traits=range(len(ordered)),
            kinds_of_traits=[post.about for post in ordered],
            all_traits=lambda: [post.about for post in ordered],
            post_at=ordered.__getitem__,
        )

    @classmethod
    def from_register(cls, register: Register) -> Offer:
        """Return the offer of a site of which only a register is read."""
        places, columns = register.posts, register.columns
        prose = Prose(register.settings.markdown.flavour)

        def post_at(number: int) -> Post:
            place = places[number]
            return Post(register.entry(place), register.hidden[place], register, prose)

        return cls(
            uids=[columns.uids[place] for place in places],
            paths=[columns.paths[place] for place in places],
            dates=[_date(columns.dates[place]) for place in places],
            hidden=[register.hidden[place] for place in places],
            traits=[columns.traits[place] for place in places],
            kinds_of_traits=columns.kinds_of_traits,
            all_traits=register.traits_of_posts,
            post_at=post_at,
        )

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each post, by its uid."""
        return {uid: place for place, uid in enumerate(self.uids)}

    def why_not(self, chooser: Chooser) -> list[str]:
        """Return why a channel leaves each post out; empty for those that it chooses."""
        if chooser.goes_by_tags:
            return [chooser.why_not(traits) for traits in self.all_traits()]
        reasons = [chooser.why_not(traits) for traits in self.kinds_of_traits]
        return [reasons[number] for number in self.traits]

    def file(self, place: int) -> str:
        """Return a post's file, relative to the site."""
        return f"content/{self.paths[place]}"


def _date(moment: float | None) -> float:
    return math.inf if moment is None else moment


def _oldest_first(post: Post) -> tuple[float, str]:
    return (_date(post.date_at), post.about.path)
