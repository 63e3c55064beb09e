"""The flavour of Markdown reaches every place where Markdown is read."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.publish.posts import posts_of
from crosspost.settings_file import load_settings
from crosspost.site.loading import load_index

SETTINGS = (
    "site: {title: Valbourg, url: https://valbourg.example}\n"
    "newsletter: {title: Lettre, sender: 'V <v@valbourg.example>', address: 'Place'}\n"
)
GFM = f"{SETTINGS}markdown: {{flavour: gfm}}\n"
POST = """\
---
title: "~~Fermé~~ *ouvert*"
date: 2026-11-02 09:00
tags: [a]
---
- [x] Voir ~~le~~ *programme*, [ici](../pages/été.md).
- [ ] Puis www.valbourg.example.

> [!NOTE]
> Fermé[^1].

[^1]: Le soir.
"""
PAGE = "---\ntitle: Été\n---\nRetour au [billet](../posts/a.md#x).\n"
EDITION = """\
---
title: Lettre
date: 2026-11-20 08:00
period: {from: 2026-11-01, to: 2026-11-19}
---
> [!TIP]
> Lire ~~vite~~ [la page](../pages/été.md).
"""
FILES = {
    "content/posts/a.md": POST,
    "content/pages/été.md": PAGE,
    "content/newsletters/n.md": EDITION,
}


@pytest.fixture
def built(site):
    """A site of GitHub's Markdown, built."""
    here = site({"crosspost.yaml": GFM, **FILES})
    result = here.build("--strict")
    assert (result.status, result.problems) == (0, [])
    return here


def test_pages(built):
    html = next(
        data.decode()
        for name, data in built.outputs().items()
        if name.startswith("2026/") and name.endswith("a/index.html")
    )
    assert "<del>le</del>" in html
    assert '<a href="/%C3%A9t%C3%A9/">ici</a>' in html
    assert '<li class="task"><span role="img" aria-label="Fait">' in html
    assert '<div class="admonition note">' in html
    assert '<li id="fn:1">' in html
    assert "<del>Fermé</del> <em>ouvert</em></h1>" in html


def test_summaries(built):
    feed = json.loads(built.outputs()["feed.json"])
    (item,) = feed["items"]
    assert item["summary"].startswith("Voir le programme, ici.")
    assert "<del>le</del>" in item["content_html"]
    assert "https://valbourg.example/%C3%A9t%C3%A9/" in item["content_html"]


def test_the_feeds(built):
    for name in ("rss.xml", "atom.xml"):
        found = built.outputs()[name].decode()
        assert "Fermé" in found
        assert "[x]" not in found


def test_the_mail_in_plain_text(built):
    text = next(d.decode() for name, d in built.outputs().items() if name.endswith("email.txt"))
    assert "| Conseil\n|\n| Lire vite la page <https://valbourg.example/%C3%A9t%C3%A9/>" in text
    assert "[!TIP]" not in text


def test_what_channels_are_offered(built):
    settings = load_settings(built.root)
    index, _ = load_index(settings, datetime(2026, 11, 23, tzinfo=UTC))
    source, _ = next(iter(posts_of(index))).source("mastodon")
    assert source.title == "Fermé ouvert"
    assert source.summary == "Voir le programme, ici. Puis www.valbourg.example. Fermé."


def test_summaries_of_another_generator(site):
    post = "---\ntitle: A\ndate: 2026-11-02\nexcerpt: 'Un ~~mot~~ *de* trop'\n---\nTexte.\n"
    here = site(
        {"crosspost.yaml": f"{GFM}compat: jekyll\n", "content/_posts/2026-11-02-a.md": post}
    )
    assert here.build().status == 0
    (item,) = json.loads(here.outputs()["feed.json"])["items"]
    assert item["summary"] == "Un mot de trop"


def test_a_text_beyond_reason_is_an_error_with_its_line(site):
    here = site(
        {"crosspost.yaml": GFM, "content/pages/a.md": f"---\ntitle: A\n---\nok\n\n{'>' * 99}"}
    )
    (problem,) = here.build().problems
    assert problem.startswith("content/pages/a.md:6:1: error: quotations, lists or tags are nested")


def test_the_town_builds_in_both_flavours(site):
    here = site({})
    town = Path(__file__).parents[2]
    shutil.copytree(town / "content", here.root / "content")
    text = (town / "crosspost.yaml").read_text(encoding="utf-8")
    here.write({"crosspost.yaml": text})
    assert here.build().problems == []
    pages = here.outputs().keys()
    here.write({"crosspost.yaml": f"{text}\nmarkdown: {{flavour: gfm}}\n"})
    result = here.build()
    # Links to `{#id}` are to parts that have other names now.
    assert {p.rsplit(" ", 1)[1] for p in result.problems} <= {"[broken-anchor]"}
    assert here.outputs().keys() == pages
