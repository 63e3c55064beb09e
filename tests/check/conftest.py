"""A site in a string, checked by the command line as of one moment."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crosspost.cli import main

NOW = "2026-11-23 12:00"
SETTINGS = """\
site: {title: Valbourg, url: https://valbourg.example/ville, timezone: Europe/Paris}
theme: small
"""
PAGE = """\
<!DOCTYPE html><html lang="{{ page.lang }}"><title>{{ page.title }}</title>
{% block main %}{{ post.html }}{% endblock %}
"""
LIST = """\
<!DOCTYPE html><title>{{ page.title }}</title>
{% for one in list.posts %}<a href="{{ one.url }}">{{ one.title }}</a>{% endfor %}
"""
EDITION = "<!DOCTYPE html><title>{{ page.title }}</title>{{ edition.html }}\n"
THEME = {
    "theme.yaml": "title: Small\n",
    "templates/post.html": PAGE,
    "templates/page.html": PAGE,
    "templates/404.html": PAGE,
    "templates/home.html": LIST,
    "templates/list.html": LIST,
    "templates/editions.html": LIST,
    "templates/edition.html": EDITION,
    "templates/email/edition.html": EDITION,
    "templates/redirect.html": (
        '<!DOCTYPE html><title>-</title><meta http-equiv="refresh" content="0; url={{ target }}">\n'
    ),
}


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def found(self) -> list[str]:
        """What was found, as `file:line:column code`."""
        problems = json.loads(self.out)["problems"]
        return [f"{one['file']}:{one['line']}:{one['column']} {one['code']}" for one in problems]

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was found, as programs get it."""
        return json.loads(self.out)["problems"]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Site:
    """A site below `root`, and the ways to run commands on it."""

    root: Path

    def write(self, files: Mapping[str, str | bytes]) -> Site:
        """Write files, by their path below the site."""
        for name, data in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return self

    def read(self, name: str) -> str:
        """Read a file below the site."""
        return (self.root / name).read_text(encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        """Run a command in this process. Anything but an exit status is a crash, and raised."""
        done = CliRunner().invoke(main, ["-C", str(self.root), *arguments], catch_exceptions=False)
        return Result(done.exit_code, done.stdout, done.stderr)

    def build(self, *options: str) -> Result:
        """Build the site as of `NOW`."""
        return self.run("build", "--now", NOW, *options)

    def check(self, *options: str) -> Result:
        """Check the site as of `NOW`, for programs."""
        return self.run("check", "--now", NOW, "--format", "json", *options)


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Site]:
    """Write a site with a small theme of its own, in French and without channels."""

    def make(files: Mapping[str, str | bytes]) -> Site:
        theme = {f"themes/small/{name}": text for name, text in THEME.items()}
        root = tmp_path / "site"
        root.mkdir()
        return Site(root).write({"crosspost.yaml": SETTINGS, **theme, **files})

    return make


@pytest.fixture
def post() -> Callable[..., str]:
    """Write a post that is old enough not to be announced: its keys, and its body."""

    def make(body: str = "Texte.", front: str = "", *, title: str = "Foire") -> str:
        lines = [f"title: {title}", "date: 2026-09-02 09:00", *front.splitlines()]
        return "\n".join(["---", *lines, "---", body, ""])

    return make


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Make the bytes of a small picture; `located` writes into it where it was taken."""
    from PIL import Image

    def make(*, located: bool = False, size: tuple[int, int] = (8, 6)) -> bytes:
        target = io.BytesIO()
        image = Image.new("RGB", size, (200, 30, 90))
        exif = Image.Exif()
        if located:
            exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 0.0), 3: "E", 4: (2.0, 20.0, 0.0)})
        image.save(target, "JPEG", exif=exif)
        return target.getvalue()

    return make
