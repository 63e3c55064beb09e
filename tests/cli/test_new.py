from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crosspost.cli import main
from crosspost.content.document import Kind, parse_document
from crosspost.settings_file import load_settings

SETTINGS = """\
site: {title: Valbourg, url: https://www.valbourg.example, language: fr}
categories: {culture: Culture, travaux: Travaux}
"""
TITLES = [
    "Le marché de Noël ouvre samedi",
    'Le "vrai" marché : 40 chalets # oui',
    "- une liste",
    "yes",
    "2026-12-01",
    "{a: b}",
    "C'est l’été 🎉 & l\\antislash",
    "@mairie: *gras* `code` | > tuyau %",
    "null",
    "Ça, c’est : « fini » ?",
    "عربي 漢字",
]


@pytest.fixture
def here(site):
    """The command line in this process: the same door, without a start of Python."""

    def run(*arguments):
        return CliRunner().invoke(main, ["-C", str(site), *arguments], catch_exceptions=False)

    return run


@pytest.fixture
def site(tmp_path):
    (tmp_path / "crosspost.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def read(site):
    (path,) = (site / "content").rglob("*.md")
    problems = []
    relative = path.relative_to(site / "content").as_posix()
    zone = load_settings(site).zone
    written = parse_document(path.read_bytes(), relative, Kind.POST, zone, problems)
    assert problems == []
    return written.document


@pytest.mark.parametrize("title", TITLES)
def test_any_title_is_read_back_as_it_was_given(crosspost, site, title):
    done = crosspost("new", "post", "--", title)
    assert (done.returncode, done.stderr) == (0, "")
    document = read(site)
    assert document.front_matter.title == title
    assert document.front_matter.draft is True
    assert len(document.uid) == 26
    assert done.stdout == f"wrote {document.file}\n"


def test_what_is_asked_for_is_written(crosspost, site):
    done = crosspost(
        *("new", "post", "L'été à Valbourg", "--category", "culture", "--lang", "en"),
        *("--tag", "a, b", "--tag", "noel", "--date", "2026-12-01 09:00"),
    )
    assert done.returncode == 0, done.stderr
    document = read(site)
    front = document.front_matter
    assert document.path == "posts/2026/l-ete-a-valbourg.md"
    assert (front.category, front.lang, front.tags) == ("culture", "en", ("a, b", "noel"))
    assert f"{front.date:%Y-%m-%d %H:%M}" == "2026-12-01 09:00"


def test_it_is_a_draft_until_its_line_goes(crosspost, site):
    crosspost("new", "post", "Le marché", "--date", "2026-11-20 09:00")
    (path,) = (site / "content").rglob("*.md")

    def posts():
        built = crosspost("build", "--now", "2026-11-23", "--format", "json")
        assert built.returncode == 0, built.stderr
        return json.loads(built.stdout.splitlines()[-1])["posts"]

    assert posts() == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("draft: true\n", ""), encoding="utf-8")
    assert posts() == 1


def test_a_file_that_exists_is_never_overwritten(crosspost, site):
    crosspost("new", "post", "Le marché")
    before = [path.read_bytes() for path in (site / "content").rglob("*.md")]
    done = crosspost("new", "post", "Le  MARCHÉ !")
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert [path.read_bytes() for path in (site / "content").rglob("*.md")] == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("   ",), "the title is empty"),
        (("x", "--category", "cultur"), "Did you mean 'culture'?"),
        (("x", "--lang", "français"), "is not a language code"),
        (("x", "--date", "2026-02-30"), "is a date that does not exist"),
        (("x" * 301,), "write at most 300"),
    ],
)
def test_what_cannot_stand_in_a_post_is_refused(crosspost, site, arguments, said):
    done = crosspost("new", "post", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (site / "content").exists()


def test_outside_a_site(crosspost, tmp_path):
    done = crosspost("new", "post", "x")
    assert done.returncode == 1
    assert "crosspost init DIR" in done.stderr


def test_a_jekyll_site_gets_jekylls_file_name(crosspost, site):
    with (site / "crosspost.yaml").open("a", encoding="utf-8") as settings:
        settings.write("compat: jekyll\n")
    done = crosspost("new", "post", "Un titre", "--date", "2026-11-20")
    assert done.stdout == "wrote content/_posts/2026-11-20-un-titre.md\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("L’œuvre d'Ésope : l'ægypte à l’école", "l-oeuvre-d-esope-l-aegypte-a-l-ecole"),
        ("Œuvres, CŒUR & Æthuse", "oeuvres-coeur-aethuse"),
        ("Aﬃcher l’eﬀet « ça va »", "afficher-l-effet-ca-va"),
        ("1er mai : 2ᵉ édition n° 3", "1er-mai-2e-edition-n-3"),
        ("Où aller ? À Noël !", "ou-aller-a-noel"),
        ("Rendez‑vous à Saint‑Rémy‑l’Honoré…", "rendez-vous-a-saint-remy-l-honore"),
    ],
)
def test_a_french_title_gives_a_name_that_reads_well(here, site, title, name):
    done = here("new", "post", title, "--date", "2026-12-01")
    assert done.stdout == f"wrote content/posts/2026/{name}.md\n"


def front_of(site, path, kind):
    problems = []
    zone = load_settings(site).zone
    data = (site / "content" / path).read_bytes()
    written = parse_document(data, path, kind, zone, problems)
    assert problems == []
    return written.document.front_matter, written.body


def test_a_page_needs_no_date(here, site):
    done = here("new", "page", "Mentions légales", "--lang", "fr")
    assert done.stdout == "wrote content/pages/mentions-legales.md\n"
    front, _ = front_of(site, "pages/mentions-legales.md", Kind.PAGE)
    assert (front.date, front.draft, front.lang, len(front.uid)) == (None, True, "fr", 26)
    assert here("build", "--drafts").exit_code == 0


def test_an_edition_goes_on_where_the_last_one_ended(here, site):
    done = here("new", "edition", "La lettre nº 1", "--date", "2026-11-05 08:00")
    assert done.stdout == "wrote content/newsletters/la-lettre-no-1.md\n"
    front, _ = front_of(site, "newsletters/la-lettre-no-1.md", Kind.EDITION)
    period = front.period
    assert (f"{period.from_:%m-%d}", f"{period.to:%m-%d}") == ("10-22", "11-04")
    here("new", "edition", "La lettre nº 2", "--date", "2026-11-19 08:00")
    front, _ = front_of(site, "newsletters/la-lettre-no-2.md", Kind.EDITION)
    assert (f"{front.period.from_:%m-%d}", f"{front.period.to:%m-%d}") == ("11-05", "11-18")
    assert here("build", "--drafts").exit_code == 0


TEMPLATE = """\
---
# Une phrase entière, qui tient seule.
title: to be replaced
tags:
  - mairie
summary: À écrire.
draft: false
category: culture
---

## Quand ?

## Où ?
"""


def write_template(site, text, kind="post"):
    folder = site / "templates" / "new"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{kind}.md").write_text(text, encoding="utf-8")


def test_a_site_has_its_own_beginnings(here, site):
    write_template(site, TEMPLATE)
    done = here("new", "post", "Le bal", "--category", "travaux", "--date", "2026-12-01")
    assert (done.exit_code, done.stderr) == (0, "")
    front, body = front_of(site, "posts/2026/le-bal.md", Kind.POST)
    assert (front.title, front.draft, front.category) == ("Le bal", True, "travaux")
    assert (front.tags, front.summary) == (("mairie",), "À écrire.")
    assert body == "\n## Quand ?\n\n## Où ?\n"
    text = (site / "content/posts/2026/le-bal.md").read_text(encoding="utf-8")
    assert "# Une phrase entière" in text
    write_template(site, "---\nmenu: 3\n---\nOuvert.\n", "page")
    here("new", "page", "Horaires")
    front, body = front_of(site, "pages/horaires.md", Kind.PAGE)
    assert (front.menu, body) == (3, "Ouvert.\n")
    assert here("build", "--drafts").exit_code == 0


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("---\nsumary: x\n---\n", 2, "templates/new/post.md: unknown key 'sumary'. Did you mean"),
        ('---\nsummary: "x\n---\n', 1, "templates/new/post.md:2:10: error: this is not valid YAML"),
        ("no front matter\n", 1, "templates/new/post.md:1:1: error: there is no front matter"),
        ("---\n{summary: x}\n---\n", 1, "templates/new/post.md:2:1: error: write one key a line"),
    ],
)
def test_a_template_that_cannot_be_a_post_is_refused(here, site, text, status, said):
    write_template(site, text)
    done = here("new", "post", "x")
    assert done.exit_code == status
    assert said in done.stderr
    assert not (site / "content").exists()


def test_a_site_of_another_generator_has_no_editions(here, site):
    with (site / "crosspost.yaml").open("a", encoding="utf-8") as settings:
        settings.write("compat: jekyll\n")
    done = here("new", "edition", "x")
    assert (done.exit_code, "has no editions" in done.stderr) == (2, True)
    assert here("new", "page", "Contact").stdout == "wrote content/contact.md\n"
