"""The theme's chain: overrides, missing themes, fingerprints, and errors that name a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosspost.config import Settings, SiteSettings
from crosspost.errors import SiteError
from crosspost.render.templates import Templates
from crosspost.render.theme import Theme, load_theme


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def theme(root: Path, name: str = "plain") -> Theme:
    return load_theme(
        Settings(site=SiteSettings("Town", "https://town.example"), theme=name, root=root)
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        **{
            "themes/plain/theme.yaml": "name: plain\n",
            "themes/plain/templates/post.html": "<p>{{ word }}{% block more %}{% endblock %}</p>",
            "themes/plain/static/css/a.css": "body{background:url('../b.svg')}",
            "themes/plain/static/b.svg": "<svg/>",
            "themes/plain/i18n/fr.yaml": "home: Accueil\nback: Retour\n",
        },
    )


def test_one_template_is_overridden_and_extends_the_one_it_replaces(site: Path) -> None:
    override = '{% extends "plain/post.html" %}{% block more %}!{% endblock %}'
    write(site, **{"templates/post.html": override})
    assert Templates(theme(site)).render("post.html", {"word": "a&b"}, "x") == "<p>a&amp;b!</p>"


def test_one_text_and_one_static_file_are_overridden(site: Path) -> None:
    write(site, **{"i18n/fr.yaml": "home: Mairie\n", "static/b.svg": "<svg>ours</svg>"})
    found = theme(site)
    assert found.translator("fr").text("home") == "Mairie"
    assert found.translator("fr").text("back") == "Retour"
    assert found.static_files["b.svg"].read_text() == "<svg>ours</svg>"


def test_a_child_theme_keeps_what_it_does_not_replace(site: Path) -> None:
    child = {"themes/child/theme.yaml": "name: child\nextends: plain\n"}
    write(site, **child, **{"themes/child/templates/page.html": "child"})
    templates = Templates(theme(site, "child"))
    assert templates.render("page.html", {}, "x") == "child"
    assert templates.render("post.html", {"word": "w"}, "x") == "<p>w</p>"


def test_a_folder_of_the_site_without_theme_yaml_only_overrides(tmp_path: Path) -> None:
    write(tmp_path, **{"themes/ville/templates/post.html": "ours"})
    templates = Templates(theme(tmp_path, "ville"))
    assert templates.render("post.html", {}, "x") == "ours"
    assert templates.has("base.html")


def test_a_missing_theme_is_named_with_the_nearest(site: Path) -> None:
    with pytest.raises(SiteError, match=r"no theme 'plian'\. Did you mean 'plain'\?"):
        theme(site, "plian")


def test_a_theme_that_extends_itself_is_named(site: Path) -> None:
    write(site, **{"themes/plain/theme.yaml": "name: plain\nextends: plain\n"})
    with pytest.raises(SiteError, match="'plain' extends itself"):
        theme(site)


def test_a_changed_file_has_another_address(site: Path) -> None:
    before = theme(site).fingerprints["b.svg"]
    write(site, **{"themes/plain/static/b.svg": "<svg>2</svg>"})
    after = theme(site).fingerprints["b.svg"]
    assert before.startswith("static/b.")
    assert before != after


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("one\n{{ nothing }}", "templates/post.html:2: error: 'nothing' is not defined (for x)."),
        ("{{ word.size }}", "templates/post.html:1: error: str has no 'size' (for x)."),
        ("one\n\n{% if %}", "templates/post.html:3: error: Expected an expression, got"),
        ("{% include 'pots.html' %}", "no template 'pots.html'. Did you mean 'post.html'?"),
        ("{% extends 'post.html' %}", "includes or extends itself without end"),
        ("\n{{ 1 + word }}", "templates/post.html:2: error: TypeError"),
        ("{% include 'post.html' %}", "includes or extends itself without end"),
    ],
)
def test_a_mistake_in_a_template_has_its_place(site: Path, source: str, expected: str) -> None:
    write(site, **{"templates/post.html": source})
    with pytest.raises(SiteError) as caught:
        Templates(theme(site)).render("post.html", {"word": "w"}, "x")
    assert expected in str(caught.value)


def test_every_template_is_compiled_even_where_none_is_used(site: Path) -> None:
    write(site, **{"templates/never.html": "{% for %}", "templates/also.html": "{{ }}"})
    files = {problem.file for problem in Templates(theme(site)).syntax_problems()}
    assert files == {"templates/never.html", "templates/also.html"}
