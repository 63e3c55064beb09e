"""The files of another generator's site, as it stands in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from crosspost.imports.found import Harvest

_NEVER = {"node_modules", "vendor", "_site", "public", "output", "__pycache__", "resources"}
_SUFFIXES = {
    *("png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "pdf", "doc", "docx", "odt"),
    *("xls", "xlsx", "ods", "ppt", "pptx", "odp", "csv", "epub", "zip", "ics", "vtt", "srt"),
    *("mp3", "ogg", "oga", "opus", "wav", "m4a", "mp4", "m4v", "webm", "ogv", "mov", "gpx"),
    *("kml", "geojson"),
}


def files_below(folder: Path, harvest: Harvest, shown: str = "") -> Iterator[tuple[str, Path]]:
    """Yield each file below `folder` with its path there, sorted; links are never followed.

    Hidden files, and the folders that generators and package managers make, are passed over.
    `shown` is put before paths in the report.
    """
    stack = [("", folder)]
    while stack:
        name, place = stack.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            harvest.lose("unreadable", f"cannot be read: {error.strerror}.", f"{shown}{name}")
            continue
        for entry in reversed(entries):
            path = f"{name}/{entry.name}" if name else entry.name
            if entry.name.startswith(".") or not entry.name.isprintable():
                continue
            if entry.is_symlink():
                message = "this is a link to another file: links are not followed."
                harvest.lose("link", message, f"{shown}{path}")
            elif entry.is_dir() and entry.name not in _NEVER:
                stack.append((path, Path(entry.path)))
        for entry in entries:
            usable = entry.name.isprintable() and not entry.name.startswith(".")
            if usable and entry.is_file(follow_symlinks=False):
                yield (f"{name}/{entry.name}" if name else entry.name), Path(entry.path)


def is_media(path: str) -> bool:
    """Say whether a file is copied even where no text links to it."""
    return path.rpartition(".")[2].lower() in _SUFFIXES
