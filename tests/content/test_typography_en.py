from __future__ import annotations

from crosspost.content.typography import typeset

CASES = "typography-en.txt"


def test_english(source, expected, seen):
    assert seen(typeset(source, "en-GB")) == expected


def test_a_language_that_is_not_known_is_left_alone():
    for lang in ("de", "br", "frp", "", "x"):
        assert typeset('"Oui" ! l\'été...', lang) == '"Oui" ! l\'été...'
