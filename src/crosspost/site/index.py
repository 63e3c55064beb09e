"""The site index: what is visible at one moment, where it is, and what belongs together.

It is cheap, pure and computed anew each time; `now` is read here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from crosspost.config import Settings
from crosspost.content.body import MarkdownError
from crosspost.content.document import Document, Kind
from crosspost.content.excerpt import beginning, excerpt
from crosspost.content.reading import Asset, Content
from crosspost.content.slugs import slugify
from crosspost.errors import Problem, did_you_mean
from crosspost.site.entry import Entry, Hidden, Term
from crosspost.site.terms import categories_of, tags_of, years_of
from crosspost.site.urls import expand, file_slug, output_path, url_of

if TYPE_CHECKING:
    from crosspost.content.engine import Flavour
    from crosspost.content.markdown import MarkdownEngine

SUMMARY_LENGTH = 300
"""Characters of a summary that is made from a document's first sentences."""


@dataclass(frozen=True)
class SiteIndex:
    """Everything visible at `now`, and what hides.

    `posts` and `editions` are newest first, `pages` in path order. `redirects` map an output path
    to the URL it leads to. `next_change` is when a post next appears or expires by itself.
    """

    settings: Settings
    now: datetime
    posts: tuple[Entry, ...]
    pages: tuple[Entry, ...]
    editions: tuple[Entry, ...]
    hidden: tuple[Hidden, ...]
    categories: tuple[Term, ...]
    tags: tuple[Term, ...]
    years: tuple[Term, ...]
    redirects: Mapping[str, str]
    assets: Mapping[str, Asset]
    next_change: datetime | None
    unread: frozenset[str] = frozenset()
    """Documents that could not be read: a link to one of them is no mistake of its own."""

    @property
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
        return {entry.document.path: entry for entry in self.entries}

    @cached_property
    def hidden_by_path(self) -> Mapping[str, Hidden]:
        """Every hidden document by its path below content/."""
        return {hidden.document.path: hidden for hidden in self.hidden}

    @cached_property
    def assets_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of assets by their file's name, in lower case."""
        found: dict[str, tuple[str, ...]] = {}
        for path in self.assets:
            name = path.rpartition("/")[2].lower()
            found[name] = (*found.get(name, ()), path)
        return found

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

    def entry(self, uid: str) -> Entry | None:
        """Return the visible entry with this uid."""
        return self.by_uid.get(uid)


def make_index(
    settings: Settings, content: Content, now: datetime, *, drafts: bool = False
) -> tuple[SiteIndex, tuple[Problem, ...]]:
    """Make the index of what is visible at `now`; `drafts` shows drafts and future posts too.

    Problems (two documents for one address or uid, an unknown category) are returned beside it.
    """
    problems: list[Problem] = []
    summaries = _Summaries(settings.markdown.flavour)
    entries: list[Entry] = []
    hidden: list[Hidden] = []
    for document in content.documents:
        reason = _hidden_reason(document, now)
        if reason and not (drafts and reason != "expired"):
            hidden.append(Hidden(document, reason))
        else:
            entries.append(_entry(settings, document, summaries))
    _check_uids(content.documents, problems)
    _check_categories(settings, content.documents, problems)
    entries.sort(key=_newest_first)
    posts = tuple(entry for entry in entries if entry.kind == Kind.POST)
    index = SiteIndex(
        settings=settings,
        now=now,
        posts=posts,
        pages=tuple(
            sorted(
                (entry for entry in entries if entry.kind == Kind.PAGE),
                key=lambda entry: entry.document.path,
            )
        ),
        editions=tuple(entry for entry in entries if entry.kind == Kind.EDITION),
        hidden=tuple(hidden),
        categories=categories_of(settings, posts),
        tags=tags_of(settings, posts),
        years=years_of(settings, posts),
        redirects=_redirects(entries),
        assets=content.assets,
        next_change=_next_change(content.documents, now),
        unread=content.unread,
    )
    _check_addresses(entries, problems)
    return index, tuple(problems)


def _hidden_reason(document: Document, now: datetime) -> str:
    front = document.front_matter
    if front.draft:
        return "draft"
    if front.date is not None and front.date > now:
        return "future"
    if front.expires is not None and front.expires <= now:
        return "expired"
    return ""


def _newest_first(entry: Entry) -> tuple[float, str]:
    return (-entry.date.timestamp() if entry.date else 0.0, entry.document.path)


class _Summaries:
    """Makes the summaries that nobody wrote; the Markdown engine is loaded for the first."""

    def __init__(self, flavour: Flavour) -> None:
        self._flavour = flavour

    @cached_property
    def _engine(self) -> MarkdownEngine:
        from crosspost.content.markdown import MarkdownEngine

        return MarkdownEngine(flavour=self._flavour)

    def of(self, body: str) -> str:
        """Return the first whole sentences of a body; nothing for one that cannot be read."""
        try:
            return excerpt(self._engine.prose(beginning(body, 4 * SUMMARY_LENGTH)), SUMMARY_LENGTH)
        except MarkdownError:
            return ""


def _entry(settings: Settings, document: Document, summaries: _Summaries) -> Entry:
    front = document.front_matter
    permalink = front.permalink or _permalink(settings, document)
    output = output_path(permalink)
    url = url_of(settings.base_path, output)
    summary = front.summary or summaries.of(document.body)
    return Entry(
        document=document,
        url=url,
        absolute_url=settings.absolute(url),
        output=output,
        lang=front.lang or settings.site.language,
        summary=summary,
    )


def _permalink(settings: Settings, document: Document) -> str:
    front = document.front_matter
    slug = front.slug or file_slug(document.path)
    folder = document.path.removesuffix(".md").removesuffix("/index").partition("/")[2]
    if document.kind == Kind.PAGE:
        return "/404.html" if folder == "404" else f"/{front.slug or folder}/"
    if document.kind == Kind.EDITION:
        return f"/newsletter/{slug}/"
    date = front.date.astimezone(settings.zone) if front.date else None
    return expand(
        settings.permalink,
        slug=slug,
        date=date,
        category=slugify(front.category) if front.category else "",
        path=folder,
    )


def _check_uids(documents: Iterable[Document], problems: list[Problem]) -> None:
    first: dict[str, Document] = {}
    for document in documents:
        other = first.setdefault(document.uid, document)
        if other is not document:
            problems.append(
                document.problem(
                    "uid",
                    "duplicate-uid",
                    f"the uid {document.uid} is also that of {other.file}: a copied post needs a "
                    "uid of its own. Remove the line, or run `crosspost new` for a new one.",
                )
            )


def _check_categories(
    settings: Settings, documents: Iterable[Document], problems: list[Problem]
) -> None:
    known = settings.categories
    for document in documents:
        category = document.front_matter.category
        if known and category is not None and category not in known and not settings.compat:
            problems.append(
                document.problem(
                    "category",
                    "unknown-category",
                    f"the settings know no category '{category}'."
                    f"{did_you_mean(category, known)} Known: {', '.join(known)}.",
                )
            )


def _check_addresses(entries: Sequence[Entry], problems: list[Problem]) -> None:
    first: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.document.path):
        other = first.setdefault(entry.output, entry)
        if other is not entry:
            problems.append(
                entry.document.problem(
                    "permalink" if entry.front_matter.permalink else "slug",
                    "duplicate-url",
                    f"its address {entry.url} is also that of {other.document.file}: "
                    "give one of them another slug.",
                )
            )
    aliased: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.document.path):
        for alias in entry.front_matter.aliases:
            output = output_path(alias)
            other = aliased.setdefault(output, entry)
            if output in first:
                whose = f"the address of {first[output].document.file}"
            elif other is not entry:
                whose = f"an alias of {other.document.file} too"
            else:
                continue
            problems.append(
                entry.document.problem(
                    "aliases", "duplicate-url", f"the alias {alias} is {whose}: remove it."
                )
            )


def _redirects(entries: Iterable[Entry]) -> dict[str, str]:
    redirects: dict[str, str] = {}
    for entry in entries:
        for alias in entry.front_matter.aliases:
            redirects.setdefault(output_path(alias), entry.url)
            if not alias.endswith("/") and "." not in alias.rpartition("/")[2]:
                # Some servers answer /old with old.html, others with old/index.html.
                redirects.setdefault(f"{alias.strip('/')}.html", entry.url)
    return redirects


def _next_change(documents: Iterable[Document], now: datetime) -> datetime | None:
    moments = [
        moment
        for document in documents
        if not document.front_matter.draft
        for moment in (document.front_matter.date, document.front_matter.expires)
        if moment is not None and moment > now
    ]
    return min(moments, default=None)
