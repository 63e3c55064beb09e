"""The last build, for one that has nothing to do: told apart before anything is loaded.

A receipt says which state of the site's files was built, by their signatures, and which state of
output/ came of it. Where both are the same still, and no post has appeared or expired since, there
is nothing to do. Nothing of this module may import what takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.signatures import settled, stats_of

_PACKAGE = Path(__file__).resolve().parents[1]
_OURS = ("content", "templates", "static", "i18n", "themes", "crosspost.yaml")


Listing = dict[str, list["os.DirEntry[str]"]]


@dataclass(frozen=True, slots=True)
class State:
    """The signatures of many files, as one hash; `is_settled` unless one has only just changed.

    `listing` holds what was found in each folder, its stat already taken, by the folder's path.
    """

    digest: str
    is_settled: bool
    listing: Listing = field(default_factory=dict, compare=False, repr=False)


def sources(root: Path, more: Iterable[str]) -> State:
    """Return the state of a site's own files; `more` are further folders of it."""
    return _state(root, (*_OURS, *more))


def installation() -> str:
    """Return the state of what is installed here: crosspost, and the names of all packages."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=12)
    for folder in dict.fromkeys(sys.path):
        with suppress(OSError):
            names = [name for name in os.listdir(folder or ".") if name.endswith("-info")]  # noqa: PTH208
            digest.update("\n".join(sorted(names)).encode("utf-8", "surrogateescape"))
    digest.update(_state(_PACKAGE, ["."]).digest.encode())
    digest.update(_state(_PACKAGE.parents[1], ["themes"]).digest.encode())
    return digest.hexdigest()


def outputs(folder: Path, paths: Iterable[str]) -> State:
    """Return the state of these files of output/."""
    return state_of(stats_of(str(folder), paths))


def state_of(stats: Sequence[os.stat_result | None]) -> State:
    """Return the state of files of which the disk says this; None for one that is not there."""
    now = time.time_ns()
    numbers: list[int] = []
    newest = 0
    for stat in stats:
        if stat is None:
            numbers.append(-1)
            continue
        changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
        numbers += (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        if changed > newest:
            newest, last = changed, stat
    whole = not newest or settled(last, now)
    digest = hashlib.blake2b(repr(numbers).encode(), digest_size=12)
    return State(digest.hexdigest(), whole)


def _state(root: Path, names: Iterable[str]) -> State:
    now = time.time_ns()
    lines: list[str] = []
    listing: Listing = {}
    whole = True
    seen: set[tuple[int, int]] = set()
    stack = [(name, f"{root}{os.sep}{name}") for name in sorted(names)]
    while stack:
        name, place = stack.pop()
        try:
            here = os.stat(place)  # noqa: PTH116
            if (here.st_dev, here.st_ino) in seen:
                continue  # links may lead to one folder twice, and in a circle
            seen.add((here.st_dev, here.st_ino))
            entries = sorted(os.scandir(place), key=lambda one: one.name)
        except NotADirectoryError:
            stat = os.stat(place)  # noqa: PTH116
            lines.append(f"{name} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}")
            whole = whole and settled(stat, now)
            continue
        except OSError:
            lines.append(f"{name} -")
            continue
        lines.append(name)
        listing[place] = entries
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            try:
                if entry.is_dir():
                    lines.append(f"{entry.name}/")
                    stack.append((f"{name}/{entry.name}", entry.path))
                    continue
                stat = entry.stat()
            except OSError:
                lines.append(f"{entry.name} -")
                continue
            lines.append(
                f"{entry.name} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"
            )
            whole = whole and settled(stat, now)
    text = "\n".join(lines).encode("utf-8", "surrogateescape")
    return State(hashlib.blake2b(text, digest_size=12).hexdigest(), whole, listing)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a build leaves for the next one. Moments are in seconds since 1970."""

    installed: str
    more: list[str]
    sources: str
    paths: str
    outputs: str
    since: float
    until: float | None
    strict: bool
    report: dict[str, Any]
    warnings: list[str]

    def write(self, path: Path) -> None:
        """Keep it. What cannot be written is not kept."""
        values = {name: getattr(self, name) for name in Receipt.__slots__}
        with suppress(OSError):
            write_blob(path, json.dumps(values, ensure_ascii=False).encode())


def unchanged(
    receipt_file: Path, root: Path, output: Path, now: float, *, strict: bool
) -> tuple[Receipt | None, State | None]:
    """Return the receipt of the last build if it is still what a build would do, else None.

    Beside it, the state of the sources, where it was looked at.
    """
    data = read_blob(receipt_file)
    if data is None:
        return None, None
    try:
        receipt = Receipt(**json.loads(data))
    except (ValueError, TypeError):
        return None, None
    state = sources(root, receipt.more)
    same = (
        receipt.sources == state.digest
        and receipt.since <= now
        and (receipt.until is None or now < receipt.until)
        and (receipt.strict or not strict or not receipt.warnings)
        and not os.path.lexists(output / ".crosspost-unfinished")
        and receipt.installed == installation()
        and receipt.outputs == outputs(output, receipt.paths.split("\n")).digest
    )
    return (receipt if same else None), state


def receipt_file(root: Path, output: Path, *, drafts: bool) -> Path:
    """Return where the receipt of a site's output folder is kept."""
    return root / ".crosspost/cache" / f"last-{place_name(root, output, drafts=drafts)}"


def place_name(root: Path, output: Path, *, drafts: bool) -> str:
    """Return a name for what is known of an output folder; no path is written anywhere."""
    where = os.path.relpath(output, root)
    name = f"{where}\0{drafts}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(name, digest_size=6).hexdigest()
