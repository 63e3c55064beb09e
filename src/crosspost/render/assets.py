"""Files that are copied: those beside the posts, and the theme's own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import partial

from crosspost.content.assets import Asset
from crosspost.content.pictures import NotAPicture
from crosspost.errors import Problem, Severity, SiteError
from crosspost.render.answers import stamp_of
from crosspost.render.site import Renderer
from crosspost.render.task import Task

_INPUTS = ("its bytes",)
_CSS_URL = re.compile(r"""url\(\s*(['"]?)([^'")#?:]+)([#?][^'")]*)?\1\s*\)""")


def asset_tasks(renderer: Renderer, paths: Iterable[str]) -> Iterator[Task]:
    """Yield a copy of each asset; pictures lose what the camera wrote into them."""
    worst = Severity.WARNING if renderer.settings.compat else Severity.ERROR
    for path in sorted(paths):
        asset = renderer.index.assets[path]
        make = partial(_copy, asset, worst)
        yield Task(path, asset.file, "asset", make, _INPUTS, (asset.facts.digest,))


def _copy(asset: Asset, worst: Severity) -> bytes:
    try:
        return asset.published()
    except OSError as error:
        message = f"cannot be read: {error.strerror}."
        raise SiteError([Problem(asset.file, 0, 0, "unreadable", message)]) from None
    except NotAPicture as error:
        message = f"this cannot be read as a picture: {error}. Save it again, or remove it."
        problem = Problem(asset.file, 0, 0, "not-a-picture", message, worst)
        raise SiteError([problem]) from None


def theme_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield the theme's static files; the hash in each name lets browsers keep them for ever."""
    every = stamp_of(*renderer.theme.fingerprints.values())
    for name, path in renderer.theme.static_files.items():
        output = renderer.theme.fingerprints[name]
        make = partial(_stylesheet, renderer, name) if name.endswith(".css") else path.read_bytes
        # The name of every file holds its hash: a style sheet may point at any of them.
        stamp = every if name.endswith(".css") else output
        yield Task(output, f"the theme's static/{name}", "asset", make, _INPUTS, (stamp,))


def _stylesheet(renderer: Renderer, name: str) -> bytes:
    """Point a stylesheet's url(…) at the names that carry a hash."""
    theme = renderer.theme
    folder = posixpath.dirname(theme.fingerprints[name])

    def rename(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        found = theme.fingerprints.get(target)
        if found is None:
            return match[0]
        return f"url({posixpath.relpath(found, folder)}{match[3] or ''})"

    return _CSS_URL.sub(rename, theme.static_files[name].read_text("utf-8")).encode()
