"""Signatures: every change changes one, and a file of this very moment has none yet."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from crosspost.build.signatures import TICK, settled, signature


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "post.md"
    path.write_text("a post")
    time.sleep(0.03)
    return path


def test_a_file_that_is_left_alone_keeps_its_signature(file: Path) -> None:
    before = signature(file.stat())
    file.read_text()
    assert signature(file.stat()) == before


@pytest.mark.parametrize("how", ["longer", "same size", "old time", "replaced", "other rights"])
def test_every_change_changes_it(file: Path, how: str) -> None:
    stat = file.stat()
    if how == "longer":
        file.write_text("a longer post")
    elif how == "same size":
        file.write_text("b post")
    elif how == "old time":
        file.write_text("b post")
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert file.stat().st_mtime_ns == stat.st_mtime_ns
    elif how == "replaced":
        other = file.with_name("other")
        other.write_text("b post")
        other.replace(file)
    else:
        file.chmod(0o600)
    assert signature(file.stat()) != signature(stat)


def test_a_file_is_settled_once_a_tick_has_gone_by(file: Path) -> None:
    os.utime(file, ns=(1_000_000_001, 1_000_000_001))
    found = signature(file.stat())
    moment = file.stat().st_ctime_ns  # the later of the two: a time that was put back counts not
    assert not settled(found, moment)
    assert not settled(found, moment + TICK)
    assert settled(found, moment + TICK + 1)
    assert not settled(found, moment - 10**12), "a clock that was put back"


def test_a_disk_that_writes_whole_seconds_takes_longer(file: Path) -> None:
    os.utime(file, ns=(5_000_000_000, 5_000_000_000))
    found, moment = signature(file.stat()), file.stat().st_ctime_ns
    assert not settled(found, moment + TICK + 1)
    assert not settled(found, moment + 2_000_000_000)
    assert settled(found, moment + 2_000_000_001)


def test_a_file_of_the_future_is_never_settled(file: Path) -> None:
    later = time.time_ns() + 10**15
    os.utime(file, ns=(later, later))
    assert not settled(signature(file.stat()), time.time_ns())
