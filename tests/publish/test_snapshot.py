"""What is kept of a ledger: a plan that goes by it knows what one that reads all lines knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.build.blob import write_blob
from crosspost.errors import SiteError
from crosspost.publish.ledger import Ledger
from crosspost.publish.rows import Event, EventKind, Key

START = datetime(2026, 3, 31, 22, tzinfo=UTC)
KEYS = [Key("c", "@a@b", "u"), Key("c", "@a@b", "u", 2), Key("d", "@d@b", "é")]
DATA = {"remote_id": "1", "hash": "h", "payload": {"text": "é"}}
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "add", "old", "torn", "cut", "edit", "remove", "again"]),
        st.sampled_from(list(EventKind)),
        st.sampled_from(KEYS),
        st.integers(1, 2),
        st.sampled_from([{}, {"remote_id": "1", "hash": "h", "payload": {"text": "é"}}]),
    ),
    max_size=10,
)


def known(ledger):
    moments = [START - timedelta(days=1), START + timedelta(hours=3), START + timedelta(days=9)]
    return (
        ledger.rows,
        set(ledger.problems),
        [sorted(ledger.since(moment), key=Event.order) for moment in moments],
        ledger.events,
        ledger.rows,
    )


def change(folder, kind, event):
    """Change the files of a ledger as publishing, a merge, a crash or a person does."""
    path = folder / event.key.channel / f"{event.at:%Y-%m}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes() if path.exists() else b""
    line = event.to_line().encode()
    glue = b"" if data.endswith(b"\n") or not data else b"\n"
    lines = data.splitlines(keepends=True)
    if kind in ("add", "old"):
        data += glue + line + b"\n"
    elif kind == "torn":
        data += glue + line[:-5]
    elif kind == "cut":
        data = b"".join(lines[:-1])
    elif kind == "edit" and lines:
        data = b"".join([line + b"\n", *lines[1:]])
    elif kind == "again" and lines:
        data += glue + lines[0]
    if kind == "remove":
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)


@settings(deadline=None, max_examples=60)
@given(changes=CHANGES)
def test_what_is_kept_changes_nothing_of_what_is_known(tmp_path_factory, changes):
    top = tmp_path_factory.mktemp("kept")
    for number, (kind, what, key, generation, data) in enumerate(changes, start=10):
        sequence = number % 4 if kind == "old" else number
        event = Event(what, key, START + timedelta(hours=number), sequence, generation, data)
        change(top / "ledger", kind, event)
        kept = Ledger(top / "ledger", lambda: START, kept=top / "cache")
        assert known(kept) == known(Ledger(top / "ledger", lambda: START))


def test_a_ledger_from_what_was_kept_goes_on_as_any_other(tmp_path):
    for number in range(3):
        ledger = Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache")
        ledger.append(EventKind.CLAIMED, KEYS[0], hash=f"{number}")
        ledger.append(EventKind.RELEASED, KEYS[0])
        ledger.refresh()
        whole = Ledger(tmp_path / "ledger", lambda: START)
        assert known(ledger) == known(whole)
    assert [event.sequence for event in whole.events] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x90"])
def test_what_was_kept_and_is_broken_is_as_good_as_missing(tmp_path, data):
    ledger = Ledger(tmp_path / "ledger", lambda: START)
    ledger.append(EventKind.SENT, KEYS[0], remote_id="1")
    write_blob(tmp_path / "cache", data)
    assert Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache").rows == ledger.rows


def test_a_line_that_is_no_event_is_told_at_its_place(tmp_path):
    ledger = Ledger(tmp_path / "ledger", lambda: START)
    ledger.append(EventKind.SENT, KEYS[0], remote_id="1")
    Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache")
    with (tmp_path / "ledger/c/2026-03.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(SiteError) as caught:
        Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache")
    assert [(one.file, one.line) for one in caught.value.problems] == [
        ("ledger/c/2026-03.jsonl", 2)
    ]


def test_a_later_message_of_a_thread_leaves_its_quiet_first_one_known(tmp_path):
    def ledger():
        return Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache")

    first, second = KEYS[0], KEYS[1]
    Ledger(tmp_path / "ledger", lambda: START).append(
        EventKind.SENT, first, remote_id="1", hash="h"
    )
    ledger()
    assert not ledger().rows.at_hand, "the first one is quiet"
    Ledger(tmp_path / "ledger", lambda: START).append(EventKind.CLAIMED, second, hash="h")
    rows = ledger().rows
    assert rows.at_hand.keys() == {second}
    assert rows[first].remote_id == "1"
    account = rows.accounts()[first.channel, first.account]
    assert (dict(account.quiet), account.asked, account.later) == ({}, {"u"}, {"u": [second]})


def test_rows_of_quiet_messages_that_were_lost_are_read_from_the_events(tmp_path):
    ledger = Ledger(tmp_path / "ledger", lambda: START)
    long_ago = Event(EventKind.SENT, KEYS[0], START - timedelta(days=90), 1, data=DATA)
    change(tmp_path / "ledger", "add", long_ago)
    change(tmp_path / "ledger", "add", Event(EventKind.SENT, KEYS[2], START, 2, data=DATA))
    ledger.refresh()
    for harm in (lambda path: path.unlink(), lambda path: write_blob(path, b"\x90")):
        for name in ("cache", "cache-quiet"):
            (tmp_path / name).unlink(missing_ok=True)
        Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache")
        harm(tmp_path / "cache-quiet")
        rows = Ledger(tmp_path / "ledger", lambda: START, kept=tmp_path / "cache").rows
        assert not rows.at_hand
        assert rows[KEYS[0]] == ledger.rows[KEYS[0]]
        assert not rows.is_whole
