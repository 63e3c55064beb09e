"""The name of what is installed: it changes with whatever has a part in what is made."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crosspost.build import environment as module
from crosspost.build.environment import environment

SOURCE = Path(module.__file__).resolve().parents[1]


def test_it_is_the_same_each_time_and_holds_no_path() -> None:
    name = environment("Europe/Paris")
    assert environment("Europe/Paris") == name
    assert re.fullmatch("[0-9a-f]{24}", name)


def test_it_changes_with_the_rules_of_the_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    (tmp_path / "Europe").mkdir()
    names = []
    for rules in (b"summer time", b"no summer time"):
        (tmp_path / "Europe/Paris").write_bytes(rules)
        names.append(environment("Europe/Paris"))
    names.append(environment("Europe/Nowhere"))
    assert len(set(names)) == 3


def test_two_zones_have_two_names() -> None:
    import zoneinfo

    if not any(Path(folder, "Europe/Paris").is_file() for folder in zoneinfo.TZPATH):
        pytest.skip("this machine has its time zones elsewhere")
    assert environment("Europe/Paris") != environment("Pacific/Auckland")


@pytest.mark.parametrize("found", ["markdown-99.0.dist-info", "Jinja2-0.1.egg-info"])
def test_it_changes_with_a_library_that_has_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    before = environment("UTC")
    monkeypatch.syspath_prepend(tmp_path)
    assert environment("UTC") == before
    (tmp_path / found).mkdir()
    assert environment("UTC") != before


def test_a_library_that_has_none_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment("UTC")
    (tmp_path / "pytest-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "missing")
    assert environment("UTC") == before


def test_it_changes_with_our_own_code_and_not_with_its_place(tmp_path: Path) -> None:
    def name_in(folder: Path) -> str:
        program = "from crosspost.build.environment import environment; print(environment('UTC'))"
        ended = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
        )
        return ended.stdout.strip()

    ours = tmp_path / "one/crosspost"
    shutil.copytree(SOURCE, ours, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ours, tmp_path / "two/crosspost")
    before = name_in(tmp_path / "one")
    assert name_in(tmp_path / "two") == before
    module_file = ours / "content/typography.py"
    module_file.write_text(module_file.read_text() + "\n# another rule\n")
    assert name_in(tmp_path / "one") != before
    module_file.rename(module_file.with_name("letters.py"))
    assert name_in(tmp_path / "one") not in (before, name_in(tmp_path / "two"))


def test_every_library_that_is_imported_has_a_part_or_is_known_to_have_none() -> None:
    """A new dependency that helps to make pages has to be added to the list."""
    without = {"click", "graphemeu", "mastodon_py", "python_multipart", "starlette", "uvicorn"}
    without |= {"markdownify", "rich", "watchfiles"}
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = (re.split(r"[<>=~!;\[ ]", one)[0] for one in project["project"]["dependencies"])
    names = {re.sub(r"[-.]+", "_", name).lower() for name in wanted}
    assert names - without == names & module._LIBRARIES
    assert without <= names, "these are no dependencies any more"
