"""`build`: make output/ match the source."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crosspost.build.outputs import Output, check_collisions, write_outputs
from crosspost.config import Settings
from crosspost.content.markdown import MarkdownEngine
from crosspost.errors import Problem, Severity, SiteError
from crosspost.render.assets import asset_tasks, theme_tasks
from crosspost.render.feeds import feed_outputs, feed_tasks
from crosspost.render.newsletter import check_editions, newsletter_outputs, newsletter_tasks
from crosspost.render.pages import document_tasks, list_outputs, list_tasks, redirect_tasks
from crosspost.render.site import Renderer
from crosspost.render.sitemap import sitemap_tasks
from crosspost.render.task import Task
from crosspost.render.theme import load_theme
from crosspost.site.bodies import render_bodies
from crosspost.site.index import SiteIndex
from crosspost.site.loading import load_index


@dataclass(frozen=True, slots=True)
class Options:
    """How a build is to be done.

    `strict` turns warnings into errors; `drafts` shows what is not public yet; `clean` replaces
    files of `output` that crosspost did not make.
    """

    output: Path
    now: datetime
    drafts: bool = False
    strict: bool = False
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: files by kind, what changed, how long it took, and its warnings."""

    posts: int
    files: Counter[str]
    written: int
    unchanged: int
    removed: int
    seconds: float
    next_change: datetime | None
    warnings: tuple[Problem, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `build --format json` prints."""
        return {
            "pages": self.files["page"],
            "feeds": self.files["feed"],
            "assets": self.files["asset"],
            "newsletters": self.files["newsletter"],
            "redirects": self.files["redirect"],
            "posts": self.posts,
            "written": self.written,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "seconds": round(self.seconds, 3),
            "next_change": self.next_change.isoformat() if self.next_change else None,
            "warnings": len(self.warnings),
        }


def build(settings: Settings, options: Options) -> Report:
    """Make `options.output` match the site at `options.now`.

    Nothing is written before everything is made: a mistake leaves the last good output as it was.
    Raises `SiteError` with all problems, or `BlockedError` where output cannot be written.
    """
    start = time.monotonic()
    theme = load_theme(settings)
    index, problems = load_index(settings, options.now, drafts=options.drafts)
    engine = MarkdownEngine(typography=settings.markdown.typography)
    bodies = render_bodies(index, engine, _known_outputs(settings, index))
    renderer = Renderer(index, bodies.by_path, theme, engine)
    found = [
        *problems,
        *bodies.problems,
        *check_editions(renderer),
        *renderer.templates.syntax_problems(),
    ]
    warnings = _raise_errors(found, strict=options.strict)
    tasks = list(_tasks(renderer, bodies.assets))
    _raise_errors(check_collisions((task.path, task.made_of) for task in tasks))
    outputs = _make(tasks)
    written = write_outputs(options.output, outputs, clean=options.clean)
    return Report(
        posts=len(index.posts),
        files=Counter(task.kind for task in tasks),
        written=written.written,
        unchanged=written.unchanged,
        removed=written.removed,
        seconds=time.monotonic() - start,
        next_change=index.next_change,
        warnings=warnings,
    )


def _known_outputs(settings: Settings, index: SiteIndex) -> frozenset[str]:
    """Return what links may lead to besides documents and assets."""
    terms = (*index.categories, *index.tags, *index.years)
    lists = list_outputs(terms)
    made = frozenset({"sitemap.xml", "robots.txt", "404.html"})
    return lists | made | feed_outputs(settings, index) | newsletter_outputs(index)


def _tasks(renderer: Renderer, assets: frozenset[str]) -> Iterator[Task]:
    """Yield every file to make. A new kind of output is one more line here."""
    yield from document_tasks(renderer)
    yield from list_tasks(renderer)
    yield from feed_tasks(renderer)
    yield from newsletter_tasks(renderer)
    yield from sitemap_tasks(renderer)
    yield from redirect_tasks(renderer)
    yield from asset_tasks(renderer, assets)
    yield from theme_tasks(renderer)


def _make(tasks: list[Task]) -> list[Output]:
    """Run the tasks; their problems are collected, so that one run shows them all."""
    outputs: list[Output] = []
    problems: list[Problem] = []
    for task in tasks:
        try:
            outputs.append(Output(task.path, task.make(), task.made_of))
        except SiteError as error:
            problems.extend(error.problems)
    _raise_errors(_once_a_place(problems))
    return outputs


def _once_a_place(problems: list[Problem]) -> list[Problem]:
    """Keep one problem a place: a mistake in a shared template shows on every page."""
    first: dict[tuple[str, int, int, str], Problem] = {}
    for problem in problems:
        place = (problem.file, problem.line, problem.column, problem.code)
        first.setdefault(place, problem)
    return list(first.values())


def _raise_errors(problems: list[Problem], *, strict: bool = False) -> tuple[Problem, ...]:
    """Raise if any problem is an error; return the warnings."""
    if strict:
        problems = [replace(problem, severity=Severity.ERROR) for problem in problems]
    if any(problem.severity == Severity.ERROR for problem in problems):
        raise SiteError(problems)
    return tuple(sorted(set(problems)))
