"""Writing output/: only what changed, nothing half-written, nothing that is not ours."""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.build.outputs import (
    MANIFEST,
    OutputFolder,
    Written,
    check_collisions,
)
from crosspost.build.signatures import signature
from crosspost.digests import digest_of_output
from crosspost.errors import BlockedError, SiteError


def outputs(**files: str) -> dict[str, bytes]:
    return {path.replace("__", "/"): text.encode() for path, text in files.items()}


def write_outputs(path: Path, files: dict[str, bytes], *, clean: bool = False) -> Written:
    """Stage every file and put it in its place, as a build does."""
    folder = OutputFolder(path)
    with folder.blocking():
        folder.prepare()
        try:
            staged = [name for name, data in files.items() if folder.stage(name, data)]
            digests = {name: digest_of_output(data) for name, data in files.items()}
            return folder.commit(digests, staged, clean=clean)
        finally:
            folder.discard()


def test_what_moves_with_its_folder_looks_as_it_did_and_the_rest_is_told(tmp_path: Path) -> None:
    write_outputs(tmp_path, outputs(a="1", b__c="2"))
    folder = OutputFolder(tmp_path)
    folder.prepare()
    files = outputs(a="new", b__d="3", e__f__g="4", b__h__i="5")
    looks = {name: folder.stage(name, data) for name, data in files.items()}
    (tmp_path / "e").mkdir()  # by somebody, meanwhile
    (tmp_path / "e" / "mine").write_text("mine")
    digests = {name: digest_of_output(data) for name, data in files.items()}
    written = folder.commit({**digests, "b/c": ""}, looks, clean=False)
    assert written.renamed == {"a", "b/d"}
    now = {name: signature((tmp_path / name).stat()) for name in files}
    assert {name for name in files if now[name] == looks[name]} >= {"e/f/g", "b/h/i"}
    assert (tmp_path / "e" / "mine").read_text() == "mine"


def test_a_file_whose_folder_came_meanwhile_is_renamed(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    folder.prepare()
    assert folder.stage("b/c", b"1") is not None
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine").write_text("mine")
    written = folder.commit({"b/c": digest_of_output(b"1")}, ["b/c"], clean=False)
    assert (written.written, written.renamed) == (1, {"b/c"})
    assert tree(tmp_path / "b") == {"c": b"1", "mine": b"mine"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    first = write_outputs(tmp_path / "out", outputs(a="1", b__c="2"))
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    second = write_outputs(tmp_path / "out", outputs(a="1", b__c="2"))
    assert (first.written, first.unchanged, first.removed) == (2, 0, 0)
    assert (second.written, second.unchanged, second.removed) == (0, 2, 0)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*")} == stamps


def test_what_is_no_longer_made_goes_with_its_empty_folders(tmp_path: Path) -> None:
    write_outputs(tmp_path, outputs(a="1", b__c__d="2"))
    written = write_outputs(tmp_path, outputs(a="1"))
    assert written.removed == 1
    assert not (tmp_path / "b").exists()


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "CNAME").write_text("mine")
    write_outputs(tmp_path, outputs(b__c="1"))
    write_outputs(tmp_path, outputs(a="1"))
    assert (tmp_path / "b" / "CNAME").read_text() == "mine"


def test_a_file_that_is_not_ours_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(SiteError, match="not made by crosspost"):
        write_outputs(tmp_path, outputs(**{"index.html": "ours", "a": "1"}))
    assert tree(tmp_path) == {"index.html": b"mine"}
    write_outputs(tmp_path, outputs(**{"index.html": "ours", "a": "1"}), clean=True)
    assert (tmp_path / "index.html").read_text() == "ours"


def test_a_folder_of_somebody_in_a_pages_place_is_named(tmp_path: Path) -> None:
    wanted = outputs(a="1", b__c="2", d="3")
    write_outputs(tmp_path, wanted)
    (tmp_path / "a").unlink()
    (tmp_path / "a" / "x").mkdir(parents=True)
    (tmp_path / "a" / "x" / "mine").write_text("mine")
    (tmp_path / "b" / "c").unlink()
    (tmp_path / "b").rmdir()
    (tmp_path / "b").write_text("mine")
    (tmp_path / "d").unlink()
    (tmp_path / "d" / "empty").mkdir(parents=True)
    with pytest.raises(SiteError) as caught:
        write_outputs(tmp_path, wanted)
    where = [problem.file for problem in caught.value.problems]
    assert where == [f"{tmp_path.name}/a/x/mine", f"{tmp_path.name}/b"]
    write_outputs(tmp_path, wanted, clean=True)
    left = tree(tmp_path)
    del left[MANIFEST]
    assert left == {"a": b"1", "b/c": b"2", "d": b"3"}


def test_a_link_in_a_pages_place_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("keep me")
    out = tmp_path / "out"
    write_outputs(out, outputs(a="1"))
    (out / "a").unlink()
    (out / "a").symlink_to(tmp_path / "victim")
    write_outputs(out, outputs(a="2"))
    assert (out / "a").read_text() == "2"
    assert not (out / "a").is_symlink()
    assert (tmp_path / "victim").read_text() == "keep me"


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    write_outputs(tmp_path, outputs(a="1", b="2", gone="3"))
    before = tree(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(BlockedError, match=rf"File too large \({tmp_path.name}\)"):
            write_outputs(tmp_path, outputs(a="new", b="2", z="z" * 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert tree(tmp_path) == before


def test_a_page_can_become_a_folder_and_a_folder_a_page(tmp_path: Path) -> None:
    write_outputs(tmp_path, outputs(a="1", b__c="2"))
    write_outputs(tmp_path, outputs(a__x="1", b="2"))
    assert tree(tmp_path).keys() == {MANIFEST, "a/x", "b"}


def test_a_manifest_from_elsewhere_cannot_remove_what_is_outside(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep me")
    out = tmp_path / "out"
    out.mkdir()
    names = {"../victim": "", str(victim): "", "a/../../victim": ""}
    (out / MANIFEST).write_text(json.dumps({"version": 1, "files": names}))
    write_outputs(out, outputs(a="1"))
    assert victim.read_text() == "keep me"


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"files": 3}', "\0\xff"])
def test_a_broken_manifest_is_as_none(tmp_path: Path, rubbish: str) -> None:
    write_outputs(tmp_path, outputs(a="1"))
    (tmp_path / MANIFEST).write_text(rubbish)
    assert write_outputs(tmp_path, outputs(a="1")).unchanged == 1


def test_a_folder_that_is_a_file_blocks_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BlockedError, match="output cannot be written"):
        write_outputs(tmp_path / "out", outputs(a="1"))


def test_an_interrupted_build_leaves_nothing_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_outputs(tmp_path, outputs(a="1"))
    real, calls = os.replace, []

    def replace(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_outputs(tmp_path, outputs(b="2", c="3"))
    monkeypatch.undo()
    write_outputs(tmp_path, outputs(a="1"))
    assert tree(tmp_path).keys() == {"a", MANIFEST}


def test_two_makers_of_one_path_are_both_named() -> None:
    claims = [("a/index.html", "content/posts/a.md"), ("a/index.html", "content/posts/b.md")]
    (problem,) = check_collisions(claims)
    assert "content/posts/a.md" in problem.message
    assert "content/posts/b.md" in problem.message


def test_a_file_and_a_folder_of_one_name_collide() -> None:
    (problem,) = check_collisions([("a", "one"), ("a/b", "two")])
    assert "a file (of one) and a folder (of two)" in problem.message


names = st.sampled_from(["a", "b", "c/d", "c/e", "f/g/h"])
folders = st.dictionaries(names, st.binary(max_size=3), max_size=5)


@settings(deadline=None)
@given(history=st.lists(folders, min_size=1, max_size=4))
def test_after_any_history_the_folder_holds_what_was_made_last(
    history: list[dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("out")
    for files in history:
        write_outputs(folder, files)
    left = tree(folder)
    left.pop(MANIFEST)
    assert left == history[-1]
