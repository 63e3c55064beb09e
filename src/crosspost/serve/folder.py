"""The preview's own output, as the last whole build left it: what was good is shown again.

Only regular files below the folder are read. A link that leads out of it is not followed, wherever
in the path it stands.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_below(folder: Path, path: str) -> bytes | None:
    """Return the bytes of a file below a folder; None where there is none, or it is elsewhere."""
    try:
        root = folder.resolve(strict=True)
        place = (root / path).resolve(strict=True)
        if not place.is_relative_to(root) or place == root:
            return None
        # Without waiting for a pipe, and not through a link that was put there meanwhile.
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError, RuntimeError):
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()
