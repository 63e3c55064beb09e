"""A task: one file of output/, the pure function that makes its bytes, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Inputs = tuple[tuple[str, str], ...]
"""What a task was given: a name for people, and a stamp that changes when the thing does."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file to make.

    `path` is below output/, with forward slashes. `made_of` names its source, for messages.
    `kind` is page, feed, newsletter, redirect, sitemap or asset, for the summary. `inputs` are
    known before `make` is called; what `make` asks of the site besides is recorded while it runs.
    """

    path: str
    made_of: str
    kind: str
    make: Callable[[], bytes]
    inputs: Inputs = ()
