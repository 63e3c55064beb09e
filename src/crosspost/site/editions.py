"""What each edition of the newsletter holds.

An edition gathers the posts of its days, or those that its editor names. A post says with
`newsletter: false` that it is in none, with `newsletter: featured` that it stands first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from crosspost.content.document import Document, Kind
from crosspost.content.frontmatter import Period
from crosspost.errors import Problem, Severity, did_you_mean
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex

CHANNEL = "newsletter"
"""Its name among a post's channels."""
_DAY = timedelta(days=1)


class Edition(msgspec.Struct, frozen=True):
    """An edition, its posts in their order, and which of them stand first.

    `number` counts from 1, the oldest edition on the site being the first.
    """

    entry: Entry
    number: int
    posts: tuple[Entry, ...]
    featured: tuple[Entry, ...]


def gather(index: SiteIndex) -> tuple[Edition, ...]:
    """Return the editions that are on the site, newest first, each with its posts.

    What hides is left out: a post that has expired leaves its old edition without breaking it.
    """
    count = len(index.editions)
    return tuple(
        _gather_one(index, entry, count - position) for position, entry in enumerate(index.editions)
    )


def check_contents(index: SiteIndex) -> list[Problem]:
    """Return what is wrong with the posts that editions name; also for those that hide as yet."""
    problems: list[Problem] = []
    if not index.editions and not any(one.entry.kind == Kind.EDITION for one in index.hidden):
        return problems
    documents = _post_documents(index)
    names = {name: post for post in documents for name in (post.path, post.uid)}
    for entry in index.editions:
        problems += _check_names(index, entry.document, names)
        if not _ever_had_posts(index, entry.document, documents):
            problems.append(
                entry.document.problem(
                    "period",
                    "empty-edition",
                    "no post appeared in these days: check the dates, or name the posts.",
                    Severity.WARNING,
                )
            )
    for hidden in index.hidden:
        if hidden.entry.kind == Kind.EDITION and hidden.reason != "expired":
            problems += _unknown_names(hidden.document, names)
    return problems


def _gather_one(index: SiteIndex, entry: Entry, number: int) -> Edition:
    front = entry.front_matter
    if front.posts:
        named = (_named(index, name) for name in front.posts)
        posts = list({post.uid: post for post in named if post is not None}.values())
    else:
        posts = _of_days(index, front.period)
    posts = [post for post in posts if _wanted(post.document)]
    featured = [post for post in posts if _is_featured(post.document)]
    if not front.posts:
        posts = featured + [post for post in posts if not _is_featured(post.document)]
    return Edition(entry, number, tuple(posts), tuple(featured))


def _of_days(index: SiteIndex, period: Period | None) -> list[Entry]:
    """Return the posts of some days, newest first: they stand together in the index."""
    if period is None:
        return []
    # A day more on both sides, since the days of a period are those of the site's time zone.
    first = bisect_left(index.moments, -(period.to + 2 * _DAY).timestamp())
    last = bisect_right(index.moments, -(period.from_ - 2 * _DAY).timestamp())
    return [post for post in index.posts[first:last] if _within(index, period, post.date)]


def _named(index: SiteIndex, name: str) -> Entry | None:
    """Return the visible post of this path below content/, or of this uid."""
    entry = index.by_path.get(_path(name)) or index.by_uid.get(name)
    return entry if entry is not None and entry.kind == Kind.POST else None


def _path(name: str) -> str:
    return name.lstrip("/").removeprefix("content/")


def _within(index: SiteIndex, period: Period | None, moment: datetime | None) -> bool:
    """Say whether a moment is on one of the days, by the calendar of the site's time zone."""
    if period is None or moment is None:
        return False
    zone = index.settings.zone
    first, last = (one.astimezone(zone).date() for one in (period.from_, period.to))
    return first <= moment.astimezone(zone).date() <= last


def _wanted(document: Document) -> bool:
    variant = document.front_matter.channels.get(CHANNEL)
    return variant is None or variant.enabled


def _is_featured(document: Document) -> bool:
    variant = document.front_matter.channels.get(CHANNEL)
    return variant is not None and variant.featured


def _post_documents(index: SiteIndex) -> list[Document]:
    hidden = (one.document for one in index.hidden)
    found = [*(entry.document for entry in index.posts), *hidden]
    return [document for document in found if document.kind == Kind.POST]


def _check_names(
    index: SiteIndex, edition: Document, names: dict[str, Document]
) -> Iterator[Problem]:
    yield from _unknown_names(edition, names)
    for name in edition.front_matter.posts:
        post = names.get(_path(name)) or names.get(name)
        if post is None:
            continue
        why = ""
        hidden = index.hidden_by_path.get(post.path)
        if hidden is not None and hidden.reason != "expired":
            why = f"it is not on the site ({hidden.reason})"
        elif not _wanted(post):
            why = f"it says {CHANNEL}: false"
        if why:
            message = f"{post.file} is left out of this edition: {why}."
            yield edition.problem("posts", "hidden-post", message, Severity.WARNING)


def _unknown_names(edition: Document, names: dict[str, Document]) -> Iterator[Problem]:
    for name in edition.front_matter.posts:
        if _path(name) not in names and name not in names:
            message = (
                f"there is no post '{name}'.{did_you_mean(_path(name), names)} "
                "Write its path below content/, as posts/2026/market.md, or its uid."
            )
            yield edition.problem("posts", "unknown-post", message)


def _ever_had_posts(index: SiteIndex, edition: Document, documents: list[Document]) -> bool:
    """Say whether an edition holds a post, or held one that has expired since."""
    front = edition.front_matter
    if front.posts or any(_wanted(post.document) for post in _of_days(index, front.period)):
        return True
    return any(
        _wanted(post)
        and not post.front_matter.draft
        and _within(index, front.period, post.front_matter.date)
        for post in documents
    )
