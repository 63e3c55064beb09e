"""Why a file was made again, in words: from the stamps before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crosspost.render.answers import CARD_STAMP, WHO, Question

Titles = Callable[[], Mapping[str, str]]
_MOST = 3
"""Posts that a reason names; of more it says how many."""


def in_words(question: Question) -> str:
    """Write a question as a template asks it."""
    kind, *arguments = question
    if kind == "posts":
        names = ("category", "tag", "year", "limit")
        pairs = zip(names, arguments, strict=True)
        given = ", ".join(f"{name}={value}" for name, value in pairs if value is not None)
        return f"site.posts({given})"
    if kind == "editions":
        return f"site.editions({'' if arguments[0] is None else f'limit={arguments[0]}'})"
    if kind == "terms":
        plural = {"category": "categories", "tag": "tags", "year": "years"}
        return f"site.{plural[str(arguments[0])]}"
    words = {
        "menu": "site.menu",
        "pages": "site.pages",
        "has editions": "site.editions_url",
        "site image": "the site's picture",
        "count": "the number of posts of {0} {1}",
        "text": 't("{1}") in {0}',
        "asset": 'asset("{0}")',
        "said": "what was said of {0}",
        "url_for": 'url_for("{0}")',
        "template": "the template {0}",
    }
    return words[str(kind)].format(*arguments)


def changed(name: str, before: str, after: str, titles: Titles) -> str:
    """Say that something changed, and which posts made the difference, where stamps tell.

    `titles` gives those of posts, also of posts that are gone, by the first part of a card's stamp.
    """
    difference = _posts(before, after, titles)
    return f"{name} changed: {difference}" if difference else f"{name} changed"


def _posts(before: str, after: str, names: Titles) -> str:
    """Return `+ « New », − « Gone », « Other » itself`; nothing where these are no cards."""
    if len(before) % CARD_STAMP or len(after) % CARD_STAMP:
        return ""
    old, new = _cards(before), _cards(after)
    titles = names()
    if not (old.keys() | new.keys()) <= titles.keys():
        return ""
    if old.keys() == new.keys() and old == new:
        return "their order"
    parts = [
        _named("+ ", [titles[one] for one in new if one not in old]),
        _named("− ", [titles[one] for one in old if one not in new]),
        _named("", [titles[one] for one in new if one in old and old[one] != new[one]], " itself"),
    ]
    return ", ".join(part for part in parts if part)


def _cards(stamp: str) -> dict[str, str]:
    starts = range(0, len(stamp), CARD_STAMP)
    return {stamp[at : at + WHO]: stamp[at + WHO : at + CARD_STAMP] for at in starts}


def _named(mark: str, titles: list[str], behind: str = "") -> str:
    shown = [f"{mark}« {title} »{behind}" for title in titles[:_MOST]]
    more = len(titles) - _MOST
    return ", ".join([*shown, *([f"{mark}{more} more"] if more > 0 else [])])
