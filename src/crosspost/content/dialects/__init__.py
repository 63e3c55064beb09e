"""How other generators name files and write front matter; one module each.

A dialect says what a file below content/ is, and turns its front matter into ours before it is
checked. `compat` in the settings chooses one; without it, everything is crosspost's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from crosspost.content.document import Document, Kind, Parts
from crosspost.errors import Problem
from crosspost.schema import MappingNode, Source

if TYPE_CHECKING:
    from crosspost.config import Settings


class Place(msgspec.Struct, frozen=True):
    """What a file below content/ is: a document of a kind, an asset (None), or left out."""

    kind: Kind | None = None
    left_out: str = ""
    """Why the file is not part of the site; empty where it is."""


_COPIED = Place()
_PLACES = {
    "posts": Place(Kind.POST),
    "pages": Place(Kind.PAGE),
    "newsletters": Place(Kind.EDITION),
}


class Dialect(Protocol):
    """What a generator's way of writing needs."""

    def place(self, path: str, location: Path) -> Place:
        """Say what the file `path`, relative to content/, is; its bytes are at `location`."""

    def parts(self, text: str, source: Source) -> Parts | None:
        """Take a file apart into front matter and body, or report why it cannot be."""

    def translate(self, node: MappingNode, path: str, source: Source) -> MappingNode:
        """Return front matter in crosspost's own keys; places of nodes are kept."""

    def body(self, text: str) -> str:
        """Return the body in crosspost's Markdown; no line may be added or taken away."""

    def remarks(self, document: Document, body: str) -> Iterable[Problem]:
        """Warn of what a document says in ways that are not understood."""


def native_place(path: str) -> Place:
    """A Markdown file in posts/, pages/ or newsletters/ is a document; the rest is copied."""
    folder, _, rest = path.partition("/")
    return _PLACES.get(folder, _COPIED) if rest.endswith(".md") else _COPIED


def dialect_of(settings: Settings) -> Dialect | None:
    """Choose the dialect that the settings name; None is crosspost's own."""
    if settings.compat == "jekyll":
        from crosspost.content.dialects.jekyll import Jekyll

        return Jekyll(settings)
    if settings.compat == "hugo":
        from crosspost.content.dialects.hugo import Hugo

        return Hugo(settings)
    if settings.compat == "pelican":
        from crosspost.content.dialects.pelican import Pelican

        return Pelican(settings)
    return None
