"""One sandbox without its socket: the open directory, and the application that serves it."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crosspost.sandbox.access import Access
from crosspost.sandbox.admin import Admin
from crosspost.sandbox.api_accounts import AccountsApi
from crosspost.sandbox.api_media import MediaApi
from crosspost.sandbox.api_statuses import StatusesApi
from crosspost.sandbox.calls import Rooms
from crosspost.sandbox.crawler import Crawler
from crosspost.sandbox.database import Database
from crosspost.sandbox.door import Door
from crosspost.sandbox.faults import Faults
from crosspost.sandbox.limits import RateLimits
from crosspost.sandbox.oauth import OAuth
from crosspost.sandbox.posting import Posting
from crosspost.sandbox.profiles import Profile
from crosspost.sandbox.store import Store
from crosspost.sandbox.timeline import Timeline


class House:
    """The open directory and the application that serves it."""

    def __init__(self, data: Path, account: str, profile: Profile, *, rate_limits: bool) -> None:
        self._database = Database(data)
        try:
            store = Store(self._database, profile.family)
            self.access = Access(self._database, profile.family)
            limits = RateLimits(profile.family) if rate_limits else None
            home = self.access.open_account(account)
            self.token = self.access.owner_token(home)
            self.rooms = Rooms(
                profile=profile,
                home=home,
                store=store,
                access=self.access,
                posting=Posting(store, profile, limits),
                faults=Faults(),
                crawler=Crawler(store, profile),
                limits=limits,
            )
        except BaseException:
            self._database.close()
            raise
        entries = [
            *AccountsApi(self.rooms).entries(),
            *StatusesApi(self.rooms).entries(),
            *MediaApi(self.rooms).entries(),
        ]
        app = Starlette(
            routes=[
                *(entry.route(self.rooms) for entry in entries),
                *OAuth(self.rooms).routes(),
                *Admin(self.rooms, self._database).routes(),
                *Timeline(self.rooms).routes(),
            ],
            exception_handlers={HTTPException: _refused, Exception: _our_fault},
        )
        app.router.redirect_slashes = False
        self.door = Door(app, self.rooms.faults, lambda: self._database.now)

    def close(self) -> None:
        """Release the directory."""
        self.rooms.crawler.close()
        self._database.close()


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    if status in {404, 405}:  # the real server has no route for a wrong method either
        return JSONResponse({"error": "Not Found"}, 404)
    return JSONResponse({"error": str(getattr(error, "detail", "Bad Request"))}, status)


async def _our_fault(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"error": "Internal Server Error"}, 500)
