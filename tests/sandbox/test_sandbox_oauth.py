"""Tokens and scopes: who may do what, and how an application gets there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import requests
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonIllegalArgumentError,
    MastodonUnauthorizedError,
)

from crosspost.errors import UsageError
from crosspost.sandbox.server import Sandbox

Connect = Callable[..., Mastodon]
SCOPES = ["write:statuses", "write:media", "read:statuses", "profile"]


def test_no_token_and_a_wrong_one(box: Sandbox, connect: Connect) -> None:
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/apps/verify_credentials"):
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            answer = requests.get(box.info.url + path, headers=headers, timeout=20)
            assert answer.status_code == 401
            assert answer.json() == {"error": "The access token is invalid"}
    with pytest.raises(MastodonUnauthorizedError):
        connect(box, "wrong").status_post("x")
    with pytest.raises(MastodonUnauthorizedError):
        connect(box, "wrong").instance_v2()


@pytest.mark.parametrize(
    ("scopes", "posts", "reads", "who", "uploads"),
    [
        ("write:statuses", True, False, False, False),
        ("write", True, False, False, True),
        ("read", False, True, True, False),
        ("read:statuses", False, True, False, False),
        ("profile", False, False, True, False),
        ("read:accounts write:media", False, False, True, True),
    ],
)
def test_scopes_bound_what_a_token_may_do(
    box: Sandbox,
    connect: Connect,
    jpeg: Callable[..., bytes],
    scopes: str,
    posts: bool,
    reads: bool,
    who: bool,
    uploads: bool,
) -> None:
    own = connect(box)
    status = own.status_post("un")
    client = connect(box, box.issue_token(scopes))
    attempts = [
        (posts, lambda: client.status_post("deux")),
        (posts, lambda: client.status_update(status.id, "trois")),
        (posts, lambda: client.status_delete(own.status_post("x").id)),
        (reads, lambda: client.status(status.id)),
        (reads, lambda: client.status_source(status.id)),
        (reads, lambda: client.account_statuses(own.me().id)),
        (who, client.account_verify_credentials),
        (uploads, lambda: client.media_post(jpeg(), mime_type="image/jpeg")),
    ]
    for allowed, attempt in attempts:
        if allowed:
            attempt()
            continue
        with pytest.raises(MastodonAPIError) as caught:
            attempt()
        assert caught.value.args[1] == 403
        # The library loses the message of a call that would have given a list.
        assert caught.value.args[3] in {None, "This action is outside the authorized scopes"}


def test_a_scope_that_nobody_knows_is_refused(box: Sandbox) -> None:
    with pytest.raises(UsageError, match="everything"):
        box.issue_token("everything")


def test_an_application_gets_a_token_by_a_code(box: Sandbox, connect: Connect) -> None:
    client_id, secret = Mastodon.create_app("Ville", scopes=SCOPES, api_base_url=box.info.url)
    with requests.Session() as session:
        app = Mastodon(
            client_id=client_id,
            client_secret=secret,
            api_base_url=box.info.url,
            version_check_mode="none",
            session=session,
        )
        page = session.get(app.auth_request_url(scopes=SCOPES, allow_http=True), timeout=20)
        assert "<h1>Ville</h1>" in page.text
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        fields = {name: unescape(value) for name, value in hidden}
        done = session.post(f"{box.info.url}/oauth/authorize", data=fields, timeout=20)
        found = re.search(r"<code>(.+?)</code>", done.text)
        assert found
        token = app.log_in(code=found[1], scopes=SCOPES, allow_http=True)
        with pytest.raises(MastodonIllegalArgumentError, match="invalid_grant"):
            app.log_in(code=found[1], scopes=SCOPES, allow_http=True)
    client = connect(box, token)
    assert client.me().acct == "valbourg"
    assert client.status_post("un").application.name == "Ville"
    assert client.app_verify_credentials().name == "Ville"
    form = {"client_id": client_id, "client_secret": secret, "token": token}
    requests.post(f"{box.info.url}/oauth/revoke", data=form, timeout=20).raise_for_status()
    with pytest.raises(MastodonUnauthorizedError):
        client.me()


def test_what_an_application_may_not_ask(box: Sandbox) -> None:
    url = box.info.url
    apps = f"{url}/api/v1/apps"
    good = {"client_name": "Ville", "redirect_uris": "https://ville.example/cb", "scopes": "read"}
    for wrong in ({"client_name": ""}, {"redirect_uris": ""}, {"scopes": "everything"}):
        answer = requests.post(apps, data={**good, **wrong}, timeout=20)
        assert answer.status_code == 422
        assert answer.json()["error"].startswith("Validation failed: ")
    app = requests.post(apps, json=good, timeout=20).json()
    asked = {"client_id": app["client_id"], "redirect_uri": good["redirect_uris"], "scope": "read"}
    for wrong in ({"scope": "write"}, {"redirect_uri": "https://evil.example"}, {"client_id": "x"}):
        page = requests.get(f"{url}/oauth/authorize", params={**asked, **wrong}, timeout=20)
        assert page.status_code == 400
    back = requests.post(
        f"{url}/oauth/authorize", data={**asked, "state": "é"}, timeout=20, allow_redirects=False
    )
    assert back.status_code == 302
    assert re.fullmatch(
        r"https://ville\.example/cb\?code=[\w-]+&state=%C3%A9", back.headers["Location"]
    )
    pair = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    token = {**pair, "grant_type": "client_credentials", "scope": "read"}
    given = requests.post(f"{url}/oauth/token", data=token, timeout=20).json()
    assert given["scope"] == "read"
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    me = f"{url}/api/v1/accounts/verify_credentials"
    assert requests.get(me, headers=bearer, timeout=20).status_code == 422
    for wrong, error in (
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"scope": "write"}, "invalid_scope"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_grant"),
    ):
        refused = requests.post(f"{url}/oauth/token", data={**token, **wrong}, timeout=20)
        assert refused.json()["error"] == error
