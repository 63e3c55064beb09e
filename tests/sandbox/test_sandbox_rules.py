"""Counting and hashtags, by fixtures that anybody can extend."""

from __future__ import annotations

from pathlib import Path

import pytest
from mastodon import Mastodon

from crosspost.sandbox.entities import EntityKind, find_entities
from crosspost.sandbox.profiles import PROFILES, TagBoundary
from crosspost.sandbox.rules import language_or, length

FIXTURES = Path(__file__).parent / "fixtures"
LATEST = PROFILES["mastodon-4.6"]


def cases(name: str) -> list[object]:
    lines = (FIXTURES / name).read_text(encoding="utf-8").split("\n")
    found: list[object] = []
    title, parts, inside = "", [], 0
    for line in lines:
        if line == ".":
            inside = (inside + 1) % 3
            if inside:
                parts.append([])
            else:
                text, expected = ("\n".join(p) for p in parts)
                found.append(pytest.param(text, expected, id=title))
                parts = []
        elif inside:
            parts[-1].append(line)
        elif line:
            title = line
    assert len(found) > 10
    return found


def tags(text: str, boundary: TagBoundary) -> str:
    found = find_entities(text, boundary)
    return " ".join(e.value for e in found if e.kind is EntityKind.TAG)


@pytest.mark.parametrize(("text", "expected"), cases("length.txt"))
def test_a_text_counts_what_mastodon_counts(text: str, expected: str) -> None:
    assert length(text, "", LATEST) == int(expected)


@pytest.mark.parametrize(("text", "expected"), cases("length.txt"))
def test_the_client_library_counts_the_same(text: str, expected: str) -> None:
    # The library's list of top-level domains has no names kept for examples.
    assert Mastodon.get_status_length(text.replace(".example/", ".fr/")) == int(expected)


@pytest.mark.parametrize(("text", "expected"), cases("tags.txt"))
def test_hashtags_are_found_by_the_servers_rule(text: str, expected: str) -> None:
    assert tags(text, TagBoundary.SPACE) == expected


def test_older_servers_find_a_hashtag_in_a_parenthesis() -> None:
    assert tags("(#Concert) a#b /#c", TagBoundary.NOT_A_WORD) == "Concert"


def test_the_warning_counts_as_written() -> None:
    assert length("a", "https://example.com/long", LATEST) == 1 + 24


def test_gotosocial_counts_code_points_and_whole_links() -> None:
    profile = PROFILES["gotosocial"]
    assert length("👨‍👩‍👧‍👦", "", profile) == 7
    assert length("https://example.com/page", "", profile) == 24


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("fr", "fr"), ("fr-FR", "fr"), ("zh-TW", "zh-TW"), ("xx", "en"), (None, "en"), ("", "en")],
)
def test_languages_fall_back(wanted: str | None, expected: str) -> None:
    assert language_or(wanted, "en") == expected


def test_a_text_full_of_parentheses_is_read_in_one_breath() -> None:
    # A pattern that backtracks would need minutes for this one.
    text = "https://example.com/" + "(" * 2_000 + "a." * 2_000
    assert find_entities(text)[0].start == 0
