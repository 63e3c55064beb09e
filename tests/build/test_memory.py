"""What is remembered of a site's files: found by the hash of their bytes, never by luck."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec
import pytest

from crosspost.build.memory import Memory
from crosspost.content.reading import Files, find_files
from crosspost.digests import digest_of
from crosspost.settings_file import load_settings

POST = b"---\ntitle: A\ndate: 2026-11-01\n---\nText.\n"
PATHS = ("posts/a.md", "posts/b.md")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for path in PATHS:
        (root / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "content" / path).write_bytes(POST)
    (root / "content/posts/plan.txt").write_bytes(b"a plan")
    (root / "crosspost.yaml").write_text("site: {title: Town, url: https://town.example}\n")
    (root / "cache").mkdir()
    time.sleep(0.05)
    return root


def files_of(site: Path) -> Files:
    return find_files(load_settings(site))


def memory(site: Path, environment: str = "ours") -> Memory:
    return Memory(site / "cache", environment)


def records() -> dict[str, tuple[str, msgspec.Raw]]:
    return {
        path: (digest_of(POST), msgspec.Raw(msgspec.msgpack.encode(f"of {path}"))) for path in PATHS
    }


def saved(site: Path) -> None:
    memory(site).learn(files_of(site), records())()


def test_nothing_is_known_at_first(site: Path) -> None:
    new = memory(site)
    files = files_of(site)
    assert [new.digest(one) for one in files.documents] == ["", ""]
    assert [new.facts(one) for one in files.assets.values()] == [None]
    assert new.record(PATHS[0], digest_of(POST)) is None


def test_what_was_saved_is_known(site: Path) -> None:
    saved(site)
    known, files = memory(site), files_of(site)
    assert [known.digest(one) for one in files.documents] == [digest_of(POST)] * 2
    (facts,) = [known.facts(one) for one in files.assets.values()]
    assert facts is not None
    assert facts.digest == digest_of(b"a plan")
    record = known.record(PATHS[1], digest_of(POST))
    assert record is not None
    assert msgspec.msgpack.decode(record) == "of posts/b.md"


def test_a_record_is_only_of_its_path_and_its_bytes(site: Path) -> None:
    saved(site)
    known = memory(site)
    assert known.record("posts/c.md", digest_of(POST)) is None
    assert known.record(PATHS[0], digest_of(b"other")) is None
    assert known.record(PATHS[0], "") is None


def test_another_environment_has_no_records_and_the_same_signatures(site: Path) -> None:
    saved(site)
    other = memory(site, "another version")
    assert other.record(PATHS[0], digest_of(POST)) is None
    assert other.digest(files_of(site).documents[0]) == digest_of(POST)


@pytest.mark.parametrize("how", ["written", "same size and time", "replaced"])
def test_a_file_that_changed_has_no_digest_and_no_facts(site: Path, how: str) -> None:
    saved(site)
    for name, data in (("a.md", POST.replace(b"Text", b"Tale")), ("plan.txt", b"b plan")):
        path = site / "content/posts" / name
        before = path.stat()
        if how == "replaced":
            path.with_name("new").write_bytes(data)
            path.with_name("new").replace(path)
        else:
            path.write_bytes(data)
        if how == "same size and time":
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    known, files = memory(site), files_of(site)
    assert [known.digest(one) for one in files.documents] == ["", digest_of(POST)]
    assert known.facts(files.assets["posts/plan.txt"]) is None


def test_a_file_of_this_very_moment_is_looked_at_again(site: Path) -> None:
    """It may change once more before the clock moves, and look the same."""
    new = memory(site)
    (site / "content/posts/a.md").write_bytes(POST)
    new.learn(files_of(site), records())()
    known = memory(site)
    assert [known.digest(one) for one in files_of(site).documents] == ["", digest_of(POST)]


def test_facts_of_another_version_are_not_believed(site: Path) -> None:
    Memory(site / "cache", "ours", "code 1").learn(files_of(site), records())()
    (asset,) = files_of(site).assets.values()
    assert Memory(site / "cache", "ours", "code 1").facts(asset) is not None
    assert Memory(site / "cache", "ours", "code 2").facts(asset) is None


def test_entries_of_documents_that_are_gone_are_told(site: Path) -> None:
    saved(site)
    later = memory(site)
    (site / "content/posts/a.md").unlink()
    later.learn(files_of(site), {PATHS[1]: records()[PATHS[1]]})()
    assert list(later._former) == [PATHS[0]]


@pytest.mark.parametrize("name", ["records", "files"])
@pytest.mark.parametrize("data", [b"", b"garbage", None])
def test_a_file_of_it_that_was_harmed_is_nothing(site: Path, name: str, data: bytes | None) -> None:
    saved(site)
    path = site / "cache" / name
    path.write_bytes(path.read_bytes()[:-1] if data is None else data)
    known = memory(site)
    assert (known.record(PATHS[0], digest_of(POST)) is None) == (name == "records")
    assert (known.digest(files_of(site).documents[0]) == "") == (name == "files")


def test_a_whole_file_of_another_shape_is_nothing(site: Path) -> None:
    from crosspost.build.blob import write_blob

    for name in ("records", "files"):
        write_blob(site / "cache" / name, b"[1, 2, 3]")
    assert memory(site).record(PATHS[0], digest_of(POST)) is None


def test_where_nothing_can_be_written_nothing_is_raised(site: Path) -> None:
    nowhere = Memory(site / "missing/cache", "ours")
    nowhere.learn(files_of(site), records())()
    assert not (site / "missing").exists()


def test_no_path_of_this_machine_is_kept(site: Path) -> None:
    saved(site)
    for path in (site / "cache").iterdir():
        assert str(site).encode() not in path.read_bytes()
