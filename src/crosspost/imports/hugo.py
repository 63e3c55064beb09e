"""`import hugo`: the folder of a Hugo site, its `content/` and `static/`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from crosspost.build.watch import Watch
from crosspost.errors import UsageError
from crosspost.imports.found import Harvest, OldSite, Wishes, require
from crosspost.imports.generators import gather
from crosspost.imports.tree import files_below

_CONFIGS = tuple(
    f"{folder}{name}.{kind}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for kind in ("toml", "yaml", "yml", "json")
)
_MACHINERY = ("layouts", "data", "i18n", "assets", "archetypes")
_SECTIONS = ("posts", "post", "blog", "news", "articles")


def read(source: Path, wishes: Wishes, watch: Watch, stack: ExitStack) -> Harvest:
    """Read a Hugo site. Raises `UsageError` where there is none."""
    del stack
    require(source, "the folder of a Hugo site", folder=True)
    if not (source / "content").is_dir():
        raise UsageError(f"there is no content/ in {source}: give the folder of a Hugo site.")
    harvest = Harvest("hugo", OldSite())
    config = _config(source, harvest)
    harvest.site = OldSite(
        title=_text(config, "title"),
        url=_text(config, "baseurl").rstrip("/") if "://" in _text(config, "baseurl") else "",
        language=_text(config, "languagecode", "defaultcontentlanguage").partition("-")[0],
        timezone=_text(config, "timezone"),
        description=_text(_mapping(config.get("params")), "description"),
    )
    for name in _MACHINERY:
        if (source / name).is_dir() and any((source / name).iterdir()):
            message = f"Hugo's {name}/ is left out: crosspost has its own themes."
            harvest.lose("left-out", message, f"{name}/")
    harvest.lose_feed("/index.xml", "/rss.xml")
    gather(harvest, _files(source, harvest), _permalink(config), wishes, watch)
    return harvest


def _files(source: Path, harvest: Harvest) -> Iterator[tuple[str, str, Path]]:
    for folder in ("content", "static"):
        if (source / folder).is_dir():
            for path, location in files_below(source / folder, harvest, f"{folder}/"):
                if folder == "content" or location.suffix.lower() not in (".md", ".markdown"):
                    yield path, f"{folder}/{path}", location


def _permalink(config: Mapping[str, Any]) -> str:
    """Return the pattern of posts, where the settings have one."""
    patterns = _mapping(config.get("permalinks"))
    for found in (patterns, _mapping(patterns.get("page"))):
        pattern = _text(found, *_SECTIONS)
        if pattern:
            return pattern
    return ""


def _config(source: Path, harvest: Harvest) -> Mapping[str, Any]:
    """Read the settings as far as they can be read; names of keys in lower case, as Hugo does."""
    for name in _CONFIGS:
        path = source / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8-sig")
            if name.endswith(".toml"):
                found: Any = tomllib.loads(text)
            else:
                found = json.loads(text) if name.endswith(".json") else yaml.safe_load(text)
        except (OSError, ValueError, yaml.YAMLError, RecursionError):
            harvest.lose("settings", "cannot be read: its settings are not known.", name)
            continue
        return _mapping(found)
    return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {str(name).lower(): inner for name, inner in value.items()}


def _text(config: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = config.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return " ".join(str(value).split())
    return ""
