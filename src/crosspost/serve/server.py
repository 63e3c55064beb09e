"""Starting the preview, and ending it: in the foreground for a person, in a thread for a test."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from crosspost.errors import BlockedError
from crosspost.loopback import HOST, LoopbackServer, listen
from crosspost.serve.app import App
from crosspost.serve.door import Door
from crosspost.serve.live import Clock
from crosspost.serve.preview import Preview

DEFAULT_PORT = 8730
_TRIED = 20
"""Ports from the default one on that are tried before any other."""
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Options:
    """How a site is previewed. `port` None is the default one, or the next that is free.

    `follow` opens what is edited in the browser.
    """

    root: Path
    port: int | None = None
    clock: Clock = Clock()
    follow: bool = True


@dataclass(frozen=True, slots=True)
class PreviewInfo:
    """Where a running preview is. `url` is the site's home page there."""

    url: str
    port: int


class PreviewServer:
    """A preview that runs in a thread of this process, from its creation until `stop`.

    Raises `SiteError` where the settings or the theme cannot be read, and `BlockedError` where the
    port cannot be opened.
    """

    def __init__(self, options: Options, tell: Callable[[str], None] = lambda _: None) -> None:
        self._server, self.preview = _opened(options, tell)
        self.info = _info(self._server, self.preview)
        self._thread = threading.Thread(
            target=self._server.run, name="crosspost-serve", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            self.stop()
            raise BlockedError("the preview did not start")

    def __enter__(self) -> PreviewServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Let every browser go, and close everything. Safe to call twice."""
        self._server.leave()
        self._thread.join()
        self.preview.end()


def serve(
    options: Options, announce: Callable[[PreviewInfo], None], tell: Callable[[str], None]
) -> None:
    """Run a preview in the foreground until SIGINT or SIGTERM; must be called in the main thread.

    `announce` is called once, when requests are answered. Raises what `PreviewServer` raises.
    """
    gc.disable()
    server, preview = _opened(options, tell)
    gc.freeze()  # the site stands for as long as this process: it need not be looked at for waste
    gc.enable()
    started = server.on_ready

    def ready() -> None:
        if started is not None:
            started()
        announce(_info(server, preview))

    server.on_ready = ready
    try:
        server.run_until_signal()
    finally:
        preview.end()


def _opened(options: Options, tell: Callable[[str], None]) -> tuple[LoopbackServer, Preview]:
    listening = _listen(options.port)
    try:
        preview = Preview(options.root, options.clock, follow=options.follow, tell=tell)
    except BaseException:
        listening.close()
        raise
    port = listening.getsockname()[1]
    door = Door(App(preview).routes(), port)
    server = LoopbackServer(door, listening, on_leave=preview.close)
    server.on_ready = preview.start
    return server, preview


def _listen(port: int | None) -> socket.socket:
    if port is None:
        return listen(*range(DEFAULT_PORT, DEFAULT_PORT + _TRIED), 0)
    try:
        return listen(port)
    except BlockedError as error:
        raise BlockedError(
            f"{error}. Name another port with --port, or leave it out: a free one is then found."
        ) from None


def _info(server: LoopbackServer, preview: Preview) -> PreviewInfo:
    base = preview.live.settings.base_path
    return PreviewInfo(f"http://{HOST}:{server.port}{base}/", server.port)
