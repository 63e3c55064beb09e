"""The fold: one answer whatever the order of the lines and however often one is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.publish.rows import Event, EventKind, Key, State, fold

KEY = Key("mastodon", "@a@b", "u")
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(kind, sequence=1, key=KEY, generation=1, **data):
    at = START + timedelta(seconds=sequence)
    return Event(EventKind(kind), key, at, sequence, generation, data)


def state(*kinds):
    return fold(event(kind, number) for number, kind in enumerate(kinds, 1))[KEY].state


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [
        (["claimed"], State.POSTING),
        (["claimed", "unknown"], State.UNKNOWN),
        (["claimed", "failed"], State.FAILED),
        (["claimed", "failed", "claimed"], State.POSTING),
        (["claimed", "released"], State.OPEN),
        (["claimed", "unknown", "resolved"], State.OPEN),
        (["adopted"], State.BEFORE),
        (["adopted", "withdrawn"], State.BEFORE),
    ],
)
def test_states_follow_the_events(kinds, wanted):
    assert state(*kinds) == wanted


def test_a_receipt_outweighs_somebodys_later_failure():
    sent = event("sent", 2, remote_id="1", remote_url="u", hash="h")
    for kind in ("claimed", "failed", "unknown", "released", "resolved"):
        rows = fold([event("claimed", 1), sent, event(kind, 3)])
        assert (rows[KEY].state, rows[KEY].hash) == (State.SENT, "h")


def test_claims_of_edits_leave_the_row_as_it_is():
    sent = event("sent", 2, remote_id="1", hash="h")
    row = fold([sent, event("claimed", 3, action="edit", hash="new")])[KEY]
    assert (row.state, row.hash) == (State.SENT, "h")
    assert fold([event("claimed", 1, action="delete")])[KEY].state == State.OPEN


def test_edits_change_what_was_said_but_not_when():
    row = fold(
        [
            event("sent", 1, remote_id="1", hash="a", media_ids=["m"]),
            event("edited", 2, remote_id="1", hash="b", payload={"text": "B"}),
        ]
    )[KEY]
    assert (row.hash, row.payload, row.media_ids) == ("b", {"text": "B"}, ())
    assert row.sent_at == START + timedelta(seconds=1)


def test_what_ended_stays_ended():
    sent = event("sent", 1, remote_id="1")
    for kind in ("deleted", "gone"):
        rows = fold([sent, event(kind, 2), event("edited", 3, remote_id="1"), event("failed", 4)])
        assert rows[KEY].state == State.ENDED


def test_two_statuses_for_one_message_are_kept_in_mind():
    row = fold([event("sent", 1, remote_id="1", hash="a"), event("sent", 2, remote_id="2")])[KEY]
    assert row.remote_ids == ("1", "2")
    assert (row.remote_id, row.hash) == ("1", "a")


def test_a_new_generation_begins_anew():
    old = [event("sent", 1, remote_id="1"), event("deleted", 2)]
    rows = fold([*old, event("resolved", 3, generation=2)])
    assert (rows[KEY].state, rows[KEY].generation, rows[KEY].remote_id) == (State.OPEN, 2, None)


EVENTS = st.builds(
    event,
    st.sampled_from(list(EventKind)),
    st.integers(1, 6),
    st.sampled_from([KEY, KEY._replace(uid="v"), KEY._replace(part=2)]),
    st.integers(1, 2),
    hash=st.sampled_from(["a", "b"]),
    remote_id=st.sampled_from([None, "1", "2"]),
)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12), st.data())
def test_order_and_repetition_do_not_matter(events, data):
    shuffled = data.draw(st.permutations(events + events[: len(events) // 2]))
    assert fold(shuffled) == fold(events)
    lines = [Event.from_line(one.to_line()) for one in shuffled]
    assert fold(lines) == fold(events)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=8), st.lists(EVENTS, max_size=8))
def test_a_receipt_of_either_side_of_a_merge_is_never_lost(ours, theirs):
    merged = fold([*ours, *theirs])
    for one in (*ours, *theirs):
        row = merged[one.key]
        said = one.kind in (EventKind.SENT, EventKind.EDITED) and one.data["remote_id"]
        if said and one.generation == row.generation:
            assert row.state in (State.SENT, State.ENDED)
            assert one.data["remote_id"] in row.remote_ids


@settings(deadline=None)
@given(EVENTS)
def test_a_line_reads_back_as_it_was_written(one):
    line = one.to_line()
    assert "\n" not in line
    assert Event.from_line(line) == one


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        '{"event":"danced","channel":"c","account":"a","uid":"u","at":"2026-01-01T00:00:00Z"}',
        '{"event":"sent","channel":1,"account":"a","uid":"u","at":"2026-01-01T00:00:00Z"}',
        '{"event":"sent","channel":"c","account":"a","uid":"u","at":"yesterday"}',
        '{"event":"sent","channel":"c","account":"a","uid":"u","at":"2026-01-01T00:00:00"}',
        '{"event":"sent","channel":"c","account":"a","uid":"u","at":7}',
        (
            '{"event":"sent","channel":"c","account":"a","uid":"u","at":"2026-01-01T00:00:00Z",'
            '"part":true}'
        ),
    ],
)
def test_a_line_that_is_no_event_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        Event.from_line(line)


def test_how_a_call_of_one_run_ended_says_nothing_of_what_another_has_taken_over():
    key = Key("c", "a", "u")
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def event(kind, sequence, **data):
        return Event(kind, key, at, sequence, data=data)

    claims = [
        event(EventKind.CLAIMED, 1, action="create", hash="h", run="first"),
        event(EventKind.CLAIMED, 2, action="settle", run="second"),
    ]
    for kind in (EventKind.RELEASED, EventKind.FAILED, EventKind.UNKNOWN):
        late = fold([*claims, event(kind, 3, run="first")])[key]
        assert (late.state, late.run, late.held_at) == (State.POSTING, "second", at)
        own = fold([*claims, event(kind, 3, run="second")])[key]
        assert own.state != State.POSTING
        assert own.held_at is None
    assert fold([*claims, event(EventKind.RESOLVED, 3)])[key].state == State.OPEN
