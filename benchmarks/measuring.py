"""What one command costs: wall time, processor time, and the most memory of all its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.01
"""Seconds between two looks at the memory of a command's processes."""
KNOWS_MEMORY = Path("/proc/self/smaps_rollup").exists()
"""Whether this system says how much memory a process has of its own: Linux does."""


class CommandFailed(Exception):
    """A command that was to be measured did not end well; its last words are in the message."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds from start to end, and seconds of processor time of a command and those it ran."""

    wall: float
    processor: float


def time_of(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command in `folder` and return what it cost. Raises `CommandFailed`.

    Nothing else is done meanwhile. Processor time is the kernel's own sum over the command and
    every process that it waited for.
    """
    start = time.perf_counter()
    with _Running(command, folder, environment) as running:
        _, status, usage = os.wait4(running.pid, 0)
        wall = time.perf_counter() - start
        running.ended(status)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def memory_of(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run a command in `folder` and return the most memory, in bytes, that it had at one time.

    That is the sum over all its processes of what each has of its own, shared pages divided among
    those who share them (PSS): counting them once for each would punish whoever forks. It is
    looked at every `EVERY` seconds, which costs time: a run is measured for time or for memory.
    A peak of one process that fell between two looks is known to the kernel, and counts (it is
    never told to be below the memory of the process that measures, which is small for that).
    Raises `CommandFailed`.
    """
    most = 0
    with _Running(command, folder, environment) as running:
        while True:
            pid, status, usage = os.wait4(running.pid, os.WNOHANG)
            if pid:
                running.ended(status)
                return max(most, usage.ru_maxrss * 1024)
            most = max(most, sum(map(_own_memory, _processes(running.pid))))
            time.sleep(EVERY)


class _Running:
    """A command in a session of its own, by which its processes are found, however deep."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self._command = command
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.pid = self._process.pid

    def __enter__(self) -> _Running:
        return self

    def ended(self, status: int) -> None:
        """Take the status that `wait4` gave. Raises `CommandFailed` where it is a failure."""
        self._process.returncode = os.waitstatus_to_exitcode(status)
        if self._process.returncode:
            self._said.seek(0)
            words = self._said.read().decode(errors="replace")[-2000:]
            name = " ".join(self._command)
            raise CommandFailed(f"{name}: ended with {self._process.returncode}.\n{words}")

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:  # we were interrupted
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        self._said.close()


def _processes(session: int) -> Iterator[str]:
    """Yield the ids of the processes of a session."""
    for name in os.listdir("/proc"):  # noqa: PTH208 - called a hundred times a second
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_bytes().rpartition(b") ")[2].split()
            except OSError:
                continue  # it has ended since
            if int(fields[3]) == session:
                yield name


def _own_memory(process: str) -> int:
    try:
        lines = Path("/proc", process, "smaps_rollup").read_bytes().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:"))
