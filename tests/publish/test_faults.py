"""What goes wrong between us and a server, over real HTTP: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from crosspost.errors import BlockedError
from crosspost.publish.ledger import publish_lock
from crosspost.publish.outcome import Status
from crosspost.publish.run import plan_site, publish_site
from crosspost.publish.stop import Stop

PROFILES = ["mastodon-4.6", "gotosocial"]


@pytest.fixture
def say(town):
    """Publish the town to a server as to a real one; the settings' wait is zero."""

    def run(server, **options):
        town.instance = server.url
        if "wait_until_live" not in town.settings:
            town.settings += "\npublish: {wait_until_live: false}"
        environment = options.pop("environment", {"TOWN_TOKEN": server.token})
        return publish_site(town.index(), environment=environment, settle_seconds=0, **options)

    return run


def statuses_of(outcome):
    return [result.status for result in outcome.results]


def test_a_real_publish_keeps_its_record_in_the_site(town, server, say):
    town.post("a")
    outcome = say(server)
    assert statuses_of(outcome) == [Status.CREATED]
    claimed, sent = town.ledger_lines()
    assert (claimed["event"], sent["event"]) == ("claimed", "sent")
    assert sent["remote_id"] == server.statuses()[0]["id"]
    assert claimed["key"] == server.requests("POST", "/api/v1/statuses")[0]["key"]
    assert "merge=union" in (town.root / ".gitattributes").read_text()
    assert statuses_of(say(server)) == [Status.SKIPPED]
    plan = plan_site(town.index())
    assert plan.targets[0].limits_from.startswith("read 20")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", ["reset", "reset-after", "reset-before", "503", "503-after"])
def test_an_unknown_outcome_is_looked_up_before_it_is_said_again(
    town, make_server, say, profile, kind
):
    server = make_server(profile=profile)
    town.picture("a.png")
    town.post("a", image={"src": "a.png", "alt": "Une image"})
    fault = {"route": "POST /api/v1/statuses", "kind": kind}
    if kind.startswith("503"):
        fault = {**fault, "kind": "status", "status": 503, "after": kind.endswith("after")}
    server.fault(**fault)
    outcome = say(server)
    said = kind in ("reset", "reset-after", "503-after")
    assert statuses_of(outcome) == [Status.FOUND if said else Status.CREATED]
    assert outcome.exit_status == 0
    (status,) = server.statuses()
    assert status["media_attachments"][0]["description"] == "Une image"
    assert not plan_site(town.index()).changes


@pytest.mark.parametrize("profile", PROFILES)
def test_a_server_that_stays_away_leaves_the_message_for_the_next_run(
    town, make_server, say, profile
):
    server = make_server(profile=profile)
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    outcome = say(server)
    assert statuses_of(outcome) == [Status.UNKNOWN]
    assert outcome.exit_status == 3
    assert statuses_of(say(server)) == [Status.FOUND]
    assert len(server.statuses()) == 1
    assert statuses_of(say(server)) == [Status.SKIPPED]


def test_an_unsettled_message_stays_so_when_the_next_run_cannot_reach_the_server(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="rate-limit", seconds=9000)
    assert statuses_of(say(server)) == [Status.LEFT]
    assert statuses_of(say(server)) == [Status.FOUND]
    assert len(server.statuses()) == 1


def test_a_text_changed_between_claim_and_discovery_becomes_an_edit(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    town.post("a", summary="Un autre résumé.")
    assert statuses_of(say(server)) == [Status.FOUND]
    assert statuses_of(say(server)) == [Status.EDITED]
    (status,) = server.statuses()
    assert server.source(status["id"]).startswith("Un autre résumé.")
    assert statuses_of(say(server)) == [Status.SKIPPED]


def test_a_status_deleted_by_hand_is_not_edited_back_to_life(town, server, say):
    town.post("a")
    say(server)
    server.call("DELETE", f"/api/v1/statuses/{server.statuses()[0]['id']}")
    town.post("a", summary="Changé.")
    assert statuses_of(say(server)) == [Status.GONE]
    assert statuses_of(say(server)) == [Status.SKIPPED]
    assert server.statuses() == []


def test_a_refused_message_names_its_post_and_the_others_go_out(town, server, say):
    town.post("a", age=2)
    town.post("b", age=1)
    server.fault(
        route="POST /api/v1/statuses", kind="status", status=422, error="Validation failed: no"
    )
    outcome = say(server)
    assert statuses_of(outcome) == [Status.FAILED, Status.CREATED]
    assert "Validation failed: no" in outcome.results[0].words
    assert outcome.exit_status == 3
    assert statuses_of(say(server)) == [Status.CREATED, Status.SKIPPED]


def test_a_rate_limit_leaves_the_rest_for_the_next_run(town, server, say):
    town.post("a", age=2)
    town.post("b", age=1)
    server.fault(route="POST /api/v1/statuses", kind="rate-limit", seconds=9000)
    outcome = say(server)
    assert statuses_of(outcome) == [Status.LEFT, Status.LEFT]
    assert outcome.exit_status == 3
    assert len(server.requests("POST", "/api/v1/statuses")) == 1
    assert statuses_of(say(server)) == [Status.CREATED, Status.CREATED]
    assert len(server.statuses()) == 2


def test_a_short_rate_limit_is_waited_out(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="rate-limit", seconds=1, format="epoch")
    assert statuses_of(say(server)) == [Status.CREATED]
    assert len(server.statuses()) == 1


def test_a_token_revoked_on_the_way_stops_the_channel(town, server, say):
    town.post("a", age=2)
    town.post("b", age=1)
    server.fault(
        route="POST /api/v1/statuses",
        kind="status",
        status=401,
        error="The access token was revoked",
    )
    outcome = say(server)
    assert statuses_of(outcome) == [Status.FAILED, Status.LEFT]
    assert outcome.exit_status == 3
    assert len(server.statuses()) == 0


def test_a_wrong_account_blocks_the_run_and_nothing_is_sent(town, server, say):
    town.post("a")
    town.account = "@mairie@sandbox.example"
    outcome = say(server)
    assert statuses_of(outcome) == [Status.BLOCKED]
    assert outcome.exit_status == 4
    assert "belongs to @valbourg@sandbox.example" in outcome.results[0].words
    assert server.statuses() == []
    assert town.ledger_lines() == []


def test_one_wrong_account_does_not_keep_the_others_from_speaking(town, server, say):
    town.post("a")
    common = (
        f"type: mastodon\n    instance: {server.url}\n    token: ${{TOWN_TOKEN}}\n    account: "
    )
    town.channels = {
        "town": common + "'@valbourg@sandbox.example'",
        "museum": common + "'@musee@sandbox.example'",
    }
    outcome = say(server)
    assert statuses_of(outcome) == [Status.CREATED, Status.BLOCKED]
    assert outcome.exit_status == 3


def test_a_missing_token_blocks_and_names_its_variable(town, server, say):
    town.post("a")
    outcome = say(server, environment={})
    assert outcome.exit_status == 4
    assert "TOWN_TOKEN is not set" in outcome.results[0].words


def test_no_server_at_all_blocks_the_run(town, server, say):
    town.post("a")
    server.sandbox.stop()
    outcome = say(server)
    assert outcome.exit_status == 4
    assert "cannot be reached" in outcome.results[0].words


def test_no_secret_is_written_anywhere(town, server, say, capfd):
    town.post("a", age=2)
    town.post("b", age=1)
    for route in ("POST /api/v1/statuses", "GET /api/v1/accounts/:id/statuses"):
        server.fault(route=route, kind="status", status=500, error="oops", times=4)
    outcome = say(server)
    secret = "SECRETnobodysTOKEN"
    blocked = say(server, environment={"TOWN_TOKEN": secret})
    for token in (server.token, secret):
        assert token not in repr(outcome) + repr(blocked)
        assert token not in "".join(capfd.readouterr())
        for path in town.root.rglob("*"):
            if path.is_file():
                assert token.encode() not in path.read_bytes(), path
    assert outcome.exit_status == 3
    assert blocked.exit_status == 4


def test_two_publishes_on_one_checkout_do_not_run_at_once(town, server, say):
    town.post("a")
    lock = publish_lock(town.root / ".crosspost" / "publish.lock")
    with lock, pytest.raises(BlockedError, match="another publish"):
        say(server)
    assert server.statuses() == []


def test_a_withdrawn_message_is_deleted_once(town, server, say):
    from crosspost.publish.ledger import Ledger
    from crosspost.publish.rows import EventKind
    from crosspost.publish.run import now_utc

    town.post("a")
    say(server)
    ledger = Ledger(town.root / "ledger", now_utc)
    ledger.append(EventKind.WITHDRAWN, next(iter(ledger.rows)))
    assert statuses_of(say(server)) == [Status.DELETED]
    assert server.statuses() == []
    assert statuses_of(say(server)) == [Status.SKIPPED]


def test_a_request_to_end_lets_the_call_end_and_leaves_the_rest(town, server, say):
    for number in range(3):
        town.post(f"p{number}", age=3 - number)
    stop = Stop()
    outcome = say(server, stop=stop, report=lambda _: stop.request())
    assert statuses_of(outcome) == [Status.CREATED, Status.LEFT, Status.LEFT]
    assert outcome.exit_status == 3
    assert statuses_of(say(server)) == [Status.SKIPPED, Status.CREATED, Status.CREATED]
    assert len(server.statuses()) == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_a_call_ends_the_run_after_it(town, server, say, number):
    for name in ("a", "b"):
        town.post(name)
    before = signal.getsignal(number)
    server.fault(route="POST /api/v1/statuses", kind="slow", seconds=0.6)

    def interrupt():
        while not server.call("GET", "/sandbox/requests") or server.call("GET", "/sandbox/faults"):
            pass
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=interrupt)
    thread.start()
    outcome = say(server)
    thread.join()
    assert statuses_of(outcome) == [Status.CREATED, Status.LEFT]
    assert outcome.exit_status == 3
    assert signal.getsignal(number) == before
    assert [line["event"] for line in town.ledger_lines()] == ["claimed", "sent"]


@pytest.mark.parametrize("profile", PROFILES)
def test_an_account_that_cannot_be_searched_is_settled_by_the_key_or_by_a_person(
    town, make_server, say, profile
):
    server = make_server(profile=profile)
    scopes = "write:statuses write:media profile"
    environment = {"TOWN_TOKEN": server.sandbox.issue_token(scopes)}
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=403, times=None)
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    outcome = say(server, environment=environment)
    server.call("DELETE", "/sandbox/faults")
    assert len(server.statuses()) == 1
    if profile == "gotosocial":
        assert statuses_of(outcome) == [Status.UNKNOWN]
        assert "crosspost ledger resolve a" in outcome.results[0].words
        assert statuses_of(say(server)) == [Status.FOUND]
    else:
        assert statuses_of(outcome) == [Status.CREATED]
        posts = server.requests("POST", "/api/v1/statuses")
        assert len({one["key"] for one in posts}) == 1
    assert len(server.statuses()) == 1


def test_a_message_that_is_there_twice_is_adopted_once_and_reported(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    (first,) = server.statuses()
    server.call("POST", "/api/v1/statuses", {"status": server.source(first["id"])})
    outcome = say(server)
    assert statuses_of(outcome) == [Status.FOUND]
    assert "2 times" in outcome.results[0].words
    plan = plan_site(town.index())
    assert not plan.changes
    assert [problem.code for problem in plan.warnings] == ["said-twice"]
    rows = [line["remote_id"] for line in town.ledger_lines() if "remote_id" in line]
    assert rows[0] == first["id"]


def test_somebody_elses_words_about_the_post_are_not_taken_for_ours(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-before")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    by_hand = "Vu au marché : https://www.valbourg.example/2026/11/a/"
    server.call("POST", "/api/v1/statuses", {"status": by_hand})
    assert statuses_of(say(server)) == [Status.CREATED]
    assert len(server.statuses()) == 2


def test_a_full_disk_at_the_claim_sends_nothing(town, server, say, monkeypatch):
    import errno

    from crosspost.publish import store

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    town.post("a")
    monkeypatch.setattr(store, "_write_whole", full)
    with pytest.raises(BlockedError, match="No space left"):
        say(server)
    assert server.statuses() == []
    monkeypatch.undo()
    assert statuses_of(say(server)) == [Status.CREATED]


def test_a_key_answered_with_not_found_means_deleted_by_hand(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    server.call("DELETE", f"/api/v1/statuses/{server.statuses()[0]['id']}")
    assert statuses_of(say(server)) == [Status.GONE]
    assert statuses_of(say(server)) == [Status.SKIPPED]
    assert server.statuses() == []


def test_a_person_who_speaks_of_a_changed_post_is_never_overwritten(town, server, say):
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-before")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    by_hand = "Vu au marché : https://www.valbourg.example/2026/11/a/"
    server.call("POST", "/api/v1/statuses", {"status": by_hand})
    town.post("a", summary="Un résumé tout neuf.")
    say(server)
    say(server)
    theirs, ours = server.statuses()
    assert server.source(theirs["id"]) == by_hand
    assert server.source(ours["id"]).startswith("Un résumé tout neuf.")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_post_that_moved_in_between_is_found_by_the_link_it_was_said_with(
    town, make_server, say, profile
):
    server = make_server(profile=profile)
    path = town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="reset-after")
    server.fault(route="GET /api/v1/accounts/:id/statuses", kind="status", status=503)
    say(server)
    server.call("DELETE", "/sandbox/keys")
    path.rename(path.with_name("autre-nom.md"))
    assert statuses_of(say(server)) == [Status.FOUND]
    assert statuses_of(say(server)) == [Status.EDITED]
    (status,) = server.statuses()
    assert "/2026/11/autre-nom/" in server.source(status["id"])
