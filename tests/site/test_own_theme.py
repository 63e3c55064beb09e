"""What a site changes of its theme, and a theme of its own: what works, what is said."""

from __future__ import annotations

SITE = "site: {{title: Town, url: https://town.example, language: {}}}\n"
POST = "content/posts/a.md"
EDITION = "content/newsletters/n.md"


def test_a_language_begins_with_one_text(site, post) -> None:
    files = {POST: post(), EDITION: post("posts: [posts/a.md]")}
    texts = {
        "i18n/de.yaml": "skip_to_content: Zum Inhalt\n",
        "i18n/fr-CA.yaml": "home: Chez nous\n",
    }
    town = site({"crosspost.yaml": SITE.format("de"), **files, **texts})
    assert town.build().status == 0
    assert "Zum Inhalt" in town.page("index.html")
    assert "Read this newsletter online" in town.page("newsletter/n/email.txt")
    town.write({"crosspost.yaml": SITE.format("fr-CA")})
    assert town.build().status == 0
    assert "Chez nous" in town.page("2026/11/a/index.html")
    assert "Aller au contenu" in town.page("2026/11/a/index.html")


def test_every_wrong_text_is_named_in_one_run(site, post) -> None:
    french = """\
home: [Accueil]
all_posts: Tout {n'est pas dit
edition_number: "Lettre {nombre}"
mail_read_online:
  one: Lire
feed_title: "Fil {format"
"""
    files = {"i18n/fr.yaml": french, "i18n/en.yaml": "- home\n", "i18n/xx.yaml": "a: [\n"}
    town = site({POST: post("", "[gone](b.md)"), EDITION: post("posts: [posts/a.md]"), **files})
    result = town.build()
    assert result.status == 1
    places = [problem.split(" ")[0] for problem in result.problems]
    assert places == [
        "content/posts/a.md:5:8:",
        "i18n/en.yaml:1:1:",
        "i18n/fr.yaml:1:7:",
        "i18n/fr.yaml:3:17:",
        "i18n/fr.yaml:5:3:",
        "i18n/fr.yaml:6:13:",
        "i18n/xx.yaml:2:1:",
    ]
    assert "{nombre}. Known here: {number}." in result.err


def test_a_theme_without_a_text_has_them_from_the_shipped_one(site, post) -> None:
    kinds = ("home", "list", "post", "edition", "editions", "404", "redirect", "email/edition")
    page = "<!DOCTYPE html><title>{{ t('home') }}</title>"
    town = site(
        {
            "crosspost.yaml": SITE.format("en") + "theme: bare\n",
            "themes/bare/theme.yaml": "",
            **{f"themes/bare/templates/{kind}.html": page for kind in kinds},
            POST: post(),
            EDITION: post("posts: [posts/a.md]"),
        }
    )
    assert town.build().status == 0
    assert "<title>Home</title>" in town.page("index.html")
    assert "Read this newsletter online" in town.page("newsletter/n/email.txt")


def test_a_circle_is_placed_where_the_site_made_it(site, post) -> None:
    town = site({POST: post(), "templates/base.html": '\n{% extends "post.html" %}\n'})
    (problem,) = town.build().problems
    assert problem.startswith("templates/base.html:2: error: the template includes or extends")


def test_a_theme_is_a_name_not_a_path(site, post) -> None:
    town = site({"crosspost.yaml": SITE.format("fr") + "theme: ../themes/x\n", POST: post()})
    town.write({"themes/x/theme.yaml": "extends: ville\n"})
    (problem,) = town.build().problems
    assert problem.startswith("crosspost.yaml:2:1: error: there is no theme '../themes/x'.")
    assert problem.endswith("Known: ville, x. [unknown-theme]")
