"""Work done aside: by a process of its own, while this one goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from crosspost.build.workers import cores, ctrl_c_held_back


class Aside:
    """One piece of work that answers in bytes, begun now and needed later.

    Where there is one core, or no process can be forked, it is done when it is asked for; so it is
    where the process was lost.
    """

    def __init__(self, work: Callable[[], bytes]) -> None:
        self._work = work
        self._pid = 0
        self._answer = -1
        if cores() > 1:
            try:
                self._start()
            except KeyboardInterrupt:
                self.drop()
                raise

    def _start(self) -> None:
        answer, write = os.pipe()
        with ctrl_c_held_back():
            self._pid = os.fork()
            if self._pid == 0:
                self._work_and_end(answer, write)
            os.close(write)
            self._answer = answer

    def _work_and_end(self, answer: int, write: int) -> NoReturn:
        status = 1
        try:
            os.close(answer)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends us
            with os.fdopen(write, "wb") as file:
                file.write(b"\1" + self._work())
            status = 0
        finally:
            os._exit(status)

    def result(self) -> bytes:
        """Wait for the answer. Raises what the work raises, if it has to be done here."""
        if not self._pid:
            return self._work()
        with os.fdopen(self._answer, "rb") as file:
            data = file.read()
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return data[1:] if status == 0 and data else self._work()

    def drop(self) -> None:
        """End the work, if nobody has asked for it."""
        if self._pid:
            os.close(self._answer)
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
