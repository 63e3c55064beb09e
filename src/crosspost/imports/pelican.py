"""`import pelican`: the folder of a Pelican site, or its content alone.

`pelicanconf.py` is a program: it is not run, only its plain assignments are read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from crosspost.build.watch import Watch
from crosspost.imports.found import Harvest, OldSite, Wishes, require
from crosspost.imports.generators import gather
from crosspost.imports.tree import files_below

_CONFIGS = ("pelicanconf.py", "publishconf.py")


def read(source: Path, wishes: Wishes, watch: Watch, stack: ExitStack) -> Harvest:
    """Read a Pelican site. Raises `UsageError` where there is none."""
    del stack
    require(source, "the folder of a Pelican site", folder=True)
    harvest = Harvest("pelican", OldSite())
    config: dict[str, str] = {}
    for name in _CONFIGS:
        config |= {key: text for key, text in _config(source / name, name, harvest).items() if text}
    harvest.site = OldSite(
        title=config.get("SITENAME", ""),
        url=config.get("SITEURL", "").rstrip("/") if "://" in config.get("SITEURL", "") else "",
        language=config.get("DEFAULT_LANG", ""),
        timezone=config.get("TIMEZONE", ""),
        description=config.get("SITESUBTITLE", ""),
    )
    harvest.lose_feed("/feeds/all.atom.xml", "/atom.xml")
    content = source / (config.get("PATH") or "content")
    if not content.is_dir() or not content.resolve().is_relative_to(source.resolve()):
        content = source
    files = _files(content, harvest)
    gather(harvest, files, config.get("ARTICLE_URL", ""), wishes, watch)
    return harvest


def _files(content: Path, harvest: Harvest) -> Iterator[tuple[str, str, Path]]:
    for path, location in files_below(content, harvest):
        if location.suffix != ".py":
            yield path, path, location


def _config(path: Path, name: str, harvest: Harvest) -> Mapping[str, str]:
    """Return the texts that the settings assign to names."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        harvest.lose("settings", "cannot be read: its settings are not known.", name)
        return {}
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
