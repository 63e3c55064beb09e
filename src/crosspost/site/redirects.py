"""Older addresses: where each leads now, and which of them are gone for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from crosspost.config import Settings
from crosspost.errors import Problem
from crosspost.site.entry import Entry, Hidden
from crosspost.site.urls import output_path, url_of


def redirects_of(settings: Settings, entries: Iterable[Entry]) -> dict[str, str]:
    """Return the URL that each older output path leads to: aliases, then those of the settings."""
    redirects: dict[str, str] = {}
    for entry in entries:
        for alias in entry.aliases:
            _add(redirects, alias, entry.url)
    for old, new in settings.redirects.moved.items():
        target = url_of(settings.base_path, output_path(new)) if new.startswith("/") else new
        _add(redirects, old, target)
    return redirects


def _add(redirects: dict[str, str], address: str, target: str) -> None:
    redirects.setdefault(output_path(address), target)
    if not address.endswith("/") and "." not in address.rpartition("/")[2]:
        # Some servers answer /old with old.html, others with old/index.html.
        redirects.setdefault(f"{address.strip('/')}.html", target)


def gone_outputs(
    settings: Settings, gone: Iterable[Entry], hidden: Iterable[Hidden]
) -> frozenset[str]:
    """Return the output paths that are gone: said by a document, by the settings, or expired."""
    said = {output_path(address) for address in settings.redirects.gone}
    said |= {entry.output for entry in gone}
    return frozenset(said | {one.entry.output for one in hidden if one.reason == "expired"})


class Address(Protocol):
    """As much of an entry as tells whose address it has."""

    @property
    def output(self) -> str:
        """The file below output/."""

    @property
    def file(self) -> str:
        """The document's file, relative to the site."""


def check_moved(settings: Settings, entries: Iterable[Address]) -> Iterator[Problem]:
    """Yield the addresses of the settings that are still those of a document, or lead in a circle.

    `entries` are those that have an address.
    """
    if not (settings.redirects.moved or settings.redirects.gone):
        return
    taken = {entry.output: entry for entry in entries}
    for old in (*settings.redirects.moved, *settings.redirects.gone):
        owner = taken.get(output_path(old))
        if owner is not None:
            message = f"redirects: {old} is the address of {owner.file}: remove one of them."
            yield settings.problem("redirects", "duplicate-url", message)
    for old, new in settings.redirects.moved.items():
        if new.startswith("/") and output_path(new) == output_path(old):
            message = f"redirects: {old} leads to itself."
            yield settings.problem("redirects", "duplicate-url", message)
        if old in settings.redirects.gone:
            message = f"redirects: {old} is both moved and gone: remove one of them."
            yield settings.problem("redirects", "duplicate-url", message)
