"""Signatures: what the disk says of a file, by which one that has not changed need not be read.

A signature spares a reading, it never decides what a file holds: a clock has ticks, and a file that
was changed within the last one looks as it did before the change. Such a file has no signature yet,
and is read again next time (the rule that git calls "racy").
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter

Signature = tuple[int, int, int, int]
"""Bytes, moment of the last change of the bytes and of the file, in nanoseconds, and its number."""

TICK = 20_000_000
"""Nanoseconds: longer than the tick of any kernel's clock."""
_COARSE = 2_000_000_000
"""The same for disks that write whole seconds only."""
_SECOND = 1_000_000_000


_signature = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")


def signature(stat: os.stat_result) -> Signature:
    """Return the signature of a file."""
    found: Signature = _signature(stat)
    return found


def settled(found: Signature, now: int) -> bool:
    """Say whether a file was last changed before the tick of `now`, in nanoseconds since 1970."""
    _, changed, born, _ = found
    return max(changed, born) < now - (TICK if changed % _SECOND else _COARSE)


def those_settled(found: Mapping[str, Signature], now: int) -> dict[str, Signature]:
    """Return the signatures of those files that were `settled`."""
    old = now - _COARSE
    return {
        path: one
        for path, one in found.items()
        if (one[1] < old and one[2] < old) or settled(one, now)
    }


def signatures_of(folder: str, paths: Iterable[str]) -> list[Signature | None]:
    """Return the signatures of files below a folder; None for one that is not there."""
    numbers = iter(looks_in(folder, paths))
    found: Iterable[Signature] = zip(numbers, numbers, numbers, numbers, strict=True)
    return [None if one == _MISSING else one for one in found]


_MISSING = (-1, -1, -1, -1)


def looks_in(folder: str, paths: Iterable[str]) -> array[int]:
    """Return the signatures of files below a folder as `looks_of` gives them."""
    if os.stat not in os.supports_dir_fd:
        return _looks(paths, lambda path: os.lstat(f"{folder}{os.sep}{path}"))
    try:
        # The folders above are looked up once, and not for each of ten thousand files.
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return array("q", [number for _ in paths for number in _MISSING])
    try:
        return _looks(paths, partial(os.stat, dir_fd=place, follow_symlinks=False))
    finally:
        os.close(place)


def _looks(paths: Iterable[str], look: Callable[[str], os.stat_result]) -> array[int]:
    numbers: list[int] = []
    add = numbers.extend
    for path in paths:
        try:
            add(_signature(look(path)))
        except (OSError, ValueError):
            add(_MISSING)
    return array("q", numbers)


def looks_of(signatures: Iterable[Signature | None]) -> array[int]:
    """Return signatures as an array: four numbers for each, one after the other.

    They are -1 for None, which is a file that is not there.
    """
    numbers: list[int] = []
    for one in signatures:
        numbers.extend(one or _MISSING)
    return array("q", numbers)


def name_of_looks(looks: array[int]) -> str:
    """Return a hash of signatures."""
    return hashlib.blake2b(looks.tobytes(), digest_size=12).hexdigest()


def all_settled(looks: array[int], now: int) -> bool:
    """Say whether all files were last changed before the tick of `now`, as `settled` does."""
    young = now - _COARSE
    return all(
        max(changed, born) < now - (TICK if changed % _SECOND else _COARSE)
        for changed, born in zip(looks[1::4], looks[2::4], strict=True)
        if changed >= young or born >= young
    )
