"""Command lines in processes that are forked: each environment has one that has imported it all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Environment:
    """What differs between two machines and must not show in what they build."""

    name: str
    variables: Mapping[str, str]
    umask: int = 0o022
    cwd: str = "/"


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@dataclass
class Forked:
    """A process that runs commands in one environment, until it is closed.

    The commands of `warm` show what there is to import.
    """

    environment: Environment
    warm: list[list[str]]
    variables: dict[str, str] = field(init=False)
    """Those that its commands have."""
    _process: subprocess.Popen[str] = field(init=False)
    _number: int = 0

    def __post_init__(self):
        one = self.environment
        given = {"umask": one.umask, "cwd": one.cwd, "warm": self.warm}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ"))}
        self.variables = {**kept, "COLUMNS": "100", **one.variables}
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "forked_process.py"), json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=self.variables,
            start_new_session=True,  # Ctrl-C is for the tests; this one ends with its input
        )

    def run(self, arguments: list[str], **how: Any) -> Answer:
        """Run a command and wait for its end."""
        self.start(arguments, **how)
        return self.finish()

    def start(
        self,
        arguments: list[str],
        seed: int | None = None,
        user: int | None = None,
        cwd: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Begin to run a command."""
        self._number += 1
        request = {
            "number": self._number,
            "arguments": arguments,
            "seed": seed,
            "user": user,
            "cwd": cwd and str(cwd),
            "variables": variables and dict(variables),
        }
        print(json.dumps(request), file=self._process.stdin, flush=True)

    def finish(self) -> Answer:
        """Wait for what was begun last; a test that failed may have left others."""
        number = 0
        while number < self._number:
            line = self._process.stdout.readline()
            assert line, f"the process '{self.environment.name}' has died"
            number, answer = json.loads(line)
        return Answer(**answer)

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
