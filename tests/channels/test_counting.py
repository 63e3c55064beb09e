"""Counting, held against Mastodon.py's own where both can know."""

from __future__ import annotations

import grapheme
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mastodon import Mastodon

from crosspost.channels.counting import graphemes, message_length, shortened
from crosspost.channels.message import Limits

LIMITS = Limits()


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Été", 3),
        ("👨‍👩‍👧‍👦", 1),
        ("e\u0301", 1),
        ("https://www.ville.fr/une/adresse/tres/longue/qui/ne/compte/pas?avec=une&question=1", 23),
        ("(https://ville.fr/a)", 25),
        ("https://ville.fr/a.", 24),
        ("https://ville.fr/a_(b)", 23),
        ("www.ville.fr/sans-protocole", 27),
        ("agent@ville.fr", 14),
        ("@ville@mastodon.fr", 6),
        ("Bonjour @ville@mastodon.fr !", 16),
        ("http://localhost/abcdefghijklmnopqrstuvwxyz", 43),
        ("http://127.0.0.1:8000/abcdefghijklmnopqrstuvwxyz", 48),
        ("https://www.valbourg.example/2026/11/un-billet-au-long-nom/", 23),
        ("https://ville.fr", 23),
        ("https://sous.ville.fr-", 22),
        ("xhttps://ville.fr/abcdefghijklmnopqrstuvwxyz", 44),
    ],
)
def test_texts_cost_what_a_reader_and_the_server_see(text, length):
    assert message_length(text, None, LIMITS) == length


def test_the_warning_counts_and_a_link_in_it_counts_in_full():
    warning = "https://ville.fr/une/adresse/longue"
    assert message_length("abc", warning, LIMITS) == 3 + len(warning)


def test_a_server_of_other_habits_gets_the_longer_count():
    text = "👨‍👩‍👧‍👦 https://ville.fr/" + "a" * 50
    strict = Limits(strict=True, per_url=25)
    assert message_length(text, "é", strict) == len(text) + 1
    assert message_length("https://a.fr", None, strict) == 25


def test_placeholders_have_the_servers_own_length():
    assert shortened("a https://ville.fr/x b", 256) == f"a {'x' * 256} b"


WORDS = st.sampled_from(
    [
        "mairie",
        "été",
        "👨‍👩‍👧‍👦",
        "https://ville.fr/marche",
        "https://ville.fr/a?b=c&d=e",
        "http://www.tours.fr/é/à.html",
        "https://sous.domaine.ville.org",
        "@tours@mastodon.social",
        "@tours",
        "#Noël",
        "maire@ville.fr",
        "ville.fr",
        ",",
        "!",
    ]
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=12), WORDS)
def test_never_less_than_mastodon_counts(words, warning):
    text = " ".join(words)
    assert message_length(text, warning, LIMITS) == Mastodon.get_status_length(text, warning)


ODD = st.text(st.characters(exclude_categories=["L", "N", "Cs"]), min_size=1, max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, ODD), max_size=6))
def test_odd_neighbours_of_links_never_make_it_too_small(pairs):
    text = "".join(part for pair in pairs for part in pair)
    assert message_length(text, None, LIMITS) >= Mastodon.get_status_length(text)


@settings(deadline=None)
@given(st.text())
def test_no_text_has_more_graphemes_than_code_points(text):
    assert graphemes(text) <= len(text)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x2FF) | st.characters(max_codepoint=0x20CF)))
def test_texts_that_are_counted_in_a_blink_are_counted_as_all_are(text):
    assert graphemes(text) == grapheme.length(text)
