"""How far a build is, for a person who waits: a bar after the first second, on a terminal only."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import click

from crosspost.build.watch import Watch

_PATIENCE = 1.0
_TAKE_AWAY = "\r\033[K\033[?25h"
"""Back to the start of the line, the line emptied, the cursor shown again."""
_LABELS = {"read": "Reading", "make": "Making", "look": "Checking media", "write": "Writing"}
_LABELS |= {"copy": "Copying media"}


class Progress(Watch):
    """A watcher that draws; where nobody looks (a pipe, CI, --quiet) it draws nothing."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self._start = time.monotonic()
        self._draws = not quiet and sys.stderr.isatty() and not os.environ.get("CI")
        self._quiet = quiet
        self._phase, self._total, self._count = "", 0, 0
        self._bar: Any = None

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
        if self._bar is not None:
            self._bar.update(count)
        elif self._draws and self._total and time.monotonic() - self._start > _PATIENCE:
            label = _LABELS.get(self._phase, self._phase)
            self._bar = click.progressbar(length=self._total, label=label, file=sys.stderr)
            self._bar.__enter__()
            self._bar.update(self._count)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            sys.stderr.write(_TAKE_AWAY)
            sys.stderr.flush()
            self._bar = None
