"""Files of the cache: whole, or not there.

A file that was cut, mixed up or written by hand is found out by its hash, and is then as good as
missing: the cache may miss, it may never lie.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_MARK = b"crosspost 1\n"
_SIZE = 16


def read_blob(path: Path) -> bytes | None:
    """Return what was written; None where the file is missing or not what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    head = len(_MARK) + _SIZE
    content = data[head:]
    if data[:head] != _MARK + _digest(content):
        return None
    return content


def write_blob(path: Path, content: bytes) -> None:
    """Write a file in one step. Raises `OSError`."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        temporary.write_bytes(_MARK + _digest(content) + content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SIZE).digest()
