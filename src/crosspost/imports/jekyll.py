"""`import jekyll`: the folder of a Jekyll site, with its `_config.yml` where there is one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from crosspost.build.watch import Watch
from crosspost.imports.found import Harvest, OldSite, Wishes, require
from crosspost.imports.generators import gather
from crosspost.imports.tree import files_below

_CONFIGS = ("_config.yml", "_config.yaml")
_COLLECTIONS = ("_posts", "_drafts")


def read(source: Path, wishes: Wishes, watch: Watch, stack: ExitStack) -> Harvest:
    """Read a Jekyll site. Raises `UsageError` where there is none."""
    del stack
    require(source, "the folder of a Jekyll site", folder=True)
    harvest = Harvest("jekyll", OldSite())
    config = _config(source, harvest)
    harvest.site = OldSite(
        title=_text(config, "title"),
        url=_url(config),
        language=_text(config, "lang", "locale", "language").replace("_", "-"),
        timezone=_text(config, "timezone"),
        description=_text(config, "description"),
    )
    if config.get("defaults"):
        message = "the defaults of front matter are not carried over: write them into each file."
        harvest.lose("defaults", message, "_config.yml")
    harvest.lose_feed("/feed.xml", "/atom.xml")
    collections = _collections_folder(source, _text(config, "collections_dir"))
    permalink = _text(config, "permalink")
    gather(harvest, _files(source, collections, harvest), permalink, wishes, watch)
    return harvest


def _files(source: Path, collections: str, harvest: Harvest) -> Iterator[tuple[str, str, Path]]:
    for shown, location in files_below(source, harvest):
        path = shown
        if collections and shown.startswith(f"{collections}/_"):
            path = shown.removeprefix(f"{collections}/")
        elif location.suffix.lower() in (".md", ".markdown") and _is_about_the_code(path):
            continue
        yield path, shown, location


def _is_about_the_code(path: str) -> bool:
    """Say whether a file is for those who work on the site, as README.md."""
    name = posixpath.basename(path).partition(".")[0].upper()
    return "/" not in path and name in {"README", "CONTRIBUTING", "CHANGELOG", "LICENSE"}


def _collections_folder(source: Path, named: str) -> str:
    """Return the folder with the folders of collections, where that is not the top."""
    if named or any((source / name).is_dir() for name in _COLLECTIONS):
        return named.strip("/")
    for place in sorted(path for path in source.iterdir() if path.is_dir()):
        if (place / "_posts").is_dir() and not place.name.startswith("."):
            return place.name
    return ""


def _config(source: Path, harvest: Harvest) -> Mapping[str, Any]:
    """Read `_config.yml` as far as it can be read."""
    for name in _CONFIGS:
        try:
            found = yaml.safe_load((source / name).read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            continue
        except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
            harvest.lose("settings", "cannot be read: its settings are not known.", name)
            continue
        if isinstance(found, dict):
            return found
    return {}


def _text(config: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = config.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return " ".join(str(value).split())
    return ""


def _url(config: Mapping[str, Any]) -> str:
    url, base = _text(config, "url").rstrip("/"), _text(config, "baseurl").strip("/")
    return f"{url}/{base}".rstrip("/") if url else ""
