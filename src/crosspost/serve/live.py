"""The site in memory: brought up to date file by file, and each page made when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from crosspost.build.site import known_outputs, tasks_beside_documents
from crosspost.config import SETTINGS_FILE, Settings
from crosspost.content.document import Kind
from crosspost.content.pictures import NotAPicture
from crosspost.errors import Problem, Severity, SiteError
from crosspost.render.assets import theme_tasks
from crosspost.render.pages import document_page
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.theme import Theme, load_theme
from crosspost.serve.source import LiveBodies, Source
from crosspost.settings_file import read_settings
from crosspost.site.content import Content
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex, hidden_reason, make_index
from crosspost.site.links import check_links
from crosspost.site.loading import moment_of_run
from crosspost.site.said import read_said

_LAYER = ("templates", "static", "i18n", "themes")
_KEPT = 200
"""Pages that are remembered as they last could be made."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When the site is looked at, and what is shown.

    `at` None is now. `unpublished` shows drafts and future posts too.
    """

    at: datetime | None = None
    unpublished: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the site. `stale` where it could not be made again, for `problems`."""

    data: bytes
    entry: Entry | None = None
    problems: tuple[Problem, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What came of files that changed: which, and the document that was edited, if it is one."""

    files: frozenset[str]
    edited: Entry | None = None


@dataclass(frozen=True)
class Snapshot:
    """The site at one moment, as one version of its files says it."""

    content: Content
    index: SiteIndex
    renderer: Renderer
    bodies: LiveBodies
    problems: tuple[Problem, ...]

    @cached_property
    def by_output(self) -> Mapping[str, Entry]:
        """Posts and pages by their path below output/."""
        index = self.index
        return {entry.output: entry for entry in (*index.posts, *index.pages)}

    @cached_property
    def others_by_output(self) -> Mapping[str, Entry]:
        """Editions, and what was withdrawn, by the path of their page below output/."""
        return {entry.output: entry for entry in (*self.index.editions, *self.index.gone)}

    @cached_property
    def others(self) -> Others:
        """Every file but pages of documents and assets."""
        return Others(tasks_beside_documents(self.renderer))

    @cached_property
    def unpublished(self) -> Mapping[str, str]:
        """Why each document hides from citizens (draft, future, expired, gone), by its address."""
        moment = self.index.now.timestamp()
        return {
            entry.url: reason
            for entry in self.content.entries
            if (reason := hidden_reason(entry, moment))
        }

    @cached_property
    def public(self) -> SiteIndex:
        """The index of what citizens see at this moment: what `publish` would plan from."""
        return make_index(self.index.settings, self.content, self.index.now)[0]

    @cached_property
    def by_uid(self) -> Mapping[str, Entry]:
        """Every document that could be read, hidden or not."""
        return {entry.uid: entry for entry in self.content.entries}


class Others:
    """Tasks by their path below output/, listed only as far as somebody asks."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._rest = tasks
        self._known: dict[str, Task] = {}

    def get(self, path: str) -> Task | None:
        """Return the task that makes a file; None where there is none."""
        found = self._known.get(path)
        while found is None and (task := next(self._rest, None)) is not None:
            self._known.setdefault(task.path, task)
            found = self._known.get(path)
        return found


class LiveSite:
    """One site, its clock, and what is wrong with it. Everything here happens in one thread.

    Raises `SiteError` where the settings or the theme cannot be read: there is nothing to show.
    """

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root = root
        self.clock = clock
        self.version = 0
        self._settings, self._warnings = read_settings(root)
        if any(one.severity == Severity.ERROR for one in self._warnings):
            raise SiteError(self._warnings)
        self._theme = load_theme(self._settings)
        self._source = Source(self._settings)
        self._broken: tuple[Problem, ...] = ()
        """What is wrong with the settings and the theme, as they are now: both stand as before."""
        self._of_edited: dict[str, tuple[Problem, ...]] = {}
        self._of_pages: dict[str, tuple[Problem, ...]] = {}
        self._made: dict[str, Made] = {}
        self._good: dict[str, bytes] = {}
        self._theme_files: Mapping[str, Task] = {}
        self.now = self._look()

    @property
    def settings(self) -> Settings:
        """The settings, as they last could be read."""
        return self._settings

    @property
    def theme(self) -> Theme:
        """The theme, as it last could be read."""
        return self._theme

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is known to be wrong, without having made all pages."""
        pages = (problem for found in self._of_pages.values() for problem in found)
        edited = (problem for found in self._of_edited.values() for problem in found)
        found = (*self._broken, *self._warnings, *self.now.problems, *edited, *pages)
        return tuple(dict.fromkeys(found))

    def update(self, named: Collection[str]) -> Change | None:
        """Take in files that may have changed, by their paths relative to the site.

        A path outside of the site is one of a theme. Returns None where nothing has.
        """
        files: set[str] = set()
        if SETTINGS_FILE in named and self._read_settings():
            files.add(SETTINGS_FILE)
        themed = {name for name in named if name.partition("/")[0] in _LAYER or name[:1] == "/"}
        if files or themed:
            self._read_theme()
            files |= themed
        rest = {name for name in named if name not in themed and name != SETTINGS_FILE}
        changed = self._source.refresh(rest) if rest or files else frozenset()
        if not files | changed:
            return None
        self._of_edited = {
            name: found for name, found in self._of_edited.items() if name not in changed
        }
        self._renew()
        documents = [self._entry_at(file) for file in changed if file.endswith(".md")]
        edited = [entry for entry in documents if entry is not None]
        for entry in edited:
            self._check(entry)
        alone = edited[0] if len(edited) == 1 and not files else None
        return Change(frozenset(files | changed), alone)

    def look(self, clock: Clock) -> None:
        """Look at the site as of another moment."""
        self.clock = clock
        self._renew()

    def make(self, path: str) -> Made | None:
        """Make a file of the site by its path below output/; None where there is no such file."""
        found = self._made.get(path)
        if found is None:
            found = self._make(path)
            if found is not None:
                self._made[path] = found
        return found

    def _make(self, path: str) -> Made | None:
        snapshot = self.now
        entry = snapshot.by_output.get(path) or snapshot.others_by_output.get(path)
        try:
            if path in snapshot.by_output and entry is not None:
                data = document_page(snapshot.renderer, entry)
            elif (asset := snapshot.index.assets.get(path)) is not None:
                # It may have become a link out of the site a moment ago.
                inside = asset.location.resolve().is_relative_to(self.root.resolve())
                return Made(asset.published()) if inside else None
            elif (task := self._theme_files.get(path) or snapshot.others.get(path)) is not None:
                data = task.make()
            else:
                return None
        except SiteError as error:
            self._of_pages[path] = error.problems
            return Made(self._good.get(path, b""), entry, error.problems, stale=True)
        except (OSError, NotAPicture):  # the build says why
            return None
        self._good.pop(path, None)
        self._good[path] = data
        while len(self._good) > _KEPT:
            del self._good[next(iter(self._good))]
        return Made(data, entry)

    def _look(self) -> Snapshot:
        clock = self.clock
        now = clock.at or moment_of_run(self._settings, None)
        content = self._source.content()
        index, problems = make_index(self._settings, content, now, drafts=clock.unpublished)
        known = known_outputs(self._settings, index)
        said = read_said(self._settings)
        renderer = Renderer(index, self._source.bodies, self._theme, known, said)
        self._theme_files = {task.path: task for task in theme_tasks(renderer)}
        found = (*content.problems, *problems, *self._theme.catalogue.problems)
        return Snapshot(content, index, renderer, self._source.bodies, found)

    def _renew(self) -> None:
        self._made, self._of_pages = {}, {}
        self.now = self._look()
        self.version += 1

    def _read_settings(self) -> bool:
        """Read the settings again; say whether they are others, or others are wrong with them."""
        before = (self._settings.text, self._broken)
        try:
            settings, warnings = read_settings(self.root)
            errors = [one for one in warnings if one.severity == Severity.ERROR]
        except SiteError as error:
            errors = list(error.problems)
        if errors:
            self._broken = tuple(errors)
        else:
            self._broken = ()
            if settings.text != self._settings.text:
                self._settings, self._warnings = settings, warnings
                self._source = Source(settings)
        return before != (self._settings.text, self._broken)

    def _read_theme(self) -> None:
        try:
            self._theme = load_theme(self._settings)
        except SiteError as error:
            self._broken = tuple(dict.fromkeys((*self._broken, *error.problems)))
        else:
            self._broken = tuple(one for one in self._broken if one.file == SETTINGS_FILE)

    def _entry_at(self, file: str) -> Entry | None:
        path = file.removeprefix("content/")
        return next((entry for entry in self.now.content.entries if entry.path == path), None)

    def _check(self, entry: Entry) -> None:
        """Look at the links and pictures of a document that was edited."""
        renderer = self.now.renderer
        try:
            body = renderer.bodies(entry)
        except SiteError:
            return  # it changed again: it will be read again
        found = check_links(renderer.index, entry.document, body, renderer.known)
        self._of_edited[entry.file] = tuple(found)


def merged(problems: Iterable[Problem], others: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems of two sources, errors first, each once."""
    every: Iterator[Problem] = iter({*problems, *others})
    return tuple(sorted(every, key=lambda one: (one.severity != Severity.ERROR, one)))


def is_post(entry: Entry) -> bool:
    """Say whether a document is announced on channels: posts are, pages and editions are not."""
    return entry.kind == Kind.POST
