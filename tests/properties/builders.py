"""Ways to build a site: each environment has one process that builds, for the whole session."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Environment:
    """What differs between two machines and must not show in what they build."""

    name: str
    variables: Mapping[str, str]
    umask: int = 0o022
    cwd: str = "/"


HOME = Environment("home", {"TZ": "Europe/Paris", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
PLAIN = Environment("plain", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"})
ODD = Environment(
    "odd",
    {"TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4242"},
    umask=0o077,
    cwd="/usr",
)


@dataclass(frozen=True)
class Answer:
    """How a build ended, and what it said."""

    status: int
    out: str
    err: str


@dataclass
class Builder:
    """A process that builds sites in one environment, until it is closed."""

    environment: Environment
    warm: Path
    _process: subprocess.Popen[str] = field(init=False)
    _number: int = 0

    def __post_init__(self):
        one = self.environment
        given = {"umask": one.umask, "cwd": one.cwd, "warm": ["-C", str(self.warm), "build"]}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ"))}
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "builder_process.py"), json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**kept, "COLUMNS": "100", **one.variables},
            start_new_session=True,  # Ctrl-C is for the tests; this one ends with its input
        )

    def start(self, arguments: list[str], seed: int | None = None, user: int | None = None) -> None:
        """Begin to build."""
        self._number += 1
        request = {"number": self._number, "arguments": arguments, "seed": seed, "user": user}
        print(json.dumps(request), file=self._process.stdin, flush=True)

    def finish(self) -> Answer:
        """Wait for what was begun last; a test that failed may have left others."""
        number = 0
        while number < self._number:
            line = self._process.stdout.readline()
            assert line, f"the builder '{self.environment.name}' has died"
            number, answer = json.loads(line)
        return Answer(**answer)

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def outputs_of(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() or path.is_symlink()
    }


def empty_folders(folder: Path) -> list[str]:
    """Name the folders that hold nothing."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_dir() and not any(path.iterdir())
    )


def difference(found: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> str:
    """Tell how two folders differ: which files, and the first of them in some lines."""
    import difflib

    names = sorted(
        name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)
    )
    if not names:
        return ""
    first = min(names, key=lambda name: (name == ".crosspost-manifest.json", name))
    lines = [f"{len(names)} files differ: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}"]
    if first not in found:
        lines.append(f"{first} is missing.")
    elif first not in wanted:
        lines.append(f"{first} is there, and should not be:")
        lines.append(found[first][:400].decode("utf-8", "backslashreplace"))
    else:
        texts = [
            data[first].decode("utf-8", "backslashreplace").split("\n") for data in (wanted, found)
        ]
        diff = difflib.unified_diff(*texts, "clean build", first, n=1, lineterm="")
        lines += [line[:300] for line, _ in zip(diff, range(30), strict=False)]
    return "\n".join(lines)


def run_crosspost(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "crosspost", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "100"},
        check=False,
        **options,
    )


def knows_jobs() -> bool:
    """Say whether `build` can be told how many processes to use."""
    return "--jobs" in run_crosspost("build", "--help").stdout
