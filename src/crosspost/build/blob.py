"""Files of the cache: whole, or not there.

A file that was cut, mixed up or written by hand is found out by its hash, and is then as good as
missing: the cache may miss, it may never lie.

A *journal* holds several blobs, each of them later than the one before: a build that learns little
appends little. What is broken ends it: everything before is as it was when that was all.

Behind a blob may stand a *tail*, whose parts its owner looks at one by one: of much that is kept
little is needed, and what is not needed need not be hashed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MARK = b"crosspost 4\n"
_SIZE = 20
_LENGTH = 8
_HEAD = len(_MARK) + _SIZE + 2 * _LENGTH


def read_blob(path: Path) -> bytes | None:
    """Return what was written; None where the file is missing or not what was written."""
    blobs, whole = read_journal(path)
    return bytes(blobs[0][0]) if len(blobs) == 1 and whole else None


def read_journal(path: Path) -> tuple[list[tuple[memoryview, memoryview]], bool]:
    """Return the blobs of a journal up to the first broken one, and whether none is broken.

    Each stands with its tail, which has its length and may hold anything.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return [], False
    blobs = list(_blobs(memoryview(data)))
    read = sum(_HEAD + len(content) + len(tail) for content, tail in blobs)
    return blobs, bool(blobs) and read == len(data)


def _blobs(data: memoryview) -> Iterator[tuple[memoryview, memoryview]]:
    start = 0
    while start + _HEAD <= len(data):
        head = bytes(data[start : start + _HEAD])
        lengths = head[-2 * _LENGTH :]
        middle = start + _HEAD + int.from_bytes(lengths[:_LENGTH], "big")
        end = middle + int.from_bytes(lengths[_LENGTH:], "big")
        content = data[start + _HEAD : middle]
        if end > len(data) or head != _head(content, end - middle):
            return
        yield content, data[middle:end]
        start = end


def write_blob(path: Path, content: bytes, tail: bytes = b"") -> None:
    """Write a file of one blob, in one step. Raises `OSError`."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            _write(file, content, tail)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def append_blob(path: Path, content: bytes, tail: bytes = b"") -> None:
    """Add a blob to a journal that is whole. Raises `OSError`."""
    with path.open("ab") as file:
        _write(file, content, tail)


def _write(file: BinaryIO, content: bytes, tail: bytes) -> None:
    file.write(_head(content, len(tail)))
    file.write(content)
    file.write(tail)


def _head(content: bytes | memoryview, tail: int) -> bytes:
    # It tells what was damaged from what was not, no more: as for bodies, the quickest will do.
    lengths = len(content).to_bytes(_LENGTH, "big") + tail.to_bytes(_LENGTH, "big")
    digest = hashlib.sha1(content, usedforsecurity=False)
    digest.update(lengths)
    return _MARK + digest.digest() + lengths
