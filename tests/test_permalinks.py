"""Patterns of addresses are refused with what to write instead."""

from __future__ import annotations

import pytest

from crosspost import permalinks


@pytest.mark.parametrize(
    ("pattern", "compat"),
    [
        ("/{year}/{month}/{slug}/", None),
        ("/{path}/", None),
        ("/news/{slug}.html", None),
        *((style, "jekyll") for style in permalinks.JEKYLL_STYLES),
        ("/:categories/:title/", "jekyll"),
        ("/:year/:month_:day/:title:output_ext", "jekyll"),
        ("/:section/:year/:slug/", "hugo"),
        ("{date:%Y}/{slug}/", "pelican"),
        *((pattern, compat) for compat, pattern in permalinks.DEFAULTS.items()),
    ],
)
def test_right(pattern: str, compat: str | None) -> None:
    assert permalinks.trouble(pattern, compat) == ""


@pytest.mark.parametrize(
    ("pattern", "compat", "begins"),
    [
        ("pretty", None, "'pretty' is written as for another generator."),
        ("/:year/:title/", None, "'/:year/:title/' is written as for another generator."),
        ("/{yaer}/{slug}/", None, "'{yaer}' is unknown. Did you mean 'year'? Known: {categor"),
        ("{slug}/", None, "'{slug}/' is not a pattern. Write /{year}/{month}/{slug}/."),
        ("/{slug/", None, "'/{slug/' is not a pattern."),
        ("/{slug}/{x", None, "'/{slug}/{x' has a brace that is not closed."),
        ("/{year}/", None, "'/{year}/' gives every post of a day one address."),
        ("/news/", None, "'/news/' is not a pattern."),
        ("/../{slug}/", None, "'/../{slug}/' is not a pattern."),
        ("", None, "'' is not a pattern."),
        ("preety", "jekyll", "'preety' is not a pattern. Write pretty, or /:year/:month/:title/."),
        ("/:yeer/:title", "jekyll", "':yeer' is unknown. Did you mean 'year'?"),
        ("/:year/", "jekyll", "'/:year/' gives every post of a day one address."),
        ("/{slug}/", "hugo", "'/{slug}/' is not a pattern. Write /:section/:year/:slug/."),
        ("{titel}.html", "pelican", "'{titel}' is unknown."),
    ],
)
def test_wrong(pattern: str, compat: str | None, begins: str) -> None:
    assert permalinks.trouble(pattern, compat).startswith(begins)


def test_fill_leaves_out_what_has_no_value() -> None:
    assert permalinks.fill("/:section/:slug_:year/", {"slug": "s"}, "hugo") == "//s_/"
