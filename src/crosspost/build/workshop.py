"""The workshop of one build: what is remembered, where it writes, how many hands it has."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from crosspost.build.environment import environment
from crosspost.build.last import Receipt, State, installation, place_name, sources, state_of
from crosspost.build.lock import build_lock
from crosspost.build.making import Bodies, Item, Results, make
from crosspost.build.memory import Memory
from crosspost.build.outputs import MANIFEST, OutputFolder, Written
from crosspost.build.reading import Reading, read_site
from crosspost.build.signatures import TICK, changed_at, settled, signature
from crosspost.build.trace import Past
from crosspost.build.watch import Watch
from crosspost.build.workers import WorkerLost, WorkFailed, cores, run
from crosspost.config import PublishSettings, Settings
from crosspost.errors import Problem, SiteError
from crosspost.render.answers import stamp_of
from crosspost.render.site import Renderer
from crosspost.render.theme import Theme

STATE = ".crosspost"
CACHE = f"{STATE}/cache"
_WORTH_FORKING = 200
"""Items from which the start of workers costs less than they save."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a build is to be done.

    `strict` turns warnings into errors; `drafts` shows what is not public yet; `clean` replaces
    files of `output` that crosspost did not make. `jobs` is the number of processes, None for as
    many as are worth while; `cache` is where what builds learn is kept, None for the site's
    own; `measure` takes the time of each template. `seen` is the state of the sources, if it was
    looked at just now.
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


class Workshop:
    """Everything one build works with. Open it with `opened`."""

    def __init__(self, settings: Settings, options: Options, watch: Watch) -> None:
        self.settings = settings
        self.options = options
        self.watch = watch
        self.folder = OutputFolder(options.output)
        code = environment(settings.site.timezone)
        self._names = stamp_of(code, settings.markdown)
        self._settings_stamp = stamp_of(code, _shown(settings))
        cache = options.cache or settings.root / CACHE
        place = place_name(settings.root, options.output, drafts=options.drafts)
        self.memory = Memory(cache, self._settings_stamp)
        self._past = cache / f"built-{place}"
        self.past = Past.read(self._past)
        self._whole: dict[str, os.stat_result] = {}
        self._receipt = cache / f"last-{place}"
        self._more = list(settings.static)
        # Taken before anything is read: a file that changes from now on is seen the next time.
        self._sources = options.seen or sources(settings.root, self._more)

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
                yield shop
            finally:
                shop.memory.bodies.close()
                shop.folder.discard()

    def environment(self, theme: Theme) -> str:
        """Return the name of all that every page depends on without asking."""
        layers = [name for name, _ in theme.layers]
        return stamp_of(self._settings_stamp, layers, repr(theme.params), self.options.drafts)

    def jobs(self, count: int) -> int:
        """Return how many processes are to do so many items."""
        if self.options.jobs is not None:
            return min(self.options.jobs, count)
        return cores() if count >= _WORTH_FORKING else 1

    def read(self) -> Reading:
        """Read the content, and remember it, whatever comes of the rest."""
        todo: list[str] = []

        def begin(files: Sequence[str]) -> Callable[[int], None]:
            todo.extend(files)
            self.watch.begin("read", len(files))
            return self.watch.done

        with self.watch.phase("read"), _named(lambda item: todo[item]):
            self.memory.bodies.check()
            reading = read_site(self.settings, self.memory, self._names, self.jobs, begin)
        kept = {path: one for path, one in reading.records.items() if one[0]}
        self.memory.bodies.keep({entry.body for entry in reading.content.entries})
        changed = bool(reading.seconds) or kept.keys() != self.memory.records.keys()
        self.memory.save(reading.files, kept, changed=changed)
        return reading

    def make(self, items: Sequence[Item], renderer: Renderer, bodies: Bodies) -> Results:
        """Make the files of all items, beside their places."""
        self.memory.bodies.close()
        with (
            self.watch.phase("make", len(items)) as done,
            _named(lambda item: items[item].place),
            self.folder.blocking(),
        ):
            return make(items, renderer, bodies, self.folder, self.jobs(len(items)), done)

    def intact(self, digests: Iterable[tuple[str, str]]) -> set[str]:
        """Return those of our files that hold what they are to hold, given as (path, digest)."""
        whole: set[str] = set()
        doubtful: list[tuple[str, str]] = []
        for path, digest in digests:
            found = self.folder.stat(path)
            if found is None:
                continue
            trace = self.past.traces[path]
            if trace.signature == signature(found) and trace.digest == digest:
                whole.add(path)
                self._whole[path] = found
            else:
                doubtful.append((path, digest))

        def work(numbers: range, begins: Callable[[int], None]) -> bytes:
            del begins
            part = doubtful[numbers.start : numbers.stop]
            return bytes(self.folder.digest(path) == digest for path, digest in part)

        answers = run(work, len(doubtful), self.jobs(len(doubtful)), lambda _: None)
        hold = (one for answer in answers for one in answer)
        whole.update(path for (path, _), one in zip(doubtful, hold, strict=True) if one)
        return whole

    def commit(self, digests: Mapping[str, str], staged: Sequence[str]) -> Written:
        """Put what was staged in its place. Raises `SiteError` and `BlockedError`."""
        with self.folder.blocking():
            return self.folder.commit(digests, staged, clean=self.options.clean)

    def remember(
        self,
        past: Past,
        report: Mapping[str, Any],
        until: datetime | None,
        warnings: Sequence[Problem],
    ) -> None:
        """Keep what this build did, for the next one.

        The signatures of what was written are taken last, when the clock has gone on.
        """
        stats = [self._whole.get(path) or self.folder.stat(path) for path in past.traces]
        manifest = self.folder.stat(MANIFEST)  # written last of all
        newest = max((changed_at(stat) for stat in (manifest, *stats) if stat), default=0)
        time.sleep(min(max(0, newest + TICK - time.time_ns()), TICK) / 1e9)
        now = time.time_ns()
        for trace, stat in zip(past.traces.values(), stats, strict=True):
            trace.signature = signature(stat) if stat and settled(stat, now) else None
        if past != self.past:
            past.write(self._past)
        paths = [MANIFEST, *past.traces]
        state = state_of([manifest, *stats])
        if self._sources.is_settled and state.is_settled:
            Receipt(
                installed=installation(),
                more=self._more,
                sources=self._sources.digest,
                paths="\n".join(paths),
                outputs=state.digest,
                since=self.options.now.timestamp(),
                until=until.timestamp() if until else None,
                strict=self.options.strict,
                report=dict(report),
                warnings=[str(one) for one in warnings],
            ).write(self._receipt)


@contextmanager
def _named(place: Callable[[int], str]) -> Iterator[None]:
    """Say where work failed, in the words of a problem."""
    try:
        yield
    except WorkerLost as error:
        message = (
            f"the process that worked on this was lost: {error.why}. There may have been too "
            "little memory: build with --jobs 1."
        )
        raise SiteError([Problem(place(error.item), 1, 1, "worker-lost", message)]) from None
    except WorkFailed as error:
        message = f"crosspost failed here ({error.why}). This is a fault of ours: please report it."
        raise SiteError([Problem(place(error.item), 1, 1, "internal-error", message)]) from error


def _shown(settings: Settings) -> str:
    """Return what of the settings pages and feeds may show: not how messages are published."""
    bare = replace(settings, root=Path(), places=MappingProxyType({}), publish=PublishSettings())
    return repr(bare)
