"""An event in the front matter: on its page for people and for machines, and checked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosspost.cli import main


def build(root: Path, event: str, lang: str = "fr") -> Result:
    (root / "content" / "posts").mkdir(parents=True)
    settings = f"site: {{title: Town, url: https://town.example, language: {lang}}}\n"
    (root / "crosspost.yaml").write_text(settings)
    post = f"---\ntitle: Fête\ndate: 2026-01-01\nevent: {event}\n---\n"
    (root / "content" / "posts" / "a.md").write_text(post, "utf-8")
    return CliRunner().invoke(main, ["-C", str(root), "build"])


def shown(root: Path) -> tuple[str, dict[str, object]]:
    html = (root / "output/2026/01/a/index.html").read_text("utf-8")
    line = re.search(r'<p class="story-event">(.*?)</p>', html, re.DOTALL)
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert line is not None
    assert data is not None
    words = " ".join(re.sub(r"<[^>]+>", "", line[1]).split(" "))
    return " ".join(words.split("\n")).strip(), json.loads(data[1])["about"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("{start: 2026-12-05 14:00, end: 2026-12-05 17:30}", "5 décembre 2026, 14 h – 17 h 30"),
        ("{start: 2026-12-05, end: 2026-12-06}", "5 décembre 2026 – 6 décembre 2026"),
        ("{start: 2026-12-05 14:00, place: Halle}", "5 décembre 2026, 14 h Halle"),
        ('{start: "2026-12-05T23:30:00Z"}', "6 décembre 2026, 0 h 30"),
    ],
)
def test_it_says_when_and_where(tmp_path: Path, event: str, expected: str) -> None:
    result = build(tmp_path, event)
    assert result.exit_code == 0, result.stderr
    words, _ = shown(tmp_path)
    plain = words.replace("\u00a0", " ").replace("\u202f", " ")
    assert " ".join(plain.split()).removeprefix("Rendez-vous : ") == expected


def test_machines_read_it_too(tmp_path: Path) -> None:
    build(tmp_path, "{start: 2026-12-05 14:00, end: 2026-12-05 17:00, place: Quai des Arts}")
    _, about = shown(tmp_path)
    assert about == {
        "@type": "Event",
        "name": "Fête",
        "startDate": "2026-12-05T14:00:00+01:00",
        "endDate": "2026-12-05T17:00:00+01:00",
        "location": {"@type": "Place", "name": "Quai des Arts"},
    }


def test_one_that_ends_before_it_begins_is_refused_at_its_place(tmp_path: Path) -> None:
    result = build(tmp_path, "{start: 2026-12-05, end: 2026-12-04}")
    assert result.exit_code == 1
    assert "content/posts/a.md:4:8: error: event: it ends before it begins." in result.stderr


def test_one_without_a_beginning_is_refused(tmp_path: Path) -> None:
    result = build(tmp_path, "{place: Halle}")
    assert result.exit_code == 1
    assert "'start' is missing" in result.stderr
