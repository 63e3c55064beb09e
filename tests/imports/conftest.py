"""A site that is moved into: the command line in this process, and small sources made by code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from crosspost.cli import main


def picture(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(stream, "PNG")
    return stream.getvalue()


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


class Moved:
    """A site that was moved into."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str):
        return CliRunner().invoke(main, ["-C", str(self.root), *arguments], catch_exceptions=False)

    def build(self) -> dict:
        done = self.run("build", "--now", "2026-12-24", "--format", "json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout.splitlines()[-1])

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def page(self, url: str) -> str:
        return self.text(f"output{url}index.html" if url.endswith("/") else f"output{url}")

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
            and path.relative_to(self.root).parts[0] not in ("output", ".crosspost")
        }


@pytest.fixture
def move(tmp_path):
    """`move("jekyll", source, …)` imports into a new site and returns it with the report."""

    def run(generator: str, source: Path, *options: str, into: str = "site", status: int = 0):
        done = CliRunner().invoke(
            main,
            [
                *("-C", str(tmp_path), "import", generator, str(source), "--into", into),
                *("--format", "json", *options),
            ],
            catch_exceptions=False,
        )
        assert done.exit_code == status, done.output
        if status:
            return done.stderr
        return Moved(tmp_path / into), json.loads(done.stdout.splitlines()[-1])

    return run


def losses(report: dict) -> set[tuple[str, str, int]]:
    return {(one["code"], one["file"], one["line"]) for one in report["losses"]}
