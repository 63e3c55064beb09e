"""`crosspost import`."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from crosspost.cli import Session
from crosspost.cli.options import as_text_or_json

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SHOWN = 25
"""Losses that are said one by one; all of them are in the report."""


def _source_and_options(command: _Command) -> _Command:
    """Add what every import takes."""
    for option in (
        as_text_or_json,
        click.option("--dry-run", is_flag=True, help="Write nothing; only say what would be."),
        click.option("--timezone", help="The new site's time zone, as Europe/Paris."),
        click.option("--language", help="The new site's language, as fr."),
        click.option("--url", help="The new site's address."),
        click.option("--title", help="The new site's name."),
        click.option(
            "--into",
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="A site, or the name of a new one; without it, the folder you are in.",
        ),
    ):
        command = option(command)
    return click.argument("source", type=click.Path(path_type=Path))(command)


_permalink = click.option(
    "--permalink", metavar="PATTERN", help="The pattern of its addresses, as it writes it."
)
_replies = click.option("--replies", is_flag=True, help="Take answers to others, too.")


@click.group("import")
def imports() -> None:
    """Move in from another program: its texts become crosspost's own files.

    Nothing is downloaded, and no file that is there is overwritten. What cannot be carried over is
    listed with its file and line, and in import-report.md.
    """


@imports.command()
@_permalink
@_source_and_options
@click.pass_obj
def jekyll(session: Session, /, **given: Any) -> None:
    """Move in from Jekyll: SOURCE is the site's folder."""
    _run(session, "jekyll", **given)


@imports.command()
@_permalink
@_source_and_options
@click.pass_obj
def hugo(session: Session, /, **given: Any) -> None:
    """Move in from Hugo: SOURCE is the site's folder, with content/ in it."""
    _run(session, "hugo", **given)


@imports.command()
@_permalink
@_source_and_options
@click.pass_obj
def pelican(session: Session, /, **given: Any) -> None:
    """Move in from Pelican: SOURCE is the site's folder, or its content.

    pelicanconf.py is not run; only its plain assignments are read.
    """
    _run(session, "pelican", **given)


@imports.command()
@click.option(
    "--uploads",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder wp-content/uploads of the old server, where you have it.",
)
@_source_and_options
@click.pass_obj
def wordpress(session: Session, /, **given: Any) -> None:
    """Move in from WordPress: SOURCE is its export file (Tools, Export).

    Posts and pages come over, comments do not. Pictures stay on the old site unless --uploads says
    where they are on this machine.
    """
    _run(session, "wordpress", **given)


@imports.command()
@_replies
@_source_and_options
@click.pass_obj
def mastodon(session: Session, /, **given: Any) -> None:
    """Move in from a Mastodon account: SOURCE is its archive, packed or not.

    What it said in public becomes notes: posts that no channel says again. Boosts are left out, and
    answers to others, too, without --replies.
    """
    _run(session, "mastodon", **given)


@imports.command()
@_replies
@_source_and_options
@click.pass_obj
def twitter(session: Session, /, **given: Any) -> None:
    """Move in from an account on X: SOURCE is its archive, packed or not.

    Its posts become posts of the site, threads joined, with media and dates. Reposts are left out,
    and answers to others, too, without --replies.
    """
    _run(session, "twitter", **given)


def _run(
    session: Session,
    name: str,
    *,
    source: Path,
    into: Path | None,
    dry_run: bool,
    style: str,
    **given: Any,
) -> None:
    """Read the source, write the site, say what was done."""
    from crosspost.cli.progress import Progress
    from crosspost.imports.found import OldSite, merged
    from crosspost.imports.home import home, wishes_for
    from crosspost.imports.writing import write

    place = (session.root / (into or ".")).resolve()
    site = OldSite(
        **{key: given.pop(key) or "" for key in ("title", "url", "language", "timezone")}
    )
    if given.get("uploads"):
        given["uploads"] = session.root / given["uploads"]
    wishes = replace(wishes_for(place, site), **given)
    watch = Progress(quiet=session.verbosity < 0)
    importer = importlib.import_module(f"crosspost.imports.{name}")
    with ExitStack() as stack:  # what is unpacked of an archive lasts until it is copied
        harvest = importer.read(session.root / source, wishes, watch, stack)
        harvest.site = merged(site, harvest.site)
        report = write(harvest, home(place, harvest.site), watch, dry_run=dry_run)
    if style == "json":
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        session.say(report.as_text(_SHOWN))
