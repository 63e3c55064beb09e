"""Who watches a build: told of its phases, how far each is, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watch:
    """A watcher that only takes the time; a command line overrides `tell`, `begin` and `done`."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def tell(self, text: str) -> None:
        """Take a line for people."""

    def begin(self, phase: str, total: int) -> None:
        """Hear that a phase with so many items begins."""

    def done(self, count: int) -> None:
        """Hear that so many items more are done."""

    def end(self) -> None:
        """Hear that the phase is over, whether it went well or not."""

    @contextmanager
    def phase(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Measure a phase."""
        start = time.perf_counter()
        self.begin(name, total)
        try:
            yield self.done
        finally:
            self.end()
            spent = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent
