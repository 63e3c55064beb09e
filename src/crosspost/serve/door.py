"""What every request passes first: whom we answer, and which paths can be meant.

A page of another site can have this address opened under a name of its own (DNS rebinding): only
the names of this machine are answered. Paths that climb are refused before anything looks at them.
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES = ("127.0.0.1", "localhost")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Door:
    """ASGI middleware for a server on `port`."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = frozenset(f"{name}:{port}" for name in _NAMES)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        status, why = self._refused(scope)
        if why:
            await PlainTextResponse(f"{why}\n", status)(scope, receive, safely)
            return
        await self._app(scope, receive, safely)

    def _refused(self, scope: Scope) -> tuple[int, str]:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "This server answers only as 127.0.0.1 or localhost, with its port."
        if scope["method"] not in ("GET", "HEAD"):
            origin = headers.get("origin", "")
            if origin not in self._origins:
                return 403, "Only the preview's own pages may do this."
        if _climbs(scope):
            return 404, "There is no such page."
        return 200, ""


def _climbs(scope: Scope) -> bool:
    """Say whether a path leaves where it begins, however often it is encoded."""
    path: str = scope["path"]
    raw = scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
    if not path.startswith("/") or not raw.startswith("/"):
        return True
    for _ in range(3):
        parts = path.replace("\\", "/").split("/")
        if ".." in parts or "." in parts or "\0" in path or "\\" in path:
            return True
        path = unquote(path)
    return False
