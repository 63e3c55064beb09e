"""A Pelican site's content: metadata without fences, folders as categories, addresses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspost.content.dialects.pelican import pelican_slug
from crosspost.content.document import Document
from crosspost.content.reading import read_body
from crosspost.settings_file import load_settings
from crosspost.site.content import Content
from crosspost.site.loading import read_content

PARIS = ZoneInfo("Europe/Paris")


def read(root: Path, files: dict[str, str], permalink: str = "") -> Content:
    settings = "site: {title: Blog, url: https://blog.example}\ncompat: pelican\n"
    if permalink:
        settings += f'permalink: "{permalink}"\n'
    (root / "crosspost.yaml").write_text(settings, encoding="utf-8")
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_content(load_settings(root))


def body(root: Path, document: Document) -> str:
    return read_body(load_settings(root), document)


def test_metadata_without_fences(tmp_path: Path) -> None:
    text = """\
Title: La fête : c'est samedi
Date: 2026-01-02 10:20
Modified: 2026-01-03
Category: Culture
Tags: Été, plein air,
Authors: Anne B., Camille D.
Summary: Du *pain*
    et des jeux.
Status: draft
Template: wide

Voir [là]({filename}/pages/la.md) et ![x]({static}/images/x.jpg).
"""
    content = read(tmp_path, {"sorties/fete.md": text})
    assert not content.problems
    document = content.documents[0]
    front = document.front_matter
    assert front.title == "La fête : c'est samedi"
    assert front.date == datetime(2026, 1, 2, 10, 20, tzinfo=PARIS)
    assert front.updated == datetime(2026, 1, 3, tzinfo=PARIS)
    assert (front.category, front.tags) == ("Culture", ("Été", "plein air"))
    assert front.author == "Anne B., Camille D."
    assert front.summary == "Du pain et des jeux."
    assert front.draft
    assert front.params == {"template": "wide"}
    assert front.permalink == "/la-fete-cest-samedi.html"
    assert body(tmp_path, document) == "Voir [là](/pages/la.md) et ![x](/images/x.jpg).\n"
    assert document.body_line == 12
    assert document.places["title"] == (1, 1)
    assert document.places["date"] == (2, 1)


@pytest.mark.parametrize(
    ("name", "meta", "permalink", "expected"),
    [
        ("a.md", "Slug: fair", "", "/fair.html"),
        ("a.md", "Slug: fair", "{date:%Y}/{date:%m}/{slug}/", "/2026/01/fair/"),
        ("news/a.md", "Slug: fair", "/{category}/{slug}.html", "/news/fair.html"),
        ("pages/a.md", "", "", "/pages/about-us.html"),
        ("pages/a.md", "URL: about/\nSave_as: about/index.html", "", "/about/"),
    ],
)
def test_addresses(tmp_path: Path, name: str, meta: str, permalink: str, expected: str) -> None:
    text = "\n".join(["Title: About us", "Date: 2026-01-02", *meta.splitlines(), "", "Text"])
    content = read(tmp_path, {name: text}, permalink)
    assert not content.problems
    assert content.documents[0].front_matter.permalink == expected


def test_category_and_date_come_from_folder_and_name(tmp_path: Path) -> None:
    front = (
        read(tmp_path, {"news/2026-01-02-fair.md": "Title: A\n\nText"}).documents[0].front_matter
    )
    assert front.category == "news"
    assert front.date == datetime(2026, 1, 2, tzinfo=PARIS)


def test_fenced_metadata_hidden_and_what_is_copied(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        {
            "a.md": "---\nTitle: A\nDate: 2026-01-02\nStatus: hidden\n---\nText",
            "b.rst": "x",
            "images/x.txt": "x",
        },
    )
    assert content.documents[0].front_matter.noindex
    assert list(content.assets) == ["images/x.txt"]
    assert [p.message for p in content.problems] == [
        "reStructuredText is left out: only Markdown is read. (1)"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Just a text.\n",
            (
                "1:1: error: there is no metadata. Begin the file with Title: … and Date: … "
                "[no-front-matter]"
            ),
        ),
        (
            "Title: A\nDate: soon\n\nText",
            (
                "2:7: error: date: 'soon' is not a date. Write 2026-12-01 or 2026-12-01 09:00. "
                "[wrong-value]"
            ),
        ),
        (
            "Title: A\n\nText",
            "1:1: error: 'date' is missing: write date: 2026-12-01 09:00. [missing-key]",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = read(tmp_path, {"a.md": text}).problems
    assert str(problem) == f"content/a.md:{message}"


def test_slugs_are_pelicans() -> None:
    assert pelican_slug("L'œuvre — « été » & co, 2_b!") == "loeuvre-ete-co-2_b"
