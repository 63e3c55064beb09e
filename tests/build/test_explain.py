"""`build --explain`: why a page was last made, in words."""

from __future__ import annotations

import json

import pytest

POST = "content/posts/a.md"
PAGE = "content/pages/aide.md"
THEME = "themes/small"
ASKS = (
    '{% extends "base.html" %}{% block main %}'
    '{% for one in site.posts(tag="culture", limit=5) %}{{ one.title }}{% endfor %}'
    "{% for term in site.tags %}{{ term.label }} {{ term.count }}{% endfor %}{% endblock %}"
)


@pytest.fixture
def site(town, post):
    """A site below /ville/ with a page that asks for posts of one tag."""
    made = town(
        {
            "templates/asks.html": ASKS,
            "content/pages/agenda.md": "---\ntitle: Agenda\nlayout: asks\n---\nText\n",
            "content/posts/a.md": post("tags: [culture]\nsummary: S.", title="A concert"),
            "content/posts/b.md": post("summary: S.", title="Works", date="2026-10-01"),
            "content/pages/aide.md": (
                "---\ntitle: Help\nmenu: 1\npermalink: /à-propos/\n---\nText\n"
            ),
        }
    )
    made.built()
    return made


def explained(site, url: str) -> str:
    result = site.run("build", "--now", "2026-11-23 12:00", "--explain", url)
    assert result.status == 0, result.err
    summary, text = result.out.split("\n", 1)
    assert summary.startswith(("2 posts", "3 posts", "1 post"))
    return text


@pytest.mark.parametrize(
    "url",
    [
        "https://valbourg.example/ville/2026/11/a/",
        "https://valbourg.example/ville/2026/11/a/?from=mail#top",
        "/ville/2026/11/a/",
        "/ville/2026/11/a",
        "/2026/11/a/",
        "2026/11/a/index.html",
    ],
)
def test_an_address_as_a_person_copies_it(site, url: str) -> None:
    said = explained(site, url)
    assert said.startswith("2026/11/a/index.html, of content/posts/a.md: not made by this build.\n")
    assert "  Why it last was: it was not made before.\n" in said
    assert "  Made from: its front matter, its text, where its links lead, the post before" in said
    assert 'asset("small.css")' in said
    assert "the template base.html" in said
    assert "1 text of the theme" in said


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/ville/", "index.html"),
        ("/ville", "index.html"),
        ("/", "index.html"),
        ("https://valbourg.example/ville/", "index.html"),
        ("https://valbourg.example/ville/rss.xml", "rss.xml"),
        ("rss.xml", "rss.xml"),
        ("/ville/%C3%A0-propos/", "à-propos/index.html"),
        ("/ville/à-propos/", "à-propos/index.html"),
        ("à-propos/index.html", "à-propos/index.html"),
    ],
)
def test_other_addresses(site, url: str, path: str) -> None:
    assert explained(site, url).startswith(f"{path}, of ")


def test_a_page_that_does_not_exist(site) -> None:
    for url in ("/ville/2026/11/aa/", "2026/11/aa/index.html"):
        result = site.run("build", "--now", "2026-11-23 12:00", "--explain", url)
        assert result.status == 2
        assert "--explain: the site has no 2026/11/aa/index.html." in result.err
        assert "Did you mean '2026/11/a/index.html'?" in result.err
    result = site.run("build", "--now", "2026-11-23 12:00", "--explain", "nothing-of-the-kind")
    assert result.status == 2
    assert result.err.strip() == "--explain: the site has no nothing-of-the-kind."


def why(site, url: str) -> str:
    """Build once, and return the reason of the page that this build made."""
    lines = explained(site, url).splitlines()
    assert lines[0].endswith(": made by this build."), lines
    assert lines[1].startswith("  Why: ")
    return lines[1].removeprefix("  Why: ")


def test_a_new_post_that_a_list_asks_for(site, post) -> None:
    front = "tags: [culture]\nsummary: S."
    site.write({"content/posts/noel.md": post(front, title="Le marché de Noël", date="2026-11-20")})
    said = why(site, "/ville/agenda/")
    assert "site.posts(tag=culture, limit=5) changed: + « Le marché de Noël »" in said
    assert "the number of posts of tag culture changed" in said
    said = explained(site, "/ville/agenda/")
    assert "how many posts a tag has" in said
    assert "not made by this build" in said
    assert "Why it last was: " in said
    assert "+ « Le marché de Noël »" in said


def test_a_post_that_is_gone_and_one_that_changed(site) -> None:
    site.edit("content/posts/a.md", "A concert", "A great concert")
    assert "site.posts(tag=culture, limit=5) changed: « A great concert » itself" in why(
        site, "/agenda/"
    )
    (site.root / "content/posts/a.md").unlink()
    assert "changed: − « A great concert »" in why(site, "/agenda/")


@pytest.mark.parametrize(
    ("edit", "url", "words"),
    [
        ((POST, "Text.", "Words."), "2026/11/a/index.html", "its text"),
        ((POST, "A concert", "Song"), "2026/11/a/index.html", "its front matter"),
        ((POST, "A concert", "Song"), "2026/10/b/index.html", "the post after it"),
        ((POST, "A concert", "Song"), "/ville/", "its posts"),
        ((POST, "Text.", "Words."), "rss.xml", "the texts of its posts"),
        ((f"{THEME}/templates/base.html", "<nav>", "<nav >"), "/", "the template base.html"),
        ((PAGE, "Help", "Aid"), "/ville/", "site.menu"),
        ((f"{THEME}/static/small.css", "black", "blue"), "404.html", 'asset("small.css")'),
        (("crosspost.yaml", "Valbourg", "Montbourg"), "/", "the settings"),
    ],
)
def test_the_reason_in_words(site, edit, url: str, words: str) -> None:
    site.edit(*edit)
    said = why(site, url)
    assert said.startswith(f"{words}, the theme" if words == "the settings" else f"{words} changed")
    title = {"Song": "« Song » itself", "Aid": "« Aid » itself"}.get(edit[2], "")
    assert title in said


def test_a_text_of_the_theme_and_a_file_that_was_not_there(site) -> None:
    site.write({"i18n/fr.yaml": "skip_to_content: Sauter\n"})
    assert why(site, "404.html") == 't("skip_to_content") in fr changed.'
    (site.root / "output/404.html").unlink()
    assert why(site, "404.html") == "it was not in output/, or not as it had been made."


def test_a_page_that_asks_nothing(site) -> None:
    said = explained(site, "robots.txt")
    assert "Made from: the settings." in said
    assert "It asks for" not in said


def test_programs_are_told_too(site) -> None:
    result = site.build("--explain", "/ville/")
    assert json.loads(result.out)["explain"].startswith("index.html, of the home page: ")
