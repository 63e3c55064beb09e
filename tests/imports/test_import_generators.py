"""Jekyll, Hugo and Pelican: what they wrote is a site of our own, at the addresses it had."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from crosspost.cli import main

from .conftest import Moved, losses, picture, put

JEKYLL = {
    "_config.yml": "title: Ville de Valbourg\nurl: https://www.valbourg.example\n"
    "permalink: pretty\ntimezone: Europe/Paris\nlang: fr\ncollections_dir: textes\n",
    "textes/_posts/2024-03-05-Le-bal.md": """\
---
layout: post
title: "Le bal : samedi"
categories: fêtes ville
tags: [bal, "place d'Armes"]
image: /img/bal.png
redirect_from: /vieux/bal/
couleur: rouge
---
![Des lampions](/img/bal.png) Voir [le marché]({% post_url 2024-03-01-marche %}#heures),
[rien](/nulle/part/) et [le plan](/plan.pdf "Le plan").

{% include carte.html %}

```
[ceci](/est/du/code)
```
et `[cela](/aussi)`.
""",
    "textes/_posts/2024-03-01-marche.md": "---\ntitle: Marché\ndate: 2024-03-01 08:00\n---\n"
    "[Le bal](2024-03-05-Le-bal.md) <img src='/img/absent.png' alt='Un étal' srcset='/a.png 2x'>\n",
    "textes/_posts/2024-03-02-faux.md": "---\ntitle: [\n---\n",
    "about.md": "---\ntitle: À propos\npermalink: /a-propos/\n---\n[Accueil](/)\n",
    "README.md": "# For developers\n",
    "index.html": "---\nlayout: home\n---\n",
    "_layouts/post.html": "<html>",
    "img/bal.png": picture(),
    "img/seul.png": picture("blue"),
    "img/faux.png": b"not a picture",
    "plan.pdf": b"%PDF-",
    "Rakefile": "task :x",
}


def test_a_jekyll_site_moves_with_its_addresses(move, tmp_path):
    site, report = move("jekyll", put(tmp_path / "old", JEKYLL))
    site.build()
    post = site.text("content/posts/2024/le-bal.md")
    assert 'title: "Le bal : samedi"' in post
    assert "permalink: /f%C3%AAtes/ville/2024/03/05/Le-bal/" in post
    assert 'aliases: ["/vieux/bal/"]' in post
    assert "params:\n  couleur: rouge\n" in post
    assert "[le marché](/posts/2024/marche.md#heures)" in post
    assert '[le plan](/plan.pdf "Le plan")' in post
    assert "[rien](https://www.valbourg.example/nulle/part/)" in post
    assert "[ceci](/est/du/code)" in post
    assert "`[cela](/aussi)`" in post
    page = site.page("/fêtes/ville/2024/03/05/Le-bal/")
    assert 'href="/2024/03/01/marche/#heures"' in page
    assert 'src="/img/bal.png"' in page
    assert "0;url=" in site.page("/vieux/bal/").replace(" ", "")
    assert "[Le bal](/posts/2024/le-bal.md)" in site.text("content/posts/2024/marche.md")
    assert 'srcset="https://www.valbourg.example/a.png 2x"' in site.text(
        "content/posts/2024/marche.md"
    )
    assert site.page("/a-propos/")
    assert (site.root / "content/img/seul.png").exists()
    assert not (site.root / "content/Rakefile").exists()
    old = "textes/_posts/2024-03-05-Le-bal.md"
    assert losses(report) >= {
        ("old-link", old, 11),
        ("liquid", old, 13),
        ("old-link", "textes/_posts/2024-03-01-marche.md", 5),
        ("not-imported", "textes/_posts/2024-03-02-faux.md", 3),
        ("not-a-picture", "img/faux.png", 0),
        ("left-out", "_layouts/post.html", 0),
    }
    written = site.text("import-report.md")
    assert f"- `{old}:13`: '{{% include carte.html %}}' is Liquid" in written
    assert "3 documents and 3 media written." in written


HUGO = {
    "hugo.toml": "title = 'Valbourg'\nbaseURL = 'https://www.valbourg.example/'\n"
    "languageCode = 'fr-FR'\n[permalinks]\nposts = '/:year/:slug/'\n",
    "content/posts/bal/index.md": "+++\ntitle = 'Le bal'\ndate = 2024-03-05T20:00:00+01:00\n"
    "tags = ['bal']\ndraft = false\nslug = 'grand-bal'\naliases = ['/bal/']\n+++\n"
    '{{< figure src="lampions.png" alt="Des lampions" >}}\n\n'
    'Voir [le marché]({{< ref "/posts/marche.md" >}}).\n\n{{< youtube abc123 >}}\n',
    "content/posts/bal/lampions.png": picture(),
    "content/posts/marche.md": '{\n  "title": "Marché",\n  "date": "2024-03-01",\n'
    '  "categories": ["Ville"], "params": null\n}\nTexte [PDF](/docs/plan.pdf).\n',
    "content/contact.md": "---\ntitle: Contact\n---\nÉcrire.\n",
    "content/posts/_index.md": "---\ntitle: Nouvelles\n---\n",
    "static/docs/plan.pdf": b"%PDF-",
    "layouts/index.html": "x",
}


def test_a_hugo_site_moves_with_its_bundles_and_its_front_matter_of_three_kinds(move, tmp_path):
    site, report = move("hugo", put(tmp_path / "old", HUGO))
    site.build()
    post = site.text("content/posts/2024/bal.md")
    assert "permalink: /2024/grand-bal/" in post
    assert "date: 2024-03-05 20:00" in post
    assert "![Des lampions](/posts/bal/lampions.png)" in post
    assert "[le marché](/posts/2024/marche.md)" in post
    assert 'href="/2024/march%C3%A9/"' in site.page("/2024/grand-bal/")
    assert site.page("/bal/")
    assert site.page("/contact/")
    assert "category: Ville" in site.text("content/posts/2024/marche.md")
    assert 'href="/docs/plan.pdf"' in site.page("/2024/marché/")
    assert losses(report) >= {
        ("shortcode", "content/posts/bal/index.md", 13),
        ("left-out", "content/posts/_index.md", 0),
        ("left-out", "layouts/", 0),
        ("feed", "/index.xml", 0),
    }


PELICAN = {
    "pelicanconf.py": "raise SystemExit('run!')\nSITENAME = 'Valbourg'\nDEFAULT_LANG = 'fr'\n"
    "SITEURL = 'https://www.valbourg.example'\nARTICLE_URL = '{date:%Y}/{slug}/'\n",
    "content/ville/bal.md": "Title: Le bal\nDate: 2024-03-05 20:00\nTags: bal, fête\n"
    "Status: draft\n\n"
    "[Le marché]({filename}marche.md) ![Lampions]({static}/images/bal.png)\n",
    "content/ville/marche.md": "Title: Marché\nDate: 2024-03-01\n\n"
    "[Bal]({filename}/ville/bal.md)\n",
    "content/pages/contact.md": "Title: Contact\n\nÉcrire.\n",
    "content/vieux.rst": "Title\n=====\n",
    "content/images/bal.png": picture(),
}


def test_a_pelican_site_moves_and_its_settings_are_not_run(move, tmp_path):
    site, report = move("pelican", put(tmp_path / "old", PELICAN))
    site.build()
    draft = site.text("content/posts/2024/bal.md")
    assert "draft: true" in draft
    assert "category: ville" in draft
    assert "[Le marché](/posts/2024/marche.md) ![Lampions](/images/bal.png)" in draft
    assert site.page("/2024/marche/")
    assert site.page("/pages/contact.html")
    assert ("left-out", "vieux.rst", 0) in losses(report)


def test_a_second_import_makes_the_same_and_finds_it_there(move, tmp_path):
    source = put(tmp_path / "old", JEKYLL)
    site, first = move("jekyll", source)
    before = site.files()
    _, again = move("jekyll", source)
    assert again["unchanged"] == 3 + 3
    assert again["losses"] == first["losses"]
    after = site.files()
    assert {name for name in after if after[name] != before[name]} <= {"import-report.md"}
    other, _ = move("jekyll", source, into="other")
    assert other.files() == before


def test_what_is_there_and_differs_is_never_overwritten(move, tmp_path):
    source = put(tmp_path / "old", JEKYLL)
    site, _ = move("jekyll", source)
    post = site.root / "content/posts/2024/marche.md"
    post.write_text(post.read_text(encoding="utf-8") + "Corrigé.\n", encoding="utf-8")
    (site.root / "content/img/bal.png").unlink()
    before = site.files()
    said = move("jekyll", source, status=2)
    assert "these files are there and differ (1); nothing was written" in said
    assert "content/posts/2024/marche.md" in said
    assert site.files() == before


def test_what_cannot_be_moved_in_whole_is_taken_back(move, tmp_path):
    settings = "site: {title: V, url: https://v.example, timezone: UTC}\n"
    files = {"crosspost.yaml": settings, "content/posts": "a file in the way"}
    before = Moved(put(tmp_path / "site", files)).files()
    said = move("jekyll", put(tmp_path / "old", JEKYLL), status=4)
    assert "cannot be written" in said
    assert Moved(tmp_path / "site").files() == before


def test_a_dry_run_writes_nothing(move, tmp_path):
    site, report = move("jekyll", put(tmp_path / "old", JEKYLL), "--dry-run")
    assert len(report["documents"]) == 3
    assert report["dry_run"] is True
    assert not site.root.exists()


def test_a_site_that_is_there_keeps_its_categories_and_its_addresses(move, tmp_path):
    put(
        tmp_path / "site",
        {
            "crosspost.yaml": "site: {title: V, url: https://v.example, timezone: UTC}\n"
            "categories: {ville: Ville}\npermalink: /{slug}/\n",
            "content/pages/a-propos.md": "---\ntitle: À nous\n---\nTexte.\n",
        },
    )
    source = put(tmp_path / "old", JEKYLL)
    site, report = move("jekyll", source)
    assert "categories: {ville: Ville}" in site.text("crosspost.yaml")
    assert "tags: [fêtes, ville, bal" in site.text("content/posts/2024/le-bal.md")
    codes = {(one["code"], one["message"]) for one in report["losses"]}
    assert ("address", "the address /a-propos/ is taken: it is /a-propos-2/ now.") in codes
    assert ("category", "the site has no category 'fêtes': it is a tag now.") in codes
    site.build()
    move("jekyll", source)


def test_a_file_that_was_moved_since_is_not_written_again(move, tmp_path):
    source = put(tmp_path / "old", JEKYLL)
    site, _ = move("jekyll", source)
    posts = site.root / "content/posts"
    (posts / "2024/marche.md").rename(posts / "le-marche.md")
    (posts / "2024/le-bal.md").unlink()
    (site.root / "content/pages/about.md").write_text("---\ntitle: Autre\n---\n", encoding="utf-8")
    _, report = move("jekyll", source)
    codes = {(one["code"], one["message"]) for one in report["losses"]}
    there = "this is in the site already, as content/posts/le-marche.md."
    assert ("already-there", there) in codes
    assert "[le marché](/posts/le-marche.md#heures)" in site.text("content/posts/2024/le-bal.md")
    assert "permalink: /a-propos/" in site.text("content/pages/about-2.md")
    site.build()


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        ({}, (), "there is no content/"),
        ({"content/x.md": "x"}, ("--permalink", "/:nonsense/"), "':nonsense' is unknown"),
        ({"content/x.md": "x"}, ("--url", "nowhere"), "is not a web address"),
        ({"content/x.md": "x"}, ("--timezone", "Mars"), "'Mars' is not a time zone"),
        ({"content/x.md": "x"}, ("--language", "français"), "is not a language code"),
        ({"content/x.md": "x"}, ("--into", "old"), "is not empty (content) and no site"),
    ],
)
def test_what_cannot_be_imported_is_said(move, tmp_path, files, options, said):
    (tmp_path / "old").mkdir()
    assert said in move("hugo", put(tmp_path / "old", files), *options, status=2)
    assert not (tmp_path / "site").exists()


def test_for_people_the_losses_come_first_and_the_sum_last(tmp_path):
    source = put(tmp_path / "old", PELICAN)
    done = CliRunner().invoke(
        main, ["-C", str(tmp_path), "import", "pelican", str(source), "--into", "site"]
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("/feeds/all.atom.xml: readers of the feed")
    assert "3 documents and 1 media written." in lines
    assert lines[-1].split() == ["1", "left-out"]
