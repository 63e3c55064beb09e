"""An edit is built from the site as it was, and the site is as if it had been built anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOW = "2026-11-23 13:00"
"""The same moment, in the site's time zone."""
POSTS = "content/posts/{}.md"
CONTACT = """\
---
title: Contact
menu: 1
summary: S.
---
Write to us.
"""
PAGE = """\
{% extends "base.html" %}{% block main %}<h1>{{ post.title_html }}</h1>
{{ post.html }}{% for one in site.posts(limit=3) %}{{ one.title }}{% endfor %}
{% endblock %}
"""
EDITION = """\
---
title: Letter
date: 2026-11-22 09:00
period: {from: 2026-11-08, to: 2026-11-30}
---
Hello.
"""


@pytest.fixture
def site(town, post, picture, monkeypatch):
    """A site of many kinds of documents, that was built at noon; the clock stands still."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOON.timestamp())))
    files: dict[str, str | bytes] = {
        POSTS.format(f"p{number}"): post(
            f"summary: S.\ntags: [fair, t{number}]\ncategory: news",
            f"Text {number}, see [another](p{(number + 1) % 9}.md).",
            title=f"Post {number}",
            date=f"2026-11-{number + 1:02} 09:00",
        )
        for number in range(9)
    }
    files |= {
        POSTS.format("p8"): str(files[POSTS.format("p8")]).replace(
            "summary: S.", "summary: S.\nchannels: {newsletter: true}"
        ),
        POSTS.format("pictured"): post(
            "summary: S.\nimage: {src: castle.png, alt: Tower}", "![](castle.png)"
        ),
        POSTS.format("draft"): post("draft: true", "![A fair](fair.png)", title="Secret"),
        POSTS.format("later"): post("summary: S.", title="Later", date="2026-12-01 09:00"),
        POSTS.format("old"): post("summary: S.\nexpires: 2026-11-20", title="Old"),
        POSTS.format("gone"): post("summary: S.\ngone: true", title="Gone"),
        "content/posts/castle.png": picture(),
        "content/posts/fair.png": picture(),
        "content/pages/contact.md": CONTACT,
        "content/newsletters/letter.md": EDITION,
        "themes/small/templates/edition.html": '{% extends "base.html" %}',
        "themes/small/templates/page.html": PAGE,
        "urls.txt": "/2026/11/p1/\n",
    }
    made = town(files)
    assert made.run("build").status == 0
    made.settle()
    assert made.run("build", "--jobs", "1").status == 0
    made.settle()
    return made


@pytest.fixture
def whole(monkeypatch) -> list[str]:
    """A list that grows by one for each build that indexes the whole site."""
    from crosspost.build import site as engine

    builds: list[str] = []
    index = engine._whole

    def told(shop, *others):
        builds.append(shop.settings.root.name)
        return index(shop, *others)

    monkeypatch.setattr(engine, "_whole", told)
    return builds


def rebuilt(site, *options: str):
    """Build a site whose files have settled, and hold it to a build from nothing."""
    site.settle()
    result = site.run("build", "--format", "json", *options)
    assert result.status == 0, result.err
    site.settle()
    return result


def same_as_from_nothing(site) -> bool:
    wanted = site.clean(now=NOW)
    assert site.outputs() == wanted
    return True


EDITS: dict[str, tuple[str, str, str, set[str]]] = {
    "an old post": (POSTS.format("p2"), "Text 2", "Words 2", {"p2"}),
    "the newest post": (POSTS.format("p8"), "Text 8", "Words 8", {"p8"}),
    "a post with a picture": (POSTS.format("pictured"), "![]", "![Tower]", {"pictured"}),
    "a link that leads elsewhere": (POSTS.format("p3"), "(p4.md)", "(p5.md)", {"p3"}),
    "a link to a post that hides": (POSTS.format("p3"), "(p4.md)", "(draft.md)", {"p3"}),
    "a picture that others show": (POSTS.format("p3"), "Text", "![x](castle.png)", {"p3"}),
    "an emptied text": (POSTS.format("p0"), "Text 0, see [another](p1.md).", "", {"p0"}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_makes_what_a_build_from_nothing_makes(site, whole, edit) -> None:
    file, old, new, pages = EDITS[edit]
    before = site.outputs()
    site.edit(file, old, new)
    result = rebuilt(site)
    assert whole == []
    after = site.outputs()
    changed = {path for path in after if before.get(path) != after[path]}
    pages_changed = {path for path in changed if path.endswith(".html")}
    assert pages_changed == {f"2026/11/{page}/index.html" for page in pages}
    assert (result["read"], result["written"]) == (1, len(changed) - 1)
    assert same_as_from_nothing(site)


CARDS: dict[str, tuple[str, str, set[str]]] = {
    "a title": ("title: Post 2", "title: Other", {"p1", "p2", "p3"}),
    "a summary": ("summary: S.", "summary: Short.", {"p1", "p2", "p3"}),
    "a summary of no more": ("summary: S.\n", "", {"p1", "p2", "p3"}),
    "a picture": ("summary: S.", "summary: S.\nimage: {src: castle.png, alt: T}", {"p2"}),
    "an author": ("summary: S.", "summary: S.\nauthor: Ana", {"p1", "p2", "p3"}),
    "an event": ("summary: S.", "summary: S.\nevent: {start: 2026-12-05 14:00}", {"p2"}),
    "a title and the text": ("title: Post 2", "title: Words", {"p1", "p2", "p3"}),
}


@pytest.mark.parametrize("edit", CARDS)
def test_an_edit_of_what_others_show_makes_them_too(site, whole, edit) -> None:
    old, new, pages = CARDS[edit]
    site.edit(POSTS.format("p2"), old, new)
    if edit == "a title and the text":
        site.edit(POSTS.format("p2"), "Text 2", "Words 2")
    result = rebuilt(site, "--jobs", "1")
    assert whole == []
    assert result["made"] > len(pages)
    assert same_as_from_nothing(site)
    site.edit(POSTS.format("p3"), "title: Post 3", "title: Last")
    rebuilt(site)
    assert same_as_from_nothing(site)
    (site.root / "content/posts/new.md").write_text(
        site.text(POSTS.format("p1")).replace("uid", "id"), encoding="utf-8"
    )
    rebuilt(site)
    assert same_as_from_nothing(site)


def test_why_it_was_made_is_told_as_ever(site, whole) -> None:
    site.edit(POSTS.format("p2"), "title: Post 2", "title: Other")
    rebuilt(site)
    assert whole == []
    told = site.run("build", "--now", NOW, "--explain", "/ville/2026/11/p3/").out
    assert "the post before it changed: « Other » itself" in told


def test_a_page_of_the_site_may_be_edited(site, whole) -> None:
    site.edit("content/pages/contact.md", "Write", "Speak")
    assert rebuilt(site)["made"] == 1
    assert whole == []
    assert same_as_from_nothing(site)


def test_edits_may_follow_each_other_and_several_be_one(site, whole) -> None:
    for number, word in enumerate(("One", "Two", "Three")):
        site.edit(POSTS.format(f"p{number}"), "Text", word)
        site.edit(POSTS.format("p7"), "Text" if not number else "Again", "Again")
        rebuilt(site)
    assert whole == []
    assert same_as_from_nothing(site)
    assert rebuilt(site)["read"] == 0


def test_an_edit_that_is_taken_back_is_not_read_again(site, whole) -> None:
    before = site.outputs()
    site.edit(POSTS.format("p2"), "Text", "Words")
    rebuilt(site)
    site.edit(POSTS.format("p2"), "Words", "Text")
    assert rebuilt(site)["written"] >= 1
    assert whole == []
    assert site.outputs() == before


def test_a_build_of_everything_goes_on_from_an_edit(site, whole) -> None:
    site.edit(POSTS.format("p2"), "Text", "Words")
    rebuilt(site)
    site.edit(POSTS.format("p3"), "t3]", "t4]")
    assert rebuilt(site)["read"] == 1
    assert len(whole) == 1
    assert same_as_from_nothing(site)
    whole.clear()
    site.edit(POSTS.format("p3"), "Text", "Words")
    rebuilt(site)
    assert whole == []
    assert same_as_from_nothing(site)


Change = Callable[[object], object]
OTHER_CHANGES: dict[str, Change] = {
    "a title that a mail shows": lambda site: site.edit(
        POSTS.format("p8"), "title: Post 8", "title: Other"
    ),
    "a title that every page shows": lambda site: site.edit(
        POSTS.format("p7"), "title: Post 7", "title: Other"
    ),
    "a title in the menu": lambda site: site.edit(
        "content/pages/contact.md", "title: Contact", "title: Write"
    ),
    "a slug": lambda site: site.edit(POSTS.format("p2"), "summary: S.", "summary: S.\nslug: x"),
    "an update": lambda site: site.edit(
        POSTS.format("p2"), "summary: S.", "summary: S.\nupdated: 2026-11-23 08:00"
    ),
    "a tag": lambda site: site.edit(POSTS.format("p2"), "t2]", "t3]"),
    "a date": lambda site: site.edit(POSTS.format("p2"), "2026-11-03", "2026-11-04"),
    "the same moment, written otherwise": lambda site: site.edit(
        POSTS.format("p2"), "2026-11-03 09:00", "2026-11-03T08:00:00Z"
    ),
    "what stands first in a letter": lambda site: site.edit(
        POSTS.format("p8"), "newsletter: true", "newsletter: featured"
    ),
    "what a channel says": lambda site: site.edit(
        POSTS.format("p2"), "summary: S.", "summary: S.\nchannels: {mastodon: false}"
    ),
    "a draft": lambda site: site.edit(POSTS.format("draft"), "A fair", "Our fair"),
    "an edition": lambda site: site.edit("content/newsletters/letter.md", "Hello", "Hi"),
    "a text and a template": lambda site: (
        site.edit(POSTS.format("p2"), "Text", "Words"),
        site.edit("themes/small/templates/post.html", "<h1>", "<h1 >"),
    ),
    "a text and a new post": lambda site: (
        site.edit(POSTS.format("p2"), "Text", "Words"),
        site.write({POSTS.format("new"): site.text(POSTS.format("p1")).replace("p2.md", "p3.md")}),
    ),
    "a text that shows a picture of a draft": lambda site: site.edit(
        POSTS.format("p2"), "Text", "![A fair](fair.png) Text"
    ),
    "a text, and a page of output/ that somebody wrote": lambda site: (
        site.edit(POSTS.format("p2"), "Text", "Words"),
        site.write({"output/index.html": "x"}),
    ),
    "what was kept is gone": lambda site: _harm(site, lambda path: path.unlink()),
    "what was kept is cut": lambda site: _harm(
        site, lambda path: path.write_bytes(path.read_bytes()[:-1])
    ),
    "what was kept is of another build": lambda site: _harm(
        site,
        lambda path: (
            older := path.read_bytes(),
            site.run("build", "--now", "2026-11-02 12:00"),
            site.settle(),
            site.run("build", "--now", NOW),
            path.write_bytes(older),
        ),
    ),
}


def _harm(site, change: Callable[[Path], object]) -> None:
    (kept,) = (site.root / ".crosspost/cache").glob("site-*")
    change(kept)
    site.edit(POSTS.format("p2"), "Text", "Words")


@pytest.mark.parametrize("change", OTHER_CHANGES)
def test_whatever_else_changes_the_whole_site_is_indexed(site, whole, change) -> None:
    OTHER_CHANGES[change](site)
    whole.clear()
    rebuilt(site)
    assert len(whole) == 1
    assert same_as_from_nothing(site)


def test_when_a_post_is_due_the_whole_site_is_indexed(site, whole, monkeypatch) -> None:
    due = datetime(2026, 12, 2, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(due.timestamp())))
    site.edit(POSTS.format("p2"), "Text", "Words")
    rebuilt(site)
    assert len(whole) == 1
    assert "2026/12/later/index.html" in site.outputs()


def test_warnings_of_others_stay_and_those_of_the_text_are_told_anew(site, whole) -> None:
    first = rebuilt(site)
    assert first.err.count("missing-alt") == 1
    site.edit(POSTS.format("p2"), "Text", "![](castle.png)")
    second = rebuilt(site)
    assert second.err.count("missing-alt") == 2
    assert rebuilt(site).err == second.err
    site.edit(POSTS.format("pictured"), "![]", "![Tower]")
    third = rebuilt(site)
    assert third.err.count("missing-alt") == 1
    assert "p2.md" in third.err
    assert whole == []
    site.edit(POSTS.format("p2"), "![]", "![Tower]")
    assert rebuilt(site, "--strict").err == ""
    assert whole == []


def test_strict_refuses_what_an_edit_is_warned_of(site, whole) -> None:
    site.edit(POSTS.format("pictured"), "![]", "![Tower]")
    rebuilt(site)
    before = site.outputs()
    site.edit(POSTS.format("p2"), "Text", "![](castle.png)")
    site.settle()
    result = site.run("build", "--strict")
    assert result.status == 1
    assert "p2.md" in result.err
    assert site.outputs() == before
    assert rebuilt(site)["written"] >= 1
    assert same_as_from_nothing(site)


def test_a_mistake_in_the_text_is_told_and_nothing_changes(site, whole) -> None:
    before = site.outputs()
    site.edit(POSTS.format("p2"), "(p3.md)", "(absent.md)")
    site.settle()
    result = site.run("build")
    assert result.status == 1
    assert "content/posts/p2.md:" in result.err
    assert "'absent.md' does not exist" in result.err
    assert site.outputs() == before
    site.edit(POSTS.format("p2"), "(absent.md)", "(p4.md)")
    rebuilt(site)
    assert same_as_from_nothing(site)


@pytest.mark.parametrize(
    "name", ["records", "bodies.sqlite", "bodies.sqlite-data", "facts", "files"]
)
@pytest.mark.parametrize("how", ["gone", "a byte here and there"])
def test_what_an_edit_does_not_find_is_read_again(site, whole, name, how) -> None:
    path = site.root / ".crosspost/cache" / name
    data = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
    else:
        for place in range(len(data) // 2, len(data), 97):
            data[place] ^= 1
        path.write_bytes(data)
    site.edit(POSTS.format("p8"), "Text", "Words")
    rebuilt(site)
    assert same_as_from_nothing(site)
