"""Journals and the tables in them: whatever happens to the file, a reader sees a state that was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.build.blob import append_blob, read_journal, write_blob
from crosspost.build.table import Table

BLOBS = st.lists(st.binary(max_size=40), min_size=1, max_size=5)
Rows = dict[str, int]
STATES = st.lists(
    st.dictionaries(st.integers(0, 30).map("row {}".format), st.integers(0, 3), max_size=25),
    min_size=1,
    max_size=8,
)


def journal(path: Path, blobs: list[bytes]) -> bytes:
    """Write these blobs one after the other, and return what the file holds."""
    write_blob(path, blobs[0])
    for blob in blobs[1:]:
        append_blob(path, blob)
    return path.read_bytes()


def blobs_of(path: Path) -> tuple[list[bytes], bool]:
    """Return what stands in a journal, without tails."""
    blobs, whole = read_journal(path)
    return [bytes(blob) for blob, _ in blobs], whole


def table(path: Path, environment: str = "ours") -> Table[int]:
    return Table[int](path, environment, int)


def keep(known: Table[int], rows: Rows) -> None:
    """Say what the rows are to be, as a build does: with the names of those that differ."""
    known.replace(rows, [name for name in rows if known.rows.get(name) != rows[name]])


@given(blobs=BLOBS)
@example(blobs=[b"", b"", b""])
@example(blobs=[b"crosspost 4\n" * 3, b"crosspost 4\n"])
def test_blobs_come_back_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, blobs: list[bytes]
) -> None:
    path = tmp_path_factory.getbasetemp() / "ordered"
    journal(path, blobs)
    assert blobs_of(path) == (blobs, True)


@given(blobs=BLOBS, place=st.integers(0, 400), bit=st.integers(0, 7))
def test_a_wrong_bit_ends_a_journal_before_its_blob(
    tmp_path_factory: pytest.TempPathFactory, blobs: list[bytes], place: int, bit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "bit"
    ends = [len(journal(path, blobs[: count + 1])) for count in range(len(blobs))]
    data = bytearray(path.read_bytes())
    place %= len(data)
    data[place] ^= 1 << bit
    path.write_bytes(data)
    before = sum(end <= place for end in ends)
    assert blobs_of(path) == (blobs[:before], False)


@pytest.mark.parametrize("place", ["missing/journal", "folder"])
def test_what_cannot_be_added_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=place):
        append_blob(tmp_path / place, b"x")
    assert read_journal(tmp_path / place) == ([], False)


@given(states=STATES, opened=st.lists(st.booleans(), min_size=8, max_size=8))
def test_rows_are_what_they_were_last_said_to_be(
    tmp_path_factory: pytest.TempPathFactory, states: list[Rows], opened: list[bool]
) -> None:
    """Whether one table says it all, or each state comes from a process of its own."""
    path = tmp_path_factory.getbasetemp() / "rows"
    path.unlink(missing_ok=True)
    known = table(path)
    for rows, anew in zip(states, opened, strict=False):
        if anew:
            known = table(path)
        keep(known, rows)
        assert known.rows == rows
        assert table(path).rows == rows


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 99), st.none() | st.integers(-9, -1)), min_size=1, max_size=6
    ),
    cut=st.integers(0, 3000),
)
def test_a_torn_file_holds_a_state_that_was_and_is_whole_after_the_next_build(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int | None]], cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "torn"
    path.unlink(missing_ok=True)
    rows: Rows = {f"row {number}": number for number in range(100)}
    states: list[Rows] = [{}, dict(rows)]
    keep(table(path), rows)
    for number, value in changes:  # None: the row goes
        if value is None:
            rows.pop(f"row {number}", None)
        else:
            rows[f"row {number}"] = value
        keep(table(path), rows)
        states.append(dict(rows))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - cut % len(data)])
    torn = table(path)
    assert torn.rows in states
    rows["new"] = 1
    keep(torn, rows)
    assert table(path).rows == rows
    assert read_journal(path)[1]


@given(place=st.integers(0, 9000), bit=st.integers(0, 7))
def test_a_wrong_bit_costs_rows_and_never_changes_one(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "wrong bit"
    path.unlink(missing_ok=True)
    rows: Rows = {f"row {number}": number for number in range(100)}
    keep(table(path), rows)
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)
    harmed = table(path)
    found = {name: harmed.rows.get(name) for name in rows}
    assert all(value in (None, rows[name]) for name, value in found.items())
    assert all((name in harmed.rows) == (value is not None) for name, value in found.items())
    assert sum(value is None for value in found.values()) in (0, 1, 100)
    keep(harmed, rows)
    assert table(path).rows == rows


def test_a_row_that_goes_and_comes_back_has_its_new_value(tmp_path: Path) -> None:
    rows = {f"row {number}": number for number in range(100)}
    keep(table(tmp_path / "t"), rows)
    keep(table(tmp_path / "t"), {name: rows[name] for name in rows if name != "row 7"})
    assert len(read_journal(tmp_path / "t")[0]) == 2, "what is gone is told in a few bytes"
    assert "row 7" not in table(tmp_path / "t").rows
    keep(table(tmp_path / "t"), {**rows, "row 7": -7})
    assert len(read_journal(tmp_path / "t")[0]) == 3
    assert table(tmp_path / "t").rows == {**rows, "row 7": -7}


def test_a_small_change_costs_a_small_part_of_the_file(tmp_path: Path) -> None:
    rows = {f"row {number}": number for number in range(1000)}
    keep(table(tmp_path / "t"), rows)
    size = (tmp_path / "t").stat().st_size
    keep(table(tmp_path / "t"), {**rows, "row 7": -7})
    assert (tmp_path / "t").stat().st_size < size + size // 20


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data + b"torn",
        lambda data: data[: len(data) // 2],
        lambda data: bytes(byte ^ (place == 70) for place, byte in enumerate(data)),
    ],
    ids=["empty", "more behind it", "half", "a wrong bit"],
)
def test_a_harmed_table_is_written_anew_though_nothing_changed(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "t"
    rows = {f"row {number}": number for number in range(100)}
    keep(table(path), rows)
    before = path.read_bytes()
    path.write_bytes(harm(before))
    keep(table(path), rows)
    assert path.read_bytes() == before


def test_a_change_of_environment_is_not_appended_to_rows_of_another(tmp_path: Path) -> None:
    path = tmp_path / "t"
    rows = {f"row {number}": number for number in range(100)}
    keep(table(path), rows)
    keep(table(path, "theirs"), {"row 1": 1})
    assert len(read_journal(path)[0]) == 1
    assert table(path, "theirs").rows == {"row 1": 1}


def test_a_blob_that_is_no_part_of_a_table_is_gone_after_the_next_build(tmp_path: Path) -> None:
    path = tmp_path / "t"
    rows = {f"row {number}": number for number in range(100)}
    keep(table(path), rows)
    append_blob(path, b"\x93\x01\x02\x03")
    assert table(path).rows == rows
    keep(table(path), {**rows, "row 1": -1})
    assert table(path).rows == {**rows, "row 1": -1}
    assert len(read_journal(path)[0]) == 1
