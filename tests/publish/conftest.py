"""A small town, written file by file, and a server to speak to."""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crosspost.sandbox.server import Sandbox
from crosspost.settings_file import load_settings
from crosspost.site.index import SiteIndex
from crosspost.site.loading import load_index

# These tests share more than fixtures, and test modules are not on the import path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def picture(seed: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (seed * 40 % 256, 90, 140)).save(out, "PNG")
    return out.getvalue()


@dataclass
class Town:
    """A site in a temporary folder; `now` is the moment at which it is read."""

    root: Path
    url: str = "https://www.valbourg.example"
    now: datetime = NOW
    settings: str = ""
    account: str = "@valbourg@sandbox.example"
    instance: str = ""
    channels: dict[str, str] = field(default_factory=dict)

    def write_settings(self) -> None:
        channels = self.channels or {
            "mastodon": f"type: mastodon\n    account: '{self.account}'\n"
            "    token: ${TOWN_TOKEN}\n"
            + (f"    instance: {self.instance}\n" if self.instance else "")
        }
        lines = "".join(f"  {name}:\n    {text}\n" for name, text in channels.items())
        (self.root / "crosspost.yaml").write_text(
            f"site: {{title: Valbourg, url: {self.url}, language: fr, timezone: UTC}}\n"
            f"{self.settings}\nchannels:\n{lines}",
            encoding="utf-8",
        )

    def post(self, name: str, *, age: float = 1, body: str = "Du texte.", **keys: object) -> Path:
        """Write a post that is `age` days old; keys are front matter, as JSON values."""
        front = {
            "uid": name,
            "title": f"Titre {name}",
            "date": (self.now - timedelta(days=age)).strftime("%Y-%m-%d %H:%M"),
            "summary": f"Le résumé de {name}.",
            **keys,
        }
        text = "".join(
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
            for key, value in front.items()
            if value is not None
        )
        path = self.root / "content" / "posts" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{text}---\n{body}\n", encoding="utf-8")
        return path

    def picture(self, name: str, data: bytes | None = None) -> None:
        path = self.root / "content" / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture() if data is None else data)

    def index(self) -> SiteIndex:
        self.write_settings()
        index, problems = load_index(load_settings(self.root), self.now)
        assert not problems, problems
        return index

    def ledger_lines(self, *, sandbox: bool = False) -> list[dict[str, Any]]:
        folder = self.root / (".crosspost/sandbox/ledger" if sandbox else "ledger")
        return [
            json.loads(line)
            for path in sorted(folder.glob("*/*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]


@dataclass
class Server:
    """A running sandbox, and what a test asks of it."""

    sandbox: Sandbox

    @property
    def url(self) -> str:
        return self.sandbox.info.url

    @property
    def token(self) -> str:
        return self.sandbox.info.token

    def call(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def statuses(self) -> list[dict[str, Any]]:
        """Every status of the account, oldest first."""
        me = self.call("GET", "/api/v1/accounts/verify_credentials")
        found = self.call("GET", f"/api/v1/accounts/{me['id']}/statuses?limit=40")
        assert len(found) < 40
        return list(reversed(found))

    def source(self, id_: str) -> str:
        text: str = self.call("GET", f"/api/v1/statuses/{id_}/source")["text"]
        return text

    def fault(self, **fault: object) -> None:
        self.call("POST", "/sandbox/faults", fault)

    def requests(self, method: str, path: str) -> list[dict[str, Any]]:
        asked = self.call("GET", "/sandbox/requests")
        return [one for one in asked if one["method"] == method and one["path"] == path]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def make_server() -> Iterator[Callable[..., Server]]:
    running: list[Sandbox] = []

    def make(**options: Any) -> Server:
        running.append(Sandbox(**options))
        return Server(running[-1])

    yield make
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    return make_server()


@pytest.fixture(scope="session")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A process that publishes on request, and dies where it is told to."""
    from world import Publisher

    process = Publisher(tmp_path_factory.mktemp("publisher"))
    yield process
    process.close()


@pytest.fixture(scope="session")
def stages() -> Iterator[Callable[[str], Any]]:
    """A function that gives the server of a profile, and the clock of all who speak to it."""
    from world import Clock

    clocks: dict[str, Clock] = {}

    def stage(profile: str) -> Clock:
        if profile not in clocks:
            clocks[profile] = Clock(Server(Sandbox(profile=profile)))
        return clocks[profile]

    yield stage
    for clock in clocks.values():
        clock.server.sandbox.stop()


@pytest.fixture
def new_world(
    tmp_path: Path,
    stages: Callable[[str], Any],
    publisher: Any,
    tally: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, str], Any]:
    """A function that gives a town whose record is in its tree, or on a branch, and its server."""
    from world import Clock, World

    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    numbers = itertools.count()

    def make(profile: str, backend: str, server: Server | None = None) -> World:
        clock = stages(profile) if server is None else Clock(server)
        folder = tmp_path / f"world{next(numbers)}"
        world = World(folder, clock.server, clock, publisher, backend, tally)
        world.histories = profile != "hollo"  # it shows no edits
        return world

    return make
