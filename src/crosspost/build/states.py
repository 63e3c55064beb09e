"""States: many files as one hash, by what the disk says of them, or by what they hold.

By signatures, ten thousand files are told to be the same in a blink; they are of one machine and
one moment. By content they are the same wherever they were copied, which is what a fresh checkout
with a restored cache is. Nothing of this module may import what takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from crosspost.build.signatures import changed_at, settled
from crosspost.build.workers import cores, run

_PACKAGE = Path(__file__).resolve().parents[1]
_OURS = ("content", "templates", "static", "i18n", "themes")
SETTINGS = "crosspost.yaml"
_SIZE = 16
_WORTH_FORKING = 500

Listing = dict[str, list["os.DirEntry[str]"]]


@dataclass(frozen=True, slots=True)
class State:
    """The signatures of many files, as one hash; `is_settled` unless one has only just changed.

    `listing` holds what was found in each folder, its stat already taken, by the folder's path.
    """

    digest: str
    shape: str
    """The hash of names and sizes alone: what differs here cannot be the same in content."""
    is_settled: bool
    moments: list[int] = field(default_factory=list, compare=False, repr=False)
    """When each file was last changed, in nanoseconds since 1970."""
    listing: Listing = field(default_factory=dict, compare=False, repr=False)

    @property
    def newest(self) -> int:
        """When the youngest file was last changed, in nanoseconds since 1970."""
        return max(self.moments, default=0)

    def is_edited_since(self, moment: int) -> bool:
        """Say whether only some files are younger: in a copy of a site, all of them are."""
        younger = sum(1 for one in self.moments if one > moment)
        return 0 < younger < len(self.moments) // 4


def sources(root: Path, more: Iterable[str]) -> State:
    """Return the state of a site's own files; `more` are further folders of it."""
    return _state(root, (*_OURS, SETTINGS, *more))


def installation() -> str:
    """Return what is installed here: our own code and themes, and the names of all packages."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=12)
    names = set()
    for folder in dict.fromkeys(sys.path):
        with suppress(OSError):
            names |= {name for name in os.listdir(folder or ".") if name.endswith("-info")}  # noqa: PTH208
    digest.update("\n".join(sorted(names)).encode("utf-8", "surrogateescape"))
    for root, name in ((_PACKAGE, "."), (_PACKAGE.parents[1], "themes")):
        state = _state(root, [name])
        digest.update(content_of_sources(root, state, {SETTINGS: "-"}).encode())
    return digest.hexdigest()


def _state(root: Path, names: Iterable[str]) -> State:
    now = time.time_ns()
    lines: list[str] = []
    shapes: list[str] = []
    listing: Listing = {}
    moments: list[int] = []
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
            shapes.append(f"{name} {stat.st_size}")
            moments.append(changed_at(stat))
            whole = whole and settled(stat, now)
            continue
        except OSError:
            lines.append(f"{name} -")
            continue
        lines.append(name)
        shapes.append(name)
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
            shape = f"{entry.name} {stat.st_size}"
            shapes.append(shape)
            lines.append(f"{shape} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}")
            moments.append(changed_at(stat))
            whole = whole and settled(stat, now)
    return State(_hash(lines), _hash(shapes), whole, moments, listing)


def _hash(lines: Iterable[str]) -> str:
    text = "\n".join(lines).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def names_of(root: Path, state: State) -> list[str]:
    """Return the path below `root` of every file of a state, and of the settings."""
    start = len(str(root)) + 1
    names = [
        f"{place[start:]}/{entry.name}"
        for place, entries in state.listing.items()
        for entry in entries
        if entry.name != "__pycache__" and not _is_folder(entry)
    ]
    return [*names, SETTINGS]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def content_of_sources(root: Path, state: State, known: Mapping[str, str]) -> str:
    """Return the hash of what every file of a state holds, and the settings.

    `known` are hashes that need no reading, by the file's path below `root`.
    """
    names = names_of(root, state)
    wanted = [name for name in names if name not in known]
    found = dict(zip(wanted, hashes(root, wanted), strict=True))
    return _hash(f"{name} {known.get(name) or found[name]}" for name in names)


def holds_its_manifest(output: Path, manifest: str) -> bool:
    """Say whether the manifest of output/ is that of this hash, and every file as it says."""
    try:
        data = (output / ".crosspost-manifest.json").read_bytes()
        if hash_of(data) != manifest:
            return False
        files = json.loads(data)["files"]
    except (OSError, ValueError, KeyError):
        return False
    return list(files.values()) == hashes(output, list(files))


def hashes(root: Path, paths: Sequence[str]) -> list[str]:
    """Return the hash of each file, empty for one that cannot be read; in workers, if many."""

    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        del begins
        return b"".join(
            _hash_in(f"{root}{os.sep}{path}") for path in paths[numbers.start : numbers.stop]
        )

    jobs = cores() if len(paths) >= _WORTH_FORKING else 1
    answers = b"".join(run(work, len(paths), jobs, lambda _: None))
    parts = [answers[at : at + _SIZE] for at in range(0, len(answers), _SIZE)]
    return ["" if part == _MISSING else part.hex() for part in parts]


_MISSING = bytes(_SIZE)


def _hash_in(place: str) -> bytes:
    try:
        with open(place, "rb") as file:  # noqa: PTH123 - ten thousand times
            return hashlib.blake2b(file.read(), digest_size=_SIZE).digest()
    except OSError:
        return _MISSING


def hash_of(data: bytes) -> str:
    """Return the hash by which the content of a file is known here."""
    return hashlib.blake2b(data, digest_size=_SIZE).hexdigest()
