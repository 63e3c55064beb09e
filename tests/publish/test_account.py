"""What is asked of the account itself: who it is, what drifted, what is there, what was lost."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.channels.base import GoneError
from crosspost.publish.accounts import Place, choose, connect, target_of
from crosspost.publish.ledger import Ledger
from crosspost.publish.outcome import Status
from crosspost.publish.posts import posts_of
from crosspost.publish.rebuild import adopt_all, matches
from crosspost.publish.report import result_as_line
from crosspost.publish.rows import EventKind, State
from crosspost.publish.run import now_utc, plan_site, publish_site
from crosspost.publish.verify import Finding, verify

PROFILES = ["mastodon-4.6", "gotosocial", "hollo"]


@pytest.fixture
def say(town):
    def run(server, **options):
        town.instance = server.url
        if "wait_until_live" not in town.settings:
            town.settings += "\npublish: {wait_until_live: false}"
        environment = {"TOWN_TOKEN": options.pop("token", server.token)}
        outcome = publish_site(town.index(), environment=environment, settle_seconds=0, **options)
        return [result.status for result in outcome.results], outcome

    return run


def account(town, server):
    """Return the town's account, opened and checked, and its ledger."""
    town.instance = server.url
    place = Place.of(town.root, None)
    (channel,) = choose(town.index().settings, None, None)
    environment = {"TOWN_TOKEN": server.token}
    opened, target = connect(
        channel, target_of(channel, place), place, None, environment, now_utc()
    )
    return opened, target, Ledger(place.ledger, now_utc)


def reworded(server, status, text):
    server.call("PUT", f"/api/v1/statuses/{status['id']}", {"status": text})


# Clocks and scopes


def test_a_clock_that_is_far_off_stops_the_account_and_one_a_little_off_is_said(town, server, say):
    town.post("a")
    server.call("POST", "/sandbox/clock", {"advance": 130})
    _, outcome = say(server)
    assert outcome.exit_status == 0
    assert "clock is 2 minutes behind the server's" in str(outcome.plan.warnings[0])
    server.call("POST", "/sandbox/clock", {"advance": 300})
    town.post("b")
    statuses, outcome = say(server)
    assert outcome.exit_status == 4
    assert "clock is 7 minutes behind" in outcome.plan.targets[0].blocked
    assert Status.CREATED not in statuses
    rehearsed = publish_site(town.index(), sandbox=server.sandbox.info)
    assert rehearsed.exit_status == 0  # a rehearsal's clock is anybody's


def test_what_the_token_may_not_do_is_said_before_anything_is_sent(town, server, say):
    town.post("a")
    statuses, outcome = say(server, token=server.sandbox.issue_token("profile read:statuses"))
    assert statuses == [Status.BLOCKED]
    assert "the token may not post" in outcome.plan.targets[0].blocked
    token = server.sandbox.issue_token("profile write:statuses")
    statuses, outcome = say(server, token=token)
    assert statuses == [Status.CREATED]
    words = " ".join(map(str, outcome.plan.warnings))
    assert "no write:media: posts with pictures will be refused" in words
    assert "no read:statuses: the account cannot be searched" in words
    _, outcome = say(server)
    assert outcome.plan.warnings == ()


# Drift


@pytest.mark.parametrize("profile", PROFILES)
def test_words_changed_by_hand_are_kept_until_a_person_says_otherwise(
    town, make_server, say, profile
):
    server = make_server(profile=profile)
    town.post("a")
    say(server)
    (status,) = server.statuses()
    reworded(server, status, "Corrigé à la main.")
    town.post("a", summary="Un autre résumé.")
    statuses, outcome = say(server)
    assert statuses == [Status.KEPT]
    assert "its words are kept" in result_as_line(outcome.results[0])
    assert "crosspost ledger mark a overwrite --channel mastodon" in outcome.results[0].words
    assert server.source(status["id"]) == "Corrigé à la main."
    plan = plan_site(town.index())
    assert not plan.changes
    assert "its words are kept" in plan.actions[0].reason
    ledger = Ledger(town.root / "ledger", now_utc)
    ledger.append(EventKind.OVERWRITE, next(iter(ledger.rows)))
    assert say(server)[0] == [Status.EDITED]
    assert server.source(status["id"]).startswith("Un autre résumé.")
    assert say(server)[0] == [Status.SKIPPED]


def test_an_edit_of_ours_that_was_cut_off_is_no_drift(town, server, say):
    town.post("a")
    say(server)
    town.post("a", summary="Deuxième.")
    server.fault(route="PUT /api/v1/statuses/:id", kind="reset-after")
    assert say(server)[0] == [Status.UNKNOWN]
    town.post("a", summary="Troisième.")
    assert say(server)[0] == [Status.EDITED]
    assert server.source(server.statuses()[0]["id"]).startswith("Troisième.")


# Verifying


@pytest.mark.parametrize("profile", PROFILES[:2])
def test_verify_tells_what_others_did_and_keeps_it(town, make_server, say, profile):
    server = make_server(profile=profile)
    town.picture("a.png")
    image = {"src": "a.png", "alt": "Une image"}
    names = ("right", "picture", "gone", "changed", "bare")
    for number, name in enumerate(names):
        own = {"image": image} if name in ("picture", "bare") else {}
        town.post(name, age=5 - number, **own)
    say(server)
    by_name = dict(zip(names, server.statuses(), strict=True))
    server.call("DELETE", f"/api/v1/statuses/{by_name['gone']['id']}")
    reworded(server, by_name["changed"], "Autre chose.")
    text = server.source(by_name["bare"]["id"])
    server.call("PUT", f"/api/v1/statuses/{by_name['bare']['id']}", {"status": text})
    opened, target, ledger = account(town, server)
    day = datetime.now(UTC) - timedelta(days=1)
    checks = list(verify(ledger, {target.name: opened}, day, cards=False))
    found = {check.row.key.uid: check.finding for check in checks}
    assert found == {
        "right": Finding.RIGHT,
        "picture": Finding.RIGHT,
        "gone": Finding.GONE,
        "changed": Finding.CHANGED,
        "bare": Finding.PICTURES,
    }
    for name in ("gone", "changed"):
        town.post(name, age=1, summary="Changé.")
    plan = plan_site(town.index())
    assert not plan.changes
    assert list(verify(ledger, {target.name: opened}, datetime.now(UTC), cards=False)) == []


def test_a_missing_preview_is_said_and_is_no_trouble(town, server, say):
    town.post("a")
    say(server)
    opened, target, ledger = account(town, server)
    (check,) = verify(ledger, {target.name: opened}, datetime.now(UTC) - timedelta(days=1))
    assert check.finding == Finding.PLAIN
    assert not check.is_trouble


def test_looking_at_a_status_that_is_not_there(town, server):
    opened, _, _ = account(town, server)
    with pytest.raises(GoneError):
        opened.look("404")


# Rebuilding


@pytest.mark.parametrize("profile", PROFILES)
def test_a_lost_ledger_is_rebuilt_from_the_account(town, make_server, say, profile):
    server = make_server(profile=profile)
    town.picture("a.png")
    town.post("a", age=3, image={"src": "a.png", "alt": "Une image"})
    town.post("b", age=2, aliases=["/ancienne/"])
    town.post("unsaid", age=1, draft=True)
    say(server)
    old = Ledger(town.root / "ledger", now_utc).rows
    _, second = server.statuses()
    reworded(server, second, "Vu : https://www.valbourg.example/ancienne/")
    server.call("POST", "/api/v1/statuses", {"status": "Bonjour à tous."})
    shutil.rmtree(town.root / "ledger")
    town.post("unsaid", age=1)
    opened, target, ledger = account(town, server)
    found = matches(posts_of(town.index()), target, opened, ledger)
    assert [(match.key.uid, match.how, match.message is not None) for match in found] == [
        ("b", "its address", False),
        ("a", "its address", True),
    ]
    assert all(match.found for match in found)
    assert ledger.rows == {}
    adopt_all(found, ledger)
    again = Ledger(town.root / "ledger", now_utc)
    assert {key: row.remote_id for key, row in again.rows.items()} == {
        key: row.remote_id for key, row in old.items()
    }
    assert {row.state for row in again.rows.values()} == {State.SENT}
    assert matches(posts_of(town.index()), target, opened, again) == ()
    # The record is as good as the lost one: an edit keeps the picture.
    town.post("a", age=3, summary="Corrigé.", image={"src": "a.png", "alt": "Une image"})
    assert sorted(say(server)[0]) == [Status.CREATED, Status.EDITED, Status.SKIPPED]
    first = server.statuses()[0]
    assert server.source(first["id"]).startswith("Corrigé.")
    assert len(first["media_attachments"]) == 1


def test_what_could_be_two_is_named_and_left_to_a_person(town, server, say):
    town.post("a")
    say(server)
    text = server.source(server.statuses()[0]["id"])
    server.call("POST", "/api/v1/statuses", {"status": text})
    shutil.rmtree(town.root / "ledger")
    opened, target, ledger = account(town, server)
    (match,) = matches(posts_of(town.index()), target, opened, ledger)
    assert not match.found
    assert [seen.receipt.remote_id for seen in match.statuses] == [
        status["id"] for status in server.statuses()
    ]


def test_a_search_reads_page_after_page_back_to_the_claim(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    (ours,) = server.statuses()
    for number in range(90):
        server.call("POST", "/api/v1/statuses", {"status": f"Autre chose {number}"})
    server.call("DELETE", "/sandbox/keys")
    statuses, outcome = say(server)
    assert statuses == [Status.FOUND]
    assert outcome.results[0].url.endswith(ours["id"])


def test_where_the_search_cannot_reach_back_nothing_is_said_again(
    town, make_server, say, monkeypatch
):
    monkeypatch.setattr("crosspost.channels.mastodon.SEARCH_PAGES", 1)
    server = make_server(profile="gotosocial")
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    for number in range(45):
        server.call("POST", "/api/v1/statuses", {"status": f"Autre chose {number}"})
    statuses, outcome = say(server)
    assert statuses == [Status.UNKNOWN]
    assert "crosspost ledger resolve a" in outcome.results[0].words


def test_a_thread_is_found_again_message_by_message(town, server, say):
    texts = ["Un.", "Deux.", "Trois."]
    town.post("a", channels={"mastodon": {"text": texts}})
    town.post("b", channels={"mastodon": {"text": ["Bé un.", "Bé deux."]}})
    say(server)
    shutil.rmtree(town.root / "ledger")
    town.post("b", channels={"mastodon": {"text": ["Bé un.", "Bé deux, autrement."]}})
    opened, target, ledger = account(town, server)
    found = matches(posts_of(town.index()), target, opened, ledger)
    assert [(one.key.uid, one.key.part, bool(one.message)) for one in found] == [
        ("a", 1, True),
        ("a", 2, True),
        ("a", 3, True),
        ("b", 1, False),  # its second message was not recognised: nothing is said after it
    ]
    adopt_all(found, ledger)
    statuses, outcome = say(server)
    assert set(statuses) == {Status.SKIPPED}
    assert "its thread is left as it is" in outcome.results[-1].words
    assert len(server.statuses()) == 5
    town.post("a", channels={"mastodon": {"text": [*texts, "Quatre."]}})
    assert Status.CREATED in say(server)[0]
    last = server.statuses()[-1]
    assert server.source(last["in_reply_to_id"]) == "Trois."
