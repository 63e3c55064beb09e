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
    where the process was lost, and where it `waits` because it is too little for a process.
    """

    def __init__(self, work: Callable[[], bytes], *, waits: bool = False) -> None:
        self._work = work
        self._pid = 0
        self._answer = -1
        self._result: bytes | None = None
        if cores() > 1 and not waits:
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

    @property
    def is_apart(self) -> bool:
        """Whether another process does it."""
        return self._pid != 0

    def result(self, lost: bytes | None = None) -> bytes:
        """Wait for the answer. Raises what the work raises, if it has to be done here.

        `lost` is the answer of a process that was lost, if the work is not to be done again.
        """
        if self._result is None and self._pid:
            received = self._received()
            self._result = lost if received is None else received
        if self._result is None:
            self._result = self._work()
        return self._result

    def _received(self) -> bytes | None:
        """Return what the process has answered; None where it was lost."""
        with os.fdopen(self._answer, "rb") as file:
            data = file.read()
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return data[1:] if status == 0 and data else None

    def drop(self) -> None:
        """End the work, if nobody has asked for it."""
        if self._pid:
            os.close(self._answer)
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
