"""Making a folder hold exactly what was made: safely, and touching only what changed.

All that changed is written beside its place first: a disk that is full then has changed nothing.
Only then is each file renamed into its place.

The manifest lists what we wrote, and lives in the folder that it describes. It is written before
the first file (old and new names together) and again after the last, so that a build that is
killed in between leaves nothing that the next one does not know of. A file that is not in it is
somebody else's and is left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crosspost.errors import BlockedError, Problem, SiteError

MANIFEST = ".crosspost-manifest.json"
UNFINISHED = ".crosspost-unfinished"
"""A folder of output/ for files that are not whole yet; a killed build may leave some."""
_BETWEEN = f"{MANIFEST}.between"
_VERSION = 1
_SETTINGS = "crosspost.yaml"


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was made: its path below output/, its bytes, and what it was made of."""

    path: str
    data: bytes
    made_of: str

    @property
    def digest(self) -> str:
        """The hash that the manifest keeps."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """How many files of output/ were written, were the same already, and were removed."""

    written: int
    unchanged: int
    removed: int


def check_collisions(claims: Iterable[tuple[str, str]]) -> list[Problem]:
    """Report paths that two tasks claim, or that are a file for one and a folder for another.

    `claims` are (path, what it is made of).
    """
    problems = []
    first: dict[str, str] = {}
    for path, made_of in claims:
        other = first.setdefault(path, made_of)
        if other is not made_of:
            message = f"/{path} would be made twice: of {other} and of {made_of}. Move one of them."
            place = max(_place(made_of), _place(other), key=lambda one: one[0] != _SETTINGS)
            problems.append(Problem(*place, "duplicate-url", message))
    folders = {parent: path for path in first for parent in _parents(path)}
    for path in sorted(folders.keys() & first.keys()):
        inside = folders[path]
        message = (
            f"/{path} would be a file (of {first[path]}) and a folder (of {first[inside]}). "
            "Move one of them."
        )
        place = max(_place(first[path]), _place(first[inside]), key=lambda one: one[0] != _SETTINGS)
        problems.append(Problem(*place, "duplicate-url", message))
    return problems


def _place(made_of: str) -> tuple[str, int, int]:
    """Return the place of what a path is made of: a document, another file, or the settings."""
    if made_of.startswith("content/") and made_of.endswith(".md"):
        return made_of, 1, 1
    is_file = "/" in made_of and not made_of.startswith("the ")
    return made_of if is_file else _SETTINGS, 0, 0


def _parents(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def write_outputs(folder: Path, outputs: Iterable[Output], *, clean: bool = False) -> Written:
    """Make `folder` hold these outputs and nothing else of ours.

    `clean` replaces files that the manifest does not know. Raises `SiteError` where such a file is
    in the way without it, and `BlockedError` where the folder cannot be written.
    """
    wanted = {output.path: output for output in outputs}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _read_manifest(folder)
        strangers = _strangers(folder, wanted, known)
        if strangers and not clean:
            raise SiteError(map(partial(_not_ours, folder), strangers))
        return _write(folder, wanted, known, strangers)
    except (FileExistsError, NotADirectoryError) as error:
        raise BlockedError(
            f"output cannot be written: {folder.name} is a file, and must be a folder. Move it."
        ) from error
    except OSError as error:
        shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
        raise BlockedError(
            f"output cannot be written: {error.strerror} ({_where(folder, error)}). Nothing "
            "half-written is left; free some space or change the permissions, and build again."
        ) from error


def _where(folder: Path, error: OSError) -> str:
    """Name the file that could not be written; the folder where that is not the file's place."""
    path = Path(str(error.filename2 or error.filename or folder))
    inside = path.is_relative_to(folder) and UNFINISHED not in path.parts
    return path.relative_to(folder.parent).as_posix() if inside else folder.name


def _write(
    folder: Path, wanted: Mapping[str, Output], known: Mapping[str, str], strangers: Iterable[str]
) -> Written:
    digests = {path: wanted[path].digest for path in sorted(wanted)}
    gone = sorted(known.keys() - wanted.keys())
    changed = [path for path in digests if not _holds(folder / path, wanted[path].data)]
    manifest = _manifest(digests)
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
    removed = 0
    if changed or gone or not _holds(folder / MANIFEST, manifest):
        for path in changed:
            _stage(folder, path, wanted[path].data)
        _stage(folder, _BETWEEN, _manifest({**known, **digests}))
        _stage(folder, MANIFEST, manifest)
        _put(folder, _BETWEEN, MANIFEST)
        removed = sum(_remove(folder, path) for path in gone)
        for path in strangers:
            (folder / path).unlink()
        for path in (*changed, MANIFEST):
            _put(folder, path, path)
        shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
    return Written(len(changed), len(digests) - len(changed), removed)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _staged(folder: Path, path: str) -> Path:
    return folder / UNFINISHED / hashlib.blake2b(path.encode(), digest_size=16).hexdigest()


def _stage(folder: Path, path: str, data: bytes) -> None:
    """Write a file beside its place."""
    temporary = _staged(folder, path)
    temporary.parent.mkdir(exist_ok=True)
    temporary.write_bytes(data)


def _put(folder: Path, staged: str, path: str) -> None:
    """Rename a file into its place, so that a reader meets the old or the new one, whole."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        _remove_empty(target)
    # The call whose promise is atomicity.
    os.replace(_staged(folder, staged), target)  # noqa: PTH105


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


def _strangers(
    folder: Path, wanted: Mapping[str, Output], known: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the files that we did not make and that stand where we have to write.

    One that already is what we would write is none.
    """
    found = {
        parent
        for parent in {parent for path in wanted for parent in _parents(path)}
        if parent not in known and _is_there(folder / parent) and not (folder / parent).is_dir()
    }
    for path, output in wanted.items():
        target = folder / path
        if target.is_dir() and not target.is_symlink():
            inside = (one for one in target.rglob("*") if one.is_symlink() or not one.is_dir())
            found |= {one.relative_to(folder).as_posix() for one in inside} - known.keys()
        elif path not in known and _is_there(target) and not _holds(target, output.data):
            found.add(path)
    return tuple(sorted(found))


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


def _not_ours(folder: Path, path: str) -> Problem:
    return Problem(
        f"{folder.name}/{path}",
        0,
        0,
        "not-ours",
        "this file was not made by crosspost, and the site has a page here: move it away, or "
        "build with --clean to replace it.",
    )


def _read_manifest(folder: Path) -> dict[str, str]:
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
    text = json.dumps(
        {"version": _VERSION, "files": dict(sorted(files.items()))}, ensure_ascii=False, indent=0
    )
    return (text + "\n").encode()
