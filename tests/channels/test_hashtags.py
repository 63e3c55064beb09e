"""Hashtags by the servers' rule."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.channels.hashtags import hashtag, hashtags


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


@settings(deadline=None)
@given(st.text(max_size=30))
def test_a_hashtag_has_nothing_at_which_a_server_would_end_it(tag):
    made = hashtag(tag)
    if made is not None:
        assert re.fullmatch(r"#\S+", made)
        assert any(char.isalpha() for char in made)
        assert hashtag(made) == made
