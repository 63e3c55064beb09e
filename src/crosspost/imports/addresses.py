"""The addresses of what is imported: the old ones, unless two documents would have one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from msgspec import structs

from crosspost.config import Settings
from crosspost.content.document import Kind
from crosspost.content.slugs import slugify
from crosspost.imports.found import Found, Loss
from crosspost.site.urls import expand, file_slug, output_path

_MADE_FILES = {"index.html", "rss.xml", "atom.xml", "feed.json", "sitemap.xml", "robots.txt"}
_MADE_PAGES = re.compile(
    r"(?:archives|newsletter|categories/[^/]+|tags/[^/]+|\d{4}|(?:[^/]+/)*page/\d+)/index\.html"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A document, and the file of output/ that its address is."""

    found: Found
    output: str


def settled(
    documents: list[Found],
    files: Mapping[str, str],
    settings: Settings,
    taken: frozenset[str],
    losses: list[Loss],
) -> list[Settled]:
    """Return the documents with an address each, and with categories that the site knows."""
    used = set(taken)
    result = []
    for one in documents:
        found = _with_known_category(one, settings, losses)
        front = found.front_matter
        address = front.permalink or _address(found, files[found.uid], settings)
        output = output_path(address)
        if output in used or _is_made(output):
            other = _free(address, used)
            message = f"the address {address} is taken: it is {other} now."
            losses.append(found.loss("address", message))
            front, output = structs.replace(front, permalink=other), output_path(other)
        used.add(output)
        result.append(Settled(replace(found, front_matter=front), output))
    return [_with_free_aliases(one, used, losses) for one in result]


def _address(found: Found, path: str, settings: Settings) -> str:
    """Return the address of a document that says none, as the site's settings make it."""
    front = found.front_matter
    folder = path.removesuffix(".md").partition("/")[2]
    if found.kind is not Kind.POST:
        return f"/{front.slug or folder}/"
    return expand(
        settings.permalink,
        slug=front.slug or file_slug(path),
        date=front.date.astimezone(settings.zone) if front.date else None,
        category=slugify(front.category) if front.category else "",
        path=folder,
    )


def _is_made(output: str) -> bool:
    """Say whether the site makes this file itself."""
    return output in _MADE_FILES or _MADE_PAGES.fullmatch(output) is not None


def _free(address: str, used: set[str]) -> str:
    stem, dot, suffix = address.rstrip("/").rpartition(".")
    if not dot or "/" in suffix:
        stem, suffix = address.rstrip("/"), ""
    stem = stem or "/home"
    number = 2
    while True:
        other = f"{stem}-{number}.{suffix}" if suffix else f"{stem}-{number}/"
        if output_path(other) not in used and not _is_made(output_path(other)):
            return other
        number += 1


def _with_known_category(found: Found, settings: Settings, losses: list[Loss]) -> Found:
    """Make a tag of a category that the settings do not name: it would be an error there."""
    front = found.front_matter
    if front.category is None or not settings.categories or front.category in settings.categories:
        return found
    message = f"the site has no category '{front.category}': it is a tag now."
    losses.append(found.loss("category", message))
    tags = tuple(dict.fromkeys((front.category, *front.tags)))
    return replace(found, front_matter=structs.replace(front, category=None, tags=tags))


def _with_free_aliases(one: Settled, used: set[str], losses: list[Loss]) -> Settled:
    """Drop the older addresses that something else has."""
    kept = []
    for alias in one.found.front_matter.aliases:
        output = output_path(alias)
        if output in used or _is_made(output):
            if output != one.output:
                message = f"the older address {alias} is another document's: it does not lead here."
                losses.append(one.found.loss("address", message))
            continue
        used.add(output)
        kept.append(alias)
    front = structs.replace(one.found.front_matter, aliases=tuple(kept))
    return replace(one, found=replace(one.found, front_matter=front))
