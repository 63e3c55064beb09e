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
from operator import attrgetter
from pathlib import Path

from msgspec import structs

from crosspost.build.watch import Watch
from crosspost.config import SETTINGS_FILE
from crosspost.content.assets import facts_of
from crosspost.content.pictures import is_picture
from crosspost.content.slugs import Names
from crosspost.errors import BlockedError, UsageError
from crosspost.imports.addresses import Settled, settled
from crosspost.imports.archive import bounded_copy
from crosspost.imports.found import Found, Harvest, Loss, Media
from crosspost.imports.front import document_text, uid_of
from crosspost.imports.home import Home, Present, present_in
from crosspost.imports.links import Links
from crosspost.imports.report import REPORT, Report


def write(harvest: Harvest, place: Home, watch: Watch, *, dry_run: bool = False) -> Report:
    """Write a harvest, and return what was written and what could not be carried over.

    Raises `UsageError` with every file that is there and differs; nothing is written then.
    """
    losses = list(harvest.losses)
    plan = _planned(harvest, place, losses)
    usable = _usable_media(harvest, losses, watch)
    links = Links(plan.origins, plan.outputs, usable, harvest.site.url.rstrip("/"))
    try:
        nearest = next(one for one in (place.root, *place.root.parents) if one.is_dir())
        with tempfile.TemporaryDirectory(prefix=".crosspost-import-", dir=nearest) as folder:
            draft = Path(folder)
            with watch.phase("write", len(plan.documents)) as done:
                for one in plan.documents:
                    found = links.carried_over(one.found, losses)
                    text = document_text(found.front_matter, found.body, place.settings.zone)
                    _put(draft / "content" / plan.files[found.uid], text)
                    done(1)
            wanted = [one for path, one in usable.items() if one.always or path in links.wanted]
            _copy(wanted, draft, watch)
            if place.text:
                _put(draft / SETTINGS_FILE, place.text)
            fresh = _refuse_what_differs(draft, place.root)
            report = Report(
                generator=harvest.generator,
                documents=tuple(f"content/{plan.files[one.found.uid]}" for one in plan.documents),
                media=tuple(f"content/{one.path}" for one in wanted),
                losses=tuple(sorted(set(losses), key=attrgetter("order"))),
                left_out=dict(harvest.counts),
                unchanged=len(plan.documents) + len(wanted) + bool(place.text) - len(fresh),
                dry_run=dry_run,
            )
            if not dry_run:
                _move(draft, place.root, fresh)
                _put(place.root / REPORT, report.as_markdown())
    except OSError as error:
        where = error.filename or place.root
        raise BlockedError(f"{where} cannot be written: {error.strerror}.") from None
    return report


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written, before any of it is.

    `files` gives the path below content/ of each document by its uid, `origins` by the path that
    links of the source use; `outputs` are all files of output/ that a link may lead to.
    """

    documents: list[Settled]
    files: Mapping[str, str]
    origins: Mapping[str, str]
    outputs: frozenset[str]


def _planned(harvest: Harvest, place: Home, losses: list[Loss]) -> _Plan:
    """Give each document a file and an address, unless it is in the site under another name."""
    present = present_in(place)
    every = _with_uids(harvest)
    files = _files(every, present)
    now = {one.uid: present.files.get(one.uid, files[one.uid]) for one in every}
    new = [one for one in every if now[one.uid] == files[one.uid]]
    for old in every:
        if now[old.uid] != files[old.uid]:
            message = f"this is in the site already, as content/{now[old.uid]}."
            losses.append(Loss("already-there", message, old.source, old.line))
    taken = present.outputs_besides({*(files[one.uid] for one in new), *harvest.media})
    documents = settled(new, files, place.settings, taken, losses)
    return _Plan(
        documents=documents,
        files=files,
        origins={one.origin: now[one.uid] for one in every if one.origin},
        outputs=taken | {one.output for one in documents},
    )


def _with_uids(harvest: Harvest) -> list[Found]:
    """Return the documents with a uid each; a source may know two of them by one name."""
    seen: set[str] = set()
    documents = []
    for found in harvest.documents:
        uid, number = found.uid or uid_of(harvest.generator, found.identity), 1
        while uid in seen:
            number += 1
            uid = uid_of(harvest.generator, f"{found.identity}#{number}")
        seen.add(uid)
        documents.append(replace(found, front_matter=structs.replace(found.front_matter, uid=uid)))
    return documents


def _files(documents: list[Found], present: Present) -> Mapping[str, str]:
    """Return the path below content/ of each document, by its uid: no two have one."""
    ours = {one.uid for one in documents}
    others = (path for uid, path in present.files.items() if uid not in ours)
    names = Names(path.removesuffix(".md") for path in others)
    return {one.uid: f"{names.new(f'{one.folder}/{one.name}')}.md" for one in documents}


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


def _copy(media: list[Media], draft: Path, watch: Watch) -> None:
    with watch.phase("copy", len(media)) as done:
        for one in media:
            target = draft / "content" / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with one.open() as stream:
                bounded_copy(stream, target, one.source)
            done(1)


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
            f"these files are there and differ ({len(differing)}); nothing was written. Move them "
            f"away, or import into a new folder.\n{shown}{more}"
        )
    return fresh


def _move(draft: Path, root: Path, names: list[Path]) -> None:
    """Put finished files where they belong; take them back if one cannot be moved."""
    moved: list[Path] = []
    try:
        for name in names:
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _move_one(draft / name, target)
            moved.append(target)
    except BaseException:  # also where a person has had enough
        for target in moved:
            with suppress(OSError):
                target.unlink()
        raise


def _move_one(source: Path, target: Path) -> None:
    """Move a file to a place where none is, even if somebody makes one there meanwhile."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        source.rename(target)
