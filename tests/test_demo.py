"""`make demo`: the first thing that a newcomer runs."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clone(tmp_path):
    """The example site and the demo, copied: nothing that was built or said before."""
    for name in ("content", "themes", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "crosspost.yaml", tmp_path)
    return tmp_path


def demo(clone):
    done = subprocess.run(
        [sys.executable, "tools/demo.py"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_it_says_everything_once_even_where_its_port_is_busy(clone):
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 8737))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        first = demo(clone)
    addresses = [line.split()[0] for line in first.splitlines() if "/@valbourg/" in line]
    assert len(addresses) >= 5
    assert f"Mastodon     {len(addresses)} statuses" in first
    assert f"{len(addresses)} to create" in first
    second = demo(clone)
    assert "0 to create, 0 to edit, 0 to delete, 0 to adopt" in second
    assert [line.split()[0] for line in second.splitlines() if "/@valbourg/" in line] == addresses
    for name in ("index.html", "rss.xml", "atom.xml", "feed.json"):
        assert (clone / "output" / name).exists()
    assert not (clone / "ledger").exists()
