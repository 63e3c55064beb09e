"""Reading ahead: documents that were edited, read by another process while this one gets ready.

Most builds follow the saving of one post. Which one that was, the disk tells long before all that a
build needs is loaded. It is a guess that saves time, no more: what was read here is taken where the
build finds that it would read this file, with these settings, and get these bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosspost.build.aside import Aside
from crosspost.build.last import LastBuild

_MOST = 8
"""Documents. Of more, all cores read."""


class Ahead:
    """The documents of a site that are younger than its last build, while they are read."""

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self.files = files
        self._work = Aside(lambda: _read(root, files))

    @classmethod
    def begun(cls, root: Path, last: LastBuild) -> Ahead | None:
        """Begin to read what is younger than the sources of the last build, if it is little."""
        if last.receipt is None or last.state is None:
            return None
        files = last.state.younger_than(last.receipt.newest)
        documents = [one for one in files if one.startswith("content/") and one.endswith(".md")]
        if not documents or len(files) > _MOST:
            return None
        return cls(root, documents)

    def result(self) -> bytes:
        """Wait for what `crosspost.build.reading.read_ahead` says of them."""
        return self._work.result()

    def drop(self) -> None:
        """End the reading, if nobody has asked for it."""
        self._work.drop()


def _read(root: Path, files: Sequence[str]) -> bytes:
    import gc

    gc.disable()
    from crosspost.build.reading import read_ahead

    return read_ahead(root, files)
