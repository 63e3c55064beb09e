"""What a newcomer types first says what it needs, and lists what it can do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is missing")


def make(*arguments):
    # These tests may themselves be run by make, which tells those below it so.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_alone_it_lists_every_target():
    listed = set(re.findall(r"^  make ([a-z-]+)", make().stdout, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    internal = {"check", "browser-tools"}
    assert listed == set(phony.split()) - internal


def test_an_old_python_is_told_so(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.1" || exit 1\n', encoding="utf-8")
    old.chmod(0o755)
    done = make("venv", f"PYTHON={old}", f"VENV={tmp_path}/env")
    assert done.returncode != 0
    assert "crosspost needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.1" in done.stderr
    assert not (tmp_path / "env").exists()


def test_no_python_at_all_is_told_so(tmp_path):
    done = make("venv", "PYTHON=python-that-is-not-there", f"VENV={tmp_path}/env")
    assert done.returncode != 0
    assert "python-that-is-not-there was not found" in done.stderr


def test_ci_runs_the_whole_suite():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.search(r"^make --keep-going test ", script, re.MULTILINE)
    assert "test: check" in MAKEFILE
    assert "check: lint types tests" in MAKEFILE
    assert (ROOT / ".ci/run").stat().st_mode & 0o100


def bounded(seconds, program):
    command = [sys.executable, str(ROOT / "tools/bounded.py"), seconds, sys.executable, "-c"]
    return subprocess.run([*command, program], capture_output=True, text=True, check=False)


def test_a_soak_ends_by_itself_and_reports_what_failed_before():
    ended = bounded("0.5", "import time; time.sleep(600)")
    assert ended.returncode == 0
    assert "with no failure so far" in ended.stderr
    assert bounded("60", "raise SystemExit(7)").returncode == 7
