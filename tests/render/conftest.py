"""A town in a temporary folder, read and ready to render."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from crosspost.content.body import Body
from crosspost.content.markdown import MarkdownEngine
from crosspost.content.reading import read_body
from crosspost.errors import Problem
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.theme import load_theme
from crosspost.settings_file import load_settings
from crosspost.site.entry import Entry
from crosspost.site.loading import load_index
from crosspost.site.said import read_said

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SITE = "site: {title: Ville d'Essai, url: https://www.essai.example/town, timezone: Europe/Paris}\n"


@dataclass
class Town:
    """A site in a temporary folder. `settings` is added to crosspost.yaml; `now` may be moved."""

    root: Path
    site: str = SITE
    settings: str = ""
    now: datetime = NOW

    def write(self, path: str, data: str | bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)

    def post(
        self, name: str, front: str = "", body: str = "Du texte.", date: str = "2026-11-10"
    ) -> None:
        title = "" if "title:" in front else f"title: Titre {name}\n"
        self.write(f"content/posts/{name}.md", f"---\n{title}date: {date}\n{front}\n---\n{body}\n")

    def edition(self, name: str, front: str, body: str = "Bonjour.") -> None:
        date = "" if "\ndate:" in f"\n{front}" else "date: 2026-11-20 10:00\n"
        text = f"---\ntitle: Lettre {name}\n{date}{front}\n---\n{body}\n"
        self.write(f"content/newsletters/{name}.md", text)

    def picture(self, name: str, size: tuple[int, int] = (64, 48)) -> int:
        out = io.BytesIO()
        Image.new("RGB", size, (20, 90, 140)).save(out, "PNG")
        self.write(f"content/posts/{name}", out.getvalue())
        return len(out.getvalue())

    def renderer(self, problems: list[Problem] | None = None) -> Renderer:
        """Read the site; what is wrong with it is added to `problems`, or must be nothing."""
        self.write("crosspost.yaml", self.site + self.settings)
        settings = load_settings(self.root)
        index, found = load_index(settings, self.now)
        engine = MarkdownEngine()

        def body(entry: Entry) -> Body:
            return engine.open_body(read_body(settings, entry.document), lang=entry.lang)

        if problems is None:
            assert not found
        else:
            problems += found
        return Renderer(index, body, load_theme(settings), said=read_said(settings))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


Made = dict[str, bytes]


@pytest.fixture
def made() -> Callable[[object], Made]:
    """Run tasks and return what they made, by path; two tasks for one path fail."""

    def run(tasks: object) -> Made:
        result: Made = {}
        for task in tasks:  # type: ignore[attr-defined]
            assert isinstance(task, Task)
            assert task.path not in result
            result[task.path] = task.make()
        return result

    return run
