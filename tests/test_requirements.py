"""The pinned files agree with pyproject.toml and with each other, and name no index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
RUNTIME = PROJECT["project"]["dependencies"]
DECLARED = {
    "runtime": RUNTIME,
    "build": GROUPS["build"],
    "dev": [*RUNTIME, *GROUPS["build"], *GROUPS["test"], *GROUPS["lint"]],
}
LINE = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; [^\\]+)? \\$", re.MULTILINE)


def text(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pinned(name):
    return {canonicalize_name(package): version for package, version in LINE.findall(text(name))}


@pytest.mark.parametrize("name", DECLARED)
def test_what_the_project_declares_is_pinned_within_its_range(name):
    found = pinned(name)
    for line in DECLARED[name]:
        wanted = Requirement(line)
        version = found.get(canonicalize_name(wanted.name))
        assert version is not None, f"{line}: run make requirements"
        assert wanted.specifier.contains(version), f"{line}: run make requirements"


@pytest.mark.parametrize("name", DECLARED)
def test_every_pin_has_its_hashes_and_no_address(name):
    found = text(name)
    entries = re.split(r"\n(?=[a-z0-9])", found)[1:]
    assert len(entries) == len(LINE.findall(found))  # some are pinned per Python
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in found
    assert "--index" not in found
    assert "--find-links" not in found


def test_the_files_agree():
    every = pinned("dev")
    for name in ("runtime", "build"):
        assert pinned(name).items() <= every.items()
