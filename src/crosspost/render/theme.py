"""A theme: templates, static files and texts, looked up along a chain of folders.

The site's own folders come first, so that one file placed there stands for the theme's. Every
template is also known under the name of its place (`ville/post.html`), so that an override can
extend what it replaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from crosspost import schema
from crosspost.config import Settings
from crosspost.errors import Problem, SiteError, did_you_mean
from crosspost.render.i18n import Texts, Translator
from crosspost.render.texts import Catalogue, TextFile, read_catalogue
from crosspost.schema import Schema, Source
from crosspost.text_files import read_text

_PACKAGE = Path(__file__).resolve().parents[1]
_DEFAULT = "ville"
_EMPTY: Mapping[str, Any] = MappingProxyType({})
_SHIPPED = (_PACKAGE / "themes", _PACKAGE.parents[1] / "themes")


class ThemeSettings(Schema):
    """A theme's `theme.yaml`."""

    name: str = ""
    """Its folder's name, which it may repeat."""
    title: str = ""
    """What it is called."""
    extends: str | None = None
    """The theme whose files stand in for those that it lacks."""
    description: str = ""
    """What it is for."""
    version: str = ""
    """Its own version."""
    license: str = ""
    """Under which licence it may be used, as an SPDX name."""
    languages: tuple[str, ...] = ()
    """The languages of its texts."""
    params: Mapping[str, Any] = _EMPTY
    """What its templates read as theme.params."""


class Theme(msgspec.Struct, frozen=True, dict=True):
    """The chain of folders that a site's templates, static files and texts come from.

    `layers` are (name, folder), the site's own first. A folder holds templates/, static/, i18n/.
    """

    settings: Settings
    layers: tuple[tuple[str, Path], ...]
    params: Mapping[str, Any] = _EMPTY

    @cached_property
    def static_files(self) -> Mapping[str, Path]:
        """Every static file by its path below static/; the first layer that has it wins."""
        found: dict[str, Path] = {}
        for _, folder in self.layers:
            for path in _files(folder / "static"):
                found.setdefault(path.relative_to(folder / "static").as_posix(), path)
        return dict(sorted(found.items()))

    @cached_property
    def fingerprints(self) -> Mapping[str, str]:
        """The output path of each static file, with the hash of its bytes in its name."""
        return {name: _fingerprint(name, path) for name, path in self.static_files.items()}

    def template_folders(self) -> Iterator[tuple[str, Path]]:
        """Yield the folders that hold templates."""
        for name, folder in self.layers:
            yield name, folder / "templates"

    def translator(self, lang: str) -> Translator:
        """Return the texts of a language, behind them the site's own, and English."""
        found = self._translators.get(lang)
        if found is None:
            found = self._translators[lang] = Translator(
                lang=lang,
                texts=self._texts_of(lang),
                fallback={**self._texts_of("en"), **self._texts_of(self.settings.site.language)},
                zone=self.settings.zone,
            )
        return found

    @cached_property
    def _translators(self) -> dict[str, Translator]:
        return {}

    def _texts_of(self, lang: str) -> Texts:
        """Return the texts of a language; those of fr-CA are those of fr but for its own."""
        texts = self.catalogue.texts
        return {**texts.get(lang.partition("-")[0], {}), **texts.get(lang, {})}

    @cached_property
    def catalogue(self) -> Catalogue:
        """The texts of all layers. A theme that lacks one has it from the shipped theme."""
        shipped = [(_DEFAULT, folder / _DEFAULT) for folder in _SHIPPED]
        layers = (*self.layers, *(one for one in shipped if one not in self.layers))
        return read_catalogue(
            [
                TextFile(path.stem, _shown(path, name, self.settings.root), path)
                for path in _files(folder / "i18n")
                if path.suffix == ".yaml"
            ]
            for name, folder in reversed(layers)
        )


def load_theme(settings: Settings) -> Theme:
    """Find the site's theme and those it extends. Raises `SiteError`."""
    own = [("site", settings.root)]
    name: str | None = settings.theme
    chain: list[tuple[str, Path]] = []
    params: dict[str, Any] = {}
    while name is not None:
        if any(name == one for one, _ in chain):
            raise SiteError([_problem(settings, f"theme '{name}' extends itself.")])
        bases = (settings.root / "themes", *_SHIPPED)
        found = [base / name for base in bases if (base / name).is_dir() and "/" not in name]
        declared = [folder for folder in found if (folder / "theme.yaml").is_file()]
        if not declared:
            known = sorted({p.parent.name for base in bases for p in base.glob("*/theme.yaml")})
            message = f"there is no theme '{name}'.{did_you_mean(name, known)}"
            raise SiteError([_problem(settings, f"{message} Known: {', '.join(known)}.")])
        # A folder of the site without a theme.yaml of its own only overrides the shipped theme.
        own += [("site", folder) for folder in found[: found.index(declared[0])]]
        theme = _read_theme(declared[0], name)
        chain.append((name, declared[0]))
        params = {**theme.params, **params}
        name = theme.extends
    return Theme(settings, (*own, *chain), params)


def _problem(settings: Settings, message: str) -> Problem:
    return settings.problem("theme", "unknown-theme", message)


def _read_theme(folder: Path, name: str) -> ThemeSettings:
    problems: list[Problem] = []
    file = f"themes/{name}/theme.yaml"
    source = Source(file, problems)
    text = read_text(folder / "theme.yaml", file, problems) or ""
    settings = schema.decode(ThemeSettings, schema.compose(text, source), source)
    if settings is None or problems:
        raise SiteError(problems)
    return settings


def _shown(path: Path, layer: str, root: Path) -> str:
    """Name a theme's file without what is of this machine."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return f"themes/{layer}/i18n/{path.name}"


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-3:])
    )


def _fingerprint(name: str, path: Path) -> str:
    digest = hashlib.blake2b(path.read_bytes(), digest_size=5).hexdigest()
    stem, dot, suffix = name.rpartition(".")
    return f"static/{stem}.{digest}.{suffix}" if dot else f"static/{name}.{digest}"
