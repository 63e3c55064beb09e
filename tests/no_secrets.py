"""No token is written anywhere: looked for after each test, in all that it wrote.

Whatever a sandbox of this process takes for a secret (tokens, codes, applications' secrets) passes
one function, that which makes a hash of it. So it is known which secrets a test had to do with.
They are then looked for in its folder, in what git packed away there, in what it and the processes
that it started printed, in logs and tracebacks, and in the sandbox's own data.

A test that writes a token on purpose says where: `@pytest.mark.shows_token("its file")`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

GIT = shutil.which("git") or "git"
SHORTEST = 24
"""What is shorter is no secret of a sandbox: it is what a test made up."""


def secrets_in(folder: Path, tokens: set[str]) -> list[str]:
    """Return where one of these tokens was written: in files, and in what git has packed away."""
    sought = [token.encode() for token in tokens]
    found = []
    for path in sorted(folder.rglob("*")) if sought else ():
        data = b""
        if path.is_file() and "objects" not in path.parts:
            data = path.read_bytes()
        elif path.name == "objects" and (path.parent / "HEAD").exists():
            command = [GIT, "cat-file", "--batch-all-objects", "--batch"]
            data = subprocess.run(command, cwd=path.parent, capture_output=True, check=True).stdout
        found += [str(path) for token in sought if token in data]
    return found


class Watch:
    """The plugin: which secrets the test under way had to do with, and where it left one."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.found: list[str] = []
        self._watched: set[str] = set()

    def saw(self, where: str, *texts: object) -> None:
        """Look at something that was printed."""
        for text in texts:
            words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
            if any(secret in words for secret in list(self.secrets)):
                self.found.append(where)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin anew. What a test has not imported by now, no test before it has spoken to."""
        self.secrets, self.found = set(), []
        self._watch("crosspost.sandbox.access", self._watch_secrets)
        self._watch("crosspost.sandbox.server", self._watch_sandboxes)
        self._watch("click.testing", self._watch_commands)
        self._watch("subprocess", self._watch_processes)
        self._watch("forked", self._watch_forks)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]):
        """Fail a test that left a secret."""
        report = yield
        self.saw("its output", report.caplog, report.capstdout, report.capstderr)
        if call.excinfo is not None:
            self.saw("a traceback", "".join(traceback.format_exception(call.excinfo.value)))
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        if call.when == "teardown" and folder is not None and folder.exists():
            self.found += secrets_in(folder, self.secrets)
        marker = item.get_closest_marker("shows_token")
        places = marker.args if marker else ()
        left = [where for where in self.found if not any(place in where for place in places)]
        if left:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} left a token in {', '.join(left)}"
        return report

    def _watch(self, name, begin) -> None:
        if name in sys.modules and name not in self._watched:
            self._watched.add(name)
            begin(sys.modules[name])

    def _watch_secrets(self, access) -> None:
        make = access._hash

        def noted(secret: str) -> str:
            if len(secret) >= SHORTEST:
                self.secrets.add(secret)
            return make(secret)

        access._hash = noted

    def _watch_sandboxes(self, server) -> None:
        remove = server.Sandbox._remove_temporary

        def looked(sandbox) -> None:
            if sandbox._temporary is not None:
                self.found += secrets_in(Path(sandbox._temporary.name), self.secrets)
            remove(sandbox)

        server.Sandbox._remove_temporary = looked

    def _watch_commands(self, testing) -> None:
        invoke = testing.CliRunner.invoke

        def invoked(runner, *arguments, **options):
            result = invoke(runner, *arguments, **options)
            self.saw("what a command printed", result.output)
            if result.exc_info is not None:
                self.saw("a traceback", "".join(traceback.format_exception(*result.exc_info)))
            return result

        testing.CliRunner.invoke = invoked

    def _watch_processes(self, _) -> None:
        communicate = subprocess.Popen.communicate

        def communicated(process, *arguments, **options):
            told = communicate(process, *arguments, **options)
            if "cat-file" not in str(process.args):  # which reads what was kept, as we do
                for stream, words in zip(("stdout", "stderr"), told, strict=True):
                    self.saw(f"{stream} of a process ({str(process.args)[:60]})", words)
            return told

        subprocess.Popen.communicate = communicated

    def _watch_forks(self, forked) -> None:
        finish = forked.Forked.finish

        def finished(process):
            answer = finish(process)
            self.saw("what a forked command printed", answer.out, answer.err)
            return answer

        forked.Forked.finish = finished
