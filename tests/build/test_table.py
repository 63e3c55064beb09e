"""Tables of the cache: rows that grow by what changed, and are whole or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosspost.build.blob import read_journal
from crosspost.build.table import Table

ROWS = {f"row {number}": number for number in range(100)}


def table(path: Path, environment: str = "ours") -> Table[int]:
    return Table[int](path / "table", environment, int)


def filled(path: Path) -> Table[int]:
    made = table(path)
    made.replace(ROWS, ROWS, "about all")
    return made


def parts(path: Path) -> int:
    return len(read_journal(path / "table")[0])


def test_at_first_there_is_nothing(tmp_path: Path) -> None:
    new = table(tmp_path)
    assert (new.rows, new.about(str), new.is_new) == ({}, None, True)


def test_rows_and_what_holds_for_all_come_back(tmp_path: Path) -> None:
    filled(tmp_path)
    again = table(tmp_path)
    assert (again.rows, again.about(str), again.is_new) == (ROWS, "about all", False)


def test_a_small_change_is_appended_and_a_large_one_written_anew(tmp_path: Path) -> None:
    known = filled(tmp_path)
    known.replace({**ROWS, "row 1": -1}, ["row 1"], "now")
    assert parts(tmp_path) == 2
    assert table(tmp_path).rows == {**ROWS, "row 1": -1}
    assert table(tmp_path).about(str) == "now"
    other = dict.fromkeys(ROWS, -1)
    known.replace(other, other, "now")
    assert parts(tmp_path) == 1
    assert table(tmp_path).rows == other


def test_many_small_changes_are_written_anew_in_the_end(tmp_path: Path) -> None:
    for number in range(30):
        known = table(tmp_path)
        known.replace({**ROWS, "row 1": -number}, ROWS if not number else ["row 1"], None)
        assert table(tmp_path).rows["row 1"] == -number
    assert parts(tmp_path) < 25


def test_rows_that_are_gone_are_gone(tmp_path: Path) -> None:
    known = filled(tmp_path)
    left = {name: value for name, value in ROWS.items() if value != 7}
    known.replace(left, [], "about all")
    assert table(tmp_path).rows == left


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    known = filled(tmp_path)
    before = (tmp_path / "table").stat().st_mtime_ns
    known.replace(ROWS, [], "about all")
    table(tmp_path).replace(ROWS, [], "about all")
    assert (tmp_path / "table").stat().st_mtime_ns == before


def test_another_environment_has_none_of_it(tmp_path: Path) -> None:
    filled(tmp_path)
    other = table(tmp_path, "theirs")
    assert (other.rows, other.about(str), other.is_new) == ({}, None, False)
    other.replace({"a": 1}, ["a"])
    assert table(tmp_path, "theirs").rows == {"a": 1}
    assert table(tmp_path).rows == {}


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_tail_loses_the_last_change_and_no_more(tmp_path: Path, cut: int) -> None:
    known = filled(tmp_path)
    known.replace({**ROWS, "row 1": -1}, ["row 1"], "about all")
    path = tmp_path / "table"
    path.write_bytes(path.read_bytes()[:-cut])
    again = table(tmp_path)
    assert again.rows == ROWS
    again.replace({**ROWS, "row 2": -2}, ["row 2"], "about all")
    assert table(tmp_path).rows == {**ROWS, "row 2": -2}
    assert parts(tmp_path) == 1


def test_what_is_amended_is_all_that_changes(tmp_path: Path) -> None:
    known = filled(tmp_path)
    known.amend({"row 1": -1, "new": 5}, ["row 2", "never there"], "about all")
    wanted = {**ROWS, "row 1": -1, "new": 5}
    del wanted["row 2"]
    assert known.rows == wanted
    assert table(tmp_path).rows == wanted
    assert parts(tmp_path) == 2


def test_what_cannot_be_written_is_not_kept_and_nothing_is_raised(tmp_path: Path) -> None:
    nowhere = Table[int](tmp_path / "missing/table", "ours", int)
    nowhere.replace(ROWS, ROWS)
    assert nowhere.rows == ROWS
    assert not (tmp_path / "missing").exists()
