"""Posts without a uid that were renamed: what is asked about, and how a person settles it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crosspost.channels.compose import Voice
from crosspost.cli import main
from crosspost.publish.ledger import Ledger
from crosspost.publish.likeness import Words
from crosspost.publish.outcome import Status
from crosspost.publish.plan import Target
from crosspost.publish.posts import posts_of
from crosspost.publish.rows import EventKind, State
from crosspost.publish.rules import make_plan
from crosspost.publish.run import now_utc, publish_site

SETTINGS = "publish: {wait_until_live: false}"
CASES = (Path(__file__).parent / "fixtures/renames.txt").read_text(encoding="utf-8")
texts = st.text("abcdeéÈ ’-1#/:\n", max_size=60)


def read_cases():
    for block in CASES.split("\n\n", 1)[1].strip().split("\n\n"):
        name, _, rest = block.partition("\n.\n")
        was, now, verdict = rest.removesuffix("\n.").split("\n.\n")
        yield pytest.param(was, now, verdict, id=name)


def split(text):
    title, _, words = text.rpartition("\n")
    return title.removeprefix("= ") or words, words


@pytest.fixture
def say(town, server):
    """Publish the town's posts, and return what became of each file."""
    town.settings = SETTINGS
    town.instance = server.url

    def run():
        environment = {"TOWN_TOKEN": server.token}
        outcome = publish_site(town.index(), environment=environment, settle_seconds=0)
        return {one.action.path: (one.status, one.words) for one in outcome.results}

    return run


def renamed(path, name, old="", new=""):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.unlink()
    path.with_name(f"{name}.md").write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("was", "now", "verdict"), list(read_cases()))
def test_what_is_asked_about_and_what_is_not(town, was, now, verdict):
    target = Target(Voice("mastodon", "@valbourg@sandbox.example"), "mastodon")

    def plan(ledger):
        site = town.index()
        settings = site.settings.publish
        return make_plan(posts_of(site), ledger.rows, [target], settings, site.now).actions

    for number, (first, second) in enumerate(((was, now), (now, was))):  # whichever came first
        ledger = Ledger(town.root / f"ledger{number}", lambda: town.now)
        title, words = split(first)
        old = town.post("old", uid=None, title=title, summary=words)
        (action,) = plan(ledger)
        message = action.message
        ledger.append(EventKind.CLAIMED, action.key, title=message.title)
        payload = message.payload()
        ledger.append(EventKind.SENT, action.key, remote_id="1", hash="h", payload=payload)
        old.unlink()
        title, words = split(second)
        new = town.post("new", uid=None, title=title, summary=words)
        kinds = {one.key.uid: str(one.kind) for one in plan(ledger)}
        expected = {"ask": "blocked", "new": "create"}[verdict]
        assert kinds == {"posts/new": expected, "posts/old": "skip"}
        new.unlink()


@given(texts, texts)
def test_likeness_goes_both_ways_and_a_text_is_like_itself(one: str, other: str) -> None:
    first, second = Words.of(one), Words.of(other)
    assert first.likeness(second) == second.likeness(first)
    assert 0 <= first.likeness(second) <= 1
    assert first.likeness(first) == (1 if first.words else 0)


def test_a_renamed_and_reworded_post_is_asked_about_and_the_others_are_said(town, server, say):
    words = "La piscine rouvre lundi après trois mois de travaux."
    path = town.post("piscine", uid=None, summary=words)
    assert say()["content/posts/piscine.md"][0] == Status.CREATED
    renamed(path, "la-piscine-rouvre", "lundi après trois", "mardi, après quatre")
    town.post("sapin", uid=None, summary="Le sapin arrive samedi sur la place.")
    found = say()
    status, why = found["content/posts/la-piscine-rouvre.md"]
    assert status == Status.BLOCKED
    assert "content/posts/la-piscine-rouvre.md may be content/posts/piscine.md" in why
    assert "write uid: posts/piscine into it" in why
    assert "crosspost ledger mark posts/la-piscine-rouvre new --channel mastodon" in why
    assert found["content/posts/sapin.md"][0] == Status.CREATED
    assert len(server.statuses()) == 2
    # It is the same post: its message is edited.
    path = town.root / "content/posts/la-piscine-rouvre.md"
    renamed(path, "la-piscine-rouvre", "---\n", "---\nuid: posts/piscine\n")
    assert say()["content/posts/la-piscine-rouvre.md"][0] == Status.EDITED
    first, _ = server.statuses()
    assert server.source(first["id"]).startswith("La piscine rouvre mardi, après quatre mois")


def test_a_post_that_only_looks_renamed_is_said_once_a_person_says_that_it_is_new(
    town, server, say, monkeypatch
):
    """Last week's notice is taken out of the site, and this week's differs by a date."""
    path = town.post("marche-14", uid=None, summary="Le marché de samedi 14 est annulé : tempête.")
    say()
    renamed(path, "marche-21", "14", "21")
    assert say()["content/posts/marche-21.md"][0] == Status.BLOCKED
    monkeypatch.setenv("TOWN_TOKEN", server.token)
    mark = ["-C", str(town.root), "ledger", "mark", "posts/marche-21", "new"]
    done = CliRunner().invoke(main, mark, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert say()["content/posts/marche-21.md"][0] == Status.CREATED
    assert len(server.statuses()) == 2
    done = CliRunner().invoke(main, mark, catch_exceptions=False)
    assert done.exit_code == 2
    assert "posts/marche-21 is sent: only what was never tried can be new" in done.output


def test_each_that_may_be_the_renamed_one_is_asked_about_until_one_of_them_is_it(town, server, say):
    path = town.post("a", uid=None, summary="Le pont de la Gare est fermé jusqu'à vendredi.")
    say()
    renamed(path, "b", "vendredi", "samedi")
    town.post("c", uid=None, summary="Le pont de la Gare est fermé jusqu'à dimanche.")
    found = say()
    assert found["content/posts/b.md"][0] == found["content/posts/c.md"][0] == Status.BLOCKED
    path = town.root / "content/posts/b.md"
    renamed(path, "b", "---\n", "---\nuid: posts/a\n")
    found = say()
    assert found["content/posts/b.md"][0] == Status.EDITED
    assert found["content/posts/c.md"][0] == Status.CREATED


def test_a_post_that_is_renamed_while_nobody_knows_if_it_was_said_is_not_said_again(
    town, server, say
):
    path = town.post("a", uid=None, title="Vigilance orange", summary="Reportez vos trajets.")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    assert say()["content/posts/a.md"][0] == Status.UNKNOWN
    renamed(path, "b", "Reportez vos trajets.", "Restez chez vous.")
    found = say()
    assert found["content/posts/b.md"][0] == Status.BLOCKED
    assert "which was said (perhaps)" in found["content/posts/b.md"][1]
    path = town.root / "content/posts/b.md"
    renamed(path, "b", "---\n", "---\nuid: posts/a\n")
    say()
    say()
    (status,) = server.statuses()
    assert server.source(status["id"]).startswith("Restez chez vous.")


def test_two_branches_that_keep_the_title_of_a_claim_fold_into_one_row(town):
    ledger = Ledger(town.root / "ledger", lambda: town.now)
    town.post("a")
    target = Target(Voice("mastodon", "@valbourg@sandbox.example"), "mastodon")
    site = town.index()
    (action,) = make_plan(posts_of(site), {}, [target], site.settings.publish, site.now).actions
    ledger.append(EventKind.CLAIMED, action.key, title="Avant")
    ledger.append(EventKind.SENT, action.key, remote_id="1", hash="h")
    ledger.append(EventKind.CLAIMED, action.key, action="edit", title="Après")
    row = Ledger(town.root / "ledger", now_utc).row(action.key)
    assert (row.title, row.state) == ("Après", State.SENT)
