"""Writing a harvest into a site: all of it or nothing, and never over what is there.

A second import of the same source finds its own files and leaves them; a file that differs is
refused, since nobody knows whose words are to go.
"""

from __future__ import annotations

import filecmp
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from crosspost.build.watch import Watch
from crosspost.config import SETTINGS_FILE, Settings
from crosspost.content.assets import facts_of
from crosspost.content.frontmatter import FrontMatter
from crosspost.content.pictures import is_picture
from crosspost.content.quoting import quoted
from crosspost.content.slugs import Names
from crosspost.errors import BlockedError, SiteError, UsageError
from crosspost.imports.addresses import settled
from crosspost.imports.archive import bounded_copy
from crosspost.imports.found import Found, Harvest, Loss, Media, OldSite, Wishes, merged
from crosspost.imports.front import document_text, uid_of
from crosspost.imports.links import links_of
from crosspost.imports.report import REPORT, Report
from crosspost.settings_file import load_settings
from crosspost.site.loading import read_content
from crosspost.site.urls import output_path

_FALLBACK = OldSite("Site", "https://www.example.org", "fr", "Europe/Paris")


@dataclass(frozen=True, slots=True)
class Home:
    """The site that is moved into; `text` is its settings file where there was none."""

    root: Path
    settings: Settings
    text: str = ""


def home(into: Path, said: OldSite) -> Home:
    """Return the site in `into`, or the one to be made there of what is said of it.

    Raises `UsageError` where there is something else, `SiteError` where its settings are wrong.
    """
    if (into / SETTINGS_FILE).exists():
        settings = load_settings(into)
        if settings.compat:
            message = f"{into} has compat: {settings.compat}: give the name of a new folder."
            raise UsageError(message)
        return Home(into, settings)
    if into.exists() and not into.is_dir():
        raise UsageError(f"{into} is a file. Give a site's folder, or the name of a new one.")
    there = (
        sorted(path.name for path in into.iterdir() if path.name != ".git") if into.exists() else ()
    )
    if there:
        raise UsageError(
            f"{into} is not empty ({there[0]}) and no site: there is no {SETTINGS_FILE}. Give a "
            "site's folder, or the name of a new one."
        )
    site = merged(said, _FALLBACK)
    text = _settings_text(site)
    with tempfile.TemporaryDirectory(prefix="crosspost-import-") as folder:
        (Path(folder) / SETTINGS_FILE).write_text(text, encoding="utf-8")
        try:
            settings = load_settings(Path(folder))
        except SiteError as error:
            why = " ".join(problem.message for problem in error.problems)
            raise UsageError(
                f"what the source says of itself cannot be a site's settings: {why} Give --title, "
                "--url, --language or --timezone."
            ) from None
    return Home(into, replace(settings, root=into), text)


def wishes_for(into: Path, site: OldSite) -> Wishes:
    """Return what an import into `into` wishes: what a person says of the site, and what it has."""
    if not (into / SETTINGS_FILE).exists():
        return Wishes(site)
    settings = load_settings(into)
    fallback = OldSite(language=settings.site.language, timezone=settings.site.timezone)
    return Wishes(site, channels=tuple(settings.channels), fallback=fallback)


def _settings_text(site: OldSite) -> str:
    lines = [
        "# `crosspost schema config` describes every key; a misspelt one is an error.",
        "site:",
        f"  title: {quoted(site.title)}",
        f"  url: {quoted(site.url)}",
        f"  language: {quoted(site.language)}",
        f"  timezone: {quoted(site.timezone)}",
    ]
    if site.description:
        lines.append(f"  description: {quoted(site.description)}")
    return "\n".join(lines) + "\n"


def write(harvest: Harvest, place: Home, watch: Watch, *, dry_run: bool = False) -> Report:
    """Write a harvest, and return what was written and what could not be carried over.

    Raises `UsageError` with every file that is there and differs; nothing is written then.
    """
    losses = list(harvest.losses)
    zone = place.settings.zone
    files = _files(harvest.documents)
    taken = _taken(place, {*files.values(), *harvest.media})
    documents = settled(harvest.documents, files, place.settings, taken, losses)
    usable = _usable_media(harvest, losses, watch)
    links = links_of(
        replace(harvest, media=usable),
        {one.origin: files[one.identity] for one in harvest.documents if one.origin},
        taken | {one.output for one in documents},
        harvest.site.url,
    )
    try:
        nearest = next(one for one in (place.root, *place.root.parents) if one.is_dir())
        with tempfile.TemporaryDirectory(prefix=".crosspost-import-", dir=nearest) as folder:
            draft = Path(folder)
            with watch.phase("write", len(documents)) as done:
                for one in documents:
                    found = links.carried_over(one.found, losses)
                    text = document_text(_with_uid(found, harvest), found.body, zone)
                    _put(draft / "content" / files[found.identity], text)
                    done(1)
            wanted = [
                media for path, media in usable.items() if media.always or path in links.wanted
            ]
            with watch.phase("copy", len(wanted)) as done:
                for media in wanted:
                    target = draft / "content" / media.path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with media.open() as stream:
                        bounded_copy(stream, target, media.source)
                    done(1)
            if place.text:
                _put(draft / SETTINGS_FILE, place.text)
            report = Report(
                generator=harvest.generator,
                documents=tuple(f"content/{files[one.found.identity]}" for one in documents),
                media=tuple(f"content/{media.path}" for media in wanted),
                losses=tuple(sorted(set(losses))),
                left_out=dict(harvest.counts),
                dry_run=dry_run,
            )
            fresh = _refuse_what_differs(draft, place.root)
            report = replace(report, unchanged=report.total + bool(place.text) - len(fresh))
            if not dry_run:
                _move(draft, place.root, fresh)
                _put(place.root / REPORT, report.as_markdown())
    except OSError as error:
        where = error.filename or place.root
        raise BlockedError(f"{where} cannot be written: {error.strerror}.") from None
    return report


def _files(documents: list[Found]) -> Mapping[str, str]:
    """Return the path below content/ of each document, by its identity: no two have one."""
    names = Names()
    files: dict[str, str] = {}
    for found in documents:
        files[found.identity] = f"{names.new(f'{found.folder}/{found.name}')}.md"
    return files


def _taken(place: Home, ours: set[str]) -> frozenset[str]:
    """Return the output paths of what the site has besides the files that an import makes."""
    if place.text:
        return frozenset()
    content = read_content(place.settings)
    taken = {path for path in content.assets if path not in ours}
    for entry in content.entries:
        if entry.path not in ours:
            taken |= {entry.output, *map(output_path, entry.aliases)}
    return frozenset(taken)


def _with_uid(found: Found, harvest: Harvest) -> FrontMatter:
    front = found.front_matter
    return front if front.uid else replace(front, uid=uid_of(harvest.generator, found.identity))


def _usable_media(harvest: Harvest, losses: list[Loss], watch: Watch) -> dict[str, Media]:
    """Return the media that can be published: a picture that is none would stop every build."""
    usable: dict[str, Media] = {}
    with watch.phase("look", len(harvest.media)) as done:
        for path, media in harvest.media.items():
            done(1)
            trouble = ""
            if is_picture(path):
                try:
                    with media.open() as stream:
                        trouble = facts_of(path, stream.read()).trouble
                except OSError as error:
                    trouble = f"it cannot be read: {error.strerror}"
            if trouble:
                message = f"this cannot be read as a picture: {trouble}."
                losses.append(Loss("not-a-picture", message, media.source))
            else:
                usable[path] = media
    return usable


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _refuse_what_differs(draft: Path, root: Path) -> list[Path]:
    """Return the files of the draft that the site does not have yet, relative to both."""
    fresh, differing = [], []
    for source in sorted(path for path in draft.rglob("*") if path.is_file()):
        name = source.relative_to(draft)
        target = root / name
        if not target.exists() and not target.is_symlink():
            fresh.append(name)
        elif not target.is_file() or not filecmp.cmp(source, target, shallow=False):
            differing.append(name.as_posix())
    if differing:
        shown = "\n".join(f"  {name}" for name in differing[:20])
        more = f"\n  and {len(differing) - 20} more" if len(differing) > 20 else ""
        raise UsageError(
            f"{len(differing)} files are there and differ; nothing was written. Move them away, or "
            f"import into a new folder.\n{shown}{more}"
        )
    return fresh


def _move(draft: Path, root: Path, names: list[Path]) -> None:
    """Put finished files where they belong; take them back if one cannot be moved."""
    moved: list[Path] = []
    try:
        for name in names:
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(draft / name, target)  # fails where somebody made the file meanwhile
            moved.append(target)
    except OSError:
        for target in moved:
            with suppress(OSError):
                target.unlink()
        raise
