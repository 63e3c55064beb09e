"""Registering an application and giving it a token, by the code that a person carries over."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from crosspost.sandbox.access import App, unknown_scopes
from crosspost.sandbox.calls import Rooms
from crosspost.sandbox.params import Params, read_params
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.refusal import Refusal

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_CARRIED = (
    *("client_id", "redirect_uri", "scope", "state"),
    *("code_challenge", "code_challenge_method"),
)
"""What the page of consent carries from the question to the answer."""
_SCOPES = ["read", "write", "profile", "read:accounts", "read:statuses", "write:statuses"]
_INVALID_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, or "
    "unsupported authentication method."
)
_INVALID_GRANT = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection "
    "URI used in the authorization request, or was issued to another client."
)


class OAuth:
    """The OAuth routes."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def routes(self) -> list[Route]:
        """Return the routes."""
        routes = [
            Route("/api/v1/apps", self._register, methods=["POST"]),
            Route("/oauth/authorize", self._ask, methods=["GET"]),
            Route("/oauth/authorize", self._consent, methods=["POST"]),
            Route("/oauth/token", self._token, methods=["POST"]),
            Route("/oauth/revoke", self._revoke, methods=["POST"]),
        ]
        if self._rooms.profile.family is Family.MASTODON:
            routes.append(Route("/.well-known/oauth-authorization-server", self._metadata))
        return routes

    async def _metadata(self, request: Request) -> Response:
        base = self._rooms.views(request).base
        return JSONResponse(
            {
                "issuer": f"{base}/",
                "authorization_endpoint": f"{base}/oauth/authorize",
                "token_endpoint": f"{base}/oauth/token",
                "revocation_endpoint": f"{base}/oauth/revoke",
                "app_registration_endpoint": f"{base}/api/v1/apps",
                "scopes_supported": [*_SCOPES, "write:media"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _register(self, request: Request) -> Response:
        try:
            params = await _read(request)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        name = params.text("client_name") or ""
        listed = params.texts("redirect_uris") or (params.text("redirect_uris") or "").split()
        scopes = params.text("scopes") or "read"
        if not name or not listed or unknown_scopes(scopes):
            wrong = "Name can't be blank" if not name else "Redirect URI can't be blank"
            if name and listed:
                wrong = "Scopes doesn't match configured on the server."
            return JSONResponse({"error": f"Validation failed: {wrong}"}, 422)
        app, secret = self._rooms.access.register_app(
            name, params.text("website") or "", tuple(listed), scopes
        )
        return JSONResponse(
            {
                "id": app.id,
                "name": app.name,
                "website": app.website or None,
                "scopes": app.scopes.split(),
                "redirect_uri": "\n".join(app.redirect_uris),
                "redirect_uris": list(app.redirect_uris),
                "client_id": app.id,
                "client_secret": secret,
                "client_secret_expires_at": 0,
                "vapid_key": "",
            }
        )

    def _asked(self, params: Params) -> tuple[App, str, str] | str:
        """Return the application, the address to go back to and the scopes; or what is wrong."""
        app = self._rooms.access.app(params.text("client_id") or "")
        if app is None:
            return _INVALID_CLIENT
        uri = params.text("redirect_uri") or ""
        scopes = params.text("scope") or "read"
        if uri not in app.redirect_uris:
            return "The redirect uri included is not valid."
        if params.text("response_type") not in {"code", None}:
            return "The authorization server does not support this response type."
        if params.text("code_challenge") and params.text("code_challenge_method") != "S256":
            return "The code challenge method must be S256."
        granted = set(app.scopes.split())
        if any(s not in granted and s.partition(":")[0] not in granted for s in scopes.split()):
            return "The requested scope is invalid, unknown, or malformed."
        return app, uri, scopes

    async def _ask(self, request: Request) -> Response:
        asked = self._asked(Params(dict(request.query_params)))
        if isinstance(asked, str):
            return _page(f"<p>{escape(asked)}</p>", 400)
        app, _, scopes = asked
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(request.query_params[name])}">'
            for name in _CARRIED
            if name in request.query_params
        )
        return _page(
            f"<h1>{escape(app.name)}</h1><p>asks to act for "
            f"<strong>{escape(self._rooms.home.handle)}</strong>: {escape(scopes)}</p>"
            f'<form method="post" action="/oauth/authorize">{hidden}'
            "<button>Authorize</button></form>"
        )

    async def _consent(self, request: Request) -> Response:
        params = await _read(request)
        asked = self._asked(params)
        if isinstance(asked, str):
            return _page(f"<p>{escape(asked)}</p>", 400)
        app, uri, scopes = asked
        challenge = params.text("code_challenge") or ""
        code = self._rooms.access.grant(app, self._rooms.home, uri, scopes, challenge)
        if uri == OUT_OF_BAND:
            return _page(f"<h1>Authorization code</h1><p><code>{escape(code)}</code></p>")
        state = params.text("state")
        query = urlencode({"code": code, **({"state": state} if state else {})})
        return RedirectResponse(f"{uri}{'&' if '?' in uri else '?'}{query}", 302)

    async def _token(self, request: Request) -> Response:
        params = await _read(request)
        access = self._rooms.access
        app = access.app(params.text("client_id") or "", params.text("client_secret") or "")
        if app is None:
            return _oauth_error("invalid_client", _INVALID_CLIENT, 401)
        kind = params.text("grant_type")
        if kind == "authorization_code":
            code, uri = params.text("code") or "", params.text("redirect_uri") or ""
            redeemed = access.redeem(code, app, uri, params.text("code_verifier") or "")
            if redeemed is None:
                return _oauth_error("invalid_grant", _INVALID_GRANT, 400)
            token, scopes = redeemed
        elif kind == "client_credentials":
            scopes = params.text("scope") or "read"
            if any(s not in app.scopes.split() for s in scopes.split()):
                wrong = "The requested scope is invalid, unknown, or malformed."
                return _oauth_error("invalid_scope", wrong, 400)
            token = access.issue_token(None, scopes, app.name, app.website)
        else:
            wrong = "The authorization grant type is not supported by the authorization server."
            return _oauth_error("unsupported_grant_type", wrong, 400)
        return JSONResponse(
            {
                "access_token": token,
                "token_type": "Bearer",
                "scope": scopes,
                "created_at": int(self._rooms.store.now),
            }
        )

    async def _revoke(self, request: Request) -> Response:
        params = await _read(request)
        access = self._rooms.access
        app = access.app(params.text("client_id") or "", params.text("client_secret") or "")
        if app is None:
            wrong = "You are not authorized to revoke this token"
            return _oauth_error("unauthorized_client", wrong, 403)
        access.revoke(params.text("token") or "")
        return JSONResponse({})


async def _read(request: Request) -> Params:
    try:
        return await read_params(request)
    finally:
        await request.close()


def _oauth_error(error: str, description: str, status: int) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)


def _page(body: str, status: int = 200) -> Response:
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>crosspost sandbox</title>'
        f'<link rel="stylesheet" href="/sandbox/page.css"></head><body><main>{body}</main>'
        "</body></html>",
        status,
    )
