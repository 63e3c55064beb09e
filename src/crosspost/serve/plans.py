"""What `publish` would do with each post: the plan, made once a version of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from crosspost.channels.compose import Composed, compose
from crosspost.errors import CrosspostError, Problem
from crosspost.publish.accounts import Place, target_of
from crosspost.publish.plan import Action, Plan, Target
from crosspost.publish.posts import Post, Prose
from crosspost.publish.rules import make_plan
from crosspost.publish.run import plan_at_hand
from crosspost.serve.live import LiveSite
from crosspost.site.entry import Entry

_ROOM = 1_000_000
"""Characters that no message has: to show one that is too long."""


class Plans:
    """The plan of the site as citizens would see it at the preview's moment."""

    def __init__(self, live: LiveSite) -> None:
        self._live = live
        self._version = -1
        self._plan: Plan | None = None
        self._why = ""

    @property
    def plan(self) -> Plan | None:
        """The plan; None where there is none, for what `why_not` says."""
        if self._version != self._live.version:
            self._version = self._live.version
            self._plan, self._why = None, ""
            try:
                self._plan = plan_at_hand(self._live.now.public)
            except CrosspostError as error:
                self._why = str(error)
        return self._plan

    @property
    def why_not(self) -> str:
        """Why there is no plan, as for a ledger that cannot be read."""
        return self._why

    @property
    def targets(self) -> tuple[Target, ...]:
        """The accounts of the settings, with their limits as last read from their servers."""
        settings = self._live.settings
        place = Place.of(settings.root, None)
        return tuple(target_of(channel, place) for channel in settings.channels.values())

    def actions(self, uid: str) -> tuple[Action, ...]:
        """Return what would happen now to the messages of a post."""
        plan = self.plan
        return tuple(one for one in plan.actions if one.key.uid == uid) if plan else ()

    def when_it_appears(self, entry: Entry, targets: Sequence[Target]) -> tuple[Action, ...]:
        """Return what would happen to a post at its own date, as it stands now."""
        settings = self._live.settings
        if entry.date is None:
            return ()
        post = self.post(entry)
        # The caps of a run and its first run are not known yet: this is about the post alone.
        guards = structs.replace(settings.publish, first_run="publish")
        return make_plan([post], {}, targets, guards, entry.date).actions

    def compose(self, entry: Entry, target: Target) -> tuple[Composed, tuple[Problem, ...]]:
        """Return what a channel would say of a post, and what is wrong with it.

        What is refused for its length is there all the same, as it was written.
        """
        source, problems = self.post(entry).source(target.name)
        composed = compose(source, target.voice, target.limits)
        problems = (*problems, *composed.problems)
        if composed.message is None:
            roomy = replace(target.limits, characters=_ROOM)
            composed = compose(source, target.voice, roomy)
        return composed, problems

    def post(self, entry: Entry) -> Post:
        """Return a post as channels see it once it is on the site."""
        prose = Prose(self._live.settings.markdown.flavour)
        return Post(entry, "", self._live.now.index, prose)
