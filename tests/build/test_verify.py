"""`build --verify`: the proof that output/ is what a clean build makes."""

from __future__ import annotations

import msgspec
import pytest

from crosspost.build.blob import read_journal, write_blob
from crosspost.build.signatures import signature
from crosspost.build.trace import Past
from crosspost.digests import digest_of_output


@pytest.fixture
def site(town, post):
    made = town(
        {
            f"content/posts/p{number}.md": post("summary: S.", title=f"P{number}")
            for number in range(4)
        }
    )
    made.built()
    return made


def test_it_says_what_it_compared_and_leaves_nothing_behind(site, tmp_path, monkeypatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    before = site.outputs()
    result = site.build("--verify")
    assert result.status == 0, result.err
    assert result["verified"].startswith(
        f"Verified: {len(before)} files are the same, byte for byte"
    )
    assert "1 process" in result["verified"]
    assert site.outputs() == before
    assert list((tmp_path / "temporary").iterdir()) == []
    assert (result["read"], result["made"]) == (0, 0)


def test_it_says_so_to_people_too(site) -> None:
    result = site.run("build", "--now", "2026-11-23 12:00", "--verify")
    assert "\nVerified: " in result.out


def test_it_verifies_what_the_options_ask_for(site, post) -> None:
    site.write({"content/posts/draft.md": post("draft: true", title="Secret")})
    assert site.build("--verify", "--drafts", "--jobs", "2").status == 0
    assert site.build("--verify").status == 0
    assert site.build("--verify", now="2026-11-01").status == 0


def past_of(site) -> Past:
    """What the last build of a site did."""
    (table,) = (site.root / ".crosspost/cache").glob("built-*-traces")
    environment = msgspec.msgpack.decode(read_journal(table)[0][0][0])[0]
    return Past(table.with_name(table.name.removesuffix("-traces")), environment)


def believed(site, path: str, data: bytes) -> None:
    """Put a wrong file in its place and make the engine believe that it made it."""
    past = past_of(site)
    site.write({f"output/{path}": data})
    wrong = past.traces.rows[path]
    wrong.digest, wrong.signature = digest_of_output(data), None
    past.write(past.known, {path: wrong}, [])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_every_file_that_was_written_is_known_by_what_the_disk_says_of_it(
    town, post, jobs: str
) -> None:
    names = [f"p{number:03}" for number in range(300)]
    site = town({f"content/posts/{name}.md": post("summary: S.", title=name) for name in names})
    for number in range(7, 10):
        site.built("--jobs", jobs)
        rows = past_of(site).traces.rows
        looks = {path: signature((site.root / "output" / path).lstat()) for path in rows}
        assert {path: trace.signature for path, trace in rows.items()} == looks
        site.edit(f"content/posts/p{number:03}.md", "summary:", f"slug: to-{number}\nsummary:")
        site.edit(f"content/posts/p0{number + 10}.md", "Text", "More text")


@pytest.mark.parametrize("path", ["2026/11/p2/index.html", "rss.xml", "robots.txt"])
def test_a_wrong_file_that_is_believed_is_named(site, path: str) -> None:
    believed(site, path, b"not what is made")
    assert site.build()["made"] == 0, "the engine has no reason to doubt"
    result = site.build("--verify")
    assert result.status == 4
    assert f"\n  {path}\n" in result.err
    assert "output/ is not what a clean build with 1 process makes." in result.err
    assert "2 files differ" in result.err, "the file and the manifest"
    assert "please report it" in result.err


def test_many_wrong_files_are_counted_and_ten_named(town, post) -> None:
    names = [f"p{number:02}" for number in range(12)]
    site = town({f"content/posts/{name}.md": post("summary: S.", title=name) for name in names})
    site.built()
    for name in names:
        believed(site, f"2026/11/{name}/index.html", b"wrong")
    site.build()
    result = site.build("--verify")
    assert result.status == 4
    assert "13 files differ" in result.err
    assert "\n  and 3 more\n" in result.err
    assert result.err.count("/index.html") == 9


def test_what_can_be_seen_to_be_wrong_is_put_right_before_it_is_compared(site) -> None:
    before = site.outputs()
    site.write({"output/rss.xml": b"wrong", "output/mine.txt": b"somebody else's"})
    assert site.build("--verify").status == 0
    assert site.outputs() == before | {"mine.txt": b"somebody else's"}


def test_traces_that_are_no_traces_are_begun_anew(site) -> None:
    (table,) = (site.root / ".crosspost/cache").glob("built-*-traces")
    write_blob(table, b"\x93\x01\x02\x03")
    assert site.build("--verify").status == 0
