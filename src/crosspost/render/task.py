"""A task: one file of output/, the pure function that makes its bytes, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Task(msgspec.Struct, frozen=True):
    """One file to make.

    `path` is below output/, with forward slashes. `made_of` names its source, for messages.
    `kind` is page, feed, newsletter, redirect, sitemap or asset, for the summary. `inputs` are
    stamps of what it is given, known before `make` is called, and `names` say to people what each
    is of; what `make` asks of the site besides is noted while it runs. `near` is the place, among
    all posts, of the first that it shows: tasks that are near each other show much the same.
    """

    path: str
    made_of: str
    kind: str
    make: Callable[[], bytes]
    names: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    near: int = 0
