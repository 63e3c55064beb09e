"""Run a command for at most so many seconds: `python tools/bounded.py SECONDS COMMAND…`.

Running out of time is no failure: what was tried so far was right.
"""

from __future__ import annotations

import signal
import subprocess
import sys

_GRACE = 30
"""Seconds that a command has to end in, once it was asked to."""


def main(seconds: float, command: list[str]) -> int:
    """Run `command`; return its exit status, or 0 where the time ended first."""
    # What is started in the background ignores Ctrl-C, and so would the command.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command)  # noqa: S603 - the caller's own command
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        sys.stderr.write(f"Stopped after {seconds:g} seconds, with no failure so far.\n")
        return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
