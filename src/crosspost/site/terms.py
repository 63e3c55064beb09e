"""Categories, tags and years: what posts have in common, and the address of each list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crosspost.config import Settings, TermSettings
from crosspost.content.slugs import slugify
from crosspost.site.entry import Entry, Term
from crosspost.site.urls import url_of


def categories_of(settings: Settings, posts: Iterable[Entry]) -> tuple[Term, ...]:
    """Return the categories of posts, in the settings' order, then by slug."""
    named = [(entry.uid, (entry.category,)) for entry in posts if entry.category is not None]
    found = _terms(settings, "category", settings.categories, named)
    order = [slugify(name) for name in settings.categories]
    rank = {slug: position for position, slug in enumerate(order)}
    return tuple(sorted(found, key=lambda term: (rank.get(term.slug, len(rank)), term.slug)))


def tags_of(settings: Settings, posts: Iterable[Entry]) -> tuple[Term, ...]:
    """Return the tags of posts, by slug."""
    named = [(entry.uid, entry.tags) for entry in posts if entry.tags]
    return tuple(sorted(_terms(settings, "tag", settings.tags, named), key=lambda term: term.slug))


def _terms(
    settings: Settings,
    kind: str,
    known: Mapping[str, TermSettings],
    posts: Iterable[tuple[str, Sequence[str]]],
) -> list[Term]:
    """Group posts by the slug of a name; the label is the settings', else the usual spelling.

    `posts` are uids, each with the names that it carries.
    """
    places: dict[str, list[int]] = {}
    """The posts that carry a name, as their places among all."""
    uids = []
    for place, (uid, carried) in enumerate(posts):
        uids.append(uid)
        for name in carried:
            if (found := places.get(name)) is None:
                found = places[name] = []
            found.append(place)
    names: dict[str, list[str]] = {}
    for name in places:
        names.setdefault(slugify(name), []).append(name)
    folder = "categories" if kind == "category" else "tags"
    named = {slugify(name): one for name, one in known.items()}
    terms = []
    for slug, spellings in names.items():
        usual = min(spellings, key=lambda name: (-len(places[name]), name))
        carriers = dict.fromkeys(sorted([place for one in spellings for place in places[one]]))
        setting = named.get(slug) or TermSettings(label=_readable(usual))
        output = f"{folder}/{slug}/index.html"
        terms.append(
            Term(
                kind,
                usual,
                slug,
                setting.label,
                tuple(setting.labels.items()),
                setting.description,
                url_of(settings.base_path, output),
                output,
                tuple([uids[place] for place in carriers]),
            )
        )
    return terms


def _readable(name: str) -> str:
    """Show a key such as `centre-ville` as a word: its first letter large."""
    return name[:1].upper() + name[1:]


def years_of(settings: Settings, posts: Iterable[Entry]) -> tuple[Term, ...]:
    """Return the years of posts in the site's time zone, newest first."""
    by_year: dict[str, list[str]] = {}
    for entry in posts:
        if entry.year:
            by_year.setdefault(entry.year, []).append(entry.uid)
    return tuple(
        Term(
            "year",
            year,
            year,
            year,
            (),
            "",
            url_of(settings.base_path, f"{year}/index.html"),
            f"{year}/index.html",
            tuple(uids),
        )
        for year, uids in sorted(by_year.items(), reverse=True)
    )
