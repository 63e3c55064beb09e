"""A site in a string: write its files, run the command line on it, look at what came out."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosspost.cli import main

SETTINGS = """\
site: {title: Valbourg, url: https://valbourg.example, timezone: Europe/Paris}
"""
NOW = "2026-11-23 12:00"


@dataclass(frozen=True)
class Result:
    """How a command ended: its status, what it said to people and programs, and what it drew."""

    status: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """The lines that name a place; the summary at the end is left out."""
        return [line for line in self.err.splitlines() if line.endswith("]")]


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

    def run(self, *arguments: str) -> Result:
        """Run a command in this process. Anything but an exit status is a crash, and raised."""
        result = CliRunner().invoke(
            main, ["-C", str(self.root), *arguments], catch_exceptions=False
        )
        return Result(result.exit_code, result.stdout, result.stderr)

    def build(self, *options: str) -> Result:
        """Build the site as of `NOW`."""
        return self.run("build", "--now", NOW, *options)

    def subprocess(self, *arguments: str) -> Result:
        """Run a command as a person does, in a process of its own."""
        ended = subprocess.run(
            [sys.executable, "-m", "crosspost", "-C", str(self.root), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "error"},
        )
        return Result(ended.returncode, ended.stdout, ended.stderr)

    def outputs(self) -> dict[str, bytes]:
        """Every file of output/, by its path."""
        folder = self.root / "output"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def page(self, path: str) -> str:
        """The text of one file of output/."""
        return (self.root / "output" / path).read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Site]:
    """Write a site. The settings are the shortest that build, unless the files bring their own."""

    def make(files: Mapping[str, str | bytes]) -> Site:
        root = tmp_path / "site"
        root.mkdir(exist_ok=True)
        return Site(root).write({"crosspost.yaml": SETTINGS, **files})

    return make


@pytest.fixture
def post() -> Callable[..., str]:
    """Write a post: keys after its title and date, and its body."""

    def make(front: str = "", body: str = "Text.", *, title: str = "Fair") -> str:
        lines = [f"title: {title}", "date: 2026-11-02 09:00", *front.splitlines()]
        return "\n".join(["---", *lines, "---", body, ""])

    return make


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Make the bytes of a small picture of a kind: PNG, JPEG, WEBP or GIF."""
    from PIL import Image

    def make(kind: str, size: tuple[int, int] = (8, 6)) -> bytes:
        target = io.BytesIO()
        Image.new("RGB", size, (200, 30, 90)).save(target, kind)
        return target.getvalue()

    return make
