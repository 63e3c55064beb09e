"""A small site, previewed by a real server on 127.0.0.1."""

from __future__ import annotations

import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crosspost.serve.live import Clock
from crosspost.serve.server import Options, PreviewServer

NOW = "2026-12-02T12:00:00+01:00"
SETTINGS = """\
site: {title: Ville de Valbourg, url: "https://www.valbourg.example/ville/", language: fr, timezone: Europe/Paris}
channels:
  mastodon: {type: mastodon, account: "@valbourg@mastodon.example", token: "${MASTODON_TOKEN}"}
"""  # noqa: E501
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def post(title, date, body="Du texte.", **keys):
    """Return a post; `keys` are further lines of its front matter."""
    lines = [
        f"title: {title}",
        f"date: {date}",
        *(f"{key}: {value}" for key, value in keys.items()),
    ]
    return "\n".join(["---", *lines, "---", "", body, ""])


POSTS = {
    "marche": post("Le marché ouvre", "2026-12-01 09:00", "Voir [la piscine](piscine.md)."),
    "piscine": post(
        "La piscine ferme",
        "2026-11-30 09:00",
        image="{src: p.png, alt: Un bassin, focus: [0.5, -0.5]}",
        channels="{mastodon: {text: 'Fermée #Piscine', content_warning: Travaux}}",
    ),
    "carnaval": post("Carnaval", "2026-11-20 10:00", draft="true"),
    "voeux": post("Les vœux", "2027-01-05 09:00"),
    "ancien": post("Ancien avis", "2026-10-01 09:00", expires="2026-11-01"),
}


@dataclass(slots=True)
class Town:
    """The site on disk and the server that previews it."""

    root: Path
    server: PreviewServer
    said: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.info.port}"

    def write(self, name: str, text: str) -> None:
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.origin + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")

    def raw(self, request: bytes) -> bytes:
        """Send bytes as they are, and return all that is answered."""
        with socket.create_connection(("127.0.0.1", self.server.info.port), timeout=20) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def ask(self, target: bytes, *, host: bytes | None = None, verb: bytes = b"GET") -> bytes:
        """Ask for a target as it stands; returns the first line and what follows."""
        host = host if host is not None else self.origin.removeprefix("http://").encode()
        return self.raw(
            verb + b" " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        )

    def events(self) -> Events:
        return Events(self.origin)


class Events:
    """A browser's ear: every state that the server tells, from now on."""

    def __init__(self, origin: str) -> None:
        self._answer = urllib.request.urlopen(f"{origin}/__crosspost/events", timeout=20)
        self._lines = iter(self._answer)
        self.last: dict = {}
        self.next()

    def next(self) -> dict:
        for line in self._lines:
            assert not line.startswith(b":"), f"nothing was told; last: {self.last}"
            if line.startswith(b"data: "):
                self.last = json.loads(line.removeprefix(b"data: "))
                return self.last
        raise AssertionError("the server has ended the stream")

    def until(self, holds) -> dict:
        """Wait for a state for which `holds` is true; the socket's time limit ends it."""
        while not holds(self.last):
            self.next()
        return self.last

    def close(self) -> None:
        self._answer.close()


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("town") / "site"
    posts = place / "content/posts"
    posts.mkdir(parents=True)
    (place / "crosspost.yaml").write_text(SETTINGS, encoding="utf-8")
    for name, text in POSTS.items():
        (posts / f"{name}.md").write_text(text, encoding="utf-8")
    (posts / "p.png").write_bytes(PIXEL)
    return place


@pytest.fixture(scope="module")
def town(root: Path) -> Iterator[Town]:
    """The site, previewed: tests of a module share it, and mend what they break."""
    from crosspost.schema import moment
    from crosspost.settings_file import load_settings

    at = moment(NOW, load_settings(root).zone)
    said: list[str] = []
    with PreviewServer(Options(root, 0, Clock(at)), said.append) as server:
        yield Town(root, server, said)
