"""How other generators name files and write front matter; one module each.

A dialect says what a file below content/ is, and turns its front matter into ours before it is
checked. `compat` in the settings chooses one; without it, everything is crosspost's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from crosspost.content.document import Kind
from crosspost.schema import MappingNode, Source

if TYPE_CHECKING:
    from crosspost.config import Settings

_FOLDERS = {"posts": Kind.POST, "pages": Kind.PAGE, "newsletters": Kind.EDITION}


@dataclass(frozen=True, slots=True)
class Place:
    """What a file below content/ is: a document of a kind, an asset (None), or left out."""

    kind: Kind | None = None
    left_out: str = ""
    """Why the file is not part of the site; empty where it is."""


class Dialect(Protocol):
    """What a generator's way of writing needs."""

    def place(self, path: str) -> Place:
        """Say what the file `path`, relative to content/, is."""

    def translate(self, node: MappingNode, path: str, source: Source) -> MappingNode:
        """Return front matter in crosspost's own keys; places of nodes are kept."""


class Native:
    """crosspost's own way."""

    def place(self, path: str) -> Place:
        """A Markdown file in posts/, pages/ or newsletters/ is a document; the rest is copied."""
        folder, _, rest = path.partition("/")
        return Place(_FOLDERS.get(folder) if rest.endswith(".md") else None)

    def translate(self, node: MappingNode, path: str, source: Source) -> MappingNode:
        """Return it as it is."""
        return node


def dialect_of(settings: Settings) -> Dialect:
    """Choose the dialect that the settings name."""
    if settings.compat == "jekyll":
        from crosspost.content.dialects.jekyll import Jekyll

        return Jekyll(settings)
    if settings.compat == "hugo":
        from crosspost.content.dialects.hugo import Hugo

        return Hugo(settings)
    if settings.compat == "pelican":
        from crosspost.content.dialects.pelican import Pelican

        return Pelican(settings)
    return Native()
