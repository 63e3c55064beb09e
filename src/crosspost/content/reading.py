"""Finding a site's files: documents to be read, and everything else that is copied as it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.dialects import dialect_of, native_place
from crosspost.content.document import Document, Kind, parse_document
from crosspost.digests import digest_of
from crosspost.errors import Problem, Severity, SiteError

_MISPLACED = (
    "this is copied as it is, and becomes no page: documents are in posts/, pages/ or newsletters/ "
    "of content/, and their names end with .md."
)
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\ud800-\udfff]")
_TO_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_LEFTOVERS = ("~", ".swp", ".bak", ".tmp", ".orig")


class DocumentFile(NamedTuple):
    """A Markdown file that is to be read.

    `path` is relative to content/, `file` to the site, for messages; `location` is where it is on
    this machine, and `stat` what its disk says of it.
    """

    path: str
    file: str
    kind: Kind
    location: str
    stat: os.stat_result


class Files(msgspec.Struct, frozen=True):
    """What stands in content/ and the static folders: documents to read, and assets by path."""

    documents: tuple[DocumentFile, ...]
    assets: dict[str, Asset]
    problems: tuple[Problem, ...]


def find_files(
    settings: Settings, listing: Mapping[str, list[os.DirEntry[str]]] = MappingProxyType({})
) -> Files:
    """Look through content/ and the static folders of a site; no document is read yet.

    `listing` is what stands in folders that somebody has just looked through, by their paths.

    Problems are returned, not raised: a caller reports them together with those of later steps.
    """
    problems: list[Problem] = []
    documents: list[DocumentFile] = []
    assets: dict[str, Asset] = {}
    left_out: dict[str, int] = {}
    dialect = dialect_of(settings)
    for file, entry in _walk(settings.root, "content", problems, listing):
        path = file.removeprefix("content/")
        place = dialect.place(path, Path(entry.path)) if dialect else native_place(path)
        if place.left_out:
            left_out[place.left_out] = left_out.get(place.left_out, 0) + 1
        elif place.kind is None:
            assets[path] = Asset(path, file, Path(entry.path), entry.stat())
            if dialect is None and _meant_as_document(Path(entry.path)):
                problems.append(Problem(file, 1, 1, "misplaced", _MISPLACED, Severity.WARNING))
        else:
            documents.append(DocumentFile(path, file, place.kind, entry.path, entry.stat()))
    for folder in settings.static:
        if not (settings.root / folder).is_dir():
            message = f"'static' names the folder {folder}, which does not exist."
            problems.append(settings.problem("static", "missing-file", message))
        for file, entry in _walk(settings.root, folder, problems, listing):
            assets.setdefault(file, Asset(file, file, Path(entry.path), entry.stat()))
    problems.extend(
        Problem("content", 0, 0, "left-out", f"{why} ({count})", Severity.WARNING)
        for why, count in left_out.items()
    )
    documents.sort(key=lambda document: document.path)
    return Files(tuple(documents), assets, tuple(problems))


def read_bytes(found: DocumentFile, problems: list[Problem]) -> bytes | None:
    """Read a file, or report why it cannot be read."""
    try:
        return _whole(found.location, found.stat.st_size)
    except OSError as error:
        message = f"cannot be read: {error.strerror}."
        problems.append(Problem(found.file, 0, 0, "unreadable", message))
        return None


def _whole(location: str, size: int) -> bytes:
    """Return the bytes of a file that had so many: ten thousand times, with few calls."""
    file = os.open(location, _TO_READ)
    try:
        data = os.read(file, size + 1)
        while more := os.read(file, size + 1):
            data += more
    finally:
        os.close(file)
    return data


def read_body(settings: Settings, document: Document) -> str:
    """Read the Markdown of a document's body again.

    Raises `SiteError` where the file is not what it was when the document was read.
    """
    data = b""
    with suppress(OSError):
        data = (settings.root / document.file).read_bytes()
    if digest_of(data) == document.digest:
        dialect = dialect_of(settings)
        written = parse_document(data, document.path, document.kind, settings.zone, [], dialect)
        if written is not None:
            return written.body
    raise changed_meanwhile(document.file)


def changed_meanwhile(file: str) -> SiteError:
    """Return what is to be said of a file that is not what it was a moment ago."""
    message = "this file was changed while the site was being read: run the command again."
    return SiteError([Problem(file, 0, 0, "changed-meanwhile", message)])


def _meant_as_document(location: Path) -> bool:
    """Say whether a file that is only copied looks like a document: it may even be a draft."""
    if location.suffix.lower() not in (".md", ".markdown"):
        return False
    try:
        with location.open("rb") as file:
            return file.read(8).removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r\n"))
    except OSError:
        return False


def _walk(
    root: Path,
    folder: str,
    problems: list[Problem],
    listing: Mapping[str, list[os.DirEntry[str]]],
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every file below `folder` as (path relative to the site, entry), sorted.

    Hidden files and an editor's leftovers are passed over. A link that leaves the site, leads
    nowhere or runs in a circle is a problem.
    """
    inside = root.resolve()
    stack: list[tuple[str, Path, frozenset[Path]]] = [(folder, root / folder, frozenset())]
    while stack:
        name, location, above = stack.pop()
        try:
            here = listing.get(str(location)) or os.scandir(location)
            entries = sorted(here, key=lambda entry: entry.name, reverse=True)
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            message = "this must be a folder, and is a file: move it away."
            problems.append(Problem(name, 0, 0, "not-a-folder", message))
            continue
        except OSError as error:
            message = f"cannot be read: {error.strerror}."
            problems.append(Problem(name, 0, 0, "unreadable", message))
            continue
        above |= {location.resolve()}
        folders = []
        files = []
        are_texts = _is_text("".join([entry.name for entry in entries]))
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_LEFTOVERS):
                continue
            path = f"{name}/{entry.name}"
            if not are_texts and not _is_text(entry.name):
                shown = path.encode("utf-8", "backslashreplace").decode()
                message = "its name is not UTF-8 or holds a control character: rename it."
                problems.append(Problem(shown, 0, 0, "file-name", message))
            elif entry.is_symlink() and (why := _bad_link(Path(entry.path), inside, above)):
                problems.append(Problem(path, 0, 0, "symlink", why))
            elif entry.is_dir():
                folders.append((path, Path(entry.path), above))
            elif entry.is_file():
                files.append((path, entry))
        stack.extend(folders)
        yield from reversed(files)


def _is_text(name: str) -> bool:
    """Say whether names of files can be part of an address and of a message."""
    return not _UNSPEAKABLE.search(name)


def _bad_link(link: Path, inside: Path, above: frozenset[Path]) -> str:
    """Say what is wrong with a symbolic link, or return nothing."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return "this link leads nowhere: remove it, or mend its target."
    if not target.is_relative_to(inside):
        return "this link leaves the site: put the file itself here."
    if target in above:
        return "this link runs in a circle: remove it."
    return ""
