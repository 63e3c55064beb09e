"""Why a page was made again, in words."""

from __future__ import annotations

import pytest

from crosspost.build.reasons import changed, in_words
from crosspost.render.answers import CARD_STAMP, WHO, who

NAMES = ("Fair", "Market", "Bridge", "Castle", "School", "Garden")
TITLES = {who(name): name for name in NAMES}


def card(name: str, state: str = "a") -> str:
    """The stamp of a card of this title; another state is another stamp of the same post."""
    stamp = who(name) + state * (CARD_STAMP - WHO)
    assert len(stamp) == CARD_STAMP
    return stamp


def said(before: list[str], after: list[str]) -> str:
    return changed("site.posts()", "".join(before), "".join(after), lambda: TITLES)


FAIR, MARKET, BRIDGE = card("Fair"), card("Market"), card("Bridge")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([FAIR], [MARKET, FAIR], "+ « Market »"),
        ([MARKET, FAIR], [FAIR], "− « Market »"),
        ([], [FAIR], "+ « Fair »"),
        ([FAIR], [], "− « Fair »"),
        ([FAIR, MARKET], [MARKET, BRIDGE], "+ « Bridge », − « Fair »"),
        ([FAIR, MARKET], [card("Fair", "b"), MARKET], "« Fair » itself"),
        ([FAIR], [card("Fair", "b"), MARKET], "+ « Market », « Fair » itself"),
        ([FAIR, MARKET], [MARKET, FAIR], "their order"),
        (
            [],
            [card(name) for name in NAMES],
            "+ « Fair », + « Market », + « Bridge », + 3 more",
        ),
        (
            [card(name) for name in NAMES],
            [],
            "− « Fair », − « Market », − « Bridge », − 3 more",
        ),
        ([], [card(name) for name in NAMES[:3]], "+ « Fair », + « Market », + « Bridge »"),
        (
            [card(name) for name in NAMES],
            [card(name, "b") for name in NAMES],
            "« Fair » itself, « Market » itself, « Bridge » itself, 3 more",
        ),
    ],
)
def test_the_posts_that_made_the_difference(
    before: list[str], after: list[str], words: str
) -> None:
    assert said(before, after) == f"site.posts() changed: {words}"


@pytest.mark.parametrize(
    ("before", "after"),
    [("abc", "abd"), ("", "x"), (card("Nobody"), ""), (card("Fair"), card("Nobody")), ("3", "4")],
    ids=["no cards", "nothing before", "a title that is not known", "another unknown", "numbers"],
)
def test_where_stamps_do_not_tell_it_says_that_something_changed(before: str, after: str) -> None:
    assert changed("its text", before, after, lambda: TITLES) == "its text changed"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (("posts", None, None, None, None), "site.posts()"),
        (("posts", None, "culture", None, 5), "site.posts(tag=culture, limit=5)"),
        (("posts", "town", None, 2026, 0), "site.posts(category=town, year=2026, limit=0)"),
        (("editions", None), "site.editions()"),
        (("editions", 3), "site.editions(limit=3)"),
        (("terms", "category"), "site.categories"),
        (("terms", "tag"), "site.tags"),
        (("terms", "year"), "site.years"),
        (("menu",), "site.menu"),
        (("pages",), "site.pages"),
        (("has editions",), "site.editions_url"),
        (("site image",), "the site's picture"),
        (("count", "tag", "culture"), "the number of posts of tag culture"),
        (("text", "fr", "home"), 't("home") in fr'),
        (("asset", "a.css"), 'asset("a.css")'),
        (("url_for", "pages/a.md"), 'url_for("pages/a.md")'),
        (("template", "post.html"), "the template post.html"),
        (("template", "{0}.html"), "the template {0}.html"),
    ],
)  # fmt: skip
def test_a_question_is_written_as_a_template_asks_it(question, words: str) -> None:
    assert in_words(question) == words
