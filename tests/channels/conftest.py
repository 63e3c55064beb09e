"""A server to speak to, and a picture that a camera wrote into."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crosspost.channels.base import ChannelOptions
from crosspost.channels.mastodon import MastodonChannel
from crosspost.channels.message import Media, Message
from crosspost.sandbox.server import Sandbox


@pytest.fixture
def make_sandbox() -> Iterator[Callable[..., Sandbox]]:
    running: list[Sandbox] = []

    def make(**options: Any) -> Sandbox:
        running.append(Sandbox(**options))
        return running[-1]

    yield make
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def open_on() -> Callable[..., MastodonChannel]:
    def open_(sandbox: Sandbox, **changes: Any) -> MastodonChannel:
        info = sandbox.info
        given = {
            "name": "mastodon",
            "account": info.account,
            "instance": info.url,
            "token": info.token,
        }
        return MastodonChannel(ChannelOptions(**(given | changes)), sleep=lambda _: None)

    return open_


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Media]:
    """Write a JPEG that was taken somewhere, lying on its side."""

    def write(name: str = "photo.jpg", size: tuple[int, int] = (60, 40), alt: str = "Alt") -> Media:
        image = Image.new("RGB", size, (200, 30, 30))
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010F] = "Camera of Valbourg"
        exif.get_ifd(0x8825)[1] = "N"
        out = io.BytesIO()
        image.save(out, "JPEG", exif=exif)
        path = tmp_path / name
        path.write_bytes(out.getvalue())
        digest = hashlib.sha256(out.getvalue()).hexdigest()
        return Media(name, digest, "image/jpeg", alt, (0.5, -0.25), path)

    return write


@pytest.fixture
def message() -> Callable[..., Message]:
    def make(text: str = "Bonjour.\n\nhttps://www.valbourg.example/a/", **changes: Any) -> Message:
        given = {
            "channel": "mastodon",
            "account": "@valbourg@sandbox.example",
            "uid": "a",
            "url": "https://www.valbourg.example/a/",
            "path": "content/posts/a.md",
            "language": "fr",
        }
        return Message(text=text, **(given | changes))

    return make
