"""An HTTP server on 127.0.0.1 that starts, says so, and ends at once: for the sandbox and `serve`.

Nothing here listens on any other address, and nothing is logged: an address may tell a draft.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from crosspost.errors import BlockedError

HOST = "127.0.0.1"
_STOP_SECONDS = 5


def listen(*ports: int) -> socket.socket:
    """Return a socket that listens on loopback, on the first of `ports` that is free.

    Port 0 is any free one. Raises `BlockedError` where none can be opened.
    """
    why: Exception | None = None
    for wanted in ports:
        # With the protocol named, asyncio sends small answers at once: else each waits 40 ms.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, wanted))
            listening.listen(128)
        except (OSError, OverflowError) as error:
            listening.close()
            why = error
        else:
            return listening
    raise BlockedError(f"no port of {HOST} can be opened: {why}") from why


class LoopbackServer(uvicorn.Server):
    """uvicorn on a socket of `listen`; signals are the caller's affair.

    `on_ready` is called once requests are answered, `on_leave` when the server is to end, both in
    the event loop: what waits for something that may never come is to be let go there.
    """

    def __init__(
        self,
        app: Any,
        listening: socket.socket,
        *,
        on_leave: Callable[[], None] = lambda: None,
        http: Any = "h11",
    ) -> None:
        self._socket = listening
        self.port: int = listening.getsockname()[1]
        self.ready = threading.Event()
        self.on_ready: Callable[[], None] | None = None
        self._on_leave = on_leave
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leaving = asyncio.Event()
        # Our addresses hold no secret, but a server that says nothing cannot tell one.
        logging.getLogger("uvicorn.access").disabled = True
        super().__init__(
            uvicorn.Config(
                app,
                http=http,
                ws="none",
                loop="asyncio",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
            )
        )

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until `leave`."""
        try:
            asyncio.run(self.serve(sockets=[*(sockets or []), self._socket]))
        finally:
            self._socket.close()
            self.ready.set()

    def run_until_signal(self) -> None:
        """Serve until SIGINT or SIGTERM, and return. Must be called in the main thread.

        uvicorn raises again, once it has stopped, the signal that stopped it: these handlers take
        it, so that a person's Ctrl-C ends in a return and not in a traceback.
        """

        def leave(_number: int, _frame: object) -> None:
            self.leave()

        handlers = {one: signal.signal(one, leave) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            self.run()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()
        if self.on_ready:
            self.on_ready()

    async def main_loop(self) -> None:
        """Sleep until `leave`: nothing here has to be done ten times a second."""
        await self._leaving.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the requests go that are held back, answer the others, close everything."""
        self._on_leave()
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = time.monotonic() + _STOP_SECONDS
        while self.server_state.connections or self.server_state.tasks:
            if time.monotonic() > deadline:
                for task in self.server_state.tasks:
                    task.cancel()
                break
            await asyncio.sleep(0.005)
        for listening in self.servers:
            await listening.wait_closed()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave at a signal."""
        self._captured_signals.append(sig)
        self.leave()

    def leave(self) -> None:
        """Ask the server to stop; from any thread, and from a signal's handler."""
        self.should_exit = True
        with contextlib.suppress(RuntimeError):  # the loop is closed: it has stopped already
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._leaving.set)
