"""Identities of documents: ULIDs, which sort by the moment they were made.

48 bits of milliseconds and 80 random bits, as 26 characters of Crockford's base 32.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
LENGTH = 26


class UidMaker:
    """Makes identities, each greater than the one before, even within a millisecond.

    `clock` gives milliseconds since 1970 and may go backwards; `random` gives that many bits.
    """

    def __init__(
        self,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        random: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._clock = clock
        self._random = random
        self._last = -1

    def __call__(self) -> str:
        """Return a new identity."""
        value = (self._clock() << _RANDOM_BITS) | self._random(_RANDOM_BITS)
        if value >> _RANDOM_BITS <= self._last >> _RANDOM_BITS:
            value = self._last + 1
        self._last = value
        digits = []
        for _ in range(LENGTH):
            value, digit = divmod(value, 32)
            digits.append(_ALPHABET[digit])
        return "".join(reversed(digits))
