"""The site index: what is visible at one moment, where it is, and what belongs together.

It is cheap, pure and computed anew each time; `now` is read here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.document import Kind
from crosspost.errors import Problem, did_you_mean
from crosspost.site.content import Content
from crosspost.site.entry import Entry, Hidden, Term
from crosspost.site.redirects import check_moved, redirects_of
from crosspost.site.terms import categories_of, tags_of, years_of
from crosspost.site.urls import output_path


class SiteIndex(msgspec.Struct, frozen=True, dict=True):
    """Everything visible at `now`, and what hides.

    `posts` and `editions` are newest first, `pages` in path order. `redirects` map an output path
    to the URL it leads to. `next_change` is when a post next appears or expires by itself.
    """

    settings: Settings
    now: datetime
    posts: Sequence[Entry]
    pages: Sequence[Entry]
    editions: Sequence[Entry]
    hidden: Sequence[Hidden]
    categories: tuple[Term, ...]
    tags: tuple[Term, ...]
    years: tuple[Term, ...]
    redirects: Mapping[str, str]
    assets: Mapping[str, Asset]
    next_change: datetime | None
    gone: Sequence[Entry] = ()
    """Documents that are withdrawn for good: nothing but their address is left."""
    unread: frozenset[str] = frozenset()
    """Documents that could not be read: a link to one of them is no mistake of its own."""

    @cached_property
    def destinations(self) -> dict[frozenset[str], dict[str | tuple[str, str], Any]]:
        """Where links were found to lead, kept by `crosspost.site.links` alone."""
        return {}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Posts, pages and editions."""
        return (*self.posts, *self.pages, *self.editions)

    @cached_property
    def by_uid(self) -> Mapping[str, Entry]:
        """Every entry by its uid."""
        return {entry.uid: entry for entry in self.entries}

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """Every entry by its path below content/."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def hidden_by_path(self) -> Mapping[str, Hidden]:
        """Every hidden document by its path below content/."""
        return {hidden.path: hidden for hidden in self.hidden}

    @cached_property
    def assets_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of assets by their file's name, in lower case."""
        return names_of_assets(self.assets)

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The output paths of all entries."""
        return frozenset(entry.output for entry in self.entries)

    @cached_property
    def terms_by_uid(self) -> Mapping[str, tuple[Term, ...]]:
        """The category and tags of each post."""
        found: dict[str, list[Term]] = {}
        for term in (*self.categories, *self.tags):
            for uid in term.uids:
                found.setdefault(uid, []).append(term)
        return {uid: tuple(terms) for uid, terms in found.items()}

    @cached_property
    def moments(self) -> Sequence[float]:
        """The moment of each post, negative so that the newest is the least: for a bisection."""
        return [-(entry.date_at or 0.0) for entry in self.posts]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each post among all, the newest being 0, by its uid and in this order."""
        return {entry.uid: place for place, entry in enumerate(self.posts)}

    @property
    def visible_dates(self) -> Iterable[float]:
        """When each post appeared, in seconds since 1970."""
        return (entry.date_at for entry in self.posts if entry.date_at is not None)

    @cached_property
    def menu(self) -> tuple[Entry, ...]:
        """The pages of the main menu, in their order."""
        pages = [entry for entry in self.pages if entry.menu is not None]
        pages.sort(key=lambda entry: (entry.menu or 0, entry.path))
        return tuple(pages)

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[Entry | None, Entry | None]]:
        """The older and the newer post of each post, by its uid."""
        newer = (None, *self.posts)
        older = (*self.posts[1:], None)
        posts = zip(self.posts, older, newer, strict=False)
        return {entry.uid: (before, after) for entry, before, after in posts}

    def entry(self, uid: str) -> Entry | None:
        """Return the visible entry with this uid."""
        return self.by_uid.get(uid)

    def named(self, name: str) -> Entry | None:
        """Return the visible entry of this path below content/, or of this uid."""
        return self.by_path.get(name) or self.by_uid.get(name)

    def select(
        self,
        category: str | None = None,
        tag: str | None = None,
        year: int | str | None = None,
        limit: int | None = None,
    ) -> Sequence[Entry]:
        """Return posts, newest first, of a category, tag or year (by name or slug)."""
        every = ((self.categories, category), (self.tags, tag), (self.years, year))
        asked = [(terms, str(wanted)) for terms, wanted in every if wanted is not None]
        if not asked:
            return self.posts[:limit]
        found = [_uids_of(terms, wanted) for terms, wanted in asked]
        if len(found[0]) > 1:  # a name of one is the slug of another
            uids = {uid for part in found[0] for uid in part}
            first = [entry.uid for entry in self.posts if entry.uid in uids]
        else:
            first = [uid for part in found[0] for uid in part]
        for parts in found[1:]:
            uids = {uid for part in parts for uid in part}
            first = [uid for uid in first if uid in uids]
        return [self.by_uid[uid] for uid in first[:limit]]


def make_index(
    settings: Settings, content: Content, now: datetime, *, drafts: bool = False
) -> tuple[SiteIndex, tuple[Problem, ...]]:
    """Make the index of what is visible at `now`; `drafts` shows drafts and future posts too.

    Problems (two documents for one address or uid, an unknown category) are returned beside it.
    """
    problems: list[Problem] = []
    entries: list[Entry] = []
    hidden: list[Hidden] = []
    moment = now.timestamp()
    for entry in content.entries:
        reason = hidden_reason(entry, moment)
        if reason and not (drafts and reason in ("draft", "future")):
            hidden.append(Hidden(entry, reason))
        else:
            entries.append(entry)
    _check_uids(content.entries, problems)
    _check_categories(settings, content.entries, problems)
    gone = [one.entry for one in hidden if one.reason == "gone"]
    reachable = sorted([*entries, *gone], key=lambda entry: entry.path)
    _check_addresses(reachable, problems)
    problems += check_moved(settings, reachable)
    pages = tuple(entry for entry in entries if entry.kind == Kind.PAGE)
    entries.sort(key=_newest_first)
    posts = tuple(entry for entry in entries if entry.kind == Kind.POST)
    index = SiteIndex(
        settings=settings,
        now=now,
        posts=posts,
        pages=pages,
        editions=tuple(entry for entry in entries if entry.kind == Kind.EDITION),
        hidden=tuple(hidden),
        categories=categories_of(settings, posts),
        tags=tags_of(settings, posts),
        years=years_of(settings, posts),
        redirects=redirects_of(settings, reachable),
        assets=content.assets,
        next_change=_next_change(content.entries, moment),
        gone=tuple(gone),
        unread=content.unread,
    )
    return index, tuple(problems)


def _uids_of(terms: Iterable[Term], wanted: str) -> list[tuple[str, ...]]:
    """Return the posts of each term that has this name or slug, newest first."""
    return [term.uids for term in terms if wanted in (term.name, term.slug)]


def hidden_reason(entry: Entry, now: float) -> str:
    """Say why a document hides at a moment (seconds since 1970): empty where it does not."""
    return hidden_because(entry.draft, entry.gone, entry.date_at, entry.expires_at, now)


def hidden_because(
    draft: bool, gone: bool, date_at: float | None, expires_at: float | None, now: float
) -> str:
    """Say why a document hides that says this of itself. All moments are seconds since 1970."""
    if draft:
        return "draft"
    if gone:
        return "gone"
    if date_at is not None and date_at > now:
        return "future"
    if expires_at is not None and expires_at <= now:
        return "expired"
    return ""


def names_of_assets(assets: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the paths of assets by their file's name, in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for path in assets:
        name = path.rpartition("/")[2].lower()
        found[name] = (*found.get(name, ()), path)
    return found


def _newest_first(entry: Entry) -> tuple[float, str]:
    return (-(entry.date_at or 0.0), entry.path)


def _check_uids(entries: Iterable[Entry], problems: list[Problem]) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.uid, entry)
        if other is not entry:
            problems.append(
                entry.document.problem(
                    "uid",
                    "duplicate-uid",
                    f"the uid {entry.uid} is also that of {other.file}: a copied post needs a "
                    "uid of its own. Remove the line, or run `crosspost new` for a new one.",
                )
            )


def _check_categories(
    settings: Settings, entries: Iterable[Entry], problems: list[Problem]
) -> None:
    known = settings.categories
    if not known or settings.compat:
        return
    for entry in entries:
        category = entry.category
        if category is not None and category not in known:
            problems.append(
                entry.document.problem(
                    "category",
                    "unknown-category",
                    f"the settings know no category '{category}'."
                    f"{did_you_mean(category, known)} Known: {', '.join(known)}.",
                )
            )


def _check_addresses(entries: Sequence[Entry], problems: list[Problem]) -> None:
    """Report addresses that two documents have; `entries` are in path order."""
    first: dict[str, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.output, entry)
        if other is not entry:
            problems.append(
                entry.document.problem(
                    "permalink" if entry.front_matter.permalink else "slug",
                    "duplicate-url",
                    f"its address {entry.url} is also that of {other.file}: "
                    "give one of them another slug.",
                )
            )
    aliased: dict[str, Entry] = {}
    for entry in entries:
        for alias in entry.aliases:
            output = output_path(alias)
            other = aliased.setdefault(output, entry)
            if output in first:
                whose = f"the address of {first[output].file}"
            elif other is not entry:
                whose = f"an alias of {other.file} too"
            else:
                continue
            problems.append(
                entry.document.problem(
                    "aliases", "duplicate-url", f"the alias {alias} is {whose}: remove it."
                )
            )


def _next_change(entries: Sequence[Entry], now: float) -> datetime | None:
    """Return when a document next appears or expires by itself."""
    moments = [
        (moment, entry.path, name)
        for entry in entries
        if not (entry.draft or entry.gone)
        for name, moment in (("date", entry.date_at), ("expires", entry.expires_at))
        if moment is not None and moment > now
    ]
    if not moments:
        return None
    _, path, name = min(moments)
    entry = next(entry for entry in entries if entry.path == path)
    found: datetime = getattr(entry.front_matter, name)
    return found
