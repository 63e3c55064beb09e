"""Files of the cache: whole, or as good as missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.build.blob import append_blob, read_blob, read_journal, write_blob


@given(content=st.binary(max_size=300))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "whole"
    write_blob(path, content)
    assert read_blob(path) == content
    write_blob(path, content[::-1])
    assert read_blob(path) == content[::-1]


@given(content=st.binary(min_size=1, max_size=60), place=st.integers(0, 200), bit=st.integers(0, 7))
@example(content=b"x", place=0, bit=0)
def test_one_wrong_bit_is_found_out(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, place: int, bit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "bit"
    write_blob(path, content)
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)
    assert read_blob(path) is None


@given(content=st.binary(max_size=60), cut=st.integers(1, 200), more=st.binary(max_size=9))
def test_a_cut_or_longer_file_is_found_out(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cut: int, more: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "cut"
    write_blob(path, content)
    data = path.read_bytes()
    path.write_bytes(data[: -1 - cut % len(data)] + b"")
    assert read_blob(path) is None
    if more:
        path.write_bytes(data + more)
        assert read_blob(path) is None


def test_missing_empty_foreign_and_folder(tmp_path: Path) -> None:
    assert read_blob(tmp_path / "missing") is None
    assert read_blob(tmp_path) is None
    assert read_blob(tmp_path / "missing/deep") is None
    for data in (b"", b"{}", b"crosspost 1\n", b"\x00" * 99):
        (tmp_path / "foreign").write_bytes(data)
        assert read_blob(tmp_path / "foreign") is None


def test_a_write_that_fails_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "folder/inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        write_blob(tmp_path / "folder", b"x")
    with pytest.raises(OSError, match="missing"):
        write_blob(tmp_path / "missing/file", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_journal_gives_its_blobs_in_order(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    write_blob(path, b"one")
    append_blob(path, b"two")
    append_blob(path, b"")
    append_blob(path, b"three", b"its tail")
    assert read_journal(path) == (
        [(b"one", b""), (b"two", b""), (b"", b""), (b"three", b"its tail")],
        True,
    )
    assert read_blob(path) is None, "it holds more than one"


def test_what_is_broken_ends_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    write_blob(path, b"one")
    first = path.stat().st_size
    append_blob(path, b"two")
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        blobs, is_whole = read_journal(path)
        assert blobs in ([], [(b"one", b"")])
        assert is_whole == (end == first)
