"""Making files of output/: tasks carried out, here or in workers, and staged where they are made.

With a page, the links and pictures of its document are looked at: both need the same body.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import msgspec

from crosspost.build.bodies import BodyStore
from crosspost.build.outputs import OutputFolder
from crosspost.build.signatures import Signature
from crosspost.build.workers import as_they_come
from crosspost.config import Settings
from crosspost.content.body import Body, MarkdownError
from crosspost.content.markdown import MarkdownEngine, engine_of
from crosspost.content.reading import read_body
from crosspost.digests import digest_of_output
from crosspost.errors import Problem, SiteError
from crosspost.render.answers import Question
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.site.entry import Entry
from crosspost.site.links import check_links, doubtful

_EMPTY = Body("", (), (), (), 0)


class Item(msgspec.Struct, frozen=True):
    """Something to do: a file to make, a document to check, or both for one document."""

    task: Task | None
    entry: Entry | None = None
    check: bool = False

    @property
    def place(self) -> str:
        """The file that a person may have to look at, should this go wrong."""
        if self.entry is not None:
            return self.entry.file
        return self.task.made_of if self.task else ""


class Made(msgspec.Struct, array_like=True):
    """What came of one item. `asked` is the number of a set of questions of its chunk."""

    digest: str = ""
    size: int = 0
    staged: Signature | None = None
    """Its signature beside its place; None where the same file stood there already."""
    asked: int = 0
    failed: tuple[Problem, ...] = ()
    checked: tuple[Problem, ...] = ()
    errno: int = 0
    """Why it could not be staged, if it could not be."""
    seconds: float = 0.0


class _Chunk(msgspec.Struct, array_like=True):
    made: list[Made]
    sets: list[list[Question]]
    templates: dict[str, tuple[int, float]]


class Taking(Protocol):
    """Takes in what came of items."""

    def take(self, numbers: range, done: Sequence[Made], sets: Sequence[list[Question]]) -> None:
        """Take in what came of the items of these numbers, and the sets of questions they asked."""

    def take_times(self, templates: Mapping[str, tuple[int, float]]) -> None:
        """Take in how often templates were used, and how long they took."""


class Bodies:
    """Rendered bodies, from the store; one that is not there is rendered anew."""

    def __init__(self, store: BodyStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._near: Mapping[str, Body] = {}

    @cached_property
    def _engine(self) -> MarkdownEngine:
        return engine_of(self._settings.markdown)

    def fetch(self, entries: Sequence[Entry]) -> None:
        """Get the bodies of these documents ready, and let go of those before."""
        self._near = self._store.get({entry.body for entry in entries if entry.body})

    def __call__(self, entry: Entry) -> Body:
        """Return the body of a document, with its holes; an empty one where it has none."""
        if not entry.body:
            return _EMPTY
        found = self._near.get(entry.body) or self._store.get([entry.body]).get(entry.body)
        if found is None:
            found = self._rendered(entry)
            if found is not _EMPTY:
                self._store.put([(entry.body, found)])
        return found

    def _rendered(self, entry: Entry) -> Body:
        text = read_body(self._settings, entry.document)
        try:
            return self._engine.open_body(text, lang=entry.lang, places=False)
        except MarkdownError:  # said when it was read
            return _EMPTY


def make(
    items: Sequence[Item],
    renderer: Renderer,
    bodies: Bodies,
    folder: OutputFolder,
    jobs: int,
    done: Callable[[int], None],
    outcome: Taking,
) -> None:
    """Do all items; `outcome` takes in what comes of them, in any order.

    Raises what `workers.run` raises, and `OSError` where nothing can be staged.
    """
    work = _Making(items, renderer, bodies, folder)
    decoder = msgspec.msgpack.Decoder(_Chunk)
    for numbers, answer in as_they_come(work, len(items), jobs, done):
        chunk = decoder.decode(answer)
        for one in chunk.made:
            if one.errno:
                raise OSError(one.errno, os.strerror(one.errno), str(folder.path))
        outcome.take(numbers, chunk.made, chunk.sets)
        outcome.take_times(chunk.templates)


class _Making(msgspec.Struct):
    """The work of making files: in a worker, or here."""

    items: Sequence[Item]
    renderer: Renderer
    bodies: Bodies
    folder: OutputFolder

    def __call__(self, numbers: range, begins: Callable[[int], None]) -> bytes:
        chunk = _Chunk([], [], {})
        sets: dict[frozenset[Question], int] = {}
        entries = [self.items[number].entry for number in numbers]
        self.bodies.fetch([entry for entry in entries if entry is not None])
        for number in numbers:
            begins(number)
            start = time.perf_counter()
            item = self.items[number]
            made = Made()
            if item.task is not None:
                with self.renderer.answers.noting() as asked:
                    self._make(item.task, made)
                made.asked = sets.setdefault(asked.questions, len(sets))
            if item.check and item.entry is not None:
                made.checked = self._check(item.entry)
            made.seconds = time.perf_counter() - start
            chunk.made.append(made)
        chunk.sets = [list(one) for one in sets]
        chunk.templates = self.renderer.templates.times()
        return msgspec.msgpack.encode(chunk)

    def _make(self, task: Task, made: Made) -> None:
        try:
            data = task.make()
        except SiteError as error:
            made.failed = error.problems
            return
        made.digest, made.size = digest_of_output(data), len(data)
        try:
            made.staged = self.folder.stage(task.path, data)
        except OSError as error:
            made.errno = error.errno or errno.EIO

    def _check(self, entry: Entry) -> tuple[Problem, ...]:
        renderer = self.renderer
        try:
            body = self.bodies(entry)
            if doubtful(renderer.index, entry.document, body, renderer.known):
                body = renderer.body_with_places(entry)
            elif entry.image_src is None:
                return ()
        except SiteError as error:
            return error.problems
        return tuple(check_links(renderer.index, entry.document, body, renderer.known))
