"""A Jekyll site as it is: every post at the address that Jekyll gave it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspost.content.dialects.jekyll_urls import Post, page_address, post_address, slugify
from crosspost.content.document import Document
from crosspost.content.reading import read_body
from crosspost.settings_file import load_settings
from crosspost.site.content import Content
from crosspost.site.loading import read_content

PARIS = ZoneInfo("Europe/Paris")
SETTINGS = """\
site: {title: Blog, url: https://blog.example, timezone: Europe/Paris}
compat: jekyll
permalink: pretty
"""


def read(root: Path, files: dict[str, str], settings: str = SETTINGS) -> Content:
    (root / "crosspost.yaml").write_text(settings, encoding="utf-8")
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_content(load_settings(root))


def body(root: Path, document: Document) -> str:
    return read_body(load_settings(root), document)


def one(root: Path, front: str, name: str = "_posts/2020-03-04-le-marche.md") -> Document:
    content = read(root, {name: f"---\n{front}\n---\nText.\n"})
    assert not [str(p) for p in content.problems]
    (document,) = content.documents
    return document


def address(root: Path, front: str, name: str = "_posts/2020-03-04-le-marche.md") -> str:
    return one(root, front, name).front_matter.permalink or ""


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: A", "/2020/03/04/le-marche/"),
        ("categories: general", "/general/2020/03/04/le-marche/"),
        ("categories: general presse", "/general/presse/2020/03/04/le-marche/"),
        ("categories: [Général, Presse]", "/g%C3%A9n%C3%A9ral/presse/2020/03/04/le-marche/"),
        ("category: Vie locale", "/vie%20locale/2020/03/04/le-marche/"),
        ("categories: [a, b]\ncategory: a", "/a/b/2020/03/04/le-marche/"),
        ("categories:", "/2020/03/04/le-marche/"),
        ("categories: []", "/2020/03/04/le-marche/"),
        ("categories: 2019", "/2019/2020/03/04/le-marche/"),
        ("date: 2021-05-06", "/2021/05/06/le-marche/"),
        ("date: '2021-05-06'", "/2021/05/06/le-marche/"),
        ("date: '2021-05-06 23:30:00'", "/2021/05/06/le-marche/"),
        ("date: 2021-05-06T23:30:00Z", "/2021/05/07/le-marche/"),
        ("date: 2021-05-06 23:30:00", "/2021/05/07/le-marche/"),  # Jekyll's YAML: UTC
        ("date: 2021-05-06 23:30", "/2021/05/06/le-marche/"),  # no timestamp for YAML: local
        ("date: 2021-05-06 01:30:00 +0200", "/2021/05/06/le-marche/"),
        ("date: 2021-05-06 01:30:00 +0900", "/2021/05/05/le-marche/"),
        ("date:", "/2020/03/04/le-marche/"),
        ("slug: Autre nom", "/2020/03/04/Autre-nom/"),
        ("permalink: /ici/", "/ici/"),
        ("permalink: /ici.html", "/ici.html"),
        ("permalink: ici", "/ici/"),
        ("permalink: /:year/:title/", "/2020/le-marche/"),
        ("permalink: date", "/2020/03/04/le-marche.html"),
    ],
)
def test_address_comes_from_front_matter(tmp_path: Path, front: str, expected: str) -> None:
    assert address(tmp_path, front) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("_posts/2020-03-04-FenS.md", "/2020/03/04/FenS/"),
        ("_posts/2020-3-4-x.markdown", "/2020/03/04/x/"),
        ("_posts/20-03-04-x.md", "/2020/03/04/x/"),
        ("_posts/2020-03-04-data.gouv.fr.md", "/2020/03/04/data.gouv.fr/"),
        ("_posts/2020-03-04-dÉjà vu (2).md", "/2020/03/04/d%C3%89j%C3%A0-vu-(2)/"),
        ("_posts/2020-03-04-a?b#c[d].md", "/2020/03/04/a-b-c-d/"),
        ("_posts/2020-03-04--x-.md", "/2020/03/04/x/"),
        ("_posts/deep/er/2020-03-04-x.md", "/2020/03/04/x/"),
        ("es/_posts/2020-03-04-x.md", "/es/2020/03/04/x/"),
        ("es/mx/_posts/2020-03-04-x.md", "/es/mx/2020/03/04/x/"),
    ],
)
def test_address_comes_from_the_file_name(tmp_path: Path, name: str, expected: str) -> None:
    assert address(tmp_path, "title: A", name) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("pretty", "/c1/c%202/2021/01/03/Le-titre/"),
        ("date", "/c1/c%202/2021/01/03/Le-titre.html"),
        ("ordinal", "/c1/c%202/2021/003/Le-titre.html"),
        ("weekdate", "/c1/c%202/2021/W53/Sun/Le-titre.html"),
        ("none", "/c1/c%202/Le-titre.html"),
        ("/:slugified_categories/:slug/", "/c1/c-2/le-titre/"),
        ("/blog/:year-:month-:day/:title", "/blog/2021-01-03/Le-titre/"),
        ("/:month_:day/:title.html", "/01_03/Le-titre.html"),
        ("/:short_year/:i_month/:i_day/:title/", "/21/1/3/Le-titre/"),
        ("/:long_month/:short_month/:long_day/:title/", "/January/Jan/Sunday/Le-titre/"),
        ("/:w_year/:w_day/:hour:minute:second/:title/", "/2020/7/090507/Le-titre/"),
        ("/:collection/:name/", "/posts/2021-01-03-le-titre/"),
    ],
)
def test_every_name_of_a_pattern(pattern: str, expected: str) -> None:
    when = datetime(2021, 1, 3, 9, 5, 7, tzinfo=PARIS)
    post = Post("_posts/2021-01-03-Le-titre.md", "Le-titre", when, ("C1", "C 2", "c1"))
    assert post_address(pattern, post) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "own", "expected"),
    [
        ("pretty", "about.md", "", "/about/"),
        ("date", "about.md", "", "/about.html"),
        ("none", "a/b.md", "", "/a/b.html"),
        ("/:year/:title/", "about.md", "", "/about/"),
        ("/:year/:title", "about.md", "", "/about/"),
        ("date", "a/index.md", "", "/a/"),
        ("date", "about.md", "/a-propos/", "/a-propos/"),
        ("date", "about.md", "pretty", "/about/"),
        ("pretty", "404.md", "/404.html", "/404.html"),
        ("pretty", "x.md", "/../../etc/", "/etc/"),
    ],
)
def test_pages(pattern: str, path: str, own: str, expected: str) -> None:
    assert page_address(pattern, path, own) == expected


def test_slugify_keeps_the_case_and_what_addresses_may_hold() -> None:
    assert slugify("L'été: 50 % (ou $5)", pretty=True) == "L'été-50-(ou-$5)"
    assert slugify("L'été: 50 % (ou $5)") == "L-été-50-ou-5"
    assert slugify("हिन्दी x", pretty=True) == "हिन्दी-x"


@pytest.mark.parametrize(
    ("front", "tags"),
    [
        ("tags: a b  c", ("a", "b", "c")),
        ("tags: Sécurité, communauté", ("Sécurité", "communauté")),
        ('tags: "consolidation, transfert "', ("consolidation", "transfert")),
        ("tags: [Lean startup, 'x,']", ("Lean startup", "x")),
        ("tags: [a, [b, c], null, '']", ("a", "b", "c")),
        ("tags:", ()),
        ('tags: ""', ()),
        ("tags: []", ()),
        ("tag: seul", ("seul",)),
        ("tags: [2020, true]", ("2020", "true")),
        ("categories: [a, b, c]\ntags: [b, d]", ("b", "c", "d")),
    ],
)
def test_tags(tmp_path: Path, front: str, tags: tuple[str, ...]) -> None:
    assert one(tmp_path, front).front_matter.tags == tags


def test_a_whole_front_matter(tmp_path: Path) -> None:
    front = """\
layout: post
title: "Le marché : c'est samedi"
authors:
  - camille.durand
  - name: Anne B.
image: {path: img/a b.jpg, alt: "Un étal"}
excerpt: >-
  Du **pain** et des [pommes](https://a.example), *tout* local.
last_modified_at: 2020-04-01 08:00
redirect_from: [/vieux, vieux2/, null]
lang: fr_FR
sitemap: false
depenses: [{mois: avril, montant: 10}]
channels: {mastodon: false}
"""
    front_matter = one(tmp_path, front).front_matter
    assert front_matter.title == "Le marché : c'est samedi"
    assert front_matter.author == "camille.durand, Anne B."
    assert front_matter.image is not None
    assert (front_matter.image.src, front_matter.image.alt) == ("/img/a b.jpg", "Un étal")
    assert front_matter.summary == "Du pain et des pommes, tout local."
    assert front_matter.updated == datetime(2020, 4, 1, 8, tzinfo=PARIS)
    assert front_matter.aliases == ("/vieux", "/vieux2/")
    assert front_matter.lang == "fr-FR"
    assert front_matter.noindex
    assert front_matter.layout is None
    assert front_matter.params == {
        "layout": "post",
        "depenses": ({"mois": "avril", "montant": 10},),
    }
    assert not front_matter.channels["mastodon"].enabled


def test_a_title_is_made_of_the_name(tmp_path: Path) -> None:
    assert one(tmp_path, "layout: post").front_matter.title == "Le Marche"
    assert one(tmp_path, "title:").front_matter.title == "Le Marche"


def test_empty_front_matter_is_a_post(tmp_path: Path) -> None:
    content = read(tmp_path, {"_posts/2020-01-02-x.md": "---\n---\nText.\n"})
    assert [d.front_matter.permalink for d in content.documents] == ["/2020/01/02/x/"]


@pytest.mark.parametrize("front", ["published: false", "draft: true"])
def test_what_is_not_published_is_a_draft(tmp_path: Path, front: str) -> None:
    assert one(tmp_path, front).front_matter.draft


def test_drafts_need_no_date(tmp_path: Path) -> None:
    document = one(tmp_path, "title: A", "_drafts/idee.md")
    assert document.front_matter.draft
    assert document.front_matter.permalink == "/2099/12/31/idee/"


def test_what_a_file_is(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        {
            "_posts/2020-01-01-a.md": "---\ntitle: A\n---\n",
            "_posts/notes.md": "---\ntitle: A\n---\n",
            "_posts/2020-01-01-b.html": "---\ntitle: A\n---\n",
            "_newsletters/1.md": "---\ntitle: A\n---\n",
            "_layouts/post.html": "x",
            "_config.yml": "title: x",
            "Gemfile": "x",
            "index.md": "---\ntitle: Home\n---\n",
            "about.md": "---\ntitle: About\n---\n",
            "README.md": "no front matter",
            "feed.xml": "---\n---\n<x/>",
            "assets/a.css": "a{}",
        },
    )
    assert [d.path for d in content.documents] == ["_posts/2020-01-01-a.md", "about.md"]
    assert sorted(content.assets) == ["README.md", "assets/a.css"]
    messages = sorted(p.message for p in content.problems)
    assert (
        "\n".join(messages)
        == """\
.xml files with front matter are templates for Jekyll: they are left out; feeds, the sitemap and \
lists are made by crosspost. (1)
Gemfile belongs to Ruby: it is left out. (1)
Jekyll's _config.yml is left out: crosspost has its own settings and themes. (1)
Jekyll's _layouts is left out: crosspost has its own settings and themes. (1)
files in _posts/ whose names do not begin with a date, as 2026-12-01-market.md, are no posts: \
they are left out. (1)
index.md was the home page: crosspost's theme makes it. (1)
posts that are not Markdown with front matter are left out. (1)
the collection _newsletters/ is left out: of collections, posts alone are read. (1)"""
    )


def test_liquid_is_named_with_its_line(tmp_path: Path) -> None:
    code = "`{{ code }}`\n\n```\n{{ code }}\n```\n\n    {{ code }}\n"
    body = f"A\n\n{{% for x in y %}}\n\n{code}\nB {{{{ z }}}}\n"
    content = read(tmp_path, {"_posts/2020-01-01-a.md": f"---\ntitle: A\n---\n{body}"})
    assert [(p.line, p.column, p.code) for p in content.problems] == [
        (6, 1, "liquid"),
        (16, 3, "liquid"),
    ]
    assert str(content.problems[0]) == (
        "content/_posts/2020-01-01-a.md:6:1: warning: '{% for x in y %}' is Liquid, which is not "
        "carried out: it is shown as it is. Write the text that it stood for. [liquid]"
    )


@pytest.mark.parametrize(
    ("liquid", "plain"),
    [
        ("[a]({% post_url 2020-01-01-b %})", "[a](/_posts/2020-01-01-b.md)"),
        ("[a]({% link _posts/2020-01-01-b.md %})", "[a](/_posts/2020-01-01-b.md)"),
        ('![]({{ "/img/a.jpg" | relative_url }})', "![](/img/a.jpg)"),
        ("![]({{ site.baseurl }}/img/a.jpg)", "![](/img/a.jpg)"),
        ("{% raw %}x{% endraw %}", "x"),
    ],
)
def test_links_in_liquid_are_understood(tmp_path: Path, liquid: str, plain: str) -> None:
    content = read(tmp_path, {"_posts/2020-01-01-a.md": f"---\ntitle: A\n---\n{liquid}"})
    assert body(tmp_path, content.documents[0]) == plain
    assert not content.problems


def test_a_date_that_does_not_exist_in_the_name(tmp_path: Path) -> None:
    content = read(tmp_path, {"_posts/2020-02-30-a.md": "---\ntitle: A\n---\n"})
    (problem,) = content.problems
    assert str(problem) == (
        "content/_posts/2020-02-30-a.md:2:1: error: the file's name begins with 2020-02-30, a date "
        "that does not exist: rename the file, or write date: in its front matter. [wrong-value]"
    )


def test_a_wrong_date_points_at_it(tmp_path: Path) -> None:
    content = read(tmp_path, {"_posts/2020-02-03-a.md": "---\ntitle: A\ndate: 2020-13-01\n---\n"})
    (problem,) = content.problems
    assert str(problem) == (
        "content/_posts/2020-02-03-a.md:3:7: error: date: '2020-13-01' is a date that does not "
        "exist. Write year-month-day, as 2026-12-01. [wrong-value]"
    )


def test_keys_written_twice_warn_and_the_last_counts(tmp_path: Path) -> None:
    content = read(
        tmp_path, {"_posts/2020-02-03-a.md": "---\ntitle: A\nlayout: x\ntitle: B\n---\n"}
    )
    assert [(p.line, p.code, str(p.severity)) for p in content.problems] == [
        (4, "duplicate-key", "warning")
    ]
    assert content.documents[0].front_matter.title == "B"


def test_patterns_are_checked_with_the_settings(tmp_path: Path) -> None:
    from crosspost.errors import SiteError

    with pytest.raises(SiteError) as caught:
        read(tmp_path, {}, SETTINGS.replace("pretty", "/:yeer/:title/"))
    assert str(caught.value).startswith(
        "crosspost.yaml:3:12: error: permalink: ':yeer' is unknown. Did you mean 'year'? Known: "
    )


def test_without_a_pattern_it_is_jekylls_own(tmp_path: Path) -> None:
    settings = SETTINGS.replace("permalink: pretty\n", "")
    content = read(tmp_path, {"_posts/2020-01-02-x.md": "---\ntitle: A\n---\n"}, settings)
    assert content.documents[0].front_matter.permalink == "/2020/01/02/x.html"


def test_long_excerpts_become_whole_sentences(tmp_path: Path) -> None:
    sentence = "Une phrase assez longue pour compter. "
    front = f"excerpt: |\n  Un titre\n  --------\n\n  {sentence * 100}"
    summary = one(tmp_path, front).front_matter.summary or ""
    assert len(summary) <= 2000
    assert summary.startswith("Un titre Une phrase")
    assert summary.endswith("compter.")
