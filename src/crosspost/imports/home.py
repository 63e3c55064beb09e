"""The site that is moved into: one that is there, or one that is to be made."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from crosspost.config import SETTINGS_FILE, Settings
from crosspost.content.quoting import quoted
from crosspost.errors import SiteError, UsageError
from crosspost.imports.found import OldSite, Wishes, merged
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
    return Home(into, structs.replace(settings, root=into), text)


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


@dataclass(frozen=True, slots=True)
class Present:
    """What a site has already.

    `files` gives the path below content/ of each document by its uid, `outputs` the files of
    output/ that each file of content/ makes.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def outputs_besides(self, ours: set[str]) -> frozenset[str]:
        """Return the files of output/ that are made by other files of content/ than `ours`."""
        others = (made for path, made in self.outputs.items() if path not in ours)
        return frozenset().union(*others)


def present_in(place: Home) -> Present:
    """Look at what a site has; what cannot be read in it has no part in this."""
    if place.text:
        return Present()
    content = read_content(place.settings)
    outputs = {path: frozenset({path}) for path in content.assets}
    for entry in content.entries:
        outputs[entry.path] = frozenset({entry.output, *map(output_path, entry.aliases)})
    return Present({entry.uid: entry.path for entry in content.entries}, outputs)
