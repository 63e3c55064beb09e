"""Looking at the page of a link after its status was posted: one by one, beside the answers.

As on Mastodon: a status with pictures has no card, another text loses its card and is looked at
anew, and a page that does not answer is not asked again.
"""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from dataclasses import replace

from crosspost.sandbox.media import SUFFIXES, inspect
from crosspost.sandbox.preview import Preview, first_link, read_preview
from crosspost.sandbox.profiles import Family, Profile
from crosspost.sandbox.records import Status
from crosspost.sandbox.refusal import Refusal
from crosspost.sandbox.store import Store

_END_SECONDS = 10.0


class Crawler:
    """One thread that makes cards, from the first link that it is given until `close`."""

    def __init__(self, store: Store, profile: Profile) -> None:
        self._store = store
        self._profile = profile
        self._jobs: queue.SimpleQueue[tuple[Status, str] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None

    def look(self, status: Status, own: str) -> None:
        """Look at the first link of a new or changed text, later. `own` is the server's address."""
        self._store.forget_preview(status.id)
        link = first_link(status.text, own)
        if link is None or status.media_ids or self._profile.family is Family.GOTOSOCIAL:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="crawler", daemon=True)
            self._thread.start()
        self._jobs.put((status, link))

    def close(self) -> None:
        """End with the page that is being read; what still waits has no card."""
        with self._lock:
            self._closed = True
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._closed:
            status, link = job
            found = read_preview(link)
            with self._lock:  # the directory may be closed while a page is read
                if found is not None and not self._closed:
                    self._keep(status, *found)

    def _keep(self, status: Status, preview: Preview, picture: bytes) -> None:
        """Keep a card, if its status still has the text that it was made for."""
        with self._store.transaction():
            now = self._store.status(status.id)
            if now is None or now.text != status.text or now.media_ids:
                return
            with suppress(Refusal):  # of a type that the server does not take: a card without it
                shape = inspect(picture, self._profile)
                file = f"card-{status.id}{SUFFIXES[shape.mime]}"
                self._store.preview_file(file).write_bytes(picture)
                preview = replace(preview, file=file, width=shape.width, height=shape.height)
            self._store.save_preview(status.id, preview)
