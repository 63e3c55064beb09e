"""Leaving in good order: a signal ends the run after the call under way, never in it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether somebody asked the run to end. Waiting through it ends as soon as they do."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def requested(self) -> bool:
        """Whether the run should end before its next call."""
        return self._event.is_set()

    def request(self) -> None:
        """Ask the run to end."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Sleep for `seconds`, or until the run is asked to end."""
        self._event.wait(seconds)

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM ask, for as long as this lasts; the second one is the system's.

        Does nothing outside the main thread, where Python takes no signals.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def ask(number: int, _: FrameType | None) -> None:
            self.request()
            signal.signal(number, before[signal.Signals(number)])

        for number in before:
            signal.signal(number, ask)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
