"""Hashtags by the servers' rule."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.channels.hashtags import hashtag, hashtags, misread_hashtags
from crosspost.sandbox.entities import EntityKind, find_entities


@pytest.mark.parametrize(
    ("tag", "made"),
    [
        ("noel", "#Noel"),
        ("centre-ville", "#CentreVille"),
        ("Saint-Denis", "#SaintDenis"),
        ("fête de la musique", "#FêteDeLaMusique"),
        ("l'été", "#LÉté"),
        ("MarcheDeNoel", "#MarcheDeNoel"),
        ("#Marché", "#Marché"),
        ("14 juillet", "#14Juillet"),
        ("budget_2026", "#Budget_2026"),
        ("RGAA", "#RGAA"),
        ("e\u0301cole", "#École"),
        ("habitant·e·s", "#Habitantes"),
        ("C++", "#C"),
        ("2026", None),
        ("14-07", None),
        ("_", None),
        ("", None),
        ("🎄", None),
    ],
)
def test_a_tag_becomes_what_a_server_reads_and_a_screen_reader_speaks(tag, made):
    assert hashtag(tag) == made


def test_each_hashtag_once_and_the_lost_ones_named():
    assert hashtags(["noel", "Noel", "2026", "eau"]) == (("#Noel", "#Eau"), ("2026",))


@pytest.mark.parametrize(
    ("text", "read", "instead"),
    [
        ("À #Saint-Denis samedi", "#Saint", "#SaintDenis"),
        ("#COVID-19", "#COVID", "#COVID19"),
        ("Vive #L'Été !", "#L", "#LÉté"),
        ("#Aujourd’hui", "#Aujourd", "#AujourdHui"),
        ("En #2026", "", ""),
        ("Le concert (#Musique)", "", "#Musique"),
        ("Un mot#Tag", "", "#Tag"),
    ],
)
def test_what_a_server_reads_otherwise_is_found_in_a_written_text(text, read, instead):
    (tag,) = misread_hashtags(text)
    assert (tag.read, tag.instead) == (read, instead)


@pytest.mark.parametrize(
    "text",
    [
        "#Noël, #MarcheDeNoel. #14Juillet",
        "« #Tours » et #Valbourg's market",
        "https://www.valbourg.example/a/#saint-denis",
        "#habitant_e",
        "Tout va bien - #Valbourg - demain",
    ],
)
def test_what_is_read_as_it_was_meant_is_left_alone(text):
    assert misread_hashtags(text) == ()


@settings(deadline=None)
@given(st.text(alphabet="aé1-'’#( ·_\u00a0é🎄", max_size=20))
def test_what_is_not_named_is_read_by_the_server_as_it_stands(text):
    named = {tag.typed for tag in misread_hashtags(text)}
    read = {f"#{one.value}" for one in find_entities(text) if one.kind is EntityKind.TAG}
    for match in re.finditer(r"(?<!\S)#[\w]+(?:[-'’]\w+)*", text):
        typed = match[0]
        if typed not in named and not any(typed.startswith(name) for name in named):
            assert any(typed.startswith(tag) for tag in read)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_a_hashtag_has_nothing_at_which_a_server_would_end_it(tag):
    made = hashtag(tag)
    if made is not None:
        assert re.fullmatch(r"#\S+", made)
        assert any(char.isalpha() for char in made)
        assert hashtag(made) == made
