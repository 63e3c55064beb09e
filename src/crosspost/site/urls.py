"""Addresses: from a pattern to a URL, and from a URL to a file of output/.

A URL here is root-relative, percent-encoded and begins with the site's base path; an output path is
relative to output/, not encoded.
"""

from __future__ import annotations

import posixpath
import re
from datetime import datetime
from urllib.parse import quote, unquote

from crosspost.content.slugs import slugify

_DATED = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}[-_](?=.)")
_PLACE = re.compile(r"\{([a-z]+)\}")
_SLASHES = re.compile(r"/{2,}")
_SAFE = "/!$&'()*+,;=:@~"


def file_slug(path: str) -> str:
    """Make a slug from a document's file name: its folder where the file is an index.

    A date at the beginning of the name is dropped.
    """
    folder, _, name = path.removesuffix(".md").rpartition("/")
    if name == "index" and folder:
        name = posixpath.basename(folder)
    return slugify(_DATED.sub("", name))


def expand(pattern: str, *, slug: str, date: datetime | None, category: str, path: str) -> str:
    """Fill a permalink pattern; an empty part vanishes with its slash."""
    values = {"slug": slug, "title": slug, "path": path, "category": category}
    values["categories"] = category
    if date is not None:
        year, month, day = str(date.year), f"{date.month:02d}", f"{date.day:02d}"
        values |= {"year": year, "month": month, "day": day}
    filled = _PLACE.sub(lambda match: values.get(match[1], ""), pattern)
    return _SLASHES.sub("/", filled) if "//" in filled else filled


def output_path(permalink: str) -> str:
    """Return the file of output/ that answers for a permalink (without the base path)."""
    path = unquote(permalink).lstrip("/")
    if path == "" or path.endswith("/"):
        return f"{path}index.html"
    return path if posixpath.splitext(path)[1] else f"{path}/index.html"


def url_of(base_path: str, path: str) -> str:
    """Return the URL of an output path; `index.html` is its folder."""
    if path == "index.html" or path.endswith("/index.html"):
        path = path.removesuffix("index.html")
    return f"{base_path}/{quote(path, safe=_SAFE)}"
