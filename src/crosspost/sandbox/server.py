"""Starting and stopping the sandbox: in the foreground for a person, in a thread for a program."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from crosspost.errors import BlockedError, UsageError
from crosspost.loopback import HOST, LoopbackServer, listen
from crosspost.sandbox.access import unknown_scopes
from crosspost.sandbox.door import ABORT
from crosspost.sandbox.house import House
from crosspost.sandbox.profiles import Profile, profile_named

_ANSWER_SECONDS = 2
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """Where a running sandbox is: its address, a token of its account, the account `@user@host`."""

    url: str
    token: str
    account: str


class Sandbox:
    """A sandbox that runs in a thread of this process, from its creation until `stop`.

    `data` is its directory, kept (None: a temporary one, removed at the end); `port` 0 or a busy
    one becomes a free one. Raises `UsageError` for an account or a profile that cannot be, and
    `BlockedError` for a directory that cannot be used.
    """

    def __init__(
        self,
        *,
        data: Path | None = None,
        port: int = 0,
        account: str = "@valbourg@sandbox.example",
        profile: str = "mastodon-4.6",
        rate_limits: bool = False,
    ) -> None:
        self._temporary = None
        if data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="crosspost-sandbox-")
            data = Path(self._temporary.name)
        try:
            self._house = House(data, account, _profile(profile), rate_limits=rate_limits)
        except BaseException:
            self._remove_temporary()
            raise
        self._server = _server(self._house, port)
        self.info = _info(self._house, self._server.port)
        self._thread = threading.Thread(
            target=self._server.run, name="crosspost-sandbox", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            self.stop()
            raise BlockedError("the sandbox did not start")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def issue_token(self, scopes: str) -> str:
        """Return another token of the account, for `scopes` alone (`"write:statuses profile"`)."""
        if wrong := unknown_scopes(scopes):
            raise UsageError(f"no server knows the scope {', '.join(wrong)}")
        return self._house.access.issue_token(self._house.rooms.home.id, scopes)

    def stop(self) -> None:
        """Answer what is under way, close every connection and file. Safe to call twice."""
        self._server.leave()
        self._thread.join()
        self._house.close()
        self._remove_temporary()

    def _remove_temporary(self) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None


def serve(
    data: Path,
    port: int,
    account: str,
    profile: str,
    announce: Callable[[SandboxInfo], None],
) -> None:
    """Run a sandbox in the foreground until SIGINT or SIGTERM, with the server's rate limits.

    `announce` is called once, when requests are answered. Must be called in the main thread.
    Raises what `Sandbox` raises.
    """
    house = House(data, account, _profile(profile), rate_limits=True)
    server = _server(house, port)
    server.on_ready = lambda: announce(_info(house, server.port))
    try:
        server.run_until_signal()
    finally:
        house.close()


def running_sandbox(data: Path, port: int, account: str) -> SandboxInfo | None:
    """Return the sandbox that another process runs for `data` on `port`; None where there is none.

    What answers there must know the token of `data`'s own account: anything else is a stranger.
    Raises as `Sandbox` does.
    """
    house = House(data, account, _profile("mastodon-4.6"), rate_limits=False)
    info = _info(house, port)
    house.close()
    connection = http.client.HTTPConnection(HOST, port, timeout=_ANSWER_SECONDS)
    try:
        headers = {"Authorization": f"Bearer {info.token}"}
        connection.request("GET", "/api/v1/accounts/verify_credentials", headers=headers)
        answer = connection.getresponse()
        known = answer.status == 200 and b'"acct"' in answer.read(100_000)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return info if known else None


def _info(house: House, port: int) -> SandboxInfo:
    return SandboxInfo(f"http://{HOST}:{port}", house.token, house.rooms.home.handle)


def _profile(name: str) -> Profile:
    try:
        return profile_named(name)
    except ValueError as error:
        raise UsageError(str(error)) from None


class _Protocol(H11Protocol):
    """HTTP that lets the application drop its connection, for the faults that do so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope[ABORT] = self._abort
            await inner(scope, receive, send)

        self.app = app

    def _abort(self) -> None:
        """Drop the connection at once: the client sees a reset, not an end."""
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            linger = struct.pack("ii", 1, 0)
            with contextlib.suppress(OSError):  # the client was first: it is closed already
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()


def _server(house: House, port: int) -> LoopbackServer:
    """Return a server for a house, on `port` or on a free one where that is taken."""
    closing = house.door.closing
    return LoopbackServer(house.door, listen(port, 0), on_leave=closing.set, http=_Protocol)
