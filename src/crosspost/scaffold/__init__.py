"""A new site: the files beside this one, with its name, address and account put into them.

`site/` is written as it is, whatever the language; `fr/` and `en/` are the first texts. A name that
begins with `dot-` is written with a dot, and `@word@` in a text stands for one of `_values`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from crosspost.content.quoting import quoted
from crosspost.content.uid import UidMaker
from crosspost.editors import write_editor_files
from crosspost.errors import BlockedError, SiteError, UsageError
from crosspost.settings_file import load_settings

_HERE = Path(__file__).resolve().parent
_WORD = re.compile(r"@([a-z_]+)@")
_TEXTS = {".md", ".yaml", ".yml", ".txt", ""}
_DESCRIPTIONS = {"fr": "Les nouvelles de {title}.", "en": "News from {title}."}
_ZONES = {"fr": "Europe/Paris", "en": "Europe/London"}


@dataclass(frozen=True, slots=True)
class NewSite:
    """What a person says of a site when it is made."""

    title: str
    url: str
    language: str
    account: str | None = None


def write_site(place: Path, site: NewSite) -> tuple[str, ...]:
    """Write a new site into `place`, all of it or nothing, and return its files.

    Raises `UsageError` where `place` holds something already or what is said of the site cannot be
    its settings, and `BlockedError` where it cannot be written.
    """
    _refuse_what_exists(place)
    try:
        nearest = next(folder for folder in place.parents if folder.is_dir())
        with tempfile.TemporaryDirectory(prefix=".crosspost-init-", dir=nearest) as folder:
            draft = Path(folder)
            files = _write(draft, site)
            _refuse_bad_settings(draft)
            _move(draft, place)
    except OSError as error:
        raise BlockedError(f"{place} cannot be written: {error.strerror}.") from None
    return files


def _refuse_what_exists(place: Path) -> None:
    if not place.exists() and not place.is_symlink():
        return
    if not place.is_dir():
        raise UsageError(f"{place} is a file. Give the name of a new folder.")
    found = sorted(path.name for path in place.iterdir() if path.name != ".git")
    if found:
        shown = ", ".join(found[:3]) + ("…" if len(found) > 3 else "")
        raise UsageError(f"{place} is not empty ({shown}). Give the name of a new folder.")


def _refuse_bad_settings(draft: Path) -> None:
    """Read what was written as `build` will read it."""
    try:
        load_settings(draft)
    except SiteError as error:
        problems = " ".join(problem.message for problem in error.problems)
        raise UsageError(f"this cannot be a site's settings: {problems}") from None


def _write(draft: Path, site: NewSite) -> tuple[str, ...]:
    values = _values(site)
    written = []
    for name, source in _files(site.language):
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix in _TEXTS:
            text = _filled(source, values)
            if name == "crosspost.yaml":
                text += _channels(site, values)
            target.write_text(text, encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(source, target)
        written.append(name)
    written += write_editor_files(draft, None)
    return tuple(sorted(written))


def _files(language: str) -> Iterator[tuple[str, Path]]:
    """Yield each file of a new site: its path there, and where its text is."""
    for layer in ("site", language):
        for source in sorted((_HERE / layer).rglob("*")):
            path = PurePosixPath(source.relative_to(_HERE / layer).as_posix())
            if source.is_file() and str(path) != "channels.yaml":
                parts = (part.replace("dot-", ".", 1) for part in path.parts)
                yield "/".join(parts), source


def _values(site: NewSite) -> Mapping[str, str]:
    zone = _ZONES[site.language]
    return {
        "title": site.title,
        "title_yaml": quoted(site.title),
        "url_yaml": quoted(site.url),
        "description_yaml": quoted(_DESCRIPTIONS[site.language].format(title=site.title)),
        "account_yaml": quoted(site.account or "@town@mastodon.example"),
        "timezone": zone,
        "date": f"{datetime.now(ZoneInfo(zone)):%Y-%m-%d}",
        "uid": UidMaker()(),
    }


def _filled(source: Path, values: Mapping[str, str]) -> str:
    text = source.read_text(encoding="utf-8")
    return _WORD.sub(lambda match: values.get(match[1], match[0]), text)


def _channels(site: NewSite, values: Mapping[str, str]) -> str:
    """Return the end of the settings: the account, or how one is written."""
    text = "\n" + _filled(_HERE / site.language / "channels.yaml", values)
    if site.account:
        return text
    lines = (line if not line or line.startswith("#") else f"# {line}" for line in text.split("\n"))
    return "\n".join(lines)


def _move(draft: Path, place: Path) -> None:
    """Put a finished site where it belongs; take everything back if one file cannot be moved."""
    fresh = not place.exists()
    place.mkdir(parents=True, exist_ok=True)
    moved: list[Path] = []
    try:
        for source in sorted(draft.iterdir()):
            target = place / source.name
            source.rename(target)
            moved.append(target)
    except OSError:
        for target in moved:
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        if fresh:
            place.rmdir()
        raise
