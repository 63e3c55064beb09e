"""A task: one file of output/ and the pure function that makes its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One file to make.

    `path` is below output/, with forward slashes. `made_of` names its source, for messages.
    `kind` is page, feed, newsletter, redirect, sitemap or asset, for the summary.
    """

    path: str
    made_of: str
    kind: str
    make: Callable[[], bytes]
