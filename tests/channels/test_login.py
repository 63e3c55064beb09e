"""Getting a token by a code, from a server that gives tokens as real ones do."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import requests

from crosspost.channels.base import ChannelOptions
from crosspost.channels.login import (
    Application,
    WrongCodeError,
    check_account,
    redeem,
    register,
)
from crosspost.channels.mastodon import MastodonChannel
from crosspost.channels.message import Message
from crosspost.errors import BlockedError
from crosspost.sandbox.server import Sandbox

AGENT = "crosspost/test"
ACCOUNT = "@valbourg@sandbox.example"


@pytest.fixture
def make_box() -> Iterator[Callable[..., Sandbox]]:
    running: list[Sandbox] = []

    def make(**options: str) -> Sandbox:
        running.append(Sandbox(**options))  # type: ignore[arg-type]
        return running[-1]

    yield make
    for box in running:
        box.stop()


def say_yes(address: str) -> str:
    """Open the address as a browser does, say yes, and return the code that is shown."""
    page = requests.get(address, timeout=20)
    assert page.status_code == 200, page.text
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    }
    done = requests.post(page.url.partition("?")[0], data=fields, timeout=20)
    found = re.search(r"<code>(.+?)</code>", done.text)
    assert found
    return unescape(found[1])


@pytest.mark.parametrize(
    ("profile", "who", "pkce"),
    [
        ("mastodon-4.6", "profile", True),
        ("mastodon-4.3", "profile", True),
        ("gotosocial", "read:accounts", False),
    ],
)
def test_a_token_of_the_least_scopes_does_all_that_we_do(make_box, profile, who, pkce) -> None:
    box = make_box(profile=profile)
    app = register(box.info.url, AGENT)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(app.address).query))
    assert query["scope"] == f"write:statuses write:media read:statuses {who}"
    assert query["redirect_uri"] == "urn:ietf:wg:oauth:2.0:oob"
    assert ("code_challenge" in query) is bool(app.verifier) is pkce
    token = redeem(app, say_yes(app.address), AGENT)
    check_account(app, token, ACCOUNT, AGENT)
    channel = MastodonChannel(ChannelOptions("mastodon", ACCOUNT, box.info.url, token))
    channel.preflight()
    url = "https://www.valbourg.example/a/"
    message = Message("mastodon", ACCOUNT, "a", f"Texte {url}", url, "a.md")
    receipt = channel.create(message, "key")
    channel.edit(message, receipt.remote_id, {})
    channel.delete(receipt.remote_id)
    for secret in (token, app.client_secret, app.verifier):
        assert not secret or secret not in repr(app) + app.address


def test_a_code_is_worth_nothing_without_the_verifier(make_box) -> None:
    app = register(make_box().info.url, AGENT)
    stolen = Application(
        app.instance, app.address, app.scopes, app.client_id, app.client_secret, "x" * 64
    )
    with pytest.raises(WrongCodeError):
        redeem(stolen, say_yes(app.address), AGENT)
    with pytest.raises(WrongCodeError):
        redeem(app, "wrong", AGENT)


def test_the_token_of_another_account_is_given_back(make_box) -> None:
    box = make_box()
    app = register(box.info.url, AGENT)
    token = redeem(app, say_yes(app.address), AGENT)
    with pytest.raises(BlockedError, match="logged in as @valbourg@") as caught:
        check_account(app, token, "@musee@sandbox.example", AGENT)
    assert token not in str(caught.value)
    me = f"{box.info.url}/api/v1/accounts/verify_credentials"
    answer = requests.get(me, headers={"Authorization": f"Bearer {token}"}, timeout=20)
    assert answer.status_code == 401


def test_a_server_that_is_not_there_or_no_mastodon_says_so(make_box) -> None:
    with pytest.raises(BlockedError, match="cannot be reached"):
        register("http://127.0.0.1:9", AGENT)
    box = make_box()
    with pytest.raises(BlockedError, match="takes no new application \\(404\\)"):
        register(f"{box.info.url}/elsewhere", AGENT)
