"""The preview as a whole: the site in memory, who watches it, and what browsers are told.

Requests, the watcher and the clock live in one event loop. Work on the site is done in one other
thread, one thing after the other, so that nothing here needs a lock.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from crosspost.errors import Problem, Severity
from crosspost.serve.live import Change, Clock, LiveSite, merged
from crosspost.serve.watching import Watcher
from crosspost.serve.whole import Verdict, WholeBuild
from crosspost.site.entry import Entry

if TYPE_CHECKING:
    from crosspost.serve.plans import Plans

T = TypeVar("T")
_PAUSE = 0.3
"""Seconds after a change before the whole site is built: the page that changed comes first."""
_LONGEST_SLEEP = 3600.0
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Edited:
    """The document that was edited last: the version that it came with, and where it is seen."""

    version: int = 0
    url: str = ""
    uid: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What every browser is to know. `whole` says whether all pages were looked at since."""

    version: int
    edited: Edited
    problems: tuple[Problem, ...]
    clock: Clock
    whole: bool
    said: str = ""


class Preview:
    """One site under preview. `tell` takes a line for the terminal.

    Raises `SiteError` where the settings or the theme cannot be read.
    """

    def __init__(
        self, root: Path, clock: Clock, *, follow: bool, tell: Callable[[str], None]
    ) -> None:
        self.root = root
        self.follow = follow
        self.boot = secrets.token_hex(4)
        self.closing = asyncio.Event()
        self._tell = tell
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="crosspost-preview")
        try:
            self.live = self._hand.submit(LiveSite, root, clock).result()
        except BaseException:
            self._hand.shutdown()
            raise
        self._whole = WholeBuild(root)
        self._verdict = Verdict()
        self._changed_since: set[str] = set()
        """Files that changed after the build behind began: it knows nothing new of them."""
        self._stale = asyncio.Event()
        self._stale.set()
        self._edited = Edited()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.state = self._state(whole=False)

    @cached_property
    def plans(self) -> Plans:
        """What `publish` would do."""
        from crosspost.serve.plans import Plans

        return Plans(self.live)

    def start(self) -> None:
        """Begin to watch; must be called in the event loop."""
        loops = (self._watch(), self._build(), self._tick())
        self._tasks = [asyncio.ensure_future(one) for one in loops]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def close(self) -> None:
        """Let every browser go, and watch no longer; must be called in the event loop."""
        self.closing.set()
        self._notify()
        for task in self._tasks:
            task.cancel()

    def end(self) -> None:
        """Let go of the site, once nobody asks for it any more."""
        self._whole.stop()
        self._hand.shutdown(cancel_futures=True)

    async def work(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Do some work on the site, after all that was asked for before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._hand, partial(function, *arguments, **named))

    async def changed(self, seen: State) -> State:
        """Wait until browsers are to know more than `seen`."""
        while self.state is seen and not self.closing.is_set():
            await self._wake.wait()
        return self.state

    async def look(self, clock: Clock) -> None:
        """Look at the site as of another moment."""
        await self.work(self.live.look, clock)
        self._publish()

    def found(self) -> None:
        """Say what making a page has found."""
        problems = self._problems()
        if problems != self.state.problems:
            self.state = replace(self.state, problems=problems)
            self._notify()

    async def _watch(self) -> None:
        settings = self.live.settings
        outside = [
            folder for _, folder in self.live.theme.layers if not folder.is_relative_to(self.root)
        ]
        async for named in Watcher(self.root, settings.static, outside).changes():
            start = time.perf_counter()
            change = await self._update(named)
            if change is not None:
                self._take(change)
                self._say(change, time.perf_counter() - start)
            elif any(name.startswith("ledger/") for name in named):
                self.live.version += 1
                self._publish()

    async def _update(self, named: set[str]) -> Change | None:
        """Take in what changed; a file that an editor took away meanwhile is looked for again."""
        for _ in range(_TRIES):
            try:
                return await self.work(self.live.update, named)
            except OSError:
                await asyncio.sleep(_PAUSE / _TRIES)
        return await self.work(self.live.update, named)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Say that something of ours failed: a preview that stands still must not look alive."""
        if task.cancelled() or (error := task.exception()) is None:
            return
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        said = f"changes are not seen any more ({error}): start the preview again."
        if "limit" in str(error) or isinstance(error, OSError):
            said += " With WATCHFILES_FORCE_POLLING=1 it needs no watches of the system."
        self._tell(said)
        self.state = replace(self.state, said=said)
        self._notify()

    def _take(self, change: Change) -> None:
        self._changed_since |= change.files
        if change.edited is not None:
            seen = change.edited.output in self.live.now.by_output
            seen = seen or change.edited.output in self.live.now.others_by_output
            url = change.edited.url if seen else ""
            self._edited = Edited(self.live.version, url, change.edited.uid)
        self._publish()

    def _publish(self) -> None:
        self._stale.set()
        self.state = self._state(whole=False)
        self._notify()

    def _state(self, *, whole: bool) -> State:
        return State(
            version=self.live.version,
            edited=self._edited,
            problems=self._problems(),
            clock=self.live.clock,
            whole=whole,
            said=self._verdict.said,
        )

    def _problems(self) -> tuple[Problem, ...]:
        """Return what is wrong; of a file that changed since, the older build knows nothing."""
        known = self._verdict.problems
        old = [one for one in known if one.file not in self._changed_since]
        return merged(self.live.problems, old)

    def _notify(self) -> None:
        self._wake.set()
        self._wake.clear()

    async def _build(self) -> None:
        """Build the whole site behind the preview, again and again, whenever it changed."""
        while True:
            await self._stale.wait()
            await asyncio.sleep(_PAUSE)
            self._stale.clear()
            self._changed_since = set()
            version = self.live.version
            now, drafts = self.live.now.index.now, self.live.clock.unpublished
            verdict = await self._whole.run(now, drafts=drafts)
            self._verdict = verdict
            self.state = self._state(whole=version == self.live.version)
            self._notify()
            for problem in verdict.problems:
                if problem.severity == Severity.ERROR and problem.file not in self._changed_since:
                    self._tell(str(problem))

    async def _tick(self) -> None:
        """Look again when a post appears or expires by itself."""
        while True:
            seen, index = self.state, self.live.now.index
            due = index.next_change if self.live.clock.at is None else None
            seconds = (due - index.now).total_seconds() + 1 if due else _LONGEST_SLEEP
            try:
                async with asyncio.timeout(min(max(seconds, 1.0), _LONGEST_SLEEP)):
                    while (self.state.version, self.state.clock) == (seen.version, seen.clock):
                        await self._wake.wait()
            except TimeoutError:
                if self.live.clock.at is None:
                    await self.look(self.live.clock)

    def _say(self, change: Change, seconds: float) -> None:
        one = min(change.files)
        more = f" and {len(change.files) - 1} more" if len(change.files) > 1 else ""
        self._tell(f"{one}{more}: in the preview after {1000 * seconds:.0f} ms.")

    def shown(self, uid: str) -> Entry | None:
        """Return a document by its uid, hidden or not."""
        return self.live.now.by_uid.get(uid)
