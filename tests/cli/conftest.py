"""The command line as a person calls it: another process, its output and its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def crosspost(tmp_path: Path) -> Run:
    """Return `crosspost("build", …, cwd=folder)`, which never raises."""

    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "crosspost", *arguments],
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"},
            check=False,
        )

    return run
