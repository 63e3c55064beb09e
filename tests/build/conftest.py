"""A town with a small theme of its own, built by the command line as often as a test wants.

The theme is small so that a test can say which page asks what, and so that builds are quick.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
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
BASE = """\
<!DOCTYPE html><html lang="{{ page.lang }}"><title>{{ page.title }} · {{ site.title }}</title>
<link rel="stylesheet" href="{{ asset('small.css') }}">
<nav>{% for one in site.menu %}<a href="{{ one.url }}">{{ one.title }}</a>{% endfor %}</nav>
<a href="#top">{{ t("skip_to_content") }}</a>
{% block main %}{% endblock %}
</html>
"""
POST = """\
{% extends "base.html" %}{% block main %}<h1>{{ post.title_html }}</h1>
{% if post.image %}<img src="{{ post.image.url }}" width="{{ post.image.width }}">{% endif %}
{% if post.category %}<a href="{{ post.category.url }}">{{ post.category.label }}</a>{% endif %}
{% for tag in post.tags %}<a href="{{ tag.url }}">{{ tag.label }}</a>{% endfor %}
{{ post.html }}
{% if post.previous %}<a href="{{ post.previous.url }}">{{ post.previous.title }}</a>{% endif %}
{% if post.next %}<a href="{{ post.next.url }}">{{ post.next.title }}</a>{% endif %}
{% endblock %}
"""
PAGE = """\
{% extends "base.html" %}{% block main %}<h1>{{ post.title_html }}</h1>
{{ post.html }}{% endblock %}
"""
LIST = """\
{% extends "base.html" %}{% block main %}<h1>{{ list.title }}</h1>
{% for one in list.posts %}<a href="{{ one.url }}">{{ one.title_html }}</a>{{ one.summary_html }}
{% endfor %}
{% endblock %}
"""
THEME = {
    "themes/small/theme.yaml": "title: Small\n",
    "themes/small/static/small.css": "body { color: black }\n",
    "themes/small/templates/base.html": BASE,
    "themes/small/templates/post.html": POST,
    "themes/small/templates/page.html": PAGE,
    "themes/small/templates/404.html": PAGE,
    "themes/small/templates/home.html": LIST,
    "themes/small/templates/list.html": LIST,
    "themes/small/templates/editions.html": LIST,
    "themes/small/templates/edition.html": PAGE,
    "themes/small/templates/email/edition.html": "<!DOCTYPE html><title>{{ page.title }}</title>",
    "themes/small/templates/redirect.html": "<!DOCTYPE html><title>{{ target }}</title>\n",
}


@dataclass(frozen=True)
class Result:
    """How a command ended: its status, and what it said to programs and to people."""

    status: int
    out: str
    err: str

    def __getitem__(self, name: str) -> Any:
        """Return a value of what a build told programs."""
        return json.loads(self.out)[name]


@dataclass(frozen=True)
class Built:
    """What a build that went well did: documents read, paths made, and paths that changed."""

    read: int
    made: int
    changed: frozenset[str]
    written: int
    removed: int
    err: str


@dataclass(frozen=True)
class Town:
    """A site below `root`, and the ways to build it."""

    root: Path

    def write(self, files: Mapping[str, str | bytes]) -> Town:
        """Write files, by their path below the site."""
        for name, data in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return self

    def text(self, name: str) -> str:
        """The text of one file of the site."""
        return (self.root / name).read_text(encoding="utf-8")

    def page(self, path: str) -> str:
        """The text of one file of output/."""
        return self.text(f"output/{path}")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a few words of a file, as a person does in an editor."""
        text = self.text(name)
        assert old in text
        self.write({name: text.replace(old, new)})

    def run(self, *arguments: str) -> Result:
        """Run a command in this process. Anything but an exit status is a crash, and raised."""
        result = CliRunner().invoke(
            main, ["-C", str(self.root), *arguments], catch_exceptions=False
        )
        return Result(result.exit_code, result.stdout, result.stderr)

    def build(self, *options: str, now: str = NOW) -> Result:
        """Build the site as of a moment, and tell programs of it."""
        return self.run("build", "--format", "json", "--now", now, *options)

    def built(self, *options: str, now: str = NOW) -> Built:
        """Build the site, which has to go well, and see which files of output/ changed."""
        before = self.outputs()
        result = self.build(*options, now=now)
        assert result.status == 0, result.err
        after = self.outputs()
        changed = {path for path in after if before.get(path) != after[path]}
        counts = {name: result[name] for name in ("read", "made", "written", "removed")}
        return Built(changed=frozenset(changed), err=result.err, **counts)

    def process(self, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """Run a command as a person does, in a process of its own."""
        ended = subprocess.run(
            [sys.executable, "-m", "crosspost", "-C", str(self.root), *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "error", **(env or {})},
        )
        return Result(ended.returncode, ended.stdout, ended.stderr)

    def settle(self) -> None:
        """Let the clock go on, so that what was written last has a signature."""
        time.sleep(0.05)

    def outputs(self, folder: str = "output") -> dict[str, bytes]:
        """Every file of an output folder, by its path."""
        place = self.root / folder
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(place.rglob("*"))
            if path.is_file()
        }

    def clean(self, *options: str, now: str = NOW) -> dict[str, bytes]:
        """What a build from nothing makes of the site as it is now."""
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            other = Town(Path(folder, "site"))
            for path in self.root.rglob("*"):
                name = path.relative_to(self.root)
                if path.is_file() and name.parts[0] not in ("output", ".crosspost"):
                    other.write({name.as_posix(): path.read_bytes()})
            result = other.build(*options, now=now)
            assert result.status == 0, result.err
            return other.outputs()


def a_post(
    front: str = "", body: str = "Text.", *, title: str = "Fair", date: str = "2026-11-02 09:00"
) -> str:
    """Write a post: keys after its title and date, and its body."""
    lines = [f"title: {title}", f"date: {date}", *front.splitlines()]
    return "\n".join(["---", *lines, "---", body, ""])


@pytest.fixture
def post() -> Callable[..., str]:
    """Write a post: keys after its title and date, and its body."""
    return a_post


@pytest.fixture
def town(tmp_path: Path) -> Callable[..., Town]:
    """Write a site with the small theme; files may replace any of it."""

    def make(files: Mapping[str, str | bytes], name: str = "site") -> Town:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        return Town(root).write({"crosspost.yaml": SETTINGS, **THEME, **files})

    return make


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Make the bytes of a small PNG, filled up behind its end to a size in bytes."""
    from PIL import Image

    def make(size: tuple[int, int] = (8, 6), colour: int = 30) -> bytes:
        target = io.BytesIO()
        Image.new("RGB", size, (200, colour, 90)).save(target, "PNG")
        return target.getvalue()

    return make
