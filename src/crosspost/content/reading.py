"""Reading a site's files: documents, and everything else that is copied as it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crosspost.config import Settings
from crosspost.content.dialects import dialect_of, native_place
from crosspost.content.document import Document, parse_document
from crosspost.content.pictures import (
    NotAPicture,
    PictureInfo,
    is_picture,
    picture_info,
    without_metadata,
)
from crosspost.errors import Problem, Severity

_MISPLACED = (
    "this is copied as it is, and becomes no page: documents are in posts/, pages/ or newsletters/ "
    "of content/, and their names end with .md."
)
_LEFTOVERS = ("~", ".swp", ".bak", ".tmp", ".orig")


@dataclass(frozen=True)
class Asset:
    """A file that is not a document.

    `path` is where it will be below output/; `file` is where it is, relative to the site.
    """

    path: str
    file: str
    location: Path

    @cached_property
    def digest(self) -> str:
        """The hash of its bytes."""
        return hashlib.blake2b(self.location.read_bytes(), digest_size=16).hexdigest()

    @property
    def is_picture(self) -> bool:
        """Whether its name is that of a picture."""
        return is_picture(self.path)

    @cached_property
    def picture(self) -> PictureInfo | NotAPicture | None:
        """What a page has to know of a picture; the error itself where its bytes are none."""
        if not self.is_picture:
            return None
        try:
            return picture_info(self.location.read_bytes())
        except NotAPicture as error:
            return error

    def published(self) -> bytes:
        """Read the bytes that are published: a picture's, without its metadata.

        Raises `NotAPicture` where its name promises what its bytes are not.
        """
        data = self.location.read_bytes()
        return without_metadata(data) if self.is_picture else data

    @cached_property
    def published_size(self) -> int:
        """How many bytes are published; 0 for a picture that is none."""
        try:
            return len(self.published())
        except NotAPicture:
            return 0


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read: documents in path order, and assets by output path."""

    documents: tuple[Document, ...]
    assets: dict[str, Asset]
    problems: tuple[Problem, ...]
    unread: frozenset[str] = frozenset()
    """Paths of documents that are there and could not be read; each has a problem."""


def read_content(settings: Settings) -> Content:
    """Read content/ and the static folders of a site.

    Problems are returned, not raised: a caller reports them together with those of later steps.
    """
    problems: list[Problem] = []
    documents: list[Document] = []
    assets: dict[str, Asset] = {}
    left_out: dict[str, int] = {}
    unread: set[str] = set()
    dialect = dialect_of(settings)
    for file, location in _walk(settings.root, "content", problems):
        path = file.removeprefix("content/")
        place = dialect.place(path, location) if dialect else native_place(path)
        if place.left_out:
            left_out[place.left_out] = left_out.get(place.left_out, 0) + 1
        elif place.kind is None:
            assets[path] = Asset(path, file, location)
            if dialect is None and _meant_as_document(location):
                problems.append(Problem(file, 1, 1, "misplaced", _MISPLACED, Severity.WARNING))
        else:
            data = _read_bytes(location, file, problems)
            document = data is not None and parse_document(
                data, path, place.kind, settings.zone, problems, dialect
            )
            if document:
                documents.append(document)
                problems.extend(dialect.remarks(document) if dialect else ())
            else:
                unread.add(path)
    for folder in settings.static:
        if not (settings.root / folder).is_dir():
            message = f"'static' names the folder {folder}, which does not exist."
            problems.append(settings.problem("static", "missing-file", message))
        for file, location in _walk(settings.root, folder, problems):
            assets.setdefault(file, Asset(file, file, location))
    problems.extend(
        Problem("content", 0, 0, "left-out", f"{why} ({count})", Severity.WARNING)
        for why, count in left_out.items()
    )
    documents.sort(key=lambda document: document.path)
    return Content(tuple(documents), assets, tuple(problems), frozenset(unread))


def _meant_as_document(location: Path) -> bool:
    """Say whether a file that is only copied looks like a document: it may even be a draft."""
    if location.suffix.lower() not in (".md", ".markdown"):
        return False
    try:
        with location.open("rb") as file:
            return file.read(8).removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r\n"))
    except OSError:
        return False


def _read_bytes(location: Path, file: str, problems: list[Problem]) -> bytes | None:
    try:
        return location.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}."
        problems.append(Problem(file, 0, 0, "unreadable", message))
        return None


def _walk(root: Path, folder: str, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    """Yield every file below `folder` as (path relative to the site, location), sorted.

    Hidden files and an editor's leftovers are passed over. A link that leaves the site, leads
    nowhere or runs in a circle is a problem.
    """
    inside = root.resolve()
    stack: list[tuple[str, Path, frozenset[Path]]] = [(folder, root / folder, frozenset())]
    while stack:
        name, location, above = stack.pop()
        try:
            entries = sorted(os.scandir(location), key=lambda entry: entry.name, reverse=True)
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
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_LEFTOVERS):
                continue
            path, target = f"{name}/{entry.name}", Path(entry.path)
            if not _is_text(entry.name):
                shown = path.encode("utf-8", "backslashreplace").decode()
                message = "its name is not UTF-8 or holds a control character: rename it."
                problems.append(Problem(shown, 0, 0, "file-name", message))
            elif entry.is_symlink() and (why := _bad_link(target, inside, above)):
                problems.append(Problem(path, 0, 0, "symlink", why))
            elif entry.is_dir():
                folders.append((path, target, above))
            elif entry.is_file():
                files.append((path, target))
        stack.extend(folders)
        yield from reversed(files)


def _is_text(name: str) -> bool:
    """Say whether a file's name can be part of an address and of a message."""
    return not any(ord(one) < 32 or 0xD800 <= ord(one) <= 0xDFFF for one in name)


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
