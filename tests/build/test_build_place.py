"""Where a build may write."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from crosspost.cli import main


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "content" / "posts").mkdir(parents=True)
    (root / "crosspost.yaml").write_text("site: {title: Town, url: https://town.example}\n")
    return root


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("output", ["site", ".", "site/content/public", "site/themes"])
def test_output_is_never_among_the_sources(site: Path, output: str) -> None:
    before = tree(site.parent)
    arguments = ["-C", str(site), "build", "--output", str(site.parent / output)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Name a folder of its own" in result.stderr
    assert tree(site.parent) == before


def test_output_may_be_anywhere_else(site: Path) -> None:
    output = site.parent / "public"
    result = CliRunner().invoke(main, ["-C", str(site), "build", "--output", str(output)])
    assert result.exit_code == 0, result.output
    assert (output / "index.html").is_file()


def test_two_documents_with_one_alias_are_both_named(site: Path) -> None:
    for name in ("a", "b"):
        text = f"---\ntitle: {name}\ndate: 2026-01-01\naliases: [/old/]\n---\n"
        (site / "content" / "posts" / f"{name}.md").write_text(text)
    result = CliRunner().invoke(main, ["-C", str(site), "build"])
    assert result.exit_code == 1
    assert "content/posts/b.md:4:1" in result.stderr
    assert "the alias /old/ is an alias of content/posts/a.md too" in result.stderr


def test_a_file_name_that_cannot_be_an_address_is_a_problem(site: Path) -> None:
    (site / "content" / "bell\a.txt").write_text("x")
    result = CliRunner().invoke(main, ["-C", str(site), "build"])
    assert result.exit_code == 1
    assert "its name is not UTF-8 or holds a control character" in result.stderr
