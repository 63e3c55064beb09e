"""What is visible at a moment, where it is, when that changes, and what belongs together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspost.settings_file import load_settings
from crosspost.site.index import SiteIndex, make_index
from crosspost.site.loading import read_content

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 23, 12, tzinfo=PARIS)
Index = Callable[..., SiteIndex]


def post(date: str, front: str = "", title: str = "A", body: str = "Text.") -> str:
    return f"---\ntitle: {title}\ndate: {date}\n{front}\n---\n{body}\n"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Return a function that writes files below content/ and indexes them; problems are refused."""

    def make(
        files: dict[str, str], settings: str = "", now: datetime = NOON, *, drafts: bool = False
    ) -> SiteIndex:
        text = f"site: {{title: V, url: https://v.example/town}}\n{settings}"
        (tmp_path / "crosspost.yaml").write_text(text, encoding="utf-8")
        for name, data in files.items():
            path = tmp_path / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(data, encoding="utf-8")
        loaded = load_settings(tmp_path)
        found, problems = make_index(loaded, read_content(loaded), now, drafts=drafts)
        assert [str(problem) for problem in problems] == []
        return found

    return make


def shown(index: SiteIndex) -> list[str]:
    return [entry.document.path.removeprefix("posts/").removesuffix(".md") for entry in index.posts]


@pytest.mark.parametrize(
    ("now", "visible"),
    [
        ("2026-11-23 08:59:59", []),
        ("2026-11-23 09:00:00", ["a"]),
        ("2026-11-24 23:59:59", ["a"]),
        ("2026-11-25 00:00:00", []),
    ],
)
def test_a_post_appears_and_leaves_to_the_second(index: Index, now: str, visible: list) -> None:
    files = {"posts/a.md": post("2026-11-23 09:00", "expires: 2026-11-25")}
    moment = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    assert shown(index(files, now=moment)) == visible


def test_the_same_moment_in_any_zone(index: Index) -> None:
    files = {"posts/a.md": post("2026-11-23 12:00")}
    assert shown(index(files, now=NOON.astimezone(ZoneInfo("America/Lima")))) == ["a"]


def test_why_a_document_hides(index: Index) -> None:
    files = {
        "posts/draft.md": post("2020-01-01", "draft: true"),
        "posts/future.md": post("2030-01-01"),
        "posts/expired.md": post("2020-01-01", "expires: 2020-02-01"),
        "posts/draft-and-future.md": post("2030-01-01", "draft: true"),
        "pages/page.md": "---\ntitle: P\ndraft: true\n---\n",
    }
    hidden = {h.document.path.split("/")[1]: h.reason for h in index(files).hidden}
    assert hidden == {
        "draft.md": "draft",
        "future.md": "future",
        "expired.md": "expired",
        "draft-and-future.md": "draft",
        "page.md": "draft",
    }
    assert sorted(shown(index(files, drafts=True))) == ["draft", "draft-and-future", "future"]


def test_next_change_is_the_next_appearance_or_end(index: Index) -> None:
    files = {
        "posts/past.md": post("2026-01-01", "expires: 2026-12-24"),
        "posts/soon.md": post("2026-12-01 08:00"),
        "posts/draft.md": post("2026-11-24", "draft: true"),
    }
    assert index(files).next_change == datetime(2026, 12, 1, 8, tzinfo=PARIS)
    later = datetime(2026, 12, 1, 8, tzinfo=PARIS)
    assert index(files, now=later).next_change == datetime(2026, 12, 24, tzinfo=PARIS)
    assert index(files, now=datetime(2027, 1, 1, tzinfo=PARIS)).next_change is None


def test_newest_first_and_by_path_within_a_moment(index: Index) -> None:
    files = {
        "posts/b.md": post("2026-11-01"),
        "posts/a.md": post("2026-11-01"),
        "posts/c.md": post("2026-11-02"),
    }
    assert shown(index(files)) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("front", "pattern", "url"),
    [
        ("", "/{year}/{month}/{slug}/", "/town/2026/11/le-marche/"),
        ("slug: fair", "/{year}/{month}/{slug}/", "/town/2026/11/fair/"),
        ("permalink: /fair/", "/{year}/{month}/{slug}/", "/town/fair/"),
        ("permalink: /fair.html", "/{year}/{month}/{slug}/", "/town/fair.html"),
        ("category: Vie Locale", "/{category}/{slug}/", "/town/vie-locale/le-marche/"),
        ("", "/{category}/{slug}/", "/town/le-marche/"),
        ("", "/{path}/", "/town/2026/le-marche/"),
        ("", "/{year}-{day}/{slug}.html", "/town/2026-01/le-marche.html"),
    ],
)
def test_addresses(index: Index, front: str, pattern: str, url: str) -> None:
    files = {"posts/2026/le-marche.md": post("2026-11-01", front)}
    (entry,) = index(files, f'permalink: "{pattern}"\n').posts
    assert entry.url == url
    assert entry.absolute_url == f"https://v.example{url}"


def test_the_day_of_an_address_is_that_of_the_site(index: Index) -> None:
    files = {"posts/a.md": post("2026-10-31 23:30 +0000")}
    (entry,) = index(files, 'permalink: "/{year}/{month}/{day}/{slug}/"\n').posts
    assert entry.url == "/town/2026/11/01/a/"


def test_addresses_of_pages_and_editions(index: Index) -> None:
    found = index(
        {
            "pages/404.md": "---\ntitle: Lost\n---\n",
            "pages/town/museum.md": "---\ntitle: Museum\n---\n",
            "pages/about/index.md": "---\ntitle: About\n---\n",
            "newsletters/2026-11.md": post("2026-11-01", "posts: [posts/a.md]"),
            "posts/a.md": post("2026-11-01"),
        }
    )
    assert {e.document.path: e.output for e in (*found.pages, *found.editions)} == {
        "pages/404.md": "404.html",
        "pages/town/museum.md": "town/museum/index.html",
        "pages/about/index.md": "about/index.html",
        "newsletters/2026-11.md": "newsletter/2026-11/index.html",
    }


def test_terms_gather_spellings_and_count_what_is_visible(index: Index) -> None:
    found = index(
        {
            "posts/a.md": post("2026-11-01", "category: culture\ntags: [Noël, fête]"),
            "posts/b.md": post("2025-11-02", "category: culture\ntags: [noel, Noël]"),
            "posts/c.md": post("2026-11-03", "category: works"),
            "posts/d.md": post("2030-11-03", "category: secret\ntags: [secret]"),
        }
    )
    assert [(t.slug, t.label, t.count, t.url) for t in found.categories] == [
        ("culture", "Culture", 2, "/town/categories/culture/"),
        ("works", "Works", 1, "/town/categories/works/"),
    ]
    assert [(t.slug, t.label, t.count) for t in found.tags] == [
        ("fete", "Fête", 1),
        ("noel", "Noël", 2),
    ]
    assert [(t.slug, t.count) for t in found.years] == [("2026", 2), ("2025", 1)]
    assert found.categories[0].uids == ("posts/a", "posts/b")


def test_categories_have_the_order_and_the_labels_of_the_settings(index: Index) -> None:
    found = index(
        {
            "posts/a.md": post("2026-11-01", "category: culture"),
            "posts/b.md": post("2026-11-02", "category: works"),
        },
        "categories: {works: Travaux, culture: {label: Arts, labels: {en: Fine arts}}}\n",
    )
    assert [(t.label, t.label_in("en-GB")) for t in found.categories] == [
        ("Travaux", "Travaux"),
        ("Arts", "Fine arts"),
    ]


def test_redirects_lead_from_every_form_of_an_older_address(index: Index) -> None:
    files = {"posts/a.md": post("2026-11-01", "aliases: [/old/, /older, /oldest.html]")}
    assert index(files).redirects == dict.fromkeys(
        ["old/index.html", "older/index.html", "older.html", "oldest.html"], "/town/2026/11/a/"
    )


def test_a_hidden_post_leaves_no_redirect(index: Index) -> None:
    assert index({"posts/a.md": post("2030-11-01", "aliases: [/old/]")}).redirects == {}


def test_entries_are_found_by_uid_and_by_path(index: Index) -> None:
    found = index({"posts/a.md": post("2026-11-01", "uid: one")})
    assert found.entry("one") is found.by_path["posts/a.md"]
    assert found.entry("two") is None


def test_a_summary_is_written_or_made_of_whole_sentences(index: Index) -> None:
    found = index(
        {
            "posts/a.md": post("2026-11-01", "summary: Mine."),
            "posts/b.md": post("2026-10-01", body="# Head\n\nFirst *one*. " + "Second one. " * 50),
        }
    )
    assert found.posts[0].summary == "Mine."
    made = found.posts[1].summary
    assert "First one. Second one." in made
    assert made.endswith("Second one.")
    assert len(made) <= 300
