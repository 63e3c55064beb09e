"""What the gates look at: a site that was read, indexed and made, beside the real output/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crosspost.check.addresses import Addresses
from crosspost.check.facts import PageFacts
from crosspost.config import Settings
from crosspost.content.body import Body
from crosspost.errors import Problem
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.links import Links


@dataclass(frozen=True)
class CheckedSite:
    """Everything that a gate may ask.

    `said` is what reading and building have found. `facts` are the links and anchors of each page,
    feed and mail that was made, by its path. `located` tells which pictures' sources say where they
    were taken. `jobs` answers how many processes so many items are worth.
    """

    renderer: Renderer
    tasks: Sequence[Task]
    said: Sequence[Problem]
    facts: Mapping[str, PageFacts]
    located: Callable[[], Sequence[str]]
    state: Path

    @property
    def index(self) -> SiteIndex:
        """What is visible, and what hides."""
        return self.renderer.index

    @property
    def settings(self) -> Settings:
        """The site's settings."""
        return self.renderer.settings

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """All documents, those that hide among them: they will be shown one day."""
        return (*self.index.entries, *(one.entry for one in self.index.hidden))

    @cached_property
    def by_file(self) -> Mapping[str, Entry]:
        """Every document by its file."""
        return {entry.file: entry for entry in self.entries}

    @cached_property
    def by_path(self) -> Mapping[str, Task]:
        """Every file that was made, by its path."""
        return {task.path: task for task in self.tasks}

    @cached_property
    def addresses(self) -> Addresses:
        """How addresses become paths of output/."""
        return Addresses(self.settings)

    def body(self, entry: Entry) -> Body:
        """Return the rendered body of a document, with the places of its links."""
        return self.renderer.body_with_places(entry)

    def links_of(self, entry: Entry) -> Iterator[tuple[str, int, int]]:
        """Yield each address of a document's body, as it is on the page, with line and column."""
        links = Links(self.index, entry.path, self.renderer.known)
        body = self.body(entry)
        for link in body.links:
            yield links.destination(link.target).url or "", link.line, link.column
        for picture in body.pictures:
            yield links.destination(picture.src).url or "", picture.line, picture.column

    def place_of(self, entry: Entry, target: str) -> tuple[int, int] | None:
        """Return where a document's body asks for a target, if it does; (0, 0) without a place."""
        normal = self.addresses.normal
        for url, line, column in self.links_of(entry):
            if url and normal(url, entry.output) == target:
                return line, column
        return None
