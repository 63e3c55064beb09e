"""Worker processes: forked, so that they have everything, and answering in bytes.

A worker inherits the site as the parent has read it; nothing is sent to it but the numbers of the
items that it is to do, and what it answers is bytes. So no object has to cross between processes,
and a worker that dies is known at once, with the item that it was at.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from types import FrameType

Pipe = tuple[int, int]
"""Where it is read, and where it is written."""
Work = Callable[[range, Callable[[int], None]], bytes]
"""Does the items of a range, telling the number of each before it begins, and answers in bytes."""

_CHUNKS = 8
"""Parts of the work of one process: enough that a person sees how it gets on."""
_SMALLEST, _LARGEST = 8, 250
_AHEAD = 2
"""Orders that a worker has at once: it goes on while this process does something else."""
_HEAD = struct.Struct("<?q")
_RANGE = struct.Struct("<qq")
_AT = struct.Struct("<q")


class WorkerLost(Exception):
    """A worker died: `item` is the number of what it was at, `why` in words."""

    def __init__(self, item: int, why: str) -> None:
        super().__init__(why)
        self.item = item
        self.why = why


class WorkFailed(Exception):
    """The work itself raised what it should not: a fault of ours. `item` is where."""

    def __init__(self, item: int, why: str) -> None:
        super().__init__(why)
        self.item = item
        self.why = why


def cores() -> int:
    """Return how many workers may run at once here: 1 where a process cannot safely be forked."""
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def ctrl_c_held_back() -> Iterator[None]:
    """Let Ctrl-C come only after a fork: python drops what is raised during one.

    And a lock that is held meanwhile would stay so for ever, such as that of `logging`. A handler
    holds it back, not a mask: whichever thread gets a signal, the main one has to handle it, and
    no other ever does.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda *given: pressed.append(given))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed and callable(before):
        before(*pressed[0])


def run(work: Work, count: int, jobs: int, done: Callable[[int], None]) -> Iterator[bytes]:
    """Do `count` items in `jobs` processes and yield the answers, in the order of the items.

    With one job everything happens in this process. `done` is told how many items are. Raises
    `WorkFailed` or `WorkerLost`; no worker is left behind, whatever happens.
    """
    ready: dict[int, tuple[int, bytes]] = {}
    wanted = 0
    with closing(as_they_come(work, count, jobs, done)) as answers:
        for numbers, answer in answers:
            ready[numbers.start] = (numbers.stop, answer)
            while wanted in ready:
                wanted, due = ready.pop(wanted)
                yield due


def as_they_come(
    work: Work, count: int, jobs: int, done: Callable[[int], None]
) -> Generator[tuple[range, bytes]]:
    """Do as `run` does, but yield each answer as soon as it is there, with its items' numbers."""
    if not count:
        return
    jobs = min(jobs, -(-count // _SMALLEST))
    yield from _here(work, count, done) if jobs <= 1 else _Pool(work, count, jobs, done).answers()


def _here(work: Work, count: int, done: Callable[[int], None]) -> Generator[tuple[range, bytes]]:
    at = [0]

    def begins(item: int) -> None:
        at[0] = item

    size = min(_LARGEST, max(_SMALLEST, -(-count // _CHUNKS)))
    for start in range(0, count, size):
        chunk = range(start, min(start + size, count))
        try:
            answer = work(chunk, begins)
        except Exception as error:
            raise WorkFailed(at[0], _words(error)) from error
        done(len(chunk))
        yield chunk, answer


class _Parts:
    """What is left to do: neighbours for one worker each, so that what they share is found there.

    Who has nothing left takes from the end of the longest part, less and less at a time: so that
    all end together.
    """

    def __init__(self, count: int, jobs: int) -> None:
        self._parts = [range(count * n // jobs, count * (n + 1) // jobs) for n in range(jobs)]

    def next(self, number: int) -> range:
        """Return what a worker is to do next; nothing where nothing is left."""
        parts = self._parts
        rest = sum(map(len, parts))
        size = min(_LARGEST, max(_SMALLEST, rest // (2 * _AHEAD * len(parts))))
        if own := parts[number]:
            parts[number] = own[size:]
            return own[:size]
        longest = max(range(len(parts)), key=lambda one: len(parts[one]))
        theirs = parts[longest]
        parts[longest] = theirs[:-size]
        return theirs[-size:]


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


class _Worker:
    def __init__(self, number: int, pid: int, orders: int, answers: int) -> None:
        self.number = number
        self.pid = pid
        self.orders = orders
        self.answers = answers
        self.ordered: deque[range] = deque()
        self.buffer = bytearray()


class _Pool:
    """Workers that are given a chunk each, and the next one as soon as they have answered."""

    def __init__(self, work: Work, count: int, jobs: int, done: Callable[[int], None]) -> None:
        self._work = work
        self._count = count
        self._jobs = jobs
        self._done = done
        self._left = _Parts(count, jobs)
        self._workers: list[_Worker] = []
        # Where each worker is: the one thing that outlives it.
        self._at = mmap.mmap(-1, _AT.size * jobs)

    def answers(self) -> Generator[tuple[range, bytes]]:
        import selectors  # most processes have no workers

        selector = selectors.DefaultSelector()
        missing = self._count
        try:
            for number in range(self._jobs):
                worker = self._start(number)
                selector.register(worker.answers, selectors.EVENT_READ, worker)
                for _ in range(_AHEAD):
                    self._order(worker)
            while missing:
                for key, _ in selector.select():
                    for chunk, answer in self._receive(key.data):
                        self._done(len(chunk))
                        self._order(key.data)
                        missing -= len(chunk)
                        yield chunk, answer
        finally:
            selector.close()
            self._stop(kill=missing > 0)

    def _start(self, number: int) -> _Worker:
        read_orders, orders = os.pipe()
        answers, write_answers = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        with ctrl_c_held_back():
            worker = self._forked(number, (read_orders, orders), (answers, write_answers))
            os.close(read_orders)
            os.close(write_answers)
        return worker

    def _forked(self, number: int, orders: Pipe, answers: Pipe) -> _Worker:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.close(orders[1])
                os.close(answers[0])
                for other in self._workers:
                    os.close(other.orders)
                    os.close(other.answers)
                # The parent is told of Ctrl-C too, and ends us.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                self._serve(number, orders[0], answers[1])
                status = 0
            finally:
                os._exit(status)
        worker = _Worker(number, pid, orders[1], answers[0])
        self._workers.append(worker)
        return worker

    def _serve(self, number: int, orders: int, answers: int) -> None:
        """In the worker: do what is ordered until there are no more orders."""

        def begins(item: int) -> None:
            _AT.pack_into(self._at, number * _AT.size, item)

        good = True
        while good and len(order := os.read(orders, _RANGE.size)) == _RANGE.size:
            try:
                data = self._work(range(*_RANGE.unpack(order)), begins)
            except Exception as error:  # noqa: BLE001 - told to the parent, which raises it
                good, data = False, _words(error).encode("utf-8", "replace")
            _write(answers, _HEAD.pack(good, len(data)) + data)

    def _order(self, worker: _Worker) -> None:
        if chunk := self._left.next(worker.number):
            worker.ordered.append(chunk)
            with suppress(BrokenPipeError):  # it has died: its answer will not come, and says so
                os.write(worker.orders, _RANGE.pack(chunk.start, chunk.stop))

    def _receive(self, worker: _Worker) -> Iterator[tuple[range, bytes]]:
        """Take what has come from a worker; yield its answers as far as they are whole now."""
        data = os.read(worker.answers, 1 << 20)
        if not data:
            raise WorkerLost(self._item(worker), self._death(worker))
        buffer = worker.buffer
        buffer += data
        while len(buffer) >= _HEAD.size:
            good, size = _HEAD.unpack_from(buffer)
            end = _HEAD.size + size
            if len(buffer) < end:
                return
            answer = bytes(buffer[_HEAD.size : end])
            del buffer[:end]
            if not good:
                raise WorkFailed(self._item(worker), answer.decode("utf-8", "replace"))
            yield worker.ordered.popleft(), answer

    def _item(self, worker: _Worker) -> int:
        at: int = _AT.unpack_from(self._at, worker.number * _AT.size)[0]
        return at

    def _death(self, worker: _Worker) -> str:
        _, status = os.waitpid(worker.pid, 0)
        worker.pid = 0
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            known = -code in set(signal.Signals)  # real-time signals have no names
            return f"it was ended by {signal.Signals(-code).name if known else f'signal {-code}'}"
        return f"it ended by itself, with status {code}"

    def _stop(self, *, kill: bool) -> None:
        """End every worker: those that wait for orders leave by themselves."""
        for worker in self._workers:
            os.close(worker.orders)
            if kill and worker.pid:
                os.kill(worker.pid, signal.SIGKILL)
        for worker in self._workers:
            os.close(worker.answers)
            if worker.pid:
                os.waitpid(worker.pid, 0)
        self._at.close()


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
