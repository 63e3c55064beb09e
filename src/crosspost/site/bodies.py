"""The bodies of all documents: Markdown rendered once, links resolved, mistakes collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosspost.content.body import Body, MarkdownError
from crosspost.content.document import Document
from crosspost.content.markdown import MarkdownEngine
from crosspost.errors import Problem
from crosspost.site.index import SiteIndex
from crosspost.site.links import Links, check_links


@dataclass(frozen=True, slots=True)
class Bodies:
    """What rendering the documents gave.

    `by_path` holds the bodies of visible documents. `assets` are the output paths of the files that
    are to be copied.
    """

    by_path: Mapping[str, Body]
    assets: frozenset[str]
    problems: tuple[Problem, ...]


def render_bodies(index: SiteIndex, engine: MarkdownEngine, known: frozenset[str]) -> Bodies:
    """Render every document; those that hide are checked too, since they will be shown one day.

    A file that only hidden documents refer to is not copied: a draft's picture does not leak.
    `known` are output paths that are neither documents nor assets.
    """
    by_path: dict[str, Body] = {}
    problems: list[Problem] = []
    shown: set[str] = set()
    withheld: set[str] = set()
    for entry in index.entries:
        body, found, assets = _render(index, entry.document, entry.lang, engine, known)
        by_path[entry.document.path] = body
        problems += found
        shown |= assets
    for hidden in index.hidden:
        lang = hidden.document.front_matter.lang or index.settings.site.language
        _, found, assets = _render(index, hidden.document, lang, engine, known)
        if hidden.reason != "expired":
            problems += found
        withheld |= assets
    if index.settings.site.image:
        shown.add(index.settings.site.image.lstrip("/"))
    return Bodies(by_path, frozenset(index.assets) - (withheld - shown), tuple(problems))


def _render(
    index: SiteIndex, document: Document, lang: str, engine: MarkdownEngine, known: frozenset[str]
) -> tuple[Body, list[Problem], set[str]]:
    links = Links(index, document, known)
    try:
        body = engine.render(document.body, lang=lang, resolve=links)
    except MarkdownError as error:
        problem = document.body_problem(error.line or 1, 1, "too-deep", f"{error}.")
        return Body("", (), (), (), ""), [problem], set()
    problems, assets = check_links(index, document, body, known)
    return body, problems, assets
