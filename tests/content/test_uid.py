from __future__ import annotations

from itertools import count, pairwise

from crosspost.content.uid import LENGTH, UidMaker


def test_it_sorts_by_the_moment_it_was_made():
    made = [UidMaker(clock=lambda ms=ms: ms)() for ms in (0, 1, 1_700_000_000_000, 2**48 - 1)]
    assert made == sorted(made)
    assert {len(uid) for uid in made} == {LENGTH}


def test_it_grows_within_a_millisecond_and_when_the_clock_goes_back():
    times = iter([5, 5, 5, 4, 1, 6])
    maker = UidMaker(clock=lambda: next(times))
    made = [maker() for _ in range(6)]
    assert all(first < second for first, second in pairwise(made))


def test_the_greatest_random_part_carries_into_the_next_millisecond():
    maker = UidMaker(clock=lambda: 7, random=lambda bits: 2**bits - 1)
    first, second = maker(), maker()
    assert (first, second) == ("0000000007ZZZZZZZZZZZZZZZZ", "00000000080000000000000000")


def test_two_makers_do_not_meet():
    ticks = count()
    makers = [UidMaker(clock=lambda: next(ticks) // 100) for _ in range(2)]
    assert len({maker() for maker in makers for _ in range(200)}) == 400
