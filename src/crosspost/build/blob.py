"""Files of the cache: whole, or not there.

A file that was cut, mixed up or written by hand is found out by its hash, and is then as good as
missing: the cache may miss, it may never lie.

A *journal* holds several blobs, each of them later than the one before: a build that learns little
appends little. What is broken ends it: everything before is as it was when that was all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_MARK = b"crosspost 3\n"
_SIZE = 20
_LENGTH = 8
_HEAD = len(_MARK) + _SIZE + _LENGTH


def read_blob(path: Path) -> bytes | None:
    """Return what was written; None where the file is missing or not what was written."""
    blobs, whole = read_journal(path)
    return blobs[0] if len(blobs) == 1 and whole else None


def read_journal(path: Path) -> tuple[list[bytes], bool]:
    """Return the blobs of a journal up to the first broken one, and whether none is broken."""
    try:
        data = path.read_bytes()
    except OSError:
        return [], False
    blobs = list(_blobs(memoryview(data)))
    return blobs, bool(blobs) and sum(map(len, blobs)) + _HEAD * len(blobs) == len(data)


def _blobs(data: memoryview) -> Iterator[bytes]:
    start = 0
    while start + _HEAD <= len(data):
        head = bytes(data[start : start + _HEAD])
        end = start + _HEAD + int.from_bytes(head[-_LENGTH:], "big")
        content = data[start + _HEAD : end]
        if end > len(data) or head != _head(content):
            return
        yield bytes(content)
        start = end


def write_blob(path: Path, content: bytes) -> None:
    """Write a file of one blob, in one step. Raises `OSError`."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        temporary.write_bytes(_head(content) + content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def append_blob(path: Path, content: bytes) -> None:
    """Add a blob to a journal that is whole. Raises `OSError`."""
    with path.open("ab") as file:
        file.write(_head(content) + content)


def _head(content: bytes | memoryview) -> bytes:
    # It tells what was damaged from what was not, no more: as for bodies, the quickest will do.
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return _MARK + digest + len(content).to_bytes(_LENGTH, "big")
