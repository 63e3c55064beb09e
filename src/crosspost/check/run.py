"""`check`: make the site aside, and let every gate look at it.

    build ─▶ .crosspost/check/ ─ facts of pages ─┐
    documents ─ facts of texts ──────────────────┴─▶ gates ─▶ allowances ─▶ problems

The site is built as `build` does, into a folder of its own, so that what is checked is what would
be published, errors or not. What was found in a text or a page is kept until it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspost.build.site import build
from crosspost.build.watch import Watch
from crosspost.build.workshop import STATE, Options
from crosspost.check.allowances import allowances_in
from crosspost.check.checked import CheckedSite
from crosspost.check.gates.external import external_problems
from crosspost.check.gates.permanence import update_inventory
from crosspost.check.gates.uids import write_uids
from crosspost.check.looking import Looking
from crosspost.check.registry import GATES
from crosspost.check.silence import Allowed, settled
from crosspost.check.web import Web
from crosspost.config import SETTINGS_FILE, Settings
from crosspost.errors import Problem, Severity, SiteError
from crosspost.render.inventory import INVENTORY

FOLDER = f"{STATE}/check"
"""Where the site is made to be looked at."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How to check: as of `now`; `jobs` as for a build.

    `external` asks other sites too; `update` adds addresses to the inventory, and `write_uids`
    gives posts the uid that they have by their path, in their files.
    """

    now: datetime
    jobs: int | None = None
    external: bool = False
    update: bool = False
    write_uids: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, by file and line; how many documents and files of output/ were looked at.

    `added` addresses are new in the inventory, `listed` is whether there is one; the files in
    `given` got a uid.
    """

    problems: tuple[Problem, ...]
    documents: int = 0
    files: int = 0
    added: int = 0
    listed: bool = True
    given: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return any(problem.severity == Severity.ERROR for problem in self.problems)


def check(
    settings: Settings,
    options: CheckOptions,
    known: Iterable[Problem] = (),
    watch: Watch | None = None,
    web: Web | None = None,
) -> Checked:
    """Return everything that is wrong with a site. `known` are problems of the settings.

    Nothing but `.crosspost/` is written unless `update` or `write_uids` asks for it. Raises
    `BlockedError` where it cannot be.
    """
    state = settings.root / STATE
    trial = Options(
        output=(settings.root / FOLDER).resolve(),
        now=options.now,
        jobs=options.jobs,
        clean=True,
        trial=True,
    )
    try:
        report = build(settings, trial, known, watch)
    except SiteError as error:  # without a theme there is nothing to look at
        return Checked(_finished(settings, error.problems, {}, options))
    tasks = report.tasks()
    looking = Looking.at(settings, report.renderer, tasks, trial)
    site = CheckedSite(
        renderer=report.renderer,
        tasks=tasks,
        said=report.warnings,
        facts=looking.pages(),
        located=looking.located,
        state=state,
    )
    texts = looking.texts(site.entries)
    problems = [*report.warnings, *(one for text in texts.values() for one in text.problems)]
    for gate in GATES:
        if gate.site is not None:
            problems += gate.site(site)
    if options.external:
        problems += external_problems(site, web or Web(state / "links.json"))
    allowed = {f"content/{path}": tuple(text.allowed) for path, text in texts.items()}
    allowed[SETTINGS_FILE] = tuple(allowances_in(settings.text))
    given = tuple(write_uids(site)) if options.write_uids else ()
    added = update_inventory(site) if options.update else 0
    found = _finished(settings, problems, allowed, options)
    if options.write_uids:
        found = tuple(one for one in found if (one.code, one.file) not in _mended(given))
    if options.update:
        found = tuple(one for one in found if one.code != "unlisted-url")
    listed = (settings.root / INVENTORY).exists()
    return Checked(found, len(site.entries), len(tasks), added, listed, given)


def _mended(files: Iterable[str]) -> set[tuple[str, str]]:
    return {("missing-uid", file) for file in files}


def _finished(
    settings: Settings, problems: Iterable[Problem], allowed: Allowed, options: CheckOptions
) -> tuple[Problem, ...]:
    """Leave out what is allowed, weigh the rest as the settings say, and keep one a place."""
    found = settled(_worst_a_place(problems), settings, allowed)
    if options.strict:
        found = [problem._replace(severity=Severity.ERROR) for problem in found]
    return tuple(sorted(set(found)))


def _worst_a_place(problems: Iterable[Problem]) -> Sequence[Problem]:
    """Keep one problem of a kind at a place: the error, where one is."""
    first: dict[tuple[str, int, int, str], Problem] = {}
    for problem in sorted(problems, key=lambda one: one.severity != Severity.ERROR):
        place = (problem.file, problem.line, problem.column, problem.code)
        first.setdefault(place, problem)
    return list(first.values())
