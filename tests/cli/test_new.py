from __future__ import annotations

import json

import pytest

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
