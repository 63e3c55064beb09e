"""Links to statuses on pages: those of the ledger's rows that stand, whatever the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.publish.rows import Event, EventKind, Key, State, fold
from crosspost.site.said import Said, said_in

START = datetime(2026, 11, 1, tzinfo=UTC)
keys = st.builds(
    Key,
    channel=st.sampled_from(["town", "museum"]),
    account=st.just("@v@m.example"),
    uid=st.sampled_from(["a", "b"]),
    part=st.sampled_from([1, 1, 1, 2]),
)
data = st.fixed_dictionaries(
    {},
    optional={
        "remote_id": st.sampled_from(["1", "2"]),
        "remote_url": st.sampled_from(["https://m.example/1", "https://m.example/2"]),
        "visibility": st.sampled_from(["public", "unlisted", "private", "direct"]),
    },
)
events = st.builds(
    Event,
    kind=st.sampled_from(EventKind),
    key=keys,
    at=st.integers(0, 9).map(lambda hours: START + timedelta(hours=hours)),
    sequence=st.integers(0, 6),
    generation=st.sampled_from([1, 1, 1, 2]),
    data=data,
)


def expected(found: list[Event]) -> dict[str, set[Said]]:
    wanted: dict[str, set[Said]] = {}
    for key, row in fold(found).items():
        stands = row.state == State.SENT and not row.withdrawn and key.part == 1
        if stands and row.remote_url and row.visibility not in ("private", "direct"):
            said = Said(row.remote_url, key.channel, key.account)
            wanted.setdefault(key.uid, set()).add(said)
    return wanted


@given(st.lists(events, max_size=14).flatmap(st.permutations))
def test_the_links_of_pages_are_those_of_the_rows_that_stand(found: list[Event]) -> None:
    lines = [event.to_line().encode() for event in found]
    said = said_in([*lines, *lines[:3]])
    assert {uid: set(links) for uid, links in said.items()} == expected(found)


def line(**more: object) -> bytes:
    event = Event(EventKind.SENT, Key("town", "@v@m.example", "a"), START, data={**more})
    return event.to_line().encode()


def test_what_is_no_address_and_no_event_is_passed_over() -> None:
    lines = [
        line(remote_id="1", remote_url="javascript:alert(1)"),
        b'{"event":"sent","channel":"town","account":"@v',
        b"<<<<<<< HEAD",
        b"\xff\xfe",
        b"[]",
    ]
    assert said_in(lines) == {}


@pytest.mark.parametrize("order", [("town", "museum"), ("museum", "town")])
def test_several_accounts_come_in_the_order_of_the_settings(order: tuple[str, str]) -> None:
    lines = [
        Event(
            EventKind.SENT,
            Key(name, f"@{name}@m.example", "a"),
            START,
            data={"remote_id": "1", "remote_url": f"https://m.example/{name}"},
        )
        .to_line()
        .encode()
        for name in ("gone-channel", "town", "museum")
    ]
    said = said_in(lines, order)["a"]
    assert [one.channel for one in said] == [*order, "gone-channel"]
