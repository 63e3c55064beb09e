from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.content.excerpt import excerpt, sentences

TEXT = "Le marché ouvre. M. Dupont viendra à 9 h. Et vous ? « Oui ! » Fin."


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (500, TEXT),
        (len(TEXT) - 1, "Le marché ouvre. M. Dupont viendra à 9 h. Et vous ? « Oui ! »"),
        (50, "Le marché ouvre. M. Dupont viendra à 9 h."),
        (16, "Le marché ouvre."),
        (15, "Le marché…"),
        (3, "Le…"),
        (2, "L…"),
        (1, ""),
        (0, ""),
    ],
)
def test_whole_sentences_within_the_limit(limit, expected):
    assert excerpt(TEXT, limit) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "M. Dupont, Mme Martin et le Dr. Petit viendront.",
        "Voir l’art. 12, p. 4 et le n° 3 du vol. 2.",
        "Des fruits, p. ex. Des pommes, etc. et des poires.",
        "J. R. Martin y sera… peut-être.",
        "À 10.30 le 1.2.2026 sur www.valbourg.example.",
        "Il crie « Au feu ! » et s’en va.",
    ],
)
def test_what_does_not_end_a_sentence(sentence):
    assert list(sentences(f"{sentence} Suite.")) == [sentence, "Suite."]


def test_a_blank_line_ends_a_sentence_and_a_line_does_not():
    assert list(sentences("Un\ndeux.\n\nTrois")) == ["Un deux.", "Trois"]


def test_items_of_a_list_are_no_sentences():
    assert excerpt("Le programme est là.\n\nconcert\n\ndanse", 100) == "Le programme est là."
    assert excerpt("concert\n\ndanse", 100) == "concert"


def test_another_measure():
    assert excerpt("Un. Deux. Trois.", 2, length=lambda text: text.count(".")) == "Un. Deux."


@given(st.text(), st.integers(0, 200))
def test_never_longer_than_the_limit(text, limit):
    assert len(excerpt(text, limit)) <= limit


@given(st.text())
def test_sentences_lose_nothing_but_spaces(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("piece", ["A. ", "a. B", "mot ", "…» ", "M. A", "   ", "!"])
def test_a_long_line_is_read_once(piece):
    assert len(excerpt(piece * (100_000 // len(piece)), 300)) <= 300
