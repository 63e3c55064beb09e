"""One build of a site at a time: the second one waits, and says so."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crosspost.errors import BlockedError

_PATIENCE = 600.0
"""Seconds after which waiting for another build makes no sense any more."""


@contextmanager
def build_lock(path: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a site's builds. Raises `BlockedError` after ten minutes of waiting.

    The kernel lets go of it when its holder dies. Where there is no place for it (a site that is
    read-only) or no such lock (Windows), nothing is held.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
    except OSError:
        yield
        return
    try:
        waited = 0.0
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waited:
                    tell("Another build of this site is running: waiting for it to end.")
                if waited > _PATIENCE:
                    raise BlockedError(
                        "another build of this site has been running for ten minutes: end it, and "
                        "build again."
                    ) from None
                time.sleep(0.1)
                waited += 0.1
            except OSError:
                break  # a disk that knows no locks
        yield
    finally:
        with suppress(OSError):
            os.close(descriptor)
