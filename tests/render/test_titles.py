"""A title is Markdown on its page and plain words everywhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosspost.cli import main


@pytest.mark.parametrize(
    ("title", "html", "text"),
    [
        ('"Le *Grand* soir" & `code`', "<em>Grand</em>", "«\u202fLe Grand soir\u202f» & code"),
        ("L'été < l'hiver", "L’été &lt; l’hiver", "L’été < l’hiver"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("Fête 🎉", "Fête 🎉", "Fête 🎉"),
    ],
)
def test_a_title_everywhere(tmp_path: Path, title: str, html: str, text: str) -> None:
    (tmp_path / "content" / "posts").mkdir(parents=True)
    (tmp_path / "crosspost.yaml").write_text("site: {title: Town, url: https://town.example}\n")
    post = f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\ndate: 2026-01-01\n---\n"
    (tmp_path / "content" / "posts" / "a.md").write_text(post, "utf-8")
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "build"])
    assert result.exit_code == 0, result.stderr
    assert html in (tmp_path / "output/2026/01/a/index.html").read_text("utf-8")
    feed = json.loads((tmp_path / "output/feed.json").read_text("utf-8"))
    assert feed["items"][0]["title"] == text
