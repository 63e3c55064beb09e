"""A task: one file of output/, the pure function that makes its bytes, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import msgspec


class Task(msgspec.Struct, frozen=True, dict=True):
    """One file to make.

    `path` is below output/, with forward slashes. `made_of` names its source, for messages.
    `kind` is page, feed, newsletter, redirect, sitemap or asset, for the summary. `stamps` are
    those of what it is given, and `names` say to people what each is of; a function, where there
    are many such files: of one that has to be made anyway, they are only wanted when it is kept.
    What `make` asks of the site besides is noted while it runs. `near` is the place, among
    all posts, of the first that it shows: tasks that are near each other show much the same.
    """

    path: str
    made_of: str
    kind: str
    make: Callable[[], bytes]
    names: tuple[str, ...] = ()
    stamps: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    near: int = 0

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The stamps of what it is given."""
        return self.stamps() if callable(self.stamps) else self.stamps
