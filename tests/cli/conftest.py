"""The command line as a person calls it: another process, its output and its exit status.

The process is forked from one that has imported crosspost before: a test that is about the start of
a process begins one of its own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forked import Environment, Forked

Run = Callable[..., subprocess.CompletedProcess[str]]
HERE = Environment("here", {"PYTHONUTF8": "1"})


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    """A process that runs commands on request."""
    site = str(tmp_path_factory.mktemp("warm") / "site")
    here = ("-C", site)
    begun = [["init", site], [*here, "new", "post", "x"], [*here, "schema", "--check"]]
    process = Forked(HERE, [*begun, [*here, "build"]])
    yield process
    process.close()


@pytest.fixture
def crosspost(tmp_path: Path, commands: Forked) -> Run:
    """Return `crosspost("build", …, cwd=folder)`, which never raises."""

    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"}
        answer = commands.run(list(arguments), cwd=cwd, variables=variables)
        return subprocess.CompletedProcess(arguments, answer.status, answer.out, answer.err)

    return run
