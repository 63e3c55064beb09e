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
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from crosspost.build.signatures import all_settled, signature
from crosspost.build.workers import cores, run
from crosspost.digests import LENGTH, digest_of, digest_of_output

_PACKAGE = Path(__file__).resolve().parents[1]
_SHIPPED = _PACKAGE.parents[1]
_OURS = ("content", "templates", "static", "i18n", "themes", "ledger", ".crosspost/ledger")
SETTINGS = "crosspost.yaml"
INVENTORY = "urls.txt"
_WORTH_FORKING = 500

Listing = dict[str, list["os.DirEntry[str]"]]


class State(NamedTuple):
    """The signatures of many files, as one hash; `is_settled` unless one has only just changed.

    `files` are their paths below the site, and `looks` the signatures themselves, in the same
    order, as `looks_of` gives them. `listing` holds what was found in each folder, its stat already
    taken, by the folder's path.
    """

    digest: str
    shape: str
    """The hash of names and sizes alone: what differs here cannot be the same in content."""
    names: str
    """The hash of names alone."""
    is_settled: bool
    files: list[str]
    looks: array[int]
    listing: Listing

    @property
    def newest(self) -> int:
        """When the youngest file was last changed, in nanoseconds since 1970."""
        return max(_moments(self.looks), default=0)

    def younger_than(self, moment: int) -> list[str]:
        """Return the files that were changed, or came here, later."""
        moments = zip(self.files, _moments(self.looks), strict=True)
        return [file for file, one in moments if one > moment]

    def is_edited_since(self, moment: int) -> bool:
        """Say whether only some files are younger: in a copy of a site, all of them are."""
        younger = sum(one > moment for one in _moments(self.looks))
        return 0 < younger < len(self.files) // 4


def sources(root: Path, more: Iterable[str]) -> State:
    """Return the state of a site's own files; `more` are further folders of it."""
    return _state(root, (*_OURS, SETTINGS, INVENTORY, *more))


class Installation(NamedTuple):
    """What is installed here: our own code and themes, and the names of all packages.

    By what it holds, it is the same wherever it was installed; by what the disk `looks` like, it
    is told in no time that it is this one. Empty where it has only just come.
    """

    content: str
    looks: str


def installation() -> Installation:
    """Return what is installed here."""
    looks = _installed_looks()
    content = _installed(own_code(), content_of_sources(_SHIPPED, _themes()))
    return Installation(content, looks)


def is_installed(content: str, looks: str) -> bool:
    """Say whether what is installed here is what was, when `installation` returned these."""
    return (looks != "" and looks == _installed_looks()) or content == installation().content


def _installed_looks() -> str:
    code, themes = _code(), _themes()
    if not (code.is_settled and themes.is_settled):
        return ""
    return _installed(code.digest, themes.digest)


def _installed(code: str, themes: str) -> str:
    digest = hashlib.blake2b(sys.version.encode(), digest_size=12)
    names = set()
    for folder in dict.fromkeys(sys.path):
        with suppress(OSError):
            names |= {name for name in os.listdir(folder or ".") if name.endswith("-info")}  # noqa: PTH208
    digest.update("\n".join(sorted(names)).encode("utf-8", "surrogateescape"))
    digest.update(code.encode())
    digest.update(themes.encode())
    return digest.hexdigest()


@cache
def _code() -> State:
    return _state(_PACKAGE, ["."])


@cache
def _themes() -> State:
    return _state(_SHIPPED, ["themes"])


@cache
def own_code() -> str:
    """Return the hash of our own code as it was when this process first asked."""
    return content_of_sources(_PACKAGE, _code())


def _moments(looks: array[int]) -> Iterator[int]:
    return map(max, looks[1::4], looks[2::4])


_name_of = attrgetter("name")


def _state(root: Path, names: Iterable[str]) -> State:
    now = time.time_ns()
    lines: list[str] = []
    files: list[str] = []
    numbers: list[int] = []
    listing: Listing = {}
    seen: set[tuple[int, int]] = set()
    stack = [(name, f"{root}{os.sep}{name}") for name in sorted(names)]
    while stack:
        name, place = stack.pop()
        lines.append(f"{name}/")
        try:
            here = os.stat(place)  # noqa: PTH116
            if not S_ISDIR(here.st_mode):
                numbers.extend(signature(here))
                files.append(name)
                continue
            if (here.st_dev, here.st_ino) in seen:
                continue  # links may lead to one folder twice, and in a circle
            seen.add((here.st_dev, here.st_ino))
            entries = sorted(os.scandir(place), key=_name_of)
        except OSError:
            lines.append("-")
            continue
        listing[place] = entries
        for entry in entries:
            own = entry.name
            if own == "__pycache__":
                continue
            lines.append(own)
            try:
                if entry.is_dir():
                    stack.append((f"{name}/{own}", entry.path))
                else:
                    numbers.extend(signature(entry.stat()))
                    files.append(f"{name}/{own}")
            except OSError:
                lines.append("-")
    looks = array("q", numbers)
    names = _hash(_text(lines))
    shape, digest = (_hash(names.encode() + one.tobytes()) for one in (looks[0::4], looks))
    return State(digest, shape, names, all_settled(looks, now), files, looks, listing)


def _text(lines: Iterable[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def content_of_sources(root: Path, state: State) -> str:
    """Return the hash of what every file of a state holds."""
    return content_of(state, hashes(root, state.files))


def content_of(state: State, digests: Iterable[str]) -> str:
    """Return the hash of what every file of a state holds, from the hash of each."""
    return _hash(_text(map(" ".join, zip(state.files, digests, strict=True))))


def digests_of(root: Path, state: State, known: Mapping[str, str]) -> list[str]:
    """Return the hash of each file of a state.

    `known` are hashes that need no reading, by the file's path below `root`.
    """
    wanted = [name for name in state.files if not known.get(name)]
    found = dict(zip(wanted, hashes(root, wanted), strict=True))
    return [known.get(name) or found[name] for name in state.files]


def holds_its_manifest(output: Path, manifest: str) -> bool:
    """Say whether the manifest of output/ is that of this hash, and every file as it says."""
    try:
        data = (output / ".crosspost-manifest.json").read_bytes()
        if digest_of_output(data) != manifest:
            return False
        files = json.loads(data)["files"]
    except (OSError, ValueError, KeyError):
        return False
    return list(files.values()) == hashes(output, list(files), digest_of_output)


def hashes(
    root: Path, paths: Sequence[str], digest: Callable[[bytes], str] = digest_of
) -> list[str]:
    """Return the hash of each file, empty for one that cannot be read; in workers, if many."""

    def hash_in(place: str) -> str:
        try:
            with open(place, "rb") as file:  # noqa: PTH123 - ten thousand times
                return digest(file.read())
        except OSError:
            return _MISSING

    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        del begins
        here = paths[numbers.start : numbers.stop]
        return "".join([hash_in(f"{root}{os.sep}{path}") for path in here]).encode()

    jobs = cores() if len(paths) >= _WORTH_FORKING else 1
    answers = b"".join(run(work, len(paths), jobs, lambda _: None)).decode()
    parts = [answers[at : at + LENGTH] for at in range(0, len(answers), LENGTH)]
    return ["" if part == _MISSING else part for part in parts]


_MISSING = " " * LENGTH
