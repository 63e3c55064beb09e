"""Texts and dates of a theme."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspost.render.i18n import Translator, UnknownText

NIGHT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)


def translator(lang: str) -> Translator:
    posts = {"one": "{count} article", "other": "{count} articles"}
    return Translator(lang, {"posts": posts}, {"home": "Accueil"}, ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 article"), (1, "1 article"), (2, "2 articles")]
)
def test_plural_forms_are_the_languages_own(count: int, expected: str) -> None:
    assert translator("fr").text("posts", count=count) == expected


def test_a_text_that_the_language_lacks_is_the_sites() -> None:
    assert translator("en").text("home") == "Accueil"


def test_a_text_that_nobody_has_is_named() -> None:
    with pytest.raises(UnknownText, match=r"no text 'hoem'.*i18n/fr\.yaml"):
        translator("fr").text("hoem")


@pytest.mark.parametrize(
    ("lang", "style", "expected"),
    [
        ("fr", "long", "1er décembre 2026"),
        ("fr", "day", "mardi 1er décembre 2026"),
        ("fr", "short", "01/12/2026"),
        ("en", "long", "December 1, 2026"),
        ("en-GB", "long", "1 December 2026"),
        ("fr", "month", "décembre 2026"),
        ("fr", "time", "0 h 30"),
        ("fr", "iso", "2026-12-01T00:30:00+01:00"),
        ("tlh", "long", "December 1, 2026"),
    ],
)
def test_dates_are_in_the_sites_zone_and_the_pages_language(
    lang: str, style: str, expected: str
) -> None:
    assert translator(lang).date(NIGHT, style) == expected


def test_no_date_is_no_text() -> None:
    assert translator("fr").date(None) == ""
