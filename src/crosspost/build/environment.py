"""What a build depends on besides the site's files: our own code, libraries, Python, time zones.

Everything that is kept from one build to the next is kept under this name. Another version of
anything in it gives another name, and so a build that begins anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import zoneinfo
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from crosspost.build.states import own_code
from crosspost.config import CheckSettings, PublishSettings, Settings

_LIBRARIES = frozenset(
    {
        *("babel", "cmarkgfm", "css_inline", "feedgen", "jinja2", "lxml", "markdown", "markupsafe"),
        *("msgspec", "pillow", "pygments", "python_dateutil", "pyyaml", "tzdata"),
    }
)
_INSTALLED = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)\.(?:dist|egg)-info")


class SiteNames(NamedTuple):
    """The names of what a site is made by.

    `code` is that of what is installed here; `records` that with all settings of which a page or a
    feed may show something; `bodies` that of what renders bodies.
    """

    code: str
    records: str
    bodies: str


def site_names(settings: Settings) -> SiteNames:
    """Return the names of what a site is made by.

    How messages are published and what is checked is shown nowhere.
    """
    code = environment(settings.site.timezone)
    nowhere: Mapping[str, tuple[int, int]] = MappingProxyType({})
    shown = replace(
        settings,
        root=Path(),
        text="",
        places=nowhere,
        publish=PublishSettings(),
        check=CheckSettings(),
    )
    return SiteNames(code, _name(f"{code}\0{shown!r}"), _name(f"{code}\0{settings.markdown!r}"))


def _name(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def environment(zone: str) -> str:
    """Return the name of what is installed here; `zone` is the site's time zone."""
    digest = hashlib.blake2b(digest_size=12)
    digest.update(repr((sys.implementation.cache_tag, sys.version_info[:3])).encode())
    for line in sorted(_libraries()):
        digest.update(line.encode())
    digest.update(own_code().encode())
    digest.update(_rules_of(zone))
    return digest.hexdigest()


def _libraries() -> Iterator[str]:
    """Yield the name and version of each library that has a part in what is made."""
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - a path may be a zip, or not exist
        except OSError:
            continue
        for name in names:
            match = _INSTALLED.fullmatch(name)
            if match and re.sub(r"[-.]+", "_", match["name"]).lower() in _LIBRARIES:
                yield name.lower()


def _rules_of(zone: str) -> bytes:
    """Return what the machine knows of a time zone; parliaments change it."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return b""
