"""Making a folder hold exactly what was made: safely, and touching only what changed.

All that changed is written beside its place first, by whoever made it: a disk that is full then has
changed nothing. Only then is each file renamed into its place, or the whole folder where it is new.

The manifest lists what we wrote, and lives in the folder that it describes. It is put there before
the first file (old and new names together) and, where files go, again after the last, so that a
build that is killed in between leaves nothing that the next one does not know of. A file that is
not in it is somebody else's and is left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from json.encoder import encode_basestring
from pathlib import Path

import msgspec

from crosspost.build.folders import Folders, write_new
from crosspost.build.signatures import Signature, signature, signatures_of
from crosspost.digests import digest_of_output
from crosspost.errors import BlockedError, Problem, SiteError

MANIFEST = ".crosspost-manifest.json"
UNFINISHED = ".crosspost-unfinished"
"""A folder of output/ for files that are not whole yet; a killed build may leave some."""
_NEW = "new"
"""A folder of that; in it, files whose folder does not exist yet, at the paths they will have."""
_BETWEEN = f"{MANIFEST}.between"
_VERSION = 1
_SETTINGS = "crosspost.yaml"


class Written(msgspec.Struct, frozen=True):
    """How many files of output/ were written, were the same already, and were removed.

    `renamed` were put in their places one by one, not with a whole folder: of these, the disk says
    something else now than when they were staged.
    """

    written: int
    unchanged: int
    removed: int
    renamed: frozenset[str]


def check_collisions(claims: Sequence[tuple[str, str]]) -> list[Problem]:
    """Report paths that two tasks claim, or that are a file for one and a folder for another.

    `claims` are (path, what it is made of).
    """
    first = dict(claims)
    problems = _twice(claims, first) if len(first) < len(claims) else []
    for path in sorted(_folders_of(first) & first.keys()):
        inside = next(one for one in first if one.startswith(f"{path}/"))
        message = (
            f"/{path} would be a file (of {first[path]}) and a folder (of {first[inside]}). "
            "Move one of them."
        )
        place = max(
            place_of(first[path]), place_of(first[inside]), key=lambda one: one[0] != _SETTINGS
        )
        problems.append(Problem(*place, "duplicate-url", message))
    return problems


def _twice(claims: Sequence[tuple[str, str]], first: dict[str, str]) -> list[Problem]:
    """Report paths that two tasks claim; `first` gets who claims each of them first."""
    problems = []
    first.clear()
    for path, made_of in claims:
        other = first.setdefault(path, made_of)
        if other is not made_of:
            message = f"/{path} would be made twice: of {other} and of {made_of}. Move one of them."
            place = max(place_of(made_of), place_of(other), key=lambda one: one[0] != _SETTINGS)
            problems.append(Problem(*place, "duplicate-url", message))
    return problems


def place_of(made_of: str) -> tuple[str, int, int]:
    """Return the place of what a path is made of: a document, another file, or the settings."""
    if made_of.startswith("content/") and made_of.endswith(".md"):
        return made_of, 1, 1
    is_file = "/" in made_of and not made_of.startswith("the ")
    return made_of if is_file else _SETTINGS, 0, 0


def _folders_of(paths: Iterable[str]) -> set[str]:
    """Return all folders that these files are in, also by way of others."""
    found, above = set[str](), {path.rpartition("/")[0] for path in paths}
    while above := above - found:
        found |= above
        above = {folder.rpartition("/")[0] for folder in above}
    return found


class OutputFolder:
    """The folder that a site is written to.

    Files are staged one by one, also from worker processes, and put in their places by `commit`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_new = False
        self._prefix = f"{path}{os.sep}"
        self._beside = f"{path}{os.sep}{UNFINISHED}{os.sep}"
        self._new = f"{self._beside}{_NEW}{os.sep}"
        self._folders = Folders(str(path))

    @contextmanager
    def blocking(self) -> Iterator[None]:
        """Raise `BlockedError` where the folder cannot be written; nothing half-written is left."""
        try:
            yield
        except (FileExistsError, NotADirectoryError) as error:
            raise BlockedError(
                f"output cannot be written: {self.path.name} is a file, and must be a folder. "
                "Move it."
            ) from error
        except OSError as error:
            self.discard()
            raise BlockedError(
                f"output cannot be written: {error.strerror} ({self._where(error)}). Nothing "
                "half-written is left; free some space or change the permissions, and build again."
            ) from error

    def prepare(self) -> None:
        """Make the folder, and remove what a killed build has left in it. Raises `OSError`."""
        self._is_new = not self.path.exists()
        self.path.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(self.path / UNFINISHED):
            self.discard()

    def signatures(self, paths: Iterable[str]) -> list[Signature | None]:
        """Return the signature of each of our files; None where one is not there."""
        return signatures_of(str(self.path), paths)

    def digest(self, path: str) -> str:
        """Return the hash of a file that is there; empty where it is not, or is no file."""
        try:
            with open(self._prefix + path, "rb") as file:  # noqa: PTH123
                return digest_of_output(file.read())
        except OSError:
            return ""

    def stage(self, path: str, data: bytes) -> Signature | None:
        """Write a file beside its place, and return its signature; None if it is there already.

        Raises `OSError`.
        """
        target = self._prefix + path
        parent = target.rpartition("/")[0]
        if self._folders.has(parent):
            if _holds(target, data):
                return None
            staged = self._staged(path)
            self._folders.make(staged.rpartition(os.sep)[0])
        else:
            staged = self._new + path
            self._folders.make(staged.rpartition("/")[0])
        return signature(write_new(staged, data))

    def discard(self) -> None:
        """Remove what was staged, and a folder that was made for nothing."""
        shutil.rmtree(self.path / UNFINISHED, ignore_errors=True)
        if self._is_new:
            with suppress(OSError):
                self.path.rmdir()

    def commit(
        self,
        digests: Mapping[str, str],
        staged: Collection[str],
        *,
        clean: bool,
        stands: bool = False,
    ) -> Written:
        """Put what was staged in its place, and remove what is ours and not among `digests`.

        `clean` replaces files that the manifest does not know; where it `stands`, all that it knows
        is there. Raises `SiteError` where a file that is not ours is in the way, and `OSError`.
        """
        folder = self.path
        known = read_manifest(folder)
        here = set(os.listdir(folder))  # noqa: PTH208 - with all that a new site is not in
        old = [path for path in staged if "/" not in path or path.partition("/")[0] in here]
        doubtful = [path for path in old if path not in known] if stands else old
        strangers = self._strangers(digests, doubtful, known)
        if strangers and not clean:
            raise SiteError(map(partial(_not_ours, folder), strangers))
        gone = sorted(known.keys() - digests.keys())
        manifest = _manifest(digests)
        removed, renamed = 0, set[str]()
        if staged or gone or not _holds(self._prefix + MANIFEST, manifest):
            self._folders.make(str(folder / UNFINISHED))
            Path(self._staged(MANIFEST)).write_bytes(manifest)
            if gone:
                Path(self._staged(_BETWEEN)).write_bytes(_manifest({**known, **digests}))
            self._put(_name(_BETWEEN if gone else MANIFEST), MANIFEST)
            removed = sum(_remove(folder, path) for path in gone)
            for path in strangers:
                (folder / path).unlink()
            renamed.update(self._move_new(""))
            beside = {*os.listdir(self._beside)} - {_NEW, _name(MANIFEST)}  # noqa: PTH208
            for path in chain(old, staged):
                if not beside:
                    break
                if (name := _name(path)) in beside:
                    self._put(name, path)
                    renamed.add(path)
                    beside.remove(name)
            if gone:
                self._put(_name(MANIFEST), MANIFEST)
        self.discard()
        return Written(len(staged), len(digests) - len(staged), removed, frozenset(renamed))

    def amend(self, made: Mapping[str, str], staged: Collection[str]) -> Written:
        """Put what was staged in its place, where the files stay the same and ours to write.

        The manifest must be the one of the files that stand there. Raises `OSError`.
        """
        manifest = (self.path / MANIFEST).read_bytes()
        count = manifest.count(b"\n") - _FRAME
        if staged:
            for path in staged:
                manifest = _with_line(manifest, path, made[path])
            self._folders.make(str(self.path / UNFINISHED))
            Path(self._staged(MANIFEST)).write_bytes(manifest)
            for path in (*staged, MANIFEST):
                self._put(_name(path), path)
        self.discard()
        return Written(len(staged), count - len(staged), 0, frozenset(staged))

    def _staged(self, path: str) -> str:
        return self._beside + _name(path)

    def _put(self, name: str, path: str) -> None:
        """Rename a file into its place, so that a reader meets the old or the new one, whole."""
        source, target = self._beside + name, self._prefix + path
        try:
            os.replace(source, target)  # noqa: PTH105 - the call whose promise is atomicity
        except OSError:
            place = Path(target)
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.is_dir() and not place.is_symlink():
                _remove_empty(place)
            os.replace(source, target)  # noqa: PTH105

    def _move_new(self, folder: str) -> Iterator[str]:
        """Move new folders below one into their places whole; yield the files that move alone.

        These are those of a folder that is there by now. `folder` ends with a slash, or is empty.
        """
        with suppress(FileNotFoundError):
            for entry in sorted(os.scandir(self._new + folder), key=lambda one: one.name):
                path = folder + entry.name
                place = Path(self._prefix + path)
                is_folder = entry.is_dir(follow_symlinks=False)
                if place.is_dir() and not place.is_symlink():
                    if is_folder:
                        yield from self._move_new(f"{path}/")
                        continue
                    _remove_empty(place)
                os.replace(entry.path, place)  # noqa: PTH105
                if not is_folder:
                    yield path

    def _strangers(
        self, digests: Mapping[str, str], staged: Iterable[str], known: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the files that we did not make and that stand where we have to write.

        One that already is what we would write was not staged, and is none.
        """
        folder = self.path
        found: set[str] = set()
        looked: dict[str, bool] = {}

        def free(parent: str) -> bool:
            """Say whether there is nothing at a folder's place; note a file that is not ours."""
            if not parent:
                return False
            if parent not in looked:
                above = free(parent.rpartition("/")[0])
                place = self._prefix + parent
                if not above and os.path.lexists(place):
                    if parent not in known and not os.path.isdir(place):  # noqa: PTH112
                        found.add(parent)
                    looked[parent] = False
                else:
                    looked[parent] = True
            return looked[parent]

        for path in staged:
            if free(path.rpartition("/")[0]):
                continue
            try:
                mode = os.lstat(self._prefix + path).st_mode
            except OSError:
                continue
            if stat.S_ISDIR(mode):
                target = folder / path
                inside = (one for one in target.rglob("*") if one.is_symlink() or not one.is_dir())
                found |= {one.relative_to(folder).as_posix() for one in inside} - known.keys()
            elif path not in known:
                found.add(path)
        return tuple(sorted(found))

    def _where(self, error: OSError) -> str:
        """Name the file that could not be written; the folder where that is not its place."""
        path = Path(str(error.filename2 or error.filename or self.path))
        inside = path.is_relative_to(self.path) and UNFINISHED not in path.parts
        return path.relative_to(self.path.parent).as_posix() if inside else self.path.name


def _name(path: str) -> str:
    """Return the name of a file that is staged beside the place of `path`."""
    return hashlib.blake2b(path.encode(), digest_size=16).hexdigest()


def _holds(path: str, data: bytes) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _remove_empty(folder: Path) -> None:
    """Remove a folder that holds nothing but folders."""
    for below in sorted(folder.rglob("*"), reverse=True):
        below.rmdir()
    folder.rmdir()


def _remove(folder: Path, path: str) -> int:
    target = folder / path
    try:
        target.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return 0
    for parent in target.parents:
        if parent == folder:
            break
        try:
            parent.rmdir()
        except OSError:
            break
    return 1


def _not_ours(folder: Path, path: str) -> Problem:
    return Problem(
        f"{folder.name}/{path}",
        0,
        0,
        "not-ours",
        "this file was not made by crosspost, and the site has a page here: move it away, or "
        "build with --clean to replace it.",
    )


def read_manifest(folder: Path) -> dict[str, str]:
    """Return the hash of each file of ours by its path; none where there is no manifest."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    files = found.get("files") if isinstance(found, dict) else None
    if not isinstance(files, dict):
        return {}
    return {path: digest for path, digest in files.items() if _is_inside(path)}


def _is_inside(path: str) -> bool:
    """Guard against a manifest from elsewhere: it may name only files below its own folder."""
    return not path.startswith("/") and ".." not in path.split("/")


def _manifest(files: Mapping[str, str]) -> bytes:
    """Write a manifest, one file a line, so that two of them can be compared by eye."""
    listed = ",\n".join([_line(path, files[path]) for path in sorted(files)])
    return f'{{\n"version": {_VERSION},\n"files": {{\n{listed}\n}}\n}}\n'.encode()


_FRAME = 5
"""Lines of a manifest that name no file."""


def _line(path: str, digest: str) -> str:
    return f'{encode_basestring(path)}: "{digest}"'


def _with_line(manifest: bytes, path: str, digest: str) -> bytes:
    """Return a manifest that has another hash for one of its files."""
    line = f"\n{_line(path, digest)}".encode()
    start = manifest.index(line[: -len(digest) - 1])
    return manifest[:start] + line + manifest[start + len(line) :]
