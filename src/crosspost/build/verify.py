"""`build --verify`: the proof on one's own site that an incremental build is a clean one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from crosspost.build.outputs import MANIFEST, OutputFolder, read_manifest
from crosspost.build.site import build
from crosspost.build.watch import Watch
from crosspost.build.workers import cores
from crosspost.build.workshop import Options
from crosspost.config import Settings
from crosspost.errors import BlockedError, Problem

_MOST = 10


def verify(settings: Settings, options: Options, known: Iterable[Problem], watch: Watch) -> str:
    """Build the site anew twice, with one process and with several, and compare every byte.

    Returns what was compared. Raises `BlockedError` where output/ is not what a clean build makes,
    with the names of the files that differ.
    """
    several = max(2, cores())
    ours = _hashes(options.output)
    for jobs in (1, several):
        with tempfile.TemporaryDirectory(prefix="crosspost-verify-") as folder:
            clean = replace(
                options,
                output=Path(folder, "output"),
                cache=Path(folder, "cache"),
                jobs=jobs,
                clean=False,
                seen=None,
            )
            build(settings, clean, known, watch)
            _compare(ours, _hashes(clean.output), jobs)
    return (
        f"Verified: {len(ours):,} files are the same, byte for byte, as those of a clean build "
        f"with 1 process and of one with {several}."
    )


def _hashes(output: Path) -> dict[str, str]:
    """Return the hash of each file of ours, as it is on the disk."""
    folder = OutputFolder(output)
    return {path: folder.digest(path) for path in [MANIFEST, *read_manifest(output)]}


def _compare(ours: Mapping[str, str], clean: Mapping[str, str], jobs: int) -> None:
    differ = sorted(
        path for path in ours.keys() | clean.keys() if ours.get(path) != clean.get(path)
    )
    if not differ:
        return
    shown = "".join(f"\n  {path}" for path in differ[:_MOST])
    more = f"\n  and {len(differ) - _MOST:,} more" if len(differ) > _MOST else ""
    processes = "1 process" if jobs == 1 else f"{jobs} processes"
    raise BlockedError(
        f"output/ is not what a clean build with {processes} makes. {len(differ):,} files differ:"
        f"{shown}{more}\nThis is a fault of crosspost: please report it. Remove .crosspost/cache "
        "and output/, and build again."
    )
