"""A build that has nothing to do: told apart before anything is loaded, and never by mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.build.last import last_build

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEAVY = ("jinja2", "markdown", "yaml", "msgspec", "babel", "PIL", "lxml", "sqlite3", "pygments")
PROGRAM = """
import sys
from crosspost.cli import main
main(["-C", sys.argv[1], "build", "--format", "json", *sys.argv[2:]], standalone_mode=False)
print(" ".join(sorted(sys.modules)))
"""


def at(moment: datetime) -> str:
    return str(int(moment.timestamp()))


@pytest.fixture
def files(post, picture) -> dict[str, str | bytes]:
    return {
        "content/posts/fair.md": post("summary: S.", "![](castle.png)"),
        "content/posts/castle.png": picture(),
        "content/posts/later.md": post("summary: S.", title="Later", date="2026-12-01 09:00"),
        "content/posts/ends.md": post("summary: S.\nexpires: 2027-01-10", title="Ends"),
        "content/posts/draft.md": post("draft: true", title="Secret"),
    }


@pytest.fixture
def site(town, files, monkeypatch):
    """A site that was built at noon, with one warning; the clock stands still."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", at(NOON))
    made = town(files)
    made.settle()
    result = made.run("build", "--format", "json")
    assert result.status == 0, result.err
    assert is_taken(made)
    return made


def is_taken(site, *, drafts: bool = False, strict: bool = False) -> bool:
    """Say whether a build would be over before it began."""
    return last_build(site.root, site.root / "output", drafts, strict).holds


def modules_of(site, *options: str) -> tuple[dict[str, object], set[str], str]:
    """Build in a process of its own: what it told programs, what it imported, what it said."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(site.root), *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told, modules = ended.stdout.splitlines()
    return json.loads(told), set(modules.split()), ended.stderr


def test_it_imports_nothing_heavy_and_says_what_the_build_before_said(site) -> None:
    first, modules, warned = modules_of(site, "--jobs", "1")
    again, _, _ = modules_of(site)
    assert not modules & set(HEAVY)
    assert {**first, "seconds": 0} == {**again, "seconds": 0}
    assert (first["read"], first["made"], first["written"], first["removed"]) == (0, 0, 0, 0)
    assert "missing-alt" in warned
    whole, modules, warned_by_whole = modules_of(site, "--now", NOON.isoformat())
    assert set(HEAVY) & modules, "the test would not notice what is loaded"
    assert {**whole, "seconds": 0} == {**first, "seconds": 0}
    assert warned_by_whole == warned


AS_TYPED = """
import os, sys
from crosspost.__main__ import run

leave = os._exit

def left(status):
    sys.stderr.write(" ".join(sorted(sys.modules)))
    sys.stderr.flush()
    leave(status)

os._exit = left
run()
"""


def as_typed(site, *arguments: str, **environment: str) -> tuple[int, str, str, set[str]]:
    """Run the command in the site's folder: its status, what it said, and what it imported."""
    ended = subprocess.run(
        [sys.executable, "-c", AS_TYPED, *arguments],
        cwd=site.root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
    said, _, modules = ended.stderr.rpartition("\n")
    return ended.returncode, ended.stdout, said, set(modules.split())


@pytest.mark.parametrize(
    "arguments", [["build"], ["-q", "build"], ["build", "--quiet"], ["build", "--drafts"]]
)
def test_as_most_people_type_it_not_even_the_command_line_is_loaded(site, arguments) -> None:
    if "--drafts" in arguments:
        site.run(*arguments)
    status, said, warned, modules = as_typed(site, *arguments)
    assert not modules & {"click", "inspect", "dataclasses", *HEAVY}
    by_click = site.run(*arguments)
    assert (status, warned) == (by_click.status, by_click.err.rstrip("\n"))
    seconds = re.compile(r"\d\.\d\d s")
    assert seconds.sub("", said) == seconds.sub("", by_click.out)
    assert bool(said) == ("-q" not in arguments and "--quiet" not in arguments)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["build", "--strict"], 1),  # there is a warning
        (["build", "--jobs", "1"], 0),
        (["build", "--bild"], 2),
        (["-v", "build"], 0),
        (["build", "build"], 2),
    ],
)
def test_everything_else_is_left_to_the_command_line(site, arguments, status) -> None:
    found, _, said, modules = as_typed(site, *arguments)
    assert found == status, said
    assert "click" in modules or status == 2


def test_what_a_terminal_cannot_show_is_left_to_the_command_line(site) -> None:
    status, _, _, modules = as_typed(site, "build", PYTHONIOENCODING="latin-1")
    assert status == 0
    assert "click" in modules


def test_ctrl_c_is_no_traceback_while_it_looks(site) -> None:
    interrupted = "import os, signal; os.scandir = lambda *_: os.kill(os.getpid(), signal.SIGINT)"
    ended = subprocess.run(
        [sys.executable, "-c", f"{interrupted}\n{AS_TYPED}", "build"],
        cwd=site.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "Aborted!\n")


def test_without_a_folder_the_command_line_says_so(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    ended = subprocess.run(
        ["sh", "-c", f'cd "{gone}"; rmdir "{gone}"; "{sys.executable}" -m crosspost build'],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.endswith("Error: the folder that you are in is gone: cd to the site.\n")


def test_it_counts_the_files_of_a_build_that_wrote(town, files, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", at(NOON))
    site = town(files)
    site.settle()
    first = site.run("build", "--format", "json")
    again = site.run("build", "--format", "json")
    assert first["written"] == again["unchanged"] > 0
    assert again["written"] == 0
    kept = ("pages", "feeds", "assets", "redirects", "posts", "next_change", "warnings")
    assert [first[name] for name in kept] == [again[name] for name in kept]
    assert again.err == first.err
    assert site.run("build").out.startswith(f"2 posts · {first['written']} files · 0 written")
    assert site.run("--quiet", "build").out == ""


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (datetime(2026, 11, 23, 11, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 7, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 8, 0, 0, tzinfo=UTC), False),
        (datetime(2027, 3, 1, tzinfo=UTC), False),
    ],
    ids=["backwards", "a second later", "just before the post", "the post is due", "much later"],
)
def test_the_clock_decides(site, monkeypatch, moment, taken) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", at(moment))
    assert is_taken(site) == taken
    result = site.run("build", "--format", "json")
    assert ("2026/12/later/index.html" in site.outputs()) == (
        moment >= datetime(2026, 12, 1, 8, tzinfo=UTC)
    )
    assert result.status == 0


Change = Callable[[object], object]
CHANGES: dict[str, Change] = {
    "a post": lambda site: site.edit("content/posts/fair.md", "Fair", "Fare"),
    "a new post": lambda site: site.write(
        {"content/posts/new.md": site.text("content/posts/fair.md")}
    ),
    "a draft": lambda site: site.edit("content/posts/draft.md", "Text", "Words"),
    "a post gone": lambda site: (site.root / "content/posts/ends.md").unlink(),
    "a post renamed": lambda site: (site.root / "content/posts/ends.md").rename(
        site.root / "content/posts/end.md"
    ),
    "a picture": lambda site: site.write({"content/posts/castle.png": b"no picture"}),
    "a template": lambda site: site.edit("themes/small/templates/post.html", "<h1>", "<h1 >"),
    "an override": lambda site: site.write({"templates/post.html": "x"}),
    "a static file": lambda site: site.write({"static/more.txt": "x"}),
    "a text": lambda site: site.write({"i18n/fr.yaml": "home: Chez nous\n"}),
    "the theme": lambda site: site.write({"themes/small/theme.yaml": "title: Other\n"}),
    "the settings": lambda site: site.edit("crosspost.yaml", "Valbourg", "Montbourg"),
    "a page gone": lambda site: (site.root / "output/index.html").unlink(),
    "a page edited": lambda site: site.write({"output/index.html": "x"}),
    "a page that is a folder": lambda site: (
        (site.root / "output/rss.xml").unlink(),
        (site.root / "output/rss.xml").mkdir(),
    ),
    "the manifest gone": lambda site: (site.root / "output/.crosspost-manifest.json").unlink(),
    "something unfinished": lambda site: (site.root / "output/.crosspost-unfinished").mkdir(),
    "the receipt gone": lambda site: _harm(site, None),
    "the receipt cut": lambda site: _harm(site, lambda data: data[:-9]),
    "the receipt of another version": lambda site: _harm(site, lambda data: b"{}"),
}


def _harm(site, change: Callable[[bytes], bytes] | None) -> None:
    (receipt,) = (site.root / ".crosspost/cache").glob("last-*")
    if change is None:
        receipt.unlink()
    else:
        receipt.write_bytes(change(receipt.read_bytes()))


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_not_taken_when_something_changed(site, change) -> None:
    CHANGES[change](site)
    assert not is_taken(site)


def test_a_post_that_was_only_touched_is_not_read_or_made_again(site) -> None:
    (site.root / "content/posts/fair.md").touch()
    result = site.run("build", "--format", "json")
    assert result.status == 0, result.err
    told = json.loads(result.out.splitlines()[-1])
    assert (told["read"], told["made"], told["written"]) == (0, 0, 0)


def test_a_change_of_the_same_size_with_its_old_time_is_seen(site) -> None:
    path = site.root / "content/posts/fair.md"
    before = path.stat()
    site.edit("content/posts/fair.md", "Fair", "Fare")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not is_taken(site)


def test_files_of_output_that_are_somebody_elses_do_not_matter(site) -> None:
    site.write({"output/CNAME": "valbourg.example"})
    assert is_taken(site)


def test_a_hidden_template_that_changes_is_rendered(site) -> None:
    """The first build sees it, so the next ones must too."""
    site.write(
        {
            "templates/.parts/sign.html": "SIGN",
            "templates/post.html": '{% include ".parts/sign.html" %}',
        }
    )
    site.settle()
    site.run("build")
    site.write({"templates/.parts/sign.html": "ANOTHER"})
    site.settle()
    site.run("build")
    assert site.page("2026/11/fair/index.html") == "ANOTHER"


def test_warnings_and_strict(site) -> None:
    assert not is_taken(site, strict=True)
    assert site.run("build", "--strict").status == 1
    assert site.run("build", "--strict").status == 1
    site.edit("content/posts/fair.md", "![]", "![The castle]")
    site.settle()
    assert site.run("build", "--strict").status == 0
    assert is_taken(site, strict=True)
    assert is_taken(site)


def test_without_warnings_a_plain_build_stands_for_a_strict_one(site) -> None:
    site.edit("content/posts/fair.md", "![]", "![The castle]")
    site.settle()
    site.run("build")
    assert is_taken(site, strict=True)


def test_a_build_that_failed_leaves_none_to_take(site) -> None:
    text = site.text("content/posts/fair.md")
    site.edit("content/posts/fair.md", "castle.png", "gone.png")
    site.settle()
    for _ in range(2):
        assert site.run("build").status == 1
        assert not is_taken(site)
    site.write({"content/posts/fair.md": text})
    assert site.run("build").status == 0


def test_every_build_that_wrote_leaves_one(site) -> None:
    for number in range(10):
        site.write({"content/pages/more.md": f"---\ntitle: More {number}\n---\n"})
        site.settle()
        assert site.run("build", "--format", "json")["written"] > 0
        assert is_taken(site)


def test_drafts_have_a_receipt_of_their_own(site) -> None:
    assert not is_taken(site, drafts=True)
    site.run("build", "--drafts")
    assert not is_taken(site), "output/ has drafts now"
    assert is_taken(site, drafts=True)
    site.run("build")
    assert is_taken(site)
    assert not is_taken(site, drafts=True)
    assert "2026/11/draft/index.html" not in site.outputs()


def test_a_package_that_is_installed_since_is_seen(site, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "packages/markdown-99.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    assert not is_taken(site)


def test_sources_that_changed_a_moment_ago_leave_no_receipt(site) -> None:
    """Another change within the same tick of the clock would look the same."""
    site.edit("content/posts/fair.md", "Fair", "Fare")
    site.edit("content/posts/fair.md", "Fare", "Fair")
    site.run("build")
    site.edit("content/posts/fair.md", "Fair", "Fare")
    site.run("build")
    assert "Fare" in site.page("2026/11/fair/index.html")


@pytest.mark.parametrize("option", ["--explain=/ville/", "--profile", "--verify", "--clean"])
def test_options_that_ask_for_more_than_a_build_get_it(site, option) -> None:
    result = site.run("build", option)
    assert result.status == 0, result.err
    words = {"--explain=/ville/": "index.html, of", "--profile": "Phases", "--verify": "Verified"}
    assert words.get(option, "0 written") in result.out


def test_links_that_run_in_a_circle_are_not_followed_for_ever(site, monkeypatch) -> None:
    from crosspost.build import last

    for name in ("one", "two"):
        (site.root / "content/posts" / name).symlink_to("..")
    scandir, scanned = os.scandir, []

    def counted(place: str):
        scanned.append(place)
        return scandir(place)

    monkeypatch.setattr(os, "scandir", counted)
    last.sources(site.root, [])
    assert len(scanned) < 500


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("crosspost.yaml", "site: {title: Renamed, url: https://valbourg.example}\n"),
        ("templates/page.html", "OTHER {{ post.title }}"),
    ],
)
def test_what_changes_while_a_build_runs_is_seen_by_the_next(site, monkeypatch, name, text) -> None:
    from crosspost.build.outputs import OutputFolder

    commit = OutputFolder.commit

    def slow(self, *arguments, **options):
        site.write({name: text})
        return commit(self, *arguments, **options)

    site.write({"content/pages/new.md": "---\ntitle: New\n---\nWords.\n"})
    with monkeypatch.context() as patched:
        patched.setattr(OutputFolder, "commit", slow)
        assert site.run("build").status == 0
    assert site.run("build").status == 0
    page = (site.root / "output/new/index.html").read_text(encoding="utf-8")
    assert ("OTHER" if name.startswith("templates") else "Renamed") in page
