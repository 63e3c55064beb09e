"""Run a command for at most so many seconds: `python tools/bounded.py SECONDS COMMAND…`.

Running out of time is no failure: what was tried so far was right.
"""

from __future__ import annotations

import signal
import subprocess
import sys


def main(seconds: float, command: list[str]) -> int:
    """Run `command`; return its exit status, or 0 where the time ended first."""
    process = subprocess.Popen(command)  # noqa: S603 - the caller's own command
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        process.wait()
        sys.stderr.write(f"Stopped after {seconds:g} seconds, with no failure so far.\n")
        return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
