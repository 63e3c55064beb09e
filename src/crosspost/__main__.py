"""The command `crosspost`, and `python -m crosspost`."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from crosspost.build.ahead import Begun

_QUIET = {"--quiet", "-q"}
_PLAIN = {"--strict", "--drafts"}


def run() -> NoReturn:
    """Run the command line."""
    gc.disable()  # what is imported lives as long as the process: until then nothing is garbage
    try:
        begun = _begun(sys.argv[1:])
        from crosspost.cli import run as command_line
    except KeyboardInterrupt:  # from here on click takes it, with the same words
        sys.stderr.write("Aborted!\n")
        sys.exit(1)
    command_line(begun)


def _begun(arguments: Sequence[str]) -> Begun | None:
    """Begin a build, if one was asked for as most people ask.

    If it has nothing to do, it is over here: to load what reads the command line takes longer than
    to look at all files of a site with a thousand posts.
    """
    start = time.monotonic()
    loud = [one for one in arguments if one not in _QUIET]
    if loud[:1] != ["build"] or not _PLAIN.issuperset(loud[1:]):
        return None
    from crosspost.build.last import last_build

    try:
        root = Path.cwd()
        output = (root / "output").resolve()
    except OSError:
        return None
    last = last_build(root, output, "--drafts" in arguments, "--strict" in arguments)
    if last.receipt is None or not last.holds or sys.stdout.encoding.lower() != "utf-8":
        from crosspost.build.ahead import Ahead, Begun

        return Begun(last, Ahead.begun(root, last, at_first=True))
    from crosspost.words import summary_of_build

    report = last.receipt.unchanged(time.monotonic() - start)
    status = 0
    try:
        sys.stderr.writelines(f"{warning}\n" for warning in last.receipt.warnings)
        if loud == arguments:
            sys.stdout.write(f"{summary_of_build(report)}\n")
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = 1
    os._exit(status)


if __name__ == "__main__":
    run()
