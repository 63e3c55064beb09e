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
import sys
from contextlib import suppress
from dataclasses import astuple, dataclass
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
    """At most one build at a time; `stop` ends it at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, now: datetime, *, drafts: bool) -> Verdict:
        """Build the site as of a moment."""
        command = [sys.executable, "-m", "crosspost.serve.whole", str(self._root)]
        command += ["--now", now.isoformat(), *(["--drafts"] if drafts else [])]
        self._process = process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us: we end it
        )
        try:
            out, err = await process.communicate()
        except asyncio.CancelledError:
            self.stop()
            await process.communicate()
            raise
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

    def stop(self) -> None:
        """End the build that is under way, with all its workers."""
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)


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
        found["problems"] = [astuple(one) for one in build(settings, options, known).warnings]
    except SiteError as error:
        found["problems"] = [astuple(one) for one in error.problems]
    except BlockedError as error:
        found["said"] = str(error)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
