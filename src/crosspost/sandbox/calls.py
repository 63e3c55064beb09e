"""How a request comes in and an answer goes out: limits, token, scopes, parameters, JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosspost.sandbox.access import Access
from crosspost.sandbox.crawler import Crawler
from crosspost.sandbox.faults import Faults
from crosspost.sandbox.limits import Asked, RateLimits
from crosspost.sandbox.params import Params, read_params
from crosspost.sandbox.posting import Posting
from crosspost.sandbox.profiles import Family, Profile
from crosspost.sandbox.records import Account, Token
from crosspost.sandbox.refusal import Refusal
from crosspost.sandbox.store import Store
from crosspost.sandbox.views import Views

READ = ("read", "read:statuses")
WRITE = ("write", "write:statuses")
WRITE_MEDIA = ("write", "write:media")
WHO = ("profile", "read", "read:accounts")
WHOSE = ("read", "read:accounts")

_NOT_ALLOWED = {
    Family.MASTODON: (
        "The access token is invalid",
        "This action is outside the authorized scopes",
    ),
    Family.GOTOSOCIAL: ("Unauthorized", "Forbidden: token has insufficient scope permission"),
    Family.HOLLO: ("invalid_token", "insufficient_scope"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: who asks (None: a stranger), what with."""

    request: Request
    params: Params
    views: Views
    token: Token | None
    account: Account | None

    @property
    def own(self) -> Account:
        """The account of the token; an application's own token has none (422)."""
        if self.account is None:
            raise Refusal(422, "This method requires an authenticated user")
        return self.account

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Rooms:
    """All that the handlers share: the parts of one running sandbox."""

    profile: Profile
    home: Account
    store: Store
    access: Access
    posting: Posting
    faults: Faults
    crawler: Crawler
    limits: RateLimits | None

    def views(self, request: Request) -> Views:
        """Return the JSON views, below the address that the client used."""
        base = f"{request.url.scheme}://{request.headers['host']}"
        return Views(self.store, self.profile, base, self.home)

    def caller(self, request: Request) -> tuple[str, Token | None, Account | None]:
        """Return the token as it was sent (empty: none), what it grants, and whose it is."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        bearer = bearer.strip() if scheme.lower() == "bearer" else ""
        token = self.access.token(bearer) if bearer else None
        account = self.access.account(token.account_id) if token and token.account_id else None
        return bearer, token, account


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table of routes: who may ask what, and who answers.

    `scopes` are asked of every token; `strangers` may come without one. `counted` requests have a
    limit of their own, that of posts and edits.
    """

    method: str
    path: str
    handler: Handler
    scopes: Sequence[str] = ()
    strangers: bool = False
    counted: bool = False

    def route(self, rooms: Rooms) -> Route:
        """Return the route, ready for the application."""

        async def endpoint(request: Request) -> Response:
            bearer, token, account = rooms.caller(request)
            headers: dict[str, str] = {}
            try:
                if rooms.limits:
                    headers = rooms.limits.count(
                        Asked(
                            request.method,
                            request.url.path,
                            frozenset(request.query_params.keys()),
                            str(hash(bearer)) if token else None,
                            account.id if account else None,
                        ),
                        rooms.store.now,
                    )
                self._check(token, rooms.profile, came_without=not bearer)
                params = await read_params(request)
                views = rooms.views(request)
                answer = self.handler(Call(request, params, views, token, account))
            except Refusal as refusal:
                answer = Answer(refusal.body, refusal.status, refusal.headers)
            except ClientDisconnect:
                answer = Answer(None, 499)  # nobody is there to read it
            finally:
                await request.close()  # the uploaded files
            if self.counted and rooms.limits and account:
                headers = rooms.limits.closest(headers, account.id, rooms.store.now)
            return JSONResponse(answer.body, answer.status, {**headers, **answer.headers})

        return Route(self.path, endpoint, methods=[self.method])

    def _check(self, token: Token | None, profile: Profile, *, came_without: bool) -> None:
        invalid, narrow = _NOT_ALLOWED[profile.family]
        if token is None and not (self.strangers and came_without):
            raise Refusal(401, invalid)
        if token is not None and self.scopes and not token.allows(*self.scopes):
            raise Refusal(403, narrow)
