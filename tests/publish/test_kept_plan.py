"""A plan has no history: whatever was kept of earlier ones, it says what one from nothing says."""

from __future__ import annotations

import json
import shutil
import time
from datetime import timedelta

from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, Town
from crosspost.build import register
from crosspost.cli import main
from crosspost.errors import SiteError
from crosspost.publish.report import plan_as_json
from crosspost.publish.rows import Event, EventKind, Key
from crosspost.publish.run import plan_site
from crosspost.settings_file import load_settings
from crosspost.site.loading import load_index

SOAK = settings().max_examples > 100
NAMES = ("a", "b", "c", "d")
ACCOUNTS = {
    "ville": ("@ville@sandbox.example", ""),
    "sport": ("@sport@sandbox.example", "    only: {categories: [sport]}\n"),
    "eau": ("@eau@sandbox.example", "    except: {tags: [feu], languages: [en]}\n"),
}
SETTINGS = (
    "",
    "publish: {window: 3 days, max_edit_age: 5 days}",
    "publish: {delete: keep, first_run: publish}",
    "tags: {eau: {label: Eaux}}",
    "categories: {sport: {label: Sport}}",
    "redirects: {moved: {/vieux/: /2026/11/a/}}",
)
FRONTS = (
    {},
    {"title": "Autre", "category": "sport", "tags": ["eau"]},
    {"tags": ["feu"], "lang": "en"},
    {"draft": True},
    {"gone": True},
    {"expires": "2026-11-25 12:00"},
    {"image": {"src": "p.png", "alt": "Une place"}},
    {"image": {"src": "absent.png", "alt": "Rien"}},
    {"image": {"src": "a", "alt": "Un article"}},
    {"channels": {"ville": {"text": ["un", "deux"]}}},
    {"channels": {"ville": False, "autre": True}},
    {"channels": {"sport": {"text": "Du sport", "visibility": "unlisted"}}},
    {"uid": "b"},
    {"uid": None},
    {"aliases": ["/vieux/"]},
    {"summary": None},
    {"nonsense": 1},
)
DATA = ({}, {"remote_id": "1", "hash": "h", "payload": {"text": "é"}}, {"remote_id": "2"})
POST = st.tuples(
    st.just("post"),
    st.sampled_from(NAMES),
    st.sampled_from(FRONTS),
    st.sampled_from([-2, 1, 4, 20, 40]),
)
EVENT = st.tuples(
    st.just("event"),
    st.sampled_from([*ACCOUNTS, "ancien"]),
    st.sampled_from([*NAMES, "e"]),
    st.sampled_from([EventKind.SENT, EventKind.SENT, EventKind.ADOPTED, *EventKind]),
    st.sampled_from(DATA),
    st.sampled_from([0, 2, 10, 40]),
    st.sampled_from([1, 1, 1, 2]),
)
STEPS = st.one_of(
    POST,
    EVENT,
    POST,
    EVENT,
    st.tuples(st.just("remove"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("picture"), st.integers(0, 2)),
    st.tuples(st.just("settings"), st.sampled_from(SETTINGS)),
    st.tuples(st.just("later"), st.sampled_from([0.01, 1, 4, 15, 35, -3])),
    st.tuples(
        st.sampled_from(["lose", "cut", "roll back", "keep aside"]),
        st.sampled_from(["register", "ledger", "ledger-quiet", "records", ""]),
    ),
    st.tuples(st.just("build")),
)


BEGINNING = (
    ("post", "a", {"category": "sport", "tags": ["eau"]}, 1),
    ("post", "b", {"tags": ["feu"]}, 20),
    ("post", "c", {"image": {"src": "p.png", "alt": "Une place"}}, 4),
    ("post", "d", {"expires": "2026-11-25 12:00"}, 40),
    ("event", "ville", "b", EventKind.SENT, DATA[1], 20, 1),
    ("event", "ville", "d", EventKind.SENT, DATA[1], 40, 1),
    ("event", "ville", "c", EventKind.SENT, DATA[1], 4, 1),
    ("event", "eau", "d", EventKind.ADOPTED, DATA[0], 2, 1),
    ("event", "ville", "e", EventKind.SENT, DATA[1], 40, 1),
)
"""What a town is like whose plan has actions of all kinds."""


class Life:
    """A town to which things happen, and the plans of it."""

    def __init__(self, root, aside):
        self.town, self._aside, self._sequence = Town(root), aside, 0
        self.town.channels = {
            name: f"type: mastodon\n    account: '{account}'\n    token: ${{TOKEN}}\n{more}"
            for name, (account, more) in ACCOUNTS.items()
        }
        self.town.picture("p.png")
        self.moment = NOW

    def step(self, kind, *how):
        town, posts = self.town, self.town.root / "content/posts"
        cache = town.root / ".crosspost/cache"
        if kind == "post":
            name, front, age = how
            town.post(name, **{"age": age, **front})
        elif kind == "remove":
            (posts / f"{how[0]}.md").unlink(missing_ok=True)
        elif kind == "rename" and (posts / f"{how[0]}.md").exists():
            (posts / f"{how[0]}.md").replace(posts / f"{how[1]}-2.md")
        elif kind == "picture":
            town.picture("p.png", None if how[0] else b"no picture")
        elif kind == "settings":
            town.settings = how[0]
        elif kind == "later":
            self.moment += timedelta(days=how[0])
        elif kind == "event":
            self.happened(*how)
        elif kind == "build":
            CliRunner().invoke(main, ["-C", str(town.root), "build"])
        elif cache.exists():
            self.meddle(kind, cache, how[0])

    def happened(self, channel, uid, kind, data, age, part):
        self._sequence += 1
        account = ACCOUNTS.get(channel, ACCOUNTS["ville"])[0]
        key, at = Key(channel, account, uid, part), NOW - timedelta(days=age)
        line = Event(kind, key, at, self._sequence, data=data).to_line()
        path = self.town.root / "ledger" / channel / f"{at:%Y-%m}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def meddle(self, kind, cache, name):
        if kind == "keep aside":
            shutil.rmtree(self._aside, ignore_errors=True)
            shutil.copytree(cache, self._aside)
            return
        for path in [*cache.glob(name or "*")]:
            old = self._aside / path.name
            if kind == "lose":
                path.unlink()
            elif kind == "cut":
                path.write_bytes(path.read_bytes()[:-7])
            elif old.exists():
                shutil.copy(old, path)

    def plans(self):
        """What is said in each form, and how it ends."""
        now = self.moment.isoformat()
        for options in (["--format", "json"], [], ["--format", "markdown"]):
            command = ["-C", str(self.town.root), "plan", "--now", now, *options]
            done = CliRunner().invoke(main, command)
            assert done.exit_code in (0, 1, 4), done.output
            yield done.exit_code, done.output

    def index_plan(self):
        """What a plan says that is made from an index, which knows no register."""
        index, problems = load_index(load_settings(self.town.root), self.moment)
        if any(one.severity == "error" for one in problems):
            raise SiteError(problems)
        return json.dumps(plan_as_json(plan_site(index)), ensure_ascii=False, indent=1)


@settings(max_examples=150 if SOAK else 8)
@given(
    steps=st.lists(STEPS, min_size=4, max_size=9),
    few=st.sampled_from([0, 24]),
    load=st.sampled_from([0, 60]),
)
def test_what_was_kept_changes_nothing_of_a_plan(tmp_path_factory, steps, few, load):
    top = tmp_path_factory.mktemp("life")
    (top / "town/.crosspost").mkdir(parents=True)
    life = Life(top / "town", top / "aside")
    cache, hidden = top / "town/.crosspost/cache", top / "hidden"
    limits = register._FEW, register._WORTH_LOADING
    register._FEW, register._WORTH_LOADING = few, load
    try:
        for step in BEGINNING:
            life.step(*step)
        for step in steps:
            life.step(*step)
            life.town.write_settings()
            time.sleep(0.025)  # so that what was written last has a signature
            kept = [*life.plans()]
            cache.replace(hidden) if cache.exists() else hidden.mkdir()
            assert [*life.plans()] == kept
            if kept[0][0] == 0:
                assert life.index_plan() == kept[0][1].rstrip("\n")
            shutil.rmtree(cache, ignore_errors=True)
            hidden.replace(cache)
    finally:
        register._FEW, register._WORTH_LOADING = limits
