"""Worker processes: answers in order, failures by name, and nobody left behind."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crosspost.build.workers import WorkerLost, WorkFailed, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
SEVERAL = [1, 2, 3]


@pytest.fixture(autouse=True)
def nobody_left() -> Iterator[None]:
    """Whatever a test does, no process of it is there afterwards, not even a dead one."""
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def numbers_of(numbers: range, begins: Callable[[int], None]) -> bytes:
    for number in numbers:
        begins(number)
    return "".join(f"{number} " for number in numbers).encode()


def failing_at(item: int, fail: Callable[[], object]) -> Callable[..., bytes]:
    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        for number in numbers:
            begins(number)
            if number == item:
                fail()
        return b"."

    return work


@settings(max_examples=25)
@example(count=0, jobs=3)
@example(count=1, jobs=3)
@example(count=2500, jobs=2)
@given(count=st.integers(0, 700), jobs=st.integers(1, 3))
def test_answers_come_in_the_order_of_items_and_all_are_told_as_done(count: int, jobs: int) -> None:
    done: list[int] = []
    answers = b"".join(run(numbers_of, count, jobs, done.append))
    assert [int(number) for number in answers.split()] == list(range(count))
    assert sum(done) == count


def test_more_jobs_than_items_start_no_more_processes_than_there_is_work_for() -> None:
    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        return f"{os.getpid()} ".encode()

    pids = b"".join(run(work, 3, 50, lambda _: None)).split()
    assert len(pids) == 1


def test_one_job_is_done_in_this_process_and_several_are_not() -> None:
    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        return f"{os.getpid()} ".encode()

    assert set(b"".join(run(work, 40, 1, lambda _: None)).split()) == {str(os.getpid()).encode()}
    assert str(os.getpid()).encode() not in b"".join(run(work, 40, 2, lambda _: None)).split()


@pytest.mark.parametrize("jobs", SEVERAL)
def test_large_answers_cross_whole(jobs: int) -> None:
    size = 3_000_000

    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        return bytes([numbers.start % 251]) * (size + numbers.start)

    answers = list(run(work, 60, jobs, lambda _: None))
    starts, start = [], 0
    for answer in answers:
        starts.append(len(answer) - size)
        assert answer == bytes([answer[0]]) * len(answer)
        assert answer[0] == starts[-1] % 251
        assert starts[-1] >= start
        start = starts[-1]
    assert starts[0] == 0
    assert len(set(starts)) == len(starts)


@pytest.mark.parametrize("jobs", SEVERAL)
def test_empty_answers_are_answers_too(jobs: int) -> None:
    answers = list(run(lambda numbers, begins: b"", 50, jobs, lambda _: None))
    assert answers
    assert set(answers) == {b""}


class Unspeakable(Exception):
    """An exception that no pickle could carry: it needs two arguments and holds a lambda."""

    def __init__(self, why: str, more: object) -> None:
        super().__init__(why)
        self.more = lambda: more


@pytest.mark.parametrize("jobs", SEVERAL)
@pytest.mark.parametrize("item", [0, 29, 58])
def test_an_exception_of_the_work_names_its_item_and_keeps_its_words(jobs: int, item: int) -> None:
    def fail() -> None:
        raise Unspeakable("the chapel is closed · ☂", object())

    with pytest.raises(WorkFailed) as caught:
        list(run(failing_at(item, fail), 59, jobs, lambda _: None))
    assert caught.value.item == item
    assert caught.value.why == "Unspeakable: the chapel is closed · ☂"


def test_words_that_are_no_utf8_cross_all_the_same() -> None:
    def fail() -> None:
        raise ValueError("\ud800 lone")

    with pytest.raises(WorkFailed, match=r"ValueError: .* lone"):
        list(run(failing_at(3, fail), 20, 2, lambda _: None))


@pytest.mark.parametrize("jobs", [2, 3])
@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "it was ended by SIGKILL"),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), "it was ended by SIGTERM"),
        (lambda: os._exit(0), "it ended by itself, with status 0"),
        (lambda: os._exit(7), "it ended by itself, with status 7"),
        (lambda: exec("raise SystemExit"), "it ended by itself, with status 1"),
    ],
    ids=["killed", "terminated", "left", "left with 7", "SystemExit"],
)
def test_a_worker_that_ends_is_told_with_its_item_and_why(
    jobs: int, end: Callable[[], object], why: str
) -> None:
    with pytest.raises(WorkerLost) as caught:
        list(run(failing_at(31, end), 60, jobs, lambda _: None))
    assert caught.value.item == 31
    assert caught.value.why == why


def test_a_signal_that_has_no_name_is_told_too() -> None:
    number = signal.SIGRTMIN + 1  # type: ignore[attr-defined]
    end = lambda: os.kill(os.getpid(), number)  # noqa: E731
    with pytest.raises(WorkerLost, match=str(int(number))) as caught:
        list(run(failing_at(5, end), 60, 2, lambda _: None))
    assert caught.value.item == 5


def test_a_worker_that_dies_in_the_middle_of_its_answer_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The system may end a process while half of what it says is in the pipe."""
    from crosspost.build import workers

    def half(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(workers, "_write", half)
    with pytest.raises(WorkerLost, match="SIGKILL"):
        list(run(numbers_of, 60, 2, lambda _: None))


@pytest.mark.parametrize("jobs", SEVERAL)
@pytest.mark.parametrize("taken", [0, 1, 3])
def test_answers_that_nobody_wants_any_more_stop_the_work(jobs: int, taken: int) -> None:
    answers = run(numbers_of, 500, jobs, lambda _: None)
    for _ in range(taken):
        next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert list(answers) == []


@pytest.mark.parametrize("jobs", SEVERAL)
def test_an_exception_of_who_is_told_stops_the_work(jobs: int) -> None:
    def done(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run(numbers_of, 500, jobs, done))


def test_no_descriptor_is_left_open() -> None:
    def open_ones() -> set[str]:
        return set(os.listdir("/proc/self/fd"))  # noqa: PTH208

    if not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        pytest.skip("this system does not tell what is open")
    list(run(numbers_of, 50, 2, lambda _: None))
    before = open_ones()
    list(run(numbers_of, 50, 3, lambda _: None))
    with contextlib.suppress(WorkerLost):
        list(run(failing_at(4, lambda: os._exit(1)), 50, 3, lambda _: None))
    assert open_ones() == before


def test_workers_end_when_the_parent_is_killed() -> None:
    """They hold the end of a pipe: it is closed once the last of them is gone."""
    import select

    ours, theirs = os.pipe()
    parent = os.fork()
    if parent == 0:
        here = os.getpid()

        def work(numbers: range, begins: Callable[[int], None]) -> bytes:
            if 30 in numbers:
                os.kill(here, signal.SIGKILL)
            return b"." * 200_000

        try:
            list(run(work, 60, 3, lambda _: None))
        finally:
            os._exit(0)
    os.close(theirs)
    _, status = os.waitpid(parent, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    closed, _, _ = select.select([ours], [], [], 60)
    assert closed
    assert os.read(ours, 1) == b""
    os.close(ours)
