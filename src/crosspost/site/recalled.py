"""A site index that is recalled, not made: of a site whose outline is what it was.

What follows from all documents together (which are on the site, in which order, in which lists) is
kept as its *shape*. A build that knows that nothing but texts has changed takes it as it is, and
entries are unpacked when somebody asks for them: of ten thousand, for one post that was edited,
its neighbours and those of its feeds.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property

import msgspec
from msgspec.structs import replace

from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.slugs import slugify
from crosspost.site.entry import Entry, Hidden, Term
from crosspost.site.index import SiteIndex
from crosspost.when_asked import Each, Found

EntryOf = Callable[[str], Entry]
"""Returns the entry of the document at a path below content/."""
AssetOf = Callable[[str, str], Asset]
"""Returns the asset at a path of output/, which is this file of the site."""


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """What an index says of its documents together; documents are named by their paths.

    `uids` and `outputs` are those of posts, pages and editions, one after the other; `assets` are
    files of the site by their paths in output/, `known` the other outputs that a link may lead to.
    """

    posts: list[str]
    pages: list[str]
    editions: list[str]
    uids: list[str]
    outputs: list[str]
    hidden: list[tuple[str, str]]
    terms: list[tuple[Term, bytes]]
    """Categories, tags and years; the posts of each are places among `posts`."""
    redirects: dict[str, str]
    assets: dict[str, str]
    gone: list[str]
    known: list[str]

    @classmethod
    def of(cls, index: SiteIndex, known: frozenset[str]) -> Shape:
        """Return the shape of a site all of whose documents could be read."""
        places = {entry.uid: place for place, entry in enumerate(index.posts)}
        return cls(
            posts=[entry.path for entry in index.posts],
            pages=[entry.path for entry in index.pages],
            editions=[entry.path for entry in index.editions],
            uids=[entry.uid for entry in index.entries],
            outputs=[entry.output for entry in index.entries],
            hidden=[(one.path, one.reason) for one in index.hidden],
            terms=[
                (replace(term, uids=()), array("I", [places[uid] for uid in term.uids]).tobytes())
                for term in (*index.categories, *index.tags, *index.years)
            ],
            redirects=dict(index.redirects),
            assets={path: asset.file for path, asset in index.assets.items()},
            gone=[entry.path for entry in index.gone],
            known=sorted(known),
        )

    def terms_of(self, kind: str) -> tuple[Term, ...]:
        """Return the terms of a kind, with their posts."""
        uids = self.uids
        return tuple(
            replace(term, uids=tuple([uids[place] for place in array("I", places)]))
            for term, places in self.terms
            if term.kind == kind
        )


class RecalledIndex(SiteIndex, frozen=True, dict=True, kw_only=True):
    """An index whose entries are unpacked when they are asked for."""

    shape: Shape
    entry_of: EntryOf

    @cached_property
    def _paths(self) -> list[str]:
        return [*self.shape.posts, *self.shape.pages, *self.shape.editions]

    @cached_property
    def by_uid(self) -> Mapping[str, Entry]:
        """Every entry by its uid."""
        names = dict(zip(self.shape.uids, self._paths, strict=True))
        return Found(names, lambda uid: self.entry_of(names[uid]))

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """Every entry by its path below content/."""
        return Found(frozenset(self._paths), self.entry_of)

    @cached_property
    def hidden_by_path(self) -> Mapping[str, Hidden]:
        """Every hidden document by its path below content/."""
        reasons = dict(self.shape.hidden)
        return Found(reasons, lambda path: Hidden(self.entry_of(path), reasons[path]))

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The output paths of all entries."""
        return frozenset(self.shape.outputs)

    @cached_property
    def terms_by_uid(self) -> Mapping[str, tuple[Term, ...]]:
        """The category and tags of each post."""
        categories = {term.slug: term for term in self.categories}
        tags = {term.slug: term for term in self.tags}

        def terms(uid: str) -> tuple[Term, ...]:
            entry = self.by_uid[uid]
            category = [] if entry.category is None else [categories[slugify(entry.category)]]
            return (*category, *(tags[slug] for slug in sorted({*map(slugify, entry.tags)})))

        return Found(self.places, terms)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each post among all, the newest being 0, by its uid and in this order."""
        return {uid: place for place, uid in enumerate(self.shape.uids[: len(self.posts)])}

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[Entry | None, Entry | None]]:
        """The older and the newer post of each post, by its uid."""
        posts, places = self.posts, self.places

        def around(uid: str) -> tuple[Entry | None, Entry | None]:
            place = places[uid]
            older = posts[place + 1] if place + 1 < len(posts) else None
            return older, posts[place - 1] if place else None

        return Found(places, around)


def recalled_index(
    shape: Shape,
    settings: Settings,
    now: datetime,
    next_change: datetime | None,
    entry_of: EntryOf,
    asset_of: AssetOf,
) -> RecalledIndex:
    """Return the index of a site of this shape."""
    hidden = shape.hidden
    return RecalledIndex(
        settings=settings,
        now=now,
        posts=Each(shape.posts, entry_of),
        pages=Each(shape.pages, entry_of),
        editions=Each(shape.editions, entry_of),
        hidden=Each(hidden, lambda one: Hidden(entry_of(one[0]), one[1])),
        categories=shape.terms_of("category"),
        tags=shape.terms_of("tag"),
        years=shape.terms_of("year"),
        redirects=shape.redirects,
        assets=Found(shape.assets, lambda path: asset_of(path, shape.assets[path])),
        next_change=next_change,
        gone=Each(shape.gone, entry_of),
        shape=shape,
        entry_of=entry_of,
    )
