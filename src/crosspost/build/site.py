"""`build`: make output/ match the source.

    files ─ read ─▶ entries ─ index ─▶ SiteIndex ─ tasks ─ verdicts ─▶ what to make ─▶ output/

The index is made anew each time. Reading, rendering and making are spared where they would be given
what they were given before; ARCHITECTURE.md has the whole story on a page.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path

import msgspec
from msgspec import structs

from crosspost.build.agenda import Tasks
from crosspost.build.edit import Edit, Outlook
from crosspost.build.making import Bodies
from crosspost.build.outcome import Outcome
from crosspost.build.outputs import check_collisions
from crosspost.build.profile import Profile
from crosspost.build.report import Report
from crosspost.build.watch import Watch
from crosspost.build.work import Work, assets_of_hidden, assets_shown
from crosspost.build.workshop import Options, Workshop
from crosspost.config import Settings
from crosspost.errors import Problem, Severity, SiteError, UsageError
from crosspost.render.assets import asset_tasks, theme_tasks
from crosspost.render.feeds import feed_outputs, feed_tasks, load_writers
from crosspost.render.inventory import lost_addresses
from crosspost.render.newsletter import newsletter_outputs, newsletter_tasks
from crosspost.render.pages import document_tasks, list_outputs, list_tasks
from crosspost.render.redirects import gone_tasks, redirect_tasks
from crosspost.render.site import Renderer
from crosspost.render.sitemap import sitemap_tasks
from crosspost.render.task import Task
from crosspost.render.templates import Templates
from crosspost.render.theme import Theme, load_theme
from crosspost.site.index import SiteIndex, make_index
from crosspost.site.recalled import Shape
from crosspost.site.said import read_said

__all__ = ["Options", "Report", "build"]


def build(
    settings: Settings,
    options: Options,
    known: Iterable[Problem] = (),
    watch: Watch | None = None,
) -> Report:
    """Make `options.output` match the site at `options.now`.

    `known` are problems of the settings. Everything is made, and nothing put in its place, before
    anything is refused: one run names every mistake and leaves the last good output as it was.
    Raises `SiteError` with all problems, or `BlockedError` where output cannot be written.
    """
    start = time.monotonic()
    _check_place(settings, options.output)
    known = [*known]
    with Workshop.opened(settings, options, watch or Watch()) as shop:
        frame = _Frame(settings)
        ready = _edited(shop, frame, known) or _whole(shop, frame, known)
        work, renderer = ready.work, ready.renderer
        if options.measure:
            renderer.templates.measure()
        outcome = Outcome(work)
        shop.make(work.items, renderer, ready.bodies, outcome)
        found = _once_a_place([*known, *ready.problems(outcome)])
        warnings = _raise_errors(found, strict=options.strict, trial=ready.is_trial)
        with shop.watch.phase("write"):
            unsaid = [one for one in warnings if one not in known]
            learn, count = outcome.learn_checks(), len(work.items)
            shop.begin_to_remember(learn, unsaid, ready.outlook, count)
            kept = None if work.agenda.is_short else work.kept()
            written = shop.commit(outcome.digests, kept, outcome.staged)
            slowest = outcome.slowest(ready.seconds) if options.measure else ()
            report = Report(
                posts=len(renderer.index.posts),
                files=Counter(work.agenda.kinds),
                read=len(ready.seconds),
                made=frozenset(item.task.path for item in work.items if item.task is not None),
                written=written.written,
                unchanged=written.unchanged,
                removed=written.removed,
                seconds=time.monotonic() - start,
                next_change=renderer.index.next_change,
                warnings=warnings,
                tasks=lambda: [*ready.listed.outlined(None), *ready.listed.others()],
                past=shop.past,
                renderer=renderer,
                outcome=outcome,
                profile=Profile({}, outcome.templates, slowest),
            )
            shop.remember(outcome.known(), outcome.traces, outcome.gone(), report, outcome.staged)
    profile = structs.replace(report.profile, phases=shop.watch.seconds)
    return structs.replace(report, seconds=time.monotonic() - start, profile=profile)


class _Ready(msgspec.Struct, frozen=True):
    """A site that is ready to be made.

    `problems` says what is wrong with it, given what came of it; `seconds` how long each
    file took that was read. What holds for all its documents is its `outlook`.
    """

    renderer: Renderer
    bodies: Bodies
    listed: Tasks
    work: Work
    seconds: Mapping[str, float]
    problems: Callable[[Outcome], Sequence[Problem]]
    outlook: Callable[[], Outlook]
    is_trial: bool = False


class _Frame:
    """The theme of a site and its templates, when they are needed or sooner."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get_ready(self) -> None:
        """Load what a site is made with that was never built."""
        load_writers(self._settings)
        with suppress(SiteError):  # said beside all that is wrong
            self.templates.syntax_problems()

    def theme_or(self, known: Sequence[Problem]) -> Theme:
        """Return the theme; where it cannot be loaded, that is raised beside what is `known`."""
        try:
            return self._theme
        except SiteError as error:
            raise SiteError([*known, *error.problems]) from None

    @cached_property
    def _theme(self) -> Theme:
        return load_theme(self._settings)

    @cached_property
    def templates(self) -> Templates:
        """Its templates. Raises `SiteError` where there is no theme."""
        return Templates(self._theme)


def _whole(shop: Workshop, frame: _Frame, known: Sequence[Problem]) -> _Ready:
    """Read and index a whole site, and compare it with what was built."""
    settings, options = shop.settings, shop.options
    reading = shop.read(frame.get_ready)
    with shop.watch.phase("index"):
        content = reading.content
        index, problems = make_index(settings, content, options.now, drafts=options.drafts)
        found = [*content.problems, *problems]
        theme = frame.theme_or([*known, *found])
        bodies = Bodies(shop.memory.bodies, settings)
        others = known_outputs(settings, index)
        said = read_said(settings)
        renderer = Renderer(index, bodies, theme, others, said, frame.templates)
    with shop.watch.phase("compare"):
        shop.recall(theme)
        listed = _listed(renderer)
        work = Work.planned(shop, renderer, listed)
    # With a short agenda the same files were all made before.
    twice = [] if work.agenda.is_short else _collisions(work.agenda.tasks, found)

    def problems_of(outcome: Outcome) -> Sequence[Problem]:
        lost = lost_addresses(index, work.paths())
        return [*found, *outcome.problems(), *twice, *lost]

    return _Ready(
        renderer,
        bodies,
        listed,
        work,
        reading.seconds,
        problems_of,
        lambda: Outlook.of(Shape.of(index, others), assets_of_hidden(renderer)),
        # What cannot stand side by side cannot be looked at.
        is_trial=options.trial and not twice,
    )


def _edited(shop: Workshop, frame: _Frame, known: Sequence[Problem]) -> _Ready | None:
    """Take a site as it was but for an edit, if that is all that happened to it."""
    with shop.watch.phase("read"):
        edit = shop.find_edit()
    if edit is None:
        return None
    settings = shop.settings
    with shop.watch.phase("compare"):
        theme = frame.theme_or(known)
        shop.recall(theme)
        if not (shop.stands and shop.past.may_be_short):
            return None
        bodies = Bodies(shop.memory.bodies, settings)
        said = read_said(settings)
        renderer = Renderer(edit.index, bodies, theme, edit.known, said, frame.templates)
        listed = _listed(renderer)
        work = Work.of_edit(shop, renderer, edit, _edited_tasks(renderer, edit))
        if work is None:
            return None
        shop.take(edit)

    def problems_of(outcome: Outcome) -> Sequence[Problem]:
        return [*edit.problems(), *outcome.problems_of_items()]

    return _Ready(
        renderer, bodies, listed, work, edit.seconds, problems_of, lambda: edit.last.outlook
    )


def _listed(renderer: Renderer) -> Tasks:
    return Tasks(partial(_outlined_tasks, renderer), partial(_other_tasks, renderer))


def _check_place(settings: Settings, output: Path) -> None:
    """Refuse an output folder in which a build would read or remove the site's own files."""
    sources = ("content", "themes", "templates", "i18n", "ledger", ".git", *settings.static)
    root = settings.root.resolve()
    if root.is_relative_to(output) or any(output.is_relative_to(root / one) for one in sources):
        raise UsageError(
            f"--output: '{output.name}' holds the site itself. Name a folder of its own."
        )


def known_outputs(settings: Settings, index: SiteIndex) -> frozenset[str]:
    """Return what links may lead to besides documents and assets."""
    terms = (*index.categories, *index.tags, *index.years)
    lists = list_outputs(terms)
    made = frozenset({"sitemap.xml", "robots.txt", "404.html"})
    return lists | made | feed_outputs(settings, index) | newsletter_outputs(index)


def _outlined_tasks(renderer: Renderer, only: Collection[str] | None = None) -> Iterator[Task]:
    """Yield the files that follow from the site's outline, and from the texts that they show.

    With `only`, just those that show the texts of the documents at these paths.
    """
    yield from document_tasks(renderer, only)
    yield from feed_tasks(renderer, only)
    yield from gone_tasks(renderer, only)
    if only is None:
        yield from _listing_tasks(renderer)


def _edited_tasks(renderer: Renderer, edit: Edit) -> Iterator[Task]:
    """Yield the files that an edit may show in: most are those of its texts."""
    index = renderer.index
    cards = frozenset(index.by_path[path].uid for path in edit.recarded)
    beside = (one for uid in cards for one in index.neighbours.get(uid, ()) if one is not None)
    touched = edit.touched | {one.path for one in beside}
    yield from _outlined_tasks(renderer, touched)
    if cards:
        yield from list_tasks(renderer, cards)
        yield from newsletter_tasks(renderer)


def _listing_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield the files that follow from the site's outline alone."""
    yield from list_tasks(renderer)
    yield from sitemap_tasks(renderer)
    yield from redirect_tasks(renderer)


def _other_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield every other file."""
    yield from _single_tasks(renderer)
    yield from asset_tasks(renderer, assets_shown(renderer))


def _single_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield files of which a site has few. A new kind of output is one more line here."""
    yield from newsletter_tasks(renderer)
    yield from theme_tasks(renderer)


def tasks_beside_documents(renderer: Renderer) -> Iterator[Task]:
    """Yield every file but the pages of documents and copies: the preview knows these by path."""
    yield from _listing_tasks(renderer)  # the home page is the first of them
    yield from _single_tasks(renderer)
    yield from feed_tasks(renderer)
    yield from gone_tasks(renderer)
    yield from document_tasks(renderer, ())


def _collisions(tasks: Sequence[Task], found: list[Problem]) -> list[Problem]:
    """Return paths that are made twice, but for those that the index has found already."""
    claims = [(task.path, task.made_of) for task in tasks]
    known = [problem.message for problem in found if problem.code == "duplicate-url"]
    if known:
        counts = Counter(path for path, _ in claims)
        twice = {path for path, count in counts.items() if count > 1}
        told = {
            path
            for path in twice
            for said in known
            if f"/{path.removesuffix('index.html')}" in said
        }
        claims = [claim for claim in claims if claim[0] not in told]
    return check_collisions(claims)


def _once_a_place(problems: list[Problem]) -> list[Problem]:
    """Keep one problem a place: a mistake in a shared template shows on every page."""
    first: dict[tuple[str, int, int, str], Problem] = {}
    for problem in problems:
        place = (problem.file, problem.line, problem.column, problem.code)
        first.setdefault(place, problem)
    return list(first.values())


def _raise_errors(
    problems: list[Problem], *, strict: bool = False, trial: bool = False
) -> tuple[Problem, ...]:
    """Raise if any problem is an error; return the warnings, or everything in a trial."""
    if trial:
        return tuple(sorted(set(problems)))
    if strict:
        problems = [problem._replace(severity=Severity.ERROR) for problem in problems]
    if any(problem.severity == Severity.ERROR for problem in problems):
        raise SiteError(problems)
    return tuple(sorted(set(problems)))
