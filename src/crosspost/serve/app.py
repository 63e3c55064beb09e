"""The addresses of the preview: the site itself, and `/__crosspost/` for what is about it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from crosspost.errors import SiteError
from crosspost.serve.folder import read_below
from crosspost.serve.inject import HOME, etag_of, styles_of, with_script
from crosspost.serve.live import Clock, LiveSite, Made
from crosspost.serve.pages import Pages
from crosspost.serve.preview import Preview, State
from crosspost.serve.problems import shown
from crosspost.serve.whole import PREVIEW
from crosspost.site.urls import output_path

_STATIC = Path(__file__).parent / "static"
_ALIVE = 15.0
"""Seconds after which a browser is told that nothing happened, so that it notices our end."""
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
    "eml": "message/rfc822",
    "ics": "text/calendar; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/vnd.microsoft.icon",
    "pdf": "application/pdf",
    "woff2": "font/woff2",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "webmanifest": "application/manifest+json",
}
_OF_FRAMES = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class App:
    """The routes of one preview."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self._live: LiveSite = preview.live
        self._pages = Pages()

    def routes(self) -> Starlette:
        """Return the application."""
        app = Starlette(
            routes=[
                Route(HOME, self._posts),
                Route(f"{HOME}events", self._events),
                Route(f"{HOME}clock", self._clock, methods=["POST"]),
                Route(f"{HOME}calendar", self._calendar),
                Route(f"{HOME}problems", self._problems),
                Route(HOME + "static/{name}", self._static),
                Route(HOME + "post/{uid:path}", self._post),
                Route(HOME + "mail/{scheme}/{uid:path}", self._mail),
                Route(HOME + "feed/{uid:path}", self._feed),
                Route("/{path:path}", self._file, methods=["GET"]),
            ],
            exception_handlers={
                HTTPException: self._refused,
                SiteError: self._wrong,
                Exception: self._our_fault,
            },
        )
        app.router.redirect_slashes = False
        return app

    # ---------------------------------------------------------------- the site

    async def _file(self, request: Request) -> Response:
        base = self._live.settings.base_path
        path: str = request.scope["path"]
        if base and not (path == base or path.startswith(f"{base}/")):
            return RedirectResponse(f"{base}/") if path == "/" else await self._missing(request)
        inside = path.removeprefix(base)
        output = output_path(quote(inside))
        made = await self._preview.work(self._made, output)
        if made is None:
            return await self._missing(request)
        if output.endswith("index.html") and not inside.endswith("/") and inside != f"/{output}":
            return RedirectResponse(f"{quote(path)}/", 308)
        return await self._respond(request, output, made)

    def _made(self, output: str) -> Made | None:
        made = self._live.make(output)
        if made is None or made.data or not made.stale:
            return made
        # It could not be made since this server was started: what the last whole build left.
        data = read_below(self._live.root / PREVIEW, output)
        return Made(data or b"", made.entry, made.problems, stale=True)

    async def _missing(self, request: Request) -> Response:
        made = await self._preview.work(self._made, "404.html")
        if made is None:
            return Response("There is no such page.\n", 404, media_type="text/plain")
        return await self._respond(request, "404.html", made, 404)

    async def _respond(
        self, request: Request, output: str, made: Made, status: int = 200
    ) -> Response:
        kind = output.rpartition(".")[2].lower()
        styles = styles_of(self._live)
        data, etag = made.data, ""
        if kind == "html":
            if made.problems:
                self._preview.found()
            if made.stale and not data:
                data = self._pages.broken().encode()
                made = Made(data, made.entry, made.problems, stale=True)
            data, etag = await self._preview.work(with_script, made, self._live.now, styles)
        quoted = f'"{etag or etag_of(data, "")}"'
        if status == 200 and request.headers.get("if-none-match") == quoted:
            return Response(status_code=304, headers={"ETag": quoted})
        media = _TYPES.get(kind, "application/octet-stream")
        return Response(data, status, {"ETag": quoted, "Content-Type": media})

    # ---------------------------------------------------------------- about the site

    # What is only on these pages is loaded for the first of them: the site itself comes first.

    async def _posts(self, request: Request) -> Response:
        from crosspost.serve.posts import search

        asked = request.query_params
        words, show = asked.get("q", "")[:200], asked.get("show", "all")
        page = int(found) if (found := asked.get("page", "1")).isdecimal() else 1
        result = await self._preview.work(search, self._live.now, words, show, page)
        return self._html(request, "posts", found=result, q=words, show=show)

    async def _post(self, request: Request) -> Response:
        from crosspost.serve.panes import view_of

        entry = self._preview.shown(request.path_params["uid"])
        if entry is None:
            return self._html(request, "missing", 404)
        view = await self._preview.work(view_of, entry, self._live, self._preview.plans)
        return self._html(request, "post", view=view)

    async def _calendar(self, request: Request) -> Response:
        from crosspost.serve.calendar import month_of

        month = request.query_params.get("month", "")
        plans = self._preview.plans
        found = await self._preview.work(month_of, self._live, plans, month)
        return self._html(request, "calendar", month=found, no_plan=plans.why_not)

    async def _problems(self, request: Request) -> Response:
        return self._html(request, "problems")

    async def _mail(self, request: Request) -> Response:
        from crosspost.serve.mails import mail_of

        scheme = request.path_params["scheme"]
        entry = self._preview.shown(request.path_params["uid"])
        if entry is None or scheme not in ("light", "dark"):
            return self._html(request, "missing", 404)
        html = await self._preview.work(mail_of, entry, self._live.now, scheme)
        return HTMLResponse(html, headers={"Content-Security-Policy": _OF_FRAMES})

    async def _feed(self, request: Request) -> Response:
        from crosspost.serve.mails import feed_document, feed_item

        entry = self._preview.shown(request.path_params["uid"])
        if entry is None:
            return self._html(request, "missing", 404)

        def made() -> str:
            return feed_document(feed_item(entry, self._live.now), self._live.now.renderer)

        html = await self._preview.work(made)
        return HTMLResponse(html, headers={"Content-Security-Policy": _OF_FRAMES})

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in {path.name for path in _STATIC.iterdir()}:
            raise HTTPException(404)
        return FileResponse(_STATIC / name, media_type=_TYPES[name.rpartition(".")[2]])

    def _html(self, request: Request, name: str, status: int = 200, **context: object) -> Response:
        state = self._preview.state
        told = {
            "clock": self._clock_as_json(state.clock),
            "problems": shown(self._live.root, state.problems),
            "whole": state.whole,
            "said": state.said,
            "title": self._live.settings.site.title,
            "language": self._live.settings.site.language,
            "home": f"{self._live.settings.base_path}/",
        }
        html, etag = self._pages.render(name, {**told, **context})
        headers = {"Content-Security-Policy": Pages.POLICY, "ETag": f'"{etag}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return HTMLResponse(html, status, headers)

    # ---------------------------------------------------------------- live

    async def _events(self, request: Request) -> Response:
        del request
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), 200, headers, "text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        """Yield the whole state, now and whenever it changes: a browser needs no other."""
        seen = self._preview.state
        yield "retry: 500\n\n"
        yield self._event(seen)
        while not self._preview.closing.is_set():
            try:
                async with asyncio.timeout(_ALIVE):
                    new = await self._preview.changed(seen)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if new is not seen:
                seen = new
                yield self._event(new)

    def _event(self, state: State) -> str:
        told = {
            "boot": self._preview.boot,
            "version": state.version,
            "edited": {
                "version": state.edited.version,
                "url": state.edited.url,
                "uid": state.edited.uid,
            },
            "follow": self._preview.follow,
            "problems": [one.as_json() for one in shown(self._live.root, state.problems)],
            "clock": self._clock_as_json(state.clock),
            "whole": state.whole,
            "said": state.said,
        }
        return f"data: {json.dumps(told, ensure_ascii=False)}\n\n"

    def _clock_as_json(self, clock: Clock) -> dict[str, object]:
        zone = self._live.settings.zone
        at = clock.at.astimezone(zone) if clock.at else None
        return {
            "at": f"{at:%Y-%m-%dT%H:%M}" if at else "",
            "unpublished": clock.unpublished,
            "zone": str(zone),
        }

    async def _clock(self, request: Request) -> Response:
        """Set the clock: {"at": "2026-12-05T09:00" or "", "unpublished": true}."""
        try:
            told = json.loads(await request.body())
            at = datetime.fromisoformat(told["at"]) if told["at"] else None
            unpublished = bool(told["unpublished"])
            if at is not None:
                zone = self._live.settings.zone
                at = at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
                at.timestamp()
        except (ValueError, TypeError, KeyError, OverflowError):
            return JSONResponse({"error": "expected a date as 2026-12-05T09:00"}, 400)
        await self._preview.look(Clock(at, unpublished))
        return Response(status_code=204)

    async def _refused(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        if request.url.path.startswith(HOME):
            return self._html(request, "missing", status)
        return Response("There is no such page.\n", status, media_type="text/plain")

    async def _wrong(self, _request: Request, error: Exception) -> Response:
        """Answer for what cannot be made as yet: its problems are told everywhere else."""
        return Response(f"{error}\n", 500, media_type="text/plain")

    async def _our_fault(self, _request: Request, error: Exception) -> Response:
        said = f"crosspost failed here: {type(error).__name__}. This is a fault of ours.\n"
        return Response(said, 500, media_type="text/plain")
