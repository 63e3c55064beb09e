"""The whole site, built behind the preview in a process of its own: what is wrong anywhere on it.

`python -m crosspost.serve.whole SITE OUTPUT --now ISO [--drafts]` is that process. It prints one
JSON object: the problems, and whether the site could be built.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crosspost.errors import BlockedError, Problem, Severity, SiteError

PREVIEW = ".crosspost/preview"
"""Where the preview's own output is, below the site: never output/, which may be deployed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole build found. `said` is why there was none; empty where there was."""

    problems: tuple[Problem, ...] = ()
    said: str = ""


class WholeBuild:
    """At most one build at a time; `stop` ends it at once, and for good."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="crosspost-whole")
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    async def run(self, now: datetime, *, drafts: bool) -> Verdict:
        """Build the site as of a moment."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._hand, self._run, now, drafts)

    def stop(self) -> None:
        """End the build that is under way, with all its workers."""
        with self._starting:
            self._stopped = True
            if self._process is not None and self._process.poll() is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
        self._hand.shutdown(cancel_futures=True)

    def _run(self, now: datetime, drafts: bool) -> Verdict:
        command = [sys.executable, "-m", "crosspost.serve.whole", str(self._root)]
        command += ["--now", now.isoformat(), *(["--drafts"] if drafts else [])]
        with self._starting:
            if self._stopped:
                return Verdict(said="it was stopped")
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for us: we end it
            )
        out, err = self._process.communicate()
        try:
            found = json.loads(out)
        except ValueError:
            said = err.decode("utf-8", "replace").strip().rpartition("\n")[2]
            return Verdict(said=f"the whole site could not be built: {said or 'it was stopped'}")
        problems = (
            Problem(file, line, column, code, message, Severity(severity))
            for file, line, column, code, message, severity in found["problems"]
        )
        return Verdict(tuple(problems), found["said"])


def main(arguments: list[str] | None = None) -> None:
    """Build, and print what was found."""
    from crosspost.build.site import Options, build
    from crosspost.settings_file import read_settings

    parser = argparse.ArgumentParser()
    parser.add_argument("site", type=Path)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    parser.add_argument("--drafts", action="store_true")
    given = parser.parse_args(arguments)
    with suppress(OSError):
        os.nice(5)  # the page that somebody waits for comes first
    found: dict[str, Any] = {"problems": [], "said": ""}
    try:
        settings, known = read_settings(given.site)
        options = Options(
            output=given.site / PREVIEW, now=given.now, drafts=given.drafts, clean=True
        )
        found["problems"] = build(settings, options, known).warnings
    except SiteError as error:
        found["problems"] = error.problems
    except BlockedError as error:
        found["said"] = str(error)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
