"""What every request passes before the routes: the Host check, the record, the armed faults."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosspost.sandbox.faults import Fault, FaultKind, Faults, Recorded
from crosspost.sandbox.limits import iso_micro

ABORT = "crosspost.sandbox.abort"
"""The scope's key for a function that drops the connection."""
_HOSTS = frozenset({"127.0.0.1", "localhost"})
_BEFORE = frozenset({FaultKind.TIMEOUT_BEFORE, FaultKind.RESET_BEFORE, FaultKind.RATE_LIMIT})


class Door:
    """ASGI middleware. `now` is the sandbox's clock; it is also what the `Date` header says."""

    def __init__(self, app: ASGIApp, faults: Faults, now: Callable[[], float]) -> None:
        self._app = app
        self._faults = faults
        self._now = now
        self.closing = asyncio.Event()
        """Set when the server stops: requests that hang let go."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it, or spoil it."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        # The real server does not care for a slash at the end, and clients write some.
        scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        status = 0

        async def recorded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                date = datetime.fromtimestamp(self._now(), UTC)
                out["Date"] = format_datetime(date, usegmt=True)
            await send(message)

        if refusal := _refused(scope, headers):
            await _answer(recorded, 403, {"error": refusal})
            return
        try:
            await self._serve(scope, receive, recorded)
        finally:
            if not scope["path"].startswith("/sandbox/"):
                key = headers.get("idempotency-key")
                asked = Recorded(scope["method"], scope["path"], key, status, self._now())
                self._faults.requests.append(asked)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        fault = None
        if not path.startswith("/sandbox/"):
            fault = self._faults.take(scope["method"], path)
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind is FaultKind.SLOW:
            heard = await _heard(receive)
            await self._pause(fault.seconds)
            await self._app(scope, heard, send)
        elif fault.kind in _BEFORE or (fault.kind is FaultKind.STATUS and not fault.after):
            await self._spoil(fault, scope, receive, send, [])
        else:
            await self._spoil(fault, scope, receive, send, await self._work(scope, receive))

    async def _work(self, scope: Scope, receive: Receive) -> list[Message]:
        """Do the request and keep the answer."""
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        return answer

    async def _spoil(
        self, fault: Fault, scope: Scope, receive: Receive, send: Send, answer: list[Message]
    ) -> None:
        if fault.kind is FaultKind.STATUS:
            await _answer(send, fault.status, {"error": fault.error})
            return
        if fault.kind is FaultKind.RATE_LIMIT:
            reset = self._now() + fault.seconds
            told = str(math.ceil(reset)) if fault.format == "epoch" else iso_micro(reset)
            limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
            limits["X-RateLimit-Reset"] = told
            await _answer(send, 429, {"error": "Too many requests"}, limits)
            return
        if fault.kind is FaultKind.RESET and answer:
            body = b"".join(m.get("body", b"") for m in answer[1:])
            await send(answer[0])
            half = {"type": "http.response.body", "body": body[: len(body) // 2]}
            await send({**half, "more_body": True})
            await asyncio.sleep(0.02)  # let the half be written before the connection is dropped
        elif fault.kind in {FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER}:
            await self._pause(fault.seconds, receive)
        scope[ABORT]()
        await _disconnected(receive)

    async def _pause(self, seconds: float, receive: Receive | None = None) -> None:
        """Wait; give up early where the server stops, or the client has gone."""
        waiting: set[asyncio.Future[object]] = {asyncio.ensure_future(self.closing.wait())}
        if receive:
            waiting.add(asyncio.ensure_future(_disconnected(receive)))
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _heard(receive: Receive) -> Receive:
    """Hear a request to its end. The work is then done later, even if the client has gone."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    waiting = iter(messages)

    async def replayed() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replayed


def _refused(scope: Scope, headers: Headers) -> str:
    """Return why a request is not for us: another host's name, or another site's page behind it."""
    host = headers.get("host", "")
    name, _, port = host.partition(":")
    if name not in _HOSTS or not (port.isdigit() or not port):
        return "The sandbox answers to 127.0.0.1 and localhost alone"
    origin = headers.get("origin")
    changes = scope["method"] not in {"GET", "HEAD"}
    if changes and origin not in {None, f"http://{host}"}:
        return "The sandbox takes nothing from the pages of other sites"
    return ""


async def _answer(
    send: Send, status: int, body: dict[str, str], headers: dict[str, str] | None = None
) -> None:
    data = json.dumps(body).encode()
    pairs = {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(data)),
        **(headers or {}),
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in pairs.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": data})
