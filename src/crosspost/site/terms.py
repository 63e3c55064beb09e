"""Categories, tags and years: what posts have in common, and the address of each list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from crosspost.config import Settings, TermSettings
from crosspost.content.slugs import slugify
from crosspost.site.entry import Entry, Term
from crosspost.site.urls import url_of


def categories_of(settings: Settings, posts: Iterable[Entry]) -> tuple[Term, ...]:
    """Return the categories of posts, in the settings' order, then by slug."""
    pairs = ((entry, entry.category) for entry in posts)
    found = _terms(
        settings,
        "category",
        settings.categories,
        [(entry, name) for entry, name in pairs if name is not None],
    )
    order = [slugify(name) for name in settings.categories]
    rank = {slug: position for position, slug in enumerate(order)}
    return tuple(sorted(found, key=lambda term: (rank.get(term.slug, len(rank)), term.slug)))


def tags_of(settings: Settings, posts: Iterable[Entry]) -> tuple[Term, ...]:
    """Return the tags of posts, by slug."""
    pairs = [(entry, name) for entry in posts for name in entry.tags]
    return tuple(sorted(_terms(settings, "tag", settings.tags, pairs), key=lambda term: term.slug))


def _terms(
    settings: Settings,
    kind: str,
    known: Mapping[str, TermSettings],
    pairs: Iterable[tuple[Entry, str]],
) -> list[Term]:
    """Group posts by the slug of a name; the label is the settings', else the usual spelling."""
    slugs: dict[str, str] = {}
    by_slug: dict[str, dict[str, None]] = {}
    spellings: Counter[str] = Counter()
    for entry, name in pairs:
        slug = slugs.get(name)
        if slug is None:
            slug = slugs[name] = slugify(name)
            by_slug.setdefault(slug, {})
        by_slug[slug][entry.uid] = None
        spellings[name] += 1
    names: dict[str, list[str]] = {}
    for name, slug in slugs.items():
        names.setdefault(slug, []).append(name)
    folder = "categories" if kind == "category" else "tags"
    named = {slugify(name): one for name, one in known.items()}
    terms = []
    for slug, uids in by_slug.items():
        usual = min(names[slug], key=lambda name: (-spellings[name], name))
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
                tuple(uids),
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
