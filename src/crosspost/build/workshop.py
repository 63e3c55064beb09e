"""The workshop of one build: what is remembered, where it writes, how many hands it has."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crosspost.build.ahead import Ahead
from crosspost.build.aside import Aside
from crosspost.build.edit import Edit, LastSite, Outlook, find_edit
from crosspost.build.environment import site_names
from crosspost.build.last import Receipt, joined, place_name, read_receipt
from crosspost.build.lock import build_lock
from crosspost.build.making import Bodies, Item, Taking, make
from crosspost.build.memory import Memory
from crosspost.build.outputs import MANIFEST, OutputFolder, Written, place_of
from crosspost.build.reading import Reading, read_site, what_was_read
from crosspost.build.signatures import (
    TICK,
    Signature,
    all_settled,
    looks_in,
    those_settled,
)
from crosspost.build.standing import Standing
from crosspost.build.states import (
    State,
    content_of,
    digests_of,
    hashes,
    installation,
    is_installed,
    sources,
)
from crosspost.build.trace import Known, Past, Trace
from crosspost.build.watch import Watch
from crosspost.build.workers import WorkerLost, WorkFailed, cores, run
from crosspost.config import SETTINGS_FILE, Settings
from crosspost.digests import digest_of_output
from crosspost.errors import Problem, SiteError
from crosspost.render.answers import stamp_of, who
from crosspost.render.site import Renderer
from crosspost.render.theme import Theme
from crosspost.text_files import read_text

if TYPE_CHECKING:
    from crosspost.build.report import Report

STATE = ".crosspost"
CACHE = f"{STATE}/cache"
_WORTH_FORKING = 64
"""Items from which the start of workers costs less than they save."""


class Options(msgspec.Struct, frozen=True):
    """How a build is to be done.

    `strict` turns warnings into errors; `drafts` shows what is not public yet; `clean` replaces
    files of `output` that crosspost did not make. `jobs` is the number of processes, None for as
    many as are worth while; `cache` is where what builds learn is kept, None for the site's
    own; `measure` takes the time of each template. `seen` is the state of the sources, if it was
    looked at just now, and `ahead` reads some of them already. A `trial` puts whatever could be
    made in its place, and returns errors beside warnings: for `check`, which looks at all of it.
    """

    output: Path
    now: datetime
    drafts: bool = False
    strict: bool = False
    clean: bool = False
    jobs: int | None = None
    cache: Path | None = None
    measure: bool = False
    seen: State | None = None
    ahead: Ahead | None = None
    trial: bool = False


class Workshop:
    """Everything one build works with. Open it with `opened`."""

    def __init__(self, settings: Settings, options: Options, watch: Watch) -> None:
        self.settings = settings
        self.options = options
        self.watch = watch
        self.folder = OutputFolder(options.output)
        self._names = site_names(settings)
        cache = options.cache or settings.root / CACHE
        place = place_name(settings.root, options.output, drafts=options.drafts)
        self.memory = Memory(cache, self._names.records, self._names.code)
        self._past = cache / f"built-{place}"
        self._recalled: Past | None = None
        self._standing = Standing.of([], [])
        """What the disk says of files of output/ that were looked at."""
        self._doubtful: set[str] = set()
        """Files whose signatures were not known, and that hold what they should."""
        self._began = self._committed = 0
        """When files began to be put in their places, and when all were there, in nanoseconds."""
        self._renamed: frozenset[str] = frozenset()
        self._receipt = cache / f"last-{place}"
        self._site = cache / f"site-{place}"
        self._last = read_receipt(self._receipt)
        self._looking: Aside | None = None
        self._saving: list[Aside] = []
        self._told: Aside | None = None
        """What tells by which installation, and from which content, this build was made."""
        self._name = os.urandom(8).hex()
        """The name of this build's receipt."""
        self._more = list(settings.static)
        # Taken before anything is read: a file that changes from now on is seen the next time.
        self._sources = options.seen or sources(settings.root, self._more)
        self._digests: dict[str, str] = {}

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings, options: Options, watch: Watch) -> Iterator[Workshop]:
        """Open the workshop of a site: one build at a time, and nothing unfinished left behind."""
        folder = options.cache or settings.root / CACHE
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        with build_lock(folder.parent / "build.lock", watch.tell):
            shop = cls(settings, options, watch)
            with shop.folder.blocking():
                shop.folder.prepare()
            try:
                shop.look()
                yield shop
            finally:
                if shop._looking:
                    shop._looking.drop()
                for work in shop._saving:
                    work.result()
                shop.memory.bodies.close()
                shop.folder.discard()

    def look(self) -> None:
        """Begin to look at what stands in output/; it takes a while, and another process."""
        if self._last is not None:
            paths, place = self._last.all_paths(), str(self.folder.path)
            self._looking = Aside(lambda: looks_in(place, paths).tobytes())

    def _machinery(self) -> dict[str, str]:
        """Return the hash of the settings and of each file of the theme, as they are now.

        `read` adds those of content, as it was read.
        """
        ours = ("content/", *(f"{folder}/" for folder in self._more))
        names = [name for name in self._sources.files if not name.startswith(ours)]
        return dict(zip(names, hashes(self.settings.root, names), strict=True))

    def _is_what_was_read(self) -> bool:
        """Say whether the settings and the theme are what they were when they were read."""
        text = read_text(self.settings.root / SETTINGS_FILE, SETTINGS_FILE, [])
        now = self._machinery()
        return text == self.settings.text and all(self._digests[name] == now[name] for name in now)

    def recall(self, theme: Theme) -> None:
        """Recall what the last build did, with this theme and these settings."""
        layers = [name for name, _ in theme.layers]
        environment = stamp_of(self._names.records, layers, theme.params, self.options.drafts)
        self._recalled = Past(self._past, environment)

    @property
    def past(self) -> Past:
        """What the last build did. Call `recall` first."""
        if self._recalled is None:
            raise RuntimeError("nothing was recalled")
        return self._recalled

    @cached_property
    def former_titles(self) -> dict[str, str]:
        """The titles of documents that are gone or have changed, by the first part of a card."""
        return {who(entry.uid): entry.title for entry in self.memory.former_entries()}

    def jobs(self, count: int) -> int:
        """Return how many processes are to do so many items."""
        if self.options.jobs is not None:
            return min(self.options.jobs, count)
        return cores() if count >= _WORTH_FORKING else 1

    def read(self, meanwhile: Callable[[], None]) -> Reading:
        """Read the content, and remember it, whatever comes of the rest.

        `meanwhile` is done while others read a site that was never built.
        """
        self._digests = self._machinery()
        todo: list[str] = []

        def begin(files: Sequence[str]) -> Callable[[int], None]:
            todo.extend(files)
            self.watch.begin("read", len(files))
            return self.watch.done

        def place(item: int) -> tuple[str, int, int]:
            return place_of(todo[item]) if todo else ("content", 0, 0)  # it looked at pictures

        with self.watch.phase("read"), _named(place):
            self.memory.bodies.check()
            if self.options.ahead is not None and self._last is None:
                meanwhile()
            reading = read_site(
                self.settings,
                self.memory,
                self._names,
                self.jobs,
                begin,
                self._sources.listing,
                self.options.ahead,
            )
        self.memory.bodies.keep({entry.body for entry in reading.content.entries})
        kept = {path: one for path, one in reading.records.items() if one[0]}
        self.memory.bodies.close()
        save = self.memory.learn(reading.files, kept)
        self._aside(lambda: save() or b"", len(reading.seconds))
        self._digests |= {f"content/{path}": digest for path, (digest, _) in kept.items()}
        self._digests |= {one.file: one.facts.digest for one in reading.files.assets.values()}
        return reading

    def find_edit(self) -> Edit | None:
        """Return what was edited since the last build, if nothing of the site has moved."""
        options, last = self.options, self._last
        if last is None or options.seen is None or options.ahead is None or options.trial:
            return None
        if not last.is_of(options.now.timestamp()) or not is_installed(
            last.installed, last.installed_looks
        ):
            return None
        site = LastSite.read(self._site, last)
        if site is None:
            return None
        due = last.report["next_change"]
        return find_edit(
            site,
            self._sources,
            what_was_read(options.ahead.result(), self._names),
            self.memory,
            self.settings,
            options.now,
            datetime.fromisoformat(due) if due else None,
        )

    def take(self, edit: Edit) -> None:
        """Remember what was read for an edit."""
        bodies = [(one.name, one.body) for one in edit.read.values() if one.body is not None]
        self.memory.bodies.put(bodies)
        self.memory.learn_few(edit.records)
        self._digests = dict(zip(self._sources.files, edit.last.digests, strict=True))
        self._digests |= edit.digests
        self.watch.begin("read", len(edit.records))
        self.watch.done(len(edit.records))

    def _aside(self, work: Callable[[], bytes], count: int) -> Aside:
        """Begin to keep what was found in so many items: aside if they are many, else later."""
        aside = Aside(work, waits=self.jobs(count) <= 1)
        self._saving.append(aside)
        return aside

    def make(
        self, items: Sequence[Item], renderer: Renderer, bodies: Bodies, outcome: Taking
    ) -> None:
        """Make the files of all items, beside their places; `outcome` takes in what comes of it."""
        self.memory.bodies.close()
        with (
            self.watch.phase("make", len(items)) as done,
            _named(lambda item: place_of(items[item].place)),
            self.folder.blocking(),
        ):
            make(items, renderer, bodies, self.folder, self.jobs(len(items)), done, outcome)

    @cached_property
    def stands(self) -> bool:
        """Whether output/ holds just what the traces say that was made."""
        if self._last is None or self._looking is None:
            return False
        looks = array("q")
        looks.frombytes(self._looking.result())
        self._standing = Standing(self._last.all_paths(), looks)
        return (
            self._standing.name == self._last.outputs
            and self._last.manifest == self.past.known.manifest
        )

    def broken(self, traces: Mapping[str, Trace]) -> set[str]:
        """Return those of our files that do not hold what they held when they were made."""
        looks = self.folder.signatures(traces)
        doubtful = [
            (path, trace.digest)
            for (path, trace), look in zip(traces.items(), looks, strict=True)
            if look is None or trace.signature != look
        ]

        def work(numbers: range, begins: Callable[[int], None]) -> bytes:
            del begins
            part = doubtful[numbers.start : numbers.stop]
            return bytes(self.folder.digest(path) == digest for path, digest in part)

        answers = run(work, len(doubtful), self.jobs(len(doubtful)), lambda _: None)
        hold = (one for answer in answers for one in answer)
        broken = {path for (path, _), one in zip(doubtful, hold, strict=True) if not one}
        self._standing = Standing.of(list(traces), looks)
        self._doubtful = {path for path, _ in doubtful} - broken
        return broken

    def begin_to_remember(
        self,
        learn: Callable[[], None],
        warnings: Sequence[Problem],
        outlook: Callable[[], Outlook],
        count: int,
    ) -> None:
        """Begin to keep what this build has read and found, of so many items.

        `learn` keeps what was found in documents; `warnings` are those that do not come with the
        settings. Without a receipt of this build, nobody will take it for the last one.
        """
        sources = self._sources

        def work() -> bytes:
            learn()
            digests = digests_of(self.settings.root, sources, self._digests)
            if sources.is_settled and not self.options.trial:
                looks = sources.looks.tobytes()
                site = LastSite(self._name, sources.names, looks, digests, [*warnings], outlook())
                site.write(self._site)
            told: _TOLD = (*installation(), content_of(sources, digests))
            return msgspec.msgpack.encode(told)

        self._told = self._aside(work, count)

    def commit(
        self, made: Mapping[str, str], kept: Mapping[str, str] | None, staged: Collection[str]
    ) -> Written:
        """Put what was staged in its place. Raises `SiteError` and `BlockedError`.

        `made` and `kept` are the hashes of files; None for `kept` where all others stay.
        """
        self._began = time.time_ns()
        with self.folder.blocking():
            if kept is None:
                written = self.folder.amend(made, staged)
            else:
                clean, stands = self.options.clean, self.stands
                digests = {**kept, **made}
                written = self.folder.commit(digests, staged, clean=clean, stands=stands)
        self._committed = time.time_ns()
        self._renamed = written.renamed
        return written

    def remember(
        self,
        known: Known,
        changed: Mapping[str, Trace],
        gone: Collection[str],
        report: Report,
        staged: Mapping[str, Signature],
    ) -> None:
        """Keep what this build did, for the next one; call `begin_to_remember` before.

        `staged` are the signatures of files beside their places.
        """
        known.manifest = digest_of_output((self.folder.path / MANIFEST).read_bytes())
        as_read = self._sources.is_settled and self._is_what_was_read()
        rows = self.past.traces.rows
        new = {**changed, **{path: rows[path] for path in self._doubtful}}
        # What was moved with its folder looks as it did when it was staged.
        early = those_settled(staged, self._began)
        for path in self._renamed:
            early.pop(path, None)
        others = [path for path in (MANIFEST, *new) if path not in early]
        for work in self._saving:
            if not work.is_apart:
                work.result()
        # A file that was written has a signature once the clock has gone on.
        time.sleep(min(max(0, self._committed + TICK - time.time_ns()), TICK) / 1e9)
        late = dict(zip(others, self.folder.signatures(others), strict=True))
        now = time.time_ns()
        known_looks = early | those_settled({path: one for path, one in late.items() if one}, now)
        for path, trace in new.items():
            trace.signature = known_looks.get(path)
        self.past.write(known, new, gone)
        standing = self._standing.amended({**early, **late}, gone)
        told = self._told.result() if self._told else msgspec.msgpack.encode(("", "", ""))
        installed, looks, content = msgspec.msgpack.decode(told, type=_TOLD)
        if self.options.trial or not (as_read and all_settled(standing.looks, now)):
            return
        sources, options = self._sources, self.options
        Receipt(
            name=self._name,
            installed=installed,
            installed_looks=looks,
            more=self._more,
            sources=sources.digest,
            shape=sources.shape,
            content=content,
            newest=sources.newest,
            paths=joined(standing.paths),
            outputs=standing.name,
            manifest=known.manifest,
            since=options.now.timestamp(),
            until=report.next_change.timestamp() if report.next_change else None,
            strict=options.strict,
            report=report.as_json(),
            warnings=[str(one) for one in report.warnings],
        ).write(self._receipt)


_TOLD = tuple[str, str, str]
"""By what is installed here, a build was made, as `Installation` says it; and its sources."""


@contextmanager
def _named(place: Callable[[int], tuple[str, int, int]]) -> Iterator[None]:
    """Say where work failed, in the words of a problem."""
    try:
        yield
    except WorkerLost as error:
        message = (
            f"the process that worked on this was lost: {error.why}. There may have been too "
            "little memory: build with --jobs 1."
        )
        raise SiteError([Problem(*place(error.item), "worker-lost", message)]) from None
    except WorkFailed as error:
        message = f"crosspost failed here ({error.why}). This is a fault of ours: please report it."
        raise SiteError([Problem(*place(error.item), "internal-error", message)]) from error
