from __future__ import annotations

from crosspost.content.typography import typeset

CASES = "typography-fr.txt"


def test_french(source, expected, seen, unseen):
    assert seen(typeset(unseen(source), "fr")) == expected


def test_every_french_is_french():
    assert typeset("Oui !", "fr-CA") == typeset("Oui !", "FR") == "Oui\u202f!"
