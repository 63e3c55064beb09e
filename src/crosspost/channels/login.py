"""Getting a token for an account: an application is registered, a person carries a code over.

The person opens an address in any browser on any machine, says yes there, and pastes the code that
the server shows: nothing here has to be reached from outside, so it works over SSH. The
application's secret is used once and kept nowhere. OAuth 2.0, with PKCE where the server has it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from crosspost.channels.answers import same_account
from crosspost.channels.network import TooSlowError, within
from crosspost.errors import BlockedError

SCOPES = ("write:statuses", "write:media", "read:statuses")
"""What our calls need: saying, editing and taking back; uploading, and asking if a picture is
ready; looking for a status and reading its words, before anything is said again."""
OF_WHOM = "profile"
"""To ask whose the token is, and nothing more of the account. Mastodon has it from 4.3 on."""
OF_WHOM_BEFORE = "read:accounts"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_METADATA = "/.well-known/oauth-authorization-server"
_CALL_SECONDS = 30
_WHOLE_CALL_SECONDS = 60.0
_MOST_BYTES = 1_000_000
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_Answer = tuple[int, Mapping[str, Any]]


class WrongCodeError(Exception):
    """The server does not take the code: it was not copied whole, or is too old."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application that was registered for one login. `address` is what a person opens."""

    instance: str
    address: str
    scopes: str
    client_id: str
    client_secret: str = field(repr=False)
    verifier: str = field(repr=False)


def register(instance: str, user_agent: str, website: str = "") -> Application:
    """Register an application with the least scopes. Raises `BlockedError` with the reason."""
    call = _Caller(instance, user_agent)
    told = call.optional(_METADATA)
    known = told.get("scopes_supported")
    who = OF_WHOM if isinstance(known, list) and OF_WHOM in known else OF_WHOM_BEFORE
    scopes = " ".join((*SCOPES, who))
    form = {"client_name": "crosspost", "redirect_uris": OUT_OF_BAND, "scopes": scopes}
    app = call.must("/api/v1/apps", {**form, **({"website": website} if website else {})})
    client_id, client_secret = (_text(app, name) for name in ("client_id", "client_secret"))
    asked = {
        "client_id": client_id,
        "redirect_uri": OUT_OF_BAND,
        "response_type": "code",
        "scope": scopes,
    }
    verifier = ""
    if "S256" in (told.get("code_challenge_methods_supported") or ()):
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked["code_challenge"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        asked["code_challenge_method"] = "S256"
    address = f"{instance}/oauth/authorize?{urlencode(asked)}"
    return Application(instance, address, scopes, client_id, client_secret, verifier)


def redeem(app: Application, code: str, user_agent: str) -> str:
    """Return the token for a code. Raises `WrongCodeError`, and `BlockedError` for the rest."""
    call = _Caller(app.instance, user_agent)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": OUT_OF_BAND,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "scope": app.scopes,
        **({"code_verifier": app.verifier} if app.verifier else {}),
    }
    status, answer = call.ask("/oauth/token", form)
    if status in (400, 401) and answer.get("error") == "invalid_grant":
        raise WrongCodeError
    if status != 200:
        raise call.refused(status, answer, "it gives no token")
    token = _text(answer, "access_token")
    granted = str(answer.get("scope") or app.scopes).split()
    missing = [one for one in app.scopes.split() if not _covered(one, granted)]
    if missing:
        revoke(app, token, user_agent)
        raise BlockedError(
            f"{app.instance} gave a token without {', '.join(missing)}; it was given back."
        )
    return token


def _covered(scope: str, granted: list[str]) -> bool:
    broader = scope.partition(":")[0]
    return scope in granted or broader in granted or (scope == OF_WHOM and "read" in granted)


def check_account(app: Application, token: str, wanted: str, user_agent: str) -> None:
    """Raise `BlockedError` where the token is of another account than `wanted`.

    Such a token is given back at once: nobody has it then.
    """
    call = _Caller(app.instance, user_agent, token)
    status, account = call.ask("/api/v1/accounts/verify_credentials")
    if status != 200:
        revoke(app, token, user_agent)
        raise call.refused(status, account, "it does not say whose the token is")
    instance = call.optional("/api/v2/instance") or call.optional("/api/v1/instance")
    other = same_account(wanted, account, instance, app.instance)
    if other is not None:
        revoke(app, token, user_agent)
        raise BlockedError(
            f"the browser was logged in as {other}, the settings say {wanted}. The token was given "
            f"back: log in there as {wanted}, then try again."
        )


def revoke(app: Application, token: str, user_agent: str) -> None:
    """Give a token back. Where the server does not take it, the account's preferences can."""
    form = {"client_id": app.client_id, "client_secret": app.client_secret, "token": token}
    _Caller(app.instance, user_agent).ask("/oauth/revoke", form)


class _Caller:
    """Calls to one server. No redirect is followed, and no answer is repeated but its error."""

    def __init__(self, instance: str, user_agent: str, token: str = "") -> None:
        self._instance = instance
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if urlsplit(instance).hostname in _LOOPBACK:
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> _Answer:
        """Return the status and what was answered, empty where that is no JSON object."""
        data = urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(  # noqa: S310 - the settings allow http(s) alone
            self._instance + path, data=data, headers=self._headers
        )

        def call() -> tuple[int, bytes]:
            try:
                with self._opener.open(request, timeout=_CALL_SECONDS) as answer:
                    return answer.status, answer.read(_MOST_BYTES)
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read(_MOST_BYTES)

        try:
            status, body = within(_WHOLE_CALL_SECONDS, call)
        except (OSError, HTTPException, TooSlowError) as error:
            reason = getattr(error, "reason", error)
            raise BlockedError(f"{self._instance} cannot be reached: {reason}.") from None
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        return status, found if isinstance(found, dict) else {}

    def must(self, path: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Return what was answered. Raises `BlockedError` where that is a refusal."""
        status, answer = self.ask(path, form)
        if status != 200:
            raise self.refused(status, answer, "it takes no new application")
        return answer

    def optional(self, path: str) -> Mapping[str, Any]:
        """Return what was answered; nothing where there is no such address."""
        status, answer = self.ask(path)
        return answer if status == 200 else {}

    def refused(self, status: int, answer: Mapping[str, Any], what: str) -> BlockedError:
        """Return the error that says what the server said."""
        words = str(answer.get("error_description") or answer.get("error") or "").strip()[:300]
        return BlockedError(f"{self._instance}: {what} ({status}){f': {words}' if words else '.'}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a code or a token must not be carried elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        """Say that there is nowhere to go; the answer is then an error like any other."""


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise BlockedError(f"the server's answer has no {name}: is it a Mastodon server?")
    return value
