"""Ways to build a site: each environment has one process that builds, for the whole session."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from forked import Environment

HOME = Environment("home", {"TZ": "Europe/Paris", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
PLAIN = Environment("plain", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"})
ODD = Environment(
    "odd",
    {"TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4242"},
    umask=0o077,
    cwd="/usr",
)


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
