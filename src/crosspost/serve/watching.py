"""Which of the site's files may have changed. The only module that knows watchfiles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, awatch

from crosspost.config import SETTINGS_FILE

_FOLDERS = ("content", "templates", "static", "i18n", "themes", "ledger")
_STEP = 20
"""Milliseconds of quiet after which a change is told: an editor writes a file in several steps."""
_MOST = 400
"""Milliseconds after which what has changed so far is told, quiet or not."""


class Watcher:
    """Watches a site's own folders, and `outside`: the folders of themes that are not its own."""

    def __init__(self, root: Path, static: Collection[str], outside: Collection[Path]) -> None:
        self._root = root
        self._names = frozenset((*_FOLDERS, *static))
        self._outside = tuple(outside)
        self._queue: asyncio.Queue[set[str]] = asyncio.Queue()

    async def changes(self) -> AsyncIterator[set[str]]:
        """Yield files that may have changed, relative to the site, or whole where they are not."""
        # No group of tasks: one that is left by a generator that is closed complains of that.
        top = asyncio.create_task(self._top())
        top.add_done_callback(lambda _: self._queue.put_nowait(set()))
        try:
            while True:
                found = await self._queue.get()
                while not self._queue.empty():
                    found |= self._queue.get_nowait()
                if top.done():
                    top.result()  # it only ends by failing
                yield found
        finally:
            top.cancel()
            with suppress(asyncio.CancelledError):
                await top

    async def _top(self) -> None:
        """Watch the site's folder itself; a folder that appears in it is watched from then on."""
        stop, deep = self._deep()
        await asyncio.sleep(0)
        # What has changed between the reading of the site and this moment.
        self._queue.put_nowait({""})
        try:
            async for found in awatch(
                self._root,
                watch_filter=self._is_top,
                recursive=False,
                step=_STEP,
                debounce=_MOST,
            ):
                names = {Path(path).name for _, path in found}
                if SETTINGS_FILE in names:
                    self._queue.put_nowait({SETTINGS_FILE})
                if names - {SETTINGS_FILE}:
                    before, ended = stop, deep
                    stop, deep = self._deep()
                    await asyncio.sleep(0)  # it watches from here on; until then the other does
                    before.set()
                    await ended
                    # What was put into a new folder before it was watched.
                    self._queue.put_nowait(self._inside(names))
        finally:
            stop.set()
            deep.cancel()
            with suppress(asyncio.CancelledError):
                await deep

    def _is_top(self, _change: Change, path: str) -> bool:
        name = Path(path).name
        return name == SETTINGS_FILE or name in self._names

    def _inside(self, names: Collection[str]) -> set[str]:
        return {
            path.relative_to(self._root).as_posix()
            for name in names
            for path in (self._root / name).rglob("*")
        } | set(names)

    def _deep(self) -> tuple[asyncio.Event, asyncio.Task[None]]:
        stop = asyncio.Event()
        folders = [self._root / name for name in sorted(self._names)] + list(self._outside)
        there = [folder for folder in folders if folder.is_dir()]
        return stop, asyncio.create_task(self._watch(there, stop))

    async def _watch(self, folders: Collection[Path], stop: asyncio.Event) -> None:
        if not folders:
            await stop.wait()
            return
        async for found in awatch(
            *folders, watch_filter=None, step=_STEP, debounce=_MOST, stop_event=stop
        ):
            self._queue.put_nowait({self._name(path) for _, path in found})

    def _name(self, path: str) -> str:
        place = Path(path)
        if place.is_relative_to(self._root):
            return place.relative_to(self._root).as_posix()
        return place.as_posix()
