"""Reading ahead: documents that are to be read, read by others while this process gets ready.

Most builds follow the saving of one post. Which one that was, the disk tells long before all that a
build needs is loaded; and of a site that was never built, all of them have to be read. It is a
guess that saves time, no more: what was read here is taken where the build finds that it would read
this file, with these settings, and get these bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from crosspost.build.aside import Aside
from crosspost.build.last import LastBuild
from crosspost.build.workers import cores

_MOST = 8
"""Documents that were edited. Of more, the build itself looks which are known."""
_MOST_AT_FIRST = 256
"""Documents of a site that was never built. Of more, the others are read with all cores later."""


class Begun(NamedTuple):
    """What is known of the last build, and the reading that has begun since."""

    last: LastBuild
    ahead: Ahead | None


class Ahead:
    """Documents of a site while they are read, in `jobs` processes."""

    def __init__(self, root: Path, files: Sequence[str], jobs: int = 1) -> None:
        self._work = Aside(lambda: _read(root, files, jobs))

    @classmethod
    def begun(cls, root: Path, last: LastBuild, *, at_first: bool) -> Ahead | None:
        """Begin to read what is younger than the sources of the last build, if it is little.

        `at_first` says whether to begin, too, where there never was one.
        """
        if last.receipt is None or last.state is None:
            return cls._begun_at_first(root) if at_first else None
        files = last.state.younger_than(last.receipt.newest)
        documents = [one for one in files if one.startswith("content/") and one.endswith(".md")]
        if not documents or len(files) > _MOST:
            return None
        return cls(root, documents)

    @classmethod
    def _begun_at_first(cls, root: Path) -> Ahead | None:
        known = root / ".crosspost/cache/records"
        if cores() == 1 or known.exists() or not (root / "crosspost.yaml").exists():
            return None
        documents = list(islice(_documents(root), _MOST_AT_FIRST))
        # The rest of many is read by all cores, which are needed until then to get ready.
        jobs = 1 if len(documents) == _MOST_AT_FIRST else cores()
        return cls(root, documents, jobs) if documents else None

    def result(self) -> bytes:
        """Wait for what `crosspost.build.reading.read_ahead` says of them; empty if it is lost."""
        return self._work.result(lost=b"")

    def drop(self) -> None:
        """End the reading, if nobody has asked for it."""
        self._work.drop()


def _documents(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root / "content"):
        folders.sort()
        place = os.path.relpath(folder, root)
        yield from (f"{place}/{name}" for name in sorted(files) if name.endswith(".md"))


def _read(root: Path, files: Sequence[str], jobs: int) -> bytes:
    import gc

    gc.disable()
    from crosspost.build.reading import read_ahead

    return read_ahead(root, files, jobs)
