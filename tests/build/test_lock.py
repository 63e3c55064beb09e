"""One build of a site at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from crosspost.build import lock
from crosspost.build.lock import build_lock
from crosspost.errors import BlockedError

pytest.importorskip("fcntl", reason="this system knows no such lock")
WAITING = "Another build of this site is running: waiting for it to end."
HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Start a process that holds the lock of a site until it is told to let go."""
    started: list[subprocess.Popen[str]] = []

    def hold(path: Path) -> subprocess.Popen[str]:
        path.parent.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_build_waits_says_so_and_ends_well(town, post, holder) -> None:
    site = town({"content/posts/fair.md": post()})
    process = holder(site.root / ".crosspost/build.lock")
    build = subprocess.Popen(
        [sys.executable, "-m", "crosspost", "-C", str(site.root), "build", "--now", "2026-11-23"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert build.stderr is not None
        assert build.stderr.readline() == f"{WAITING}\n"
        assert build.poll() is None
        assert not (site.root / "output/index.html").exists()
        process.communicate()
        out, err = build.communicate(timeout=120)
    finally:
        build.kill()
        build.wait()
    assert (build.returncode, err) == (0, "")
    assert out.startswith("1 post")
    assert (site.root / "output/index.html").is_file()


def test_the_lock_of_a_holder_that_was_killed_is_free(tmp_path: Path, holder) -> None:
    process = holder(tmp_path / "build.lock")
    process.kill()
    process.wait()
    said: list[str] = []
    with build_lock(tmp_path / "build.lock", said.append):
        pass
    assert said == []


def test_it_is_said_once_however_long_it_takes(tmp_path: Path, holder) -> None:
    process = holder(tmp_path / "build.lock")
    said: list[str] = []
    told = threading.Event()

    def tell(text: str) -> None:
        said.append(text)
        told.set()

    def release() -> None:
        told.wait(60)
        process.communicate()

    thread = threading.Thread(target=release)
    thread.start()
    with build_lock(tmp_path / "build.lock", tell):
        assert process.poll() is not None
    thread.join()
    assert said == [WAITING]


def test_patience_ends(tmp_path: Path, holder, monkeypatch: pytest.MonkeyPatch) -> None:
    holder(tmp_path / "build.lock")
    monkeypatch.setattr(lock, "_PATIENCE", 0.1)
    with (
        pytest.raises(BlockedError, match="has been running for"),
        build_lock(tmp_path / "build.lock", lambda _: None),
    ):
        pytest.fail("the lock is held by another process")


def test_it_is_let_go_whatever_happens_inside(tmp_path: Path) -> None:
    path = tmp_path / "build.lock"
    with pytest.raises(KeyError), build_lock(path, print):
        raise KeyError
    said: list[str] = []
    with build_lock(path, said.append):
        pass
    assert said == []


@pytest.mark.parametrize("place", ["missing/build.lock", "file/build.lock", "folder"])
def test_without_a_place_nothing_is_held_and_work_goes_on(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0  # noqa: PTH208
    with build_lock(tmp_path / place, pytest.fail):
        pass
    after = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0  # noqa: PTH208
    assert after == before


def test_two_builds_at_once_leave_a_whole_site(town, post) -> None:
    files = {f"content/posts/p{n}.md": post(title=f"P{n}", date="2026-10-01") for n in range(9)}
    site = town(files)
    arguments = [sys.executable, "-m", "crosspost", "-C", str(site.root), "build"]
    arguments += ["--now", "2026-11-23 12:00", "--jobs", "2"]
    builds = [
        subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE) for _ in "ab"
    ]
    for build in builds:
        _, err = build.communicate(timeout=120)
        assert build.returncode == 0, err
    assert site.outputs() == site.clean()
