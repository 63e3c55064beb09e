"""A running sandbox and clients for it: everything goes over HTTP on loopback."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
import requests
from mastodon import Mastodon
from PIL import Image

from crosspost.sandbox.server import Sandbox

Connect = Callable[..., Mastodon]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A function that gives a client of a sandbox, with another token where one is given."""
    clients: list[Mastodon] = []

    def made(box: Sandbox, token: str | None = None) -> Mastodon:
        client = Mastodon(
            access_token=token or box.info.token,
            api_base_url=box.info.url,
            ratelimit_method="throw",
            request_timeout=20,
            version_check_mode="none",
        )
        clients.append(client)
        return client

    yield made
    for client in clients:
        client.session.close()


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def client(box: Sandbox, connect: Connect) -> Mastodon:
    return connect(box)


@pytest.fixture
def http(box: Sandbox) -> Iterator[Callable[..., requests.Response]]:
    """A function that asks the sandbox as its own account, without a library between."""
    with requests.Session() as session:

        def ask(method: str, path: str, **options: object) -> requests.Response:
            given = options.pop("headers", {})
            assert isinstance(given, dict)
            headers = {"Authorization": f"Bearer {box.info.token}", **given}
            headers = {k: v for k, v in headers.items() if v is not None}
            return session.request(
                method, box.info.url + path, headers=headers, timeout=20, **options
            )

        yield ask


@pytest.fixture
def jpeg() -> Callable[..., bytes]:
    def made(width: int = 60, height: int = 40, kind: str = "JPEG") -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (width, height), (33, 69, 94)).save(out, kind)
        return out.getvalue()

    return made
