"""How far a run is, for a person who waits: a bar after the first second, on a terminal only.

rich draws it, and is not even imported before that: a build of a fraction of a second pays nothing.
It is told when to draw, since a thread of its own would be in the way of forked workers.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from crosspost.build.watch import Watch

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 1.0
_BETWEEN = 0.1
"""Seconds from one drawing to the next."""
_LABELS = {
    "read": "Reading",
    "make": "Making",
    "look": "Checking media",
    "write": "Writing",
    "copy": "Copying media",
}


class Progress(Watch):
    """A watcher that draws; where nobody looks (a pipe, CI, --quiet) it draws nothing."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self._start = time.monotonic()
        self._draws = not quiet and sys.stderr.isatty() and not os.environ.get("CI")
        self._quiet = quiet
        self._phase, self._total, self._count = "", 0, 0
        self._bar: Bar | None = None
        self._drawn = 0.0

    def tell(self, text: str) -> None:
        """Say it, but not to those who want quiet."""
        if not self._quiet:
            click.echo(text, err=True)

    def begin(self, phase: str, total: int) -> None:
        """Begin to count."""
        self._phase, self._total, self._count = phase, total, 0

    def done(self, count: int) -> None:
        """Move the bar, or draw it once the first second has gone by."""
        self._count += count
        if not self._draws or not self._total:
            return
        now = time.monotonic()
        if self._bar is None:
            if now - self._start <= _PATIENCE:
                return
            self._bar = _bar(_LABELS.get(self._phase, self._phase), self._total)
            self._drawn = 0.0
        if now - self._drawn >= _BETWEEN or self._count >= self._total:
            self._drawn = now
            self._bar.update(self._bar.task_ids[0], completed=self._count, refresh=True)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar(label: str, total: int) -> Bar:
    """Return a bar on standard error that is gone when it stops."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task(label, total=total)
    bar.start()
    return bar
