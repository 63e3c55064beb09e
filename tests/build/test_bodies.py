"""The store of bodies: a body that is found is the right one, whatever happened to the file."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from crosspost.build.bodies import BodyStore
from crosspost.content.body import Body
from crosspost.content.markdown import MarkdownEngine

TEXT = """\
## Heading

A [link](a.md), a picture ![Castle](c.png){width=4} and <img srcset="a.png 1x, b.png 2x" alt="">.
"""


def body(text: str = TEXT) -> Body:
    return MarkdownEngine().open_body(text)


def name(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def store(tmp_path: Path):
    made = BodyStore(tmp_path / "bodies.sqlite")
    yield made
    made.close()


def test_a_body_comes_back_as_it_was(store: BodyStore) -> None:
    whole = body()
    assert whole.holes
    assert whole.headings
    store.put([(name(1), whole), (name(2), Body("", (), (), (), 0))])
    assert store.get([name(1), name(2), name(3)]) == {
        name(1): whole,
        name(2): Body("", (), (), (), 0),
    }
    assert store.names() == {name(1), name(2)}


def test_other_processes_find_it(store: BodyStore, tmp_path: Path) -> None:
    store.put([(name(1), body())])
    other = BodyStore(tmp_path / "bodies.sqlite")
    assert other.get([name(1)]) == {name(1): body()}
    other.put([(name(2), body("Other"))])
    other.close()
    assert store.get([name(2)]) == {name(2): body("Other")}


def test_more_names_than_one_question_may_have(store: BodyStore) -> None:
    many = {name(number): body(f"Text {number}") for number in range(3)}
    store.put(many.items())
    asked = [name(number) for number in range(2500)]
    assert store.get(asked) == many
    assert store.get([]) == {}


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE place SET start = 'text'",
        "UPDATE place SET start = -1",
        "UPDATE place SET size = 1 << 62",
        "UPDATE place SET size = size - 1",
        "UPDATE place SET size = NULL",
        "UPDATE place SET hash = x'00'",
        "UPDATE place SET (start, size, hash) = (SELECT max(start), size, hash FROM place)",
        "DELETE FROM place",
        "DROP TABLE place",
        "ALTER TABLE place RENAME COLUMN size TO length",
    ],
)
def test_a_row_that_was_harmed_is_no_body(store: BodyStore, tmp_path: Path, harm: str) -> None:
    """A body under another one's name (the seventh) would be a lie, not a loss."""
    whole = {name(1): body(), name(2): body("Other")}
    store.put(whole.items())
    store.close()
    connection = sqlite3.connect(tmp_path / "bodies.sqlite")
    with connection:
        connection.execute(harm)
    connection.close()
    found = store.get([name(1), name(2)])
    assert name(1) not in found
    assert found.items() <= whole.items()


@pytest.mark.parametrize("data", [b"", b"garbage" * 999, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_replaced(
    store: BodyStore, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "bodies.sqlite").write_bytes(data)
    store.check()
    assert store.get([name(1)]) == {}
    store.put([(name(1), body())])
    assert store.get([name(1)]) == {name(1): body()}


@pytest.mark.parametrize("at", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("how", ["flip", "cut"])
def test_a_database_that_was_harmed_only_loses_bodies(
    store: BodyStore, tmp_path: Path, at: float, how: str
) -> None:
    whole = {name(number): body(f"Text {number} " * 50) for number in range(40)}
    store.put(whole.items())
    store.close()
    path = tmp_path / "bodies.sqlite"
    data = bytearray(path.read_bytes())
    place = int(len(data) * at)
    if how == "flip":
        data[place : place + 200] = bytes(byte ^ 0x5A for byte in data[place : place + 200])
    path.write_bytes(data[:place] if how == "cut" else data)
    store.check()
    found = store.get(list(whole))
    assert found.items() <= whole.items()
    store.put(whole.items())
    assert store.get(list(whole)).items() <= whole.items()


@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "flip", "folder"])
def test_a_file_of_bodies_that_was_harmed_only_loses_bodies(
    store: BodyStore, tmp_path: Path, harm: str
) -> None:
    whole = {name(number): body(f"Text {number} " * 50) for number in range(40)}
    store.put(whole.items())
    path = tmp_path / "bodies.sqlite-data"
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    path.unlink()
    if harm == "flip":
        data[middle] ^= 1
        path.write_bytes(data)
    elif harm == "folder":
        path.mkdir()
    elif harm != "gone":
        path.write_bytes(data[:middle] if harm == "cut" else b"")
    found = store.get(list(whole))
    assert found.items() <= whole.items()
    assert len(found) in {"flip": {39}, "cut": {19, 20}}.get(harm, {0})
    store.put(whole.items())
    assert store.get(list(whole)) == ({} if harm == "folder" else whole)


def test_an_older_file_of_bodies_only_loses_bodies(store: BodyStore, tmp_path: Path) -> None:
    first = {name(number): body(f"Text {number}") for number in range(5)}
    store.put(first.items())
    path = tmp_path / "bodies.sqlite-data"
    older = path.read_bytes()
    second = {name(number): body(f"Text {number}") for number in range(5, 10)}
    store.put(second.items())
    path.write_bytes(older)
    assert store.get([*first, *second]) == first
    third = {name(number): body(f"Words {number} are others") for number in range(10, 15)}
    store.put(third.items())
    assert store.get([*first, *second, *third]) == {**first, **third}


def test_what_nobody_knows_of_any_more_is_given_back(store: BodyStore, tmp_path: Path) -> None:
    """A database that is lost, or a writer that was killed, leaves bytes without a place."""
    path = tmp_path / "bodies.sqlite-data"
    path.write_bytes(bytes(20_000_000))
    store.put([(name(1), body()), (name(2), body("Other"))])
    assert store.get([name(1), name(2)]) == {name(1): body(), name(2): body("Other")}
    store.keep({name(1), name(2)})
    assert path.stat().st_size < 2_000
    assert store.get([name(1), name(2)]) == {name(1): body(), name(2): body("Other")}


@pytest.mark.parametrize("place", ["folder", "missing/bodies.sqlite", "file/bodies.sqlite"])
def test_where_nothing_can_be_stored_nothing_is_and_nothing_is_raised(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "folder/inside").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    store = BodyStore(tmp_path / place)
    store.check()
    store.put([(name(1), body())])
    store.keep({name(1)})
    assert store.get([name(1)]) == {}
    assert store.names() == set()
    store.close()


def test_bodies_that_nobody_names_are_forgotten_once_there_are_many(store: BodyStore) -> None:
    short = Body("<p>x</p>", (), (), (), 1)
    store.put((name(number), short) for number in range(100))
    store.keep({name(1)})
    assert len(store.names()) == 100, "a few are kept: an edit that is undone finds them"
    store.put((name(number), short) for number in range(100, 2200))
    kept = {name(number) for number in range(0, 60, 2)}
    store.keep(kept | {name(9999)})
    assert store.names() == kept
    assert store.get(list(kept)) == dict.fromkeys(kept, short)
    store.put([(name(5), short)])
    assert name(5) in store.names()


def test_workers_write_at_the_same_time(store: BodyStore, tmp_path: Path) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("processes cannot be forked here")
    from crosspost.build.workers import run

    store.put([(name(0), body())])
    store.close()

    def work(numbers: range, begins) -> bytes:
        for number in numbers:
            store.put([(name(number), Body(f"<p>{number}</p>", (), (), (), 1))])
        store.close()
        return b""

    list(run(work, 60, 3, lambda _: None))
    assert store.get([name(number) for number in range(1, 60)]) == {
        name(number): Body(f"<p>{number}</p>", (), (), (), 1) for number in range(1, 60)
    }
