"""A Hugo site's content: bundles, TOML, aliases, dates and addresses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspost.content.document import Document
from crosspost.content.reading import read_body
from crosspost.settings_file import load_settings
from crosspost.site.content import Content
from crosspost.site.loading import read_content

PARIS = ZoneInfo("Europe/Paris")


def read(root: Path, files: dict[str, str], permalink: str = "") -> Content:
    settings = "site: {title: Blog, url: https://blog.example}\ncompat: hugo\n"
    if permalink:
        settings += f"permalink: {permalink}\n"
    (root / "crosspost.yaml").write_text(settings, encoding="utf-8")
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_content(load_settings(root))


def body(root: Path, document: Document) -> str:
    return read_body(load_settings(root), document)


@pytest.mark.parametrize(
    ("name", "front", "expected"),
    [
        ("posts/First Post.md", "", "/posts/first-post/"),
        ("posts/2026/fair.md", "", "/posts/2026/fair/"),
        ("posts/fair/index.md", "", "/posts/fair/"),
        ("posts/été.md", "", "/posts/%C3%A9t%C3%A9/"),
        ("posts/x.md", "slug: the-fair", "/posts/the-fair/"),
        ("posts/x.md", "url: /fair/", "/fair/"),
        ("posts/x.md", "url: /fair.html", "/fair.html"),
        ("about.md", "", "/about/"),
        ("town/museum.md", "", "/town/museum/"),
        ("town/museum/index.md", "slug: musee", "/town/musee/"),
    ],
)
def test_addresses(tmp_path: Path, name: str, front: str, expected: str) -> None:
    content = read(tmp_path, {name: f"---\ntitle: A\ndate: 2026-01-02\n{front}\n---\nText.\n"})
    assert not content.problems
    assert content.documents[0].front_matter.permalink == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/:year/:month/:day/:slug/", "/2026/01/02/the-fair-opens/"),
        ("/:section/:filename/", "/posts/fair/"),
        ("/:sections/:title/", "/posts/deep/the-fair-opens/"),
        ("/:monthname/:yearday/:weekdayname/:contentbasename/", "/january/2/friday/fair/"),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, expected: str) -> None:
    name = "posts/fair.md" if "sections" not in pattern else "posts/deep/fair.md"
    text = "---\ntitle: The Fair opens!\ndate: 2026-01-02\n---\n"
    content = read(tmp_path, {name: text}, pattern)
    assert content.documents[0].front_matter.permalink == expected


def test_a_whole_front_matter(tmp_path: Path) -> None:
    text = """\
---
title: Fair
date: 2026-01-02T10:00:00+01:00
publishDate: 2026-01-05
expiryDate: 2026-02-01
lastmod: 2026-01-06
categories: [culture, sport]
tags: [a, b]
description: "It *opens*."
aliases: [/old/, older/, ../oldest.html]
cover: {image: fair.jpg, alt: Stalls}
menu: main
weight: 3
draft: true
---
Text.
"""
    front = read(tmp_path, {"posts/fair.md": text}).documents[0].front_matter
    assert front.date == datetime(2026, 1, 5, tzinfo=PARIS)
    assert front.expires == datetime(2026, 2, 1, tzinfo=PARIS)
    assert front.updated == datetime(2026, 1, 6, tzinfo=PARIS)
    assert (front.category, front.tags) == ("culture", ("sport", "a", "b"))
    assert front.summary == "It opens."
    assert front.aliases == ("/old/", "/posts/older/", "/oldest.html")
    assert front.image is not None
    assert (front.image.src, front.image.alt) == ("fair.jpg", "Stalls")
    assert front.draft
    assert front.menu is None
    assert front.params == {"menu": "main", "weight": 3}


def test_toml(tmp_path: Path) -> None:
    text = (
        '+++\ntitle = "Fair"\ndate = 2026-01-02T10:00:00Z\ntags = ["a"]\n[params]\nx = 1\n+++\nHi\n'
    )
    content = read(tmp_path, {"posts/fair.md": text})
    assert not content.problems
    document = content.documents[0]
    assert (document.front_matter.title, document.front_matter.tags) == ("Fair", ("a",))
    assert document.front_matter.params == {"x": 1}
    assert (body(tmp_path, document), document.body_line) == ("Hi\n", 8)
    assert document.places["title"] == (2, 1)
    assert document.places["date"] == (3, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "+++\ntitle = Fair\n+++\n",
            (
                "2:9: error: this is not valid TOML: Invalid value. Put texts in quotes: "
                'key = "text". [toml-syntax]'
            ),
        ),
        (
            "+++\ntitle = 'x'\n",
            (
                "1:1: error: the front matter is not closed. Put a line with +++ after its last "
                "key. [unclosed-front-matter]"
            ),
        ),
        (
            '{"title": "x"\n"date": 3}\n',
            ("2:1: error: this is not valid JSON: Expecting ',' delimiter. [json-syntax]"),
        ),
        (
            '{"title": "x",\n  "date": "2026-02-30"}\n',
            (
                "2:1: error: date: '2026-02-30' is a date that does not exist. Write "
                "year-month-day, as 2026-12-01. [wrong-value]"
            ),
        ),
        (
            "+++\ntitle = 'x'\ndate = '2026-02-30'\n+++\n",
            (
                "3:1: error: date: '2026-02-30' is a date that does not exist. Write "
                "year-month-day, as 2026-12-01. [wrong-value]"
            ),
        ),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = read(tmp_path, {"posts/a.md": text}).problems
    assert str(problem) == f"content/posts/a.md:{message}"


def test_what_is_left_out(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2026-01-01\n---\n"
    content = read(tmp_path, {"_index.md": text, "posts/_index.md": text, "posts/a/pic.txt": "x"})
    assert not content.documents
    assert list(content.assets) == ["posts/a/pic.txt"]
    assert [p.message for p in content.problems] == [
        "_index.md files are left out: crosspost makes its own lists of posts. (2)"
    ]


def test_shortcodes(tmp_path: Path) -> None:
    text = (
        '[a]({{< ref "posts/b.md" >}})\n\n{{< figure src="a.jpg" alt="An A" caption="See" >}}\n\n'
        "{{< youtube abc >}} {{% note %}}x{{% /note %}}\n"
    )
    content = read(tmp_path, {"posts/a.md": f"---\ntitle: A\ndate: 2026-01-01\n---\n{text}"})
    assert body(tmp_path, content.documents[0]).startswith(
        '[a](/posts/b.md)\n\n![An A](<a.jpg> "See")\n'
    )
    assert [(p.line, p.column, p.code) for p in content.problems] == [
        (9, 1, "shortcode"),
        (9, 21, "shortcode"),
    ]
