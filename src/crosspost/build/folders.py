"""Folders and files made by the ten thousand, with as few calls of the system as will do."""

from __future__ import annotations

import os


class Folders:
    """What is known of folders below `root`, which is there: each is looked at or made once.

    A folder that others make meanwhile may be taken for missing, never the other way round.
    """

    def __init__(self, root: str) -> None:
        self._there: dict[str, bool] = {root: True}
        self._made = {root}

    def has(self, folder: str) -> bool:
        """Say whether a folder is there. Below one that is not, there is nothing to look for."""
        found = self._there.get(folder)
        if found is None:
            above = folder.rpartition("/")[0]
            found = (not above or self.has(above)) and os.path.isdir(folder)  # noqa: PTH112
            self._there[folder] = found
        return found

    def make(self, folder: str) -> None:
        """Make a folder, and those above it, unless it is there. Raises `OSError`."""
        if folder in self._made:
            return
        try:
            os.mkdir(folder)  # noqa: PTH102
        except OSError:  # what is above is missing, or others have made it
            above = folder.rpartition("/")[0]
            if above and not os.path.lexists(folder):
                self.make(above)
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        self._made.add(folder)


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NEW_FILE |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def write_new(path: str, data: bytes) -> os.stat_result:
    """Write a file that is not there yet, and return what the disk says of it. Raises `OSError`."""
    file = os.open(path, _NEW_FILE, 0o666)
    try:
        written = os.write(file, data)
        while written < len(data):
            written += os.write(file, memoryview(data)[written:])
        return os.fstat(file)
    finally:
        os.close(file)
