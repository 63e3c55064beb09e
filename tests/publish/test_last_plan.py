"""A plan that would say what the last one said: told apart before anything is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosspost.cli import main
from crosspost.publish.last import receipt_file, said_again

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEAVY = {"yaml", "msgspec", "markdown", "jinja2", "mastodon", "requests", "PIL", "pygments"}
PROGRAM = """
import sys
from crosspost.cli import main
main(["-C", sys.argv[1], "plan"], standalone_mode=False)
print(" ".join(sorted(sys.modules)))
"""


class Site:
    """The town, planned through the command line at a moment."""

    def __init__(self, town, monkeypatch):
        self.town = town
        self._patch = monkeypatch
        self.at(NOON)

    def at(self, moment: datetime) -> None:
        self.now = moment
        self._patch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    def plan(self, *options: str) -> str:
        time.sleep(0.03)  # so that what was written last has a signature
        done = CliRunner().invoke(main, ["-C", str(self.town.root), "plan", *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    def again(self, style: str = "text") -> str | None:
        file = receipt_file(self.town.root, (), None, style, False)
        return said_again(file, self.town.root, self.now.timestamp())[0]


@pytest.fixture
def site(town, monkeypatch) -> Site:
    """A town whose only post of late was said before crosspost."""
    town.write_settings()
    town.post("a", age=3)
    town.post("soon", age=-5)
    town.picture("b.png")
    record(town.root, "a", 1)
    made = Site(town, monkeypatch)
    assert "skip    1: before crosspost" in made.plan()
    assert made.again() is not None
    return made


def record(root: Path, uid: str, sequence: int) -> None:
    event = {
        "event": "adopted",
        "channel": "mastodon",
        "account": "@valbourg@sandbox.example",
        "uid": uid,
        "at": "2026-11-22T10:00:00Z",
        "sequence": sequence,
    }
    path = root / "ledger/mastodon/2026-11.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(event) + "\n")


def test_it_says_the_same_without_loading_anything(site) -> None:
    said = site.plan()
    assert site.again() == said.rstrip("\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, site.town.root], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(said)
    assert HEAVY & {*done.stdout.splitlines()[-1].split()} == set()
    assert site.again("json") is None
    assert json.loads(site.plan("--format", "json")) == json.loads(site.again("json"))


CHANGES = {
    "a post": lambda town: town.post("a", age=3, title="Autre"),
    "a new post": lambda town: town.post("n", age=20),
    "a picture": lambda town: town.picture("b.png", b"other"),
    "an event": lambda town: record(town.root, "b", 2),
    "the settings": lambda town: setattr(town, "settings", "tags: {a: A}") or town.write_settings(),
    "limits": lambda town: (
        (town.root / ".crosspost/limits").mkdir(parents=True),
        (town.root / ".crosspost/limits/mastodon.json").write_text("{}"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_it_is_made_from_makes_it_anew(site, change) -> None:
    CHANGES[change](site.town)
    assert site.again() is None
    said = site.plan()
    assert site.again() == said.rstrip("\n")


def test_time_makes_it_anew_when_something_appears_or_leaves_the_window(site) -> None:
    site.at(NOON + timedelta(days=4, hours=23))
    assert site.again() is not None
    site.at(NOON + timedelta(days=5))
    assert site.again() is None
    assert "create  content/posts/soon.md" in site.plan()
    assert site.again() is None, "a plan that would do something is made anew each time"
    site.at(NOON - timedelta(seconds=1))
    assert site.again() is None


def test_an_unsettled_or_mistaken_plan_is_not_kept(site, town) -> None:
    town.post("long", age=1, channels={"mastodon": {"text": "a" * 501}})
    time.sleep(0.03)
    done = CliRunner().invoke(main, ["-C", str(town.root), "plan"])
    assert done.exit_code == 1
    assert site.again() is None


def test_other_options_have_another_receipt(site) -> None:
    assert site.plan("--channel", "mastodon") == site.plan()
    file = receipt_file(site.town.root, ("mastodon",), None, "text", False)
    assert said_again(file, site.town.root, NOON.timestamp())[0] is not None
    assert site.plan("--now", "2026-12-25") != site.plan()
