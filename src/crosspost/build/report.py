"""What a build did, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from crosspost.build.outcome import Outcome
from crosspost.build.profile import Profile
from crosspost.build.trace import Past
from crosspost.errors import Problem
from crosspost.render.site import Renderer
from crosspost.render.task import Task


class Report(msgspec.Struct, frozen=True):
    """What a build did: files by kind, what changed, how long it took, and its warnings.

    `read` documents were parsed and the files `made` were made; all others were known. `past` says
    of each file what it was made from, and why it last was; `tasks` lists all of them. `renderer`
    has the index, and `outcome` all that came of what was to be done.
    """

    posts: int
    files: Counter[str]
    read: int
    made: frozenset[str]
    written: int
    unchanged: int
    removed: int
    seconds: float
    next_change: datetime | None
    warnings: tuple[Problem, ...]
    tasks: Callable[[], Sequence[Task]]
    past: Past
    renderer: Renderer
    outcome: Outcome
    profile: Profile

    def as_json(self) -> dict[str, Any]:
        """Return the object that `build --format json` prints."""
        return {
            "pages": self.files["page"],
            "feeds": self.files["feed"],
            "assets": self.files["asset"],
            "newsletters": self.files["newsletter"],
            "redirects": self.files["redirect"],
            "posts": self.posts,
            "read": self.read,
            "made": len(self.made),
            "written": self.written,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "seconds": round(self.seconds, 3),
            "next_change": self.next_change.isoformat() if self.next_change else None,
            "warnings": len(self.warnings),
        }
