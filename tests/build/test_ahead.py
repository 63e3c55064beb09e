"""Reading a site that was never built while the build is loaded: sooner, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from crosspost.build import ahead, reading
from crosspost.build.workers import cores

pytestmark = pytest.mark.skipif(cores() == 1, reason="there is one core, and nobody reads ahead")
POSTS = 80
"""Enough for several processes."""


@pytest.fixture
def site(town, post):
    files = {
        f"content/posts/{number % 7}/q{number}.md": post(
            f"tags: [t{number % 5}]",
            f"Text {number}, [us](../../pages/about.md).",
            title=f"P{number}",
        )
        for number in range(POSTS)
    }
    made = town({**files, "content/pages/about.md": "---\ntitle: About\n---\nOf us.\n"})
    made.settle()
    return made


@pytest.fixture
def taken(monkeypatch) -> list[set[str]]:
    """What each build took of what was read ahead, and got the chance to take."""
    found: list[set[str]] = []
    take = reading._taken

    def told(*given):
        read = take(*given)
        found.append(set(read))
        return read

    monkeypatch.setattr(reading, "_taken", told)
    return found


def alike(site) -> bool:
    """Whether output/ holds what a build from nothing with one process makes."""
    return site.outputs() == site.clean("--jobs", "1")


def test_all_of_a_small_site_is_read_ahead_and_the_rest_of_a_large_one_later(
    site, taken, monkeypatch
):
    assert site.built().read == POSTS + 1
    assert len(taken.pop()) == POSTS + 1
    assert alike(site)
    monkeypatch.setattr(ahead, "_MOST_AT_FIRST", 30)
    (site.root / ".crosspost").rename(site.root / "away")
    assert site.built("--clean").read == POSTS + 1
    assert len(taken.pop()) == 30
    assert alike(site)


def test_so_it_is_as_most_people_type_it(site):
    command = [sys.executable, "-m", "crosspost", "build"]
    said = subprocess.run(
        command, cwd=site.root, capture_output=True, text=True, timeout=120, check=True
    )
    assert said.stderr == ""
    assert alike(site)


def test_what_is_wrong_is_said_as_ever(site):
    site.write({"content/posts/3/q3.md": "---\ntitle: [\n---\n", "content/posts/x.md": "words\n"})
    said = [site.build(*options) for options in ((), ("--jobs", "1"))]
    assert [one.status for one in said] == [1, 1]
    assert said[0].err == said[1].err
    assert all(f"content/posts/{one}.md:" in said[0].err for one in ("3/q3", "x"))


def test_one_process_reads_nothing_ahead(site, taken):
    site.built("--jobs", "1")
    assert taken == []


def test_a_site_of_which_something_is_known_is_not_read_ahead(site, taken):
    site.built()
    site.edit("content/posts/3/q3.md", "Text 3", "Words 3")
    for one in (site.root / ".crosspost/cache").glob("last-*"):
        one.unlink()
    assert site.built().read == 1
    assert taken == [{f"posts/{n % 7}/q{n}.md" for n in range(POSTS)} | {"pages/about.md"}]
    assert alike(site)


@pytest.mark.parametrize("fault", ["killed", "a fault of ours"])
def test_readers_that_are_lost_only_cost_time(site, taken, monkeypatch, fault):
    render = reading.Reader.render
    me = os.getpid()

    def failing(self, record, text):
        if os.getpid() != me and "Text 40," in text and not taken:
            if fault == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError(fault)
        return render(self, record, text)

    monkeypatch.setattr(reading.Reader, "render", failing)
    site.built()
    assert taken == [set()]
    monkeypatch.undo()
    assert alike(site)


def test_what_changes_after_it_was_read_is_read_again(site, taken, monkeypatch):
    read = ahead._read

    def read_and_changed(*given):
        told = read(*given)
        site.edit("content/posts/3/q3.md", "Text 3", "Next 3")  # as long as it was
        return told

    monkeypatch.setattr(ahead, "_read", read_and_changed)
    monkeypatch.setattr(ahead.Ahead, "__init__", _waiting(ahead.Ahead.__init__))
    site.built()
    assert len(taken[0]) == POSTS
    assert "posts/3/q3.md" not in taken[0]
    monkeypatch.undo()
    assert "Next 3" in site.page("2026/11/q3/index.html")
    site.settle()
    assert site.built().written == 0
    assert alike(site)


def test_what_was_saved_a_moment_before_it_was_read_is_read_again(site, taken):
    """It might be saved once more with the same size, within one tick of the clock."""
    place = site.root / "content/posts/3/q3.md"
    soon = time.time_ns() + 3_600_000_000_000
    os.utime(place, ns=(soon + 1, soon + 1))
    site.built()
    assert len(taken[0]) == POSTS
    assert "posts/3/q3.md" not in taken[0]
    assert alike(site)


def test_settings_that_change_meanwhile_leave_nothing_to_take(site, taken, monkeypatch):
    """Bodies of another language are other ones."""
    read = ahead._read

    def read_otherwise(*given):
        site.edit("crosspost.yaml", "theme: small", "theme: small\nmarkdown: {flavour: gfm}")
        told = read(*given)
        site.edit("crosspost.yaml", "\nmarkdown: {flavour: gfm}", "")
        return told

    monkeypatch.setattr(ahead, "_read", read_otherwise)
    monkeypatch.setattr(ahead.Ahead, "__init__", _waiting(ahead.Ahead.__init__))
    site.built()
    assert taken == [set()]
    assert alike(site)


def _waiting(begin):
    """Begin to read ahead, and wait until that is done, as if all else were loaded very slowly."""

    def begun(self, *given):
        begin(self, *given)
        self.result()

    return begun
