"""What a server takes in a while is planned for: who waits, until when, and who does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.channels.message import Media, Message
from crosspost.publish.outcome import Status
from crosspost.publish.pace import LONGEST, paced
from crosspost.publish.plan import Action, ActionKind
from crosspost.publish.report import plan_as_json, plan_as_table
from crosspost.publish.rows import Event, EventKind, Key
from crosspost.publish.run import plan_site, publish_site

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def action(number, kind=ActionKind.CREATE, pictures=0):
    media = tuple(Media(f"{n}.png", f"{number}-{n}", "image/png", "x") for n in range(pictures))
    message = Message("m", "@a@b", f"p{number}", "x", "https://x.example", "x.md", media=media)
    key = Key("m", "@a@b", f"p{number}")
    return Action(kind, key, "x.md", "due", None if kind == ActionKind.DELETE else message)


def events(count, kind, minutes, pictures=0):
    media = [{"digest": str(number), "alt": "x"} for number in range(pictures)]
    at = NOW - timedelta(minutes=minutes)
    return [
        Event(kind, Key("m", "@a@b", f"e{number}"), at, data={"payload": {"media": media}})
        for number in range(count)
    ]


def waits(actions):
    return [
        None if one.after is None else (one.after - NOW).total_seconds() / 60 for one in actions
    ]


def test_thirty_pictures_in_half_an_hour():
    planned = paced([action(number, pictures=4) for number in range(9)], [], NOW)
    assert waits(planned) == [*[None] * 7, 30, 30]
    assert "30 pictures in half an hour" in planned[7].reason
    said = events(6, EventKind.SENT, 20, pictures=4)
    assert waits(paced([action(1, pictures=4), action(2, pictures=4)], said, NOW)) == [None, 10]
    assert waits(paced([action(1, pictures=4)], events(8, EventKind.SENT, 31, 4), NOW)) == [None]


def test_a_message_without_pictures_keeps_its_place_behind_one_that_waits():
    said = events(7, EventKind.SENT, 10, pictures=4)
    planned = paced([action(1, pictures=4), action(2)], said, NOW)
    assert waits(planned) == [20, 20]


def test_three_hundred_posts_and_edits_in_three_hours():
    said = [*events(200, EventKind.SENT, 100), *events(99, EventKind.EDITED, 50)]
    planned = paced([action(1), action(2), action(3, ActionKind.EDIT)], said, NOW)
    assert waits(planned) == [None, 80, 80]


def test_deletions_have_a_pace_of_their_own_and_wait_for_nobody_else():
    said = [*events(30, EventKind.SENT, 1, pictures=1), *events(29, EventKind.DELETED, 5)]
    one, two = action(2, ActionKind.DELETE), action(3, ActionKind.DELETE)
    assert waits(paced([action(1, pictures=1), one, two], said, NOW)) == [29, None, 25]


def test_what_can_never_be_taken_is_the_servers_to_refuse():
    assert waits(paced([action(1, pictures=31)], [], NOW)) == [None]
    assert timedelta(hours=3) == LONGEST


@pytest.fixture
def full(town, server):
    """A town of nine posts with four pictures' worth of the pace each, and a server."""
    town.instance = server.url
    town.settings = "publish: {wait_until_live: false, max_creates: 40}"
    town.picture("a.png")
    for number in range(32):
        town.post(f"p{number:02}", age=10 - number / 10, image={"src": "a.png", "alt": "Une image"})
    return town


def test_a_plan_says_which_messages_a_later_run_sends_and_when(full):
    plan = plan_site(full.index())
    later = [one for one in plan.actions if one.after]
    assert [one.key.uid for one in later] == ["p30", "p31"]
    assert "left for a later run, after" in plan_as_table(plan)
    assert [one["after"] is None for one in plan_as_json(plan)["actions"]] == [
        *[True] * 30,
        *[False] * 2,
    ]


def test_what_has_to_wait_is_left_and_the_run_says_so(full, make_server):
    strict = make_server(rate_limits=True)
    full.instance = strict.url
    environment = {"TOWN_TOKEN": strict.token}
    outcome = publish_site(full.index(), environment=environment, settle_seconds=0)
    assert outcome.count(Status.CREATED) == 30
    assert outcome.count(Status.LEFT) == 2
    assert outcome.exit_status == 3
    assert not [one for one in strict.call("GET", "/sandbox/requests") if one["status"] == 429]


def test_how_long_a_run_waits_for_a_limit_is_a_setting(town, server):
    town.instance = server.url
    town.settings = "publish: {wait_until_live: false, wait_for_limits: 1 second}"
    town.post("a")
    server.fault(route="POST /api/v1/statuses", kind="rate-limit", seconds=5)
    environment = {"TOWN_TOKEN": server.token}
    outcome = publish_site(town.index(), environment=environment)
    assert [one.status for one in outcome.results] == [Status.LEFT]
    assert [line["event"] for line in town.ledger_lines()] == ["claimed", "released"]
