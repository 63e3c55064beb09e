"""Sites of other generators: read by the dialect that `compat` uses, and kept as our own keys."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import structs

from crosspost import permalinks
from crosspost.build.watch import Watch
from crosspost.config import Settings, SiteSettings
from crosspost.content.dialects import Dialect, dialect_of
from crosspost.content.document import Document, Kind, parse_document
from crosspost.content.slugs import slugify
from crosspost.errors import Problem, Severity, UsageError
from crosspost.imports.found import Found, Harvest, OldSite, Wishes, merged, zone_named
from crosspost.imports.tree import is_media
from crosspost.site.urls import file_slug

Files = Iterable[tuple[str, str, Path]]
"""Each file: its path as the dialect knows it, as the report shows it, and where it is."""
_TEXTS = (".md", ".markdown")
_USUAL_LAYOUTS = {"post", "posts", "default", "page", "single", "article"}


def gather(harvest: Harvest, files: Files, permalink: str, wishes: Wishes, watch: Watch) -> None:
    """Read the files of a generator's site into its harvest."""
    settings = _settings(harvest.generator, harvest.site, permalink, wishes)
    dialect = dialect_of(settings)
    assert dialect is not None  # noqa: S101 - harvest.generator names one
    listed = list(files)
    with watch.phase("read", len(listed)) as done:
        for path, shown, location in listed:
            place = dialect.place(path, location)
            if place.kind is None and not place.left_out and path.lower().endswith(_TEXTS):
                harvest.lose("left-out", "a text without front matter is no document.", shown)
            elif place.left_out:
                harvest.lose("left-out", place.left_out, shown)
            elif place.kind is None:
                harvest.add_media(path, shown, location, always=is_media(path))
            else:
                _read(harvest, dialect, settings, place.kind, path, shown, location)
            done(1)


def _settings(generator: str, site: OldSite, permalink: str, wishes: Wishes) -> Settings:
    """Return the settings with which the dialect reads as the generator did."""
    known = merged(wishes.site, site, wishes.fallback)
    zone_named(known.timezone)
    pattern = wishes.permalink or permalink or permalinks.DEFAULTS[generator]
    trouble = permalinks.trouble(pattern, generator)
    if trouble:
        raise UsageError(f"permalink: {trouble} Give it with --permalink.")
    return Settings(
        site=SiteSettings(
            title=known.title or "?",
            url=known.url or "https://site.invalid",
            language=known.language,
            timezone=known.timezone,
        ),
        permalink=pattern,
        compat=generator,  # type: ignore[arg-type]
    )


def _read(
    harvest: Harvest,
    dialect: Dialect,
    settings: Settings,
    kind: Kind,
    path: str,
    shown: str,
    location: Path,
) -> None:
    """Read one document; where it cannot be one, that is a loss with every reason."""
    problems: list[Problem] = []
    try:
        data = location.read_bytes()
    except OSError as error:
        harvest.lose("unreadable", f"cannot be read: {error.strerror}.", shown)
        return
    written = parse_document(data, path, kind, settings.zone, problems, dialect)
    if written is not None:
        problems += dialect.remarks(written.document, written.body)
    for problem in problems:
        code = problem.code if problem.severity == Severity.WARNING else "not-imported"
        harvest.lose(code, problem.message, shown, problem.line)
    if written is None:
        return
    document = written.document
    front = document.front_matter
    year = f"{front.date.astimezone(settings.zone):%Y}" if front.date else ""
    folders = "/".join(slugify(part) for part in posixpath.dirname(path).split("/") if part)
    if kind is Kind.PAGE:
        folder = posixpath.join("pages", folders.removeprefix("pages").lstrip("/"))
    else:
        folder = posixpath.join("posts", year)
    name = file_slug(f"{posixpath.splitext(path)[0]}.md")
    harvest.documents.append(
        Found(
            kind=kind,
            identity=path,
            folder=folder.rstrip("/"),
            name=name,
            front_matter=structs.replace(front, params=_params(harvest, document, shown)),
            body=written.body,
            source=shown,
            line=document.body_line,
            origin=path,
            same_lines=True,
        )
    )


def _params(harvest: Harvest, document: Document, shown: str) -> Mapping[str, Any]:
    """Return the keys that crosspost does not know, without the layout: the theme chooses it."""
    params = {
        name: value
        for name, value in document.front_matter.params.items()
        if value not in ("", None, ())
    }
    layout = params.pop("layout", None)
    if layout is not None and str(layout) not in _USUAL_LAYOUTS:
        message = f"layout '{layout}' is not carried over: the theme has its own."
        harvest.lose("layout", message, shown, 1)
    return MappingProxyType(params)
