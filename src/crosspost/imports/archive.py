"""Archives that come from elsewhere: a folder, a .zip or a .tar.gz, opened as if it were hostile.

Only what is asked for is unpacked, into a folder that is gone afterwards. A name that leads out of
it, a link, a device, or sizes that no account has are refused in words.
"""

from __future__ import annotations

import json
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from crosspost.errors import UsageError

MOST_FILES = 500_000
LARGEST = 4 << 30
"""Bytes of one file."""
MOST_BYTES = 200 << 30
"""Bytes of all files together."""
_SUSPICIOUS = 50 << 20
_RATIO = 200
"""How many times smaller than its content an archive may be, once that is suspiciously large."""
_CHUNK = 1 << 20
_LARGEST_JSON = 1 << 30
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Wanted = Callable[[str], bool]
"""Says whether a file of an archive is to be unpacked, by its name."""


@contextmanager
def opened(source: Path, wanted: Wanted) -> Iterator[Path]:
    """Give the folder in which the files that are `wanted` lie. Raises `UsageError`."""
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="crosspost-import-") as name:
        folder = Path(name)
        try:
            if zipfile.is_zipfile(source):
                _unzip(source, folder, wanted)
            elif tarfile.is_tarfile(source):
                _untar(source, folder, wanted)
            else:
                raise UsageError(f"{source.name} is neither a folder, nor a .zip, nor a .tar.gz.")
        except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
            raise UsageError(f"{source.name} is damaged: {error}. Download it again.") from None
        except NotImplementedError as error:  # zipfile's word for a compression it does not know
            raise UsageError(f"{source.name} cannot be read: {error}.") from None
        yield folder


def top_of(folder: Path, name: str) -> Path | None:
    """Return the folder in which `name` lies: at the top, or in the only folder there."""
    for place in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
        if (place / name).is_file():
            return place
    return None


def file_inside(folder: Path, name: str) -> Path | None:
    """Return the file of this name below a folder; None where it is not there, or leads out."""
    path = folder / name
    inside = path.resolve().is_relative_to(folder.resolve())
    return path if inside and path.is_file() and not path.is_symlink() else None


def bounded_copy(stream: IO[bytes], target: Path, name: str, limit: int = LARGEST) -> None:
    """Copy a stream to a file. Raises `UsageError` where it does not end within `limit` bytes."""
    left = limit
    with target.open("wb") as file:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise UsageError(f"{name} is larger than {limit >> 20:,} MB: it is refused.")
            file.write(chunk)


def _unzip(source: Path, folder: Path, wanted: Wanted) -> None:
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        _refuse_too_many(len(entries), source.name)
        total = 0
        for entry in entries:
            _refuse_name(entry.filename, source.name)
            if (entry.external_attr >> 28) == 0xA:
                _refuse_link(entry.filename, source.name)
            if entry.is_dir() or not wanted(entry.filename):
                continue
            if entry.flag_bits & 1:
                raise UsageError(f"{source.name} has a password: unpack it, and give its folder.")
            total += entry.file_size
            _refuse_size(entry.filename, entry.file_size, total, source)
            with archive.open(entry) as stream:
                _write(folder, entry.filename, stream, entry.file_size)


def _untar(source: Path, folder: Path, wanted: Wanted) -> None:
    with tarfile.open(source, "r|*") as archive:
        total = 0
        for number, entry in enumerate(archive):
            _refuse_too_many(number, source.name)
            _refuse_name(entry.name, source.name)
            if entry.isdir():
                continue
            if not entry.isreg():
                _refuse_link(entry.name, source.name)
            total += entry.size
            _refuse_size(entry.name, entry.size, total, source)
            stream = archive.extractfile(entry) if wanted(entry.name) else None
            if stream is not None:
                _write(folder, entry.name, stream, entry.size)


def _write(folder: Path, name: str, stream: IO[bytes], size: int) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    bounded_copy(stream, target, name, size)


def _refuse_too_many(count: int, archive: str) -> None:
    if count > MOST_FILES:
        raise UsageError(f"{archive} holds more than {MOST_FILES:,} files: it is refused.")


def _refuse_name(name: str, archive: str) -> None:
    """Refuse what would be written outside of the folder, on any system."""
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        raise UsageError(f"{archive} holds '{name}', which leads out of its folder: it is refused.")
    if "\0" in name or "\\" in name or len(name) > 1000:
        raise UsageError(f"{archive} holds a file whose name is not meant: it is refused.")


def _refuse_link(name: str, archive: str) -> None:
    raise UsageError(f"{archive} holds '{name}', which is a link and no file: it is refused.")


def _refuse_size(name: str, size: int, total: int, source: Path) -> None:
    packed = source.stat().st_size
    if size > LARGEST or total > MOST_BYTES or (total > _SUSPICIOUS and total > _RATIO * packed):
        raise UsageError(
            f"{source.name} unpacks to far more than an archive does ('{name}' has {size >> 20:,} "
            "MB): it is refused."
        )


def read_json(path: Path, *, after: str = "") -> Any:
    """Read a file of JSON, behind the first `after` in it; raises `UsageError`.

    What no text may hold (control characters, halves of characters) is taken out of its texts.
    """
    if path.stat().st_size > _LARGEST_JSON:
        raise UsageError(f"{path.name} is larger than {_LARGEST_JSON >> 20:,} MB: it is refused.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return _clean(json.loads(text[text.index(after) + len(after) :]))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path.name} is damaged: {error}.") from None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSPEAKABLE.sub("", value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return value
