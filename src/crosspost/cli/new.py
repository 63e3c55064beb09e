"""`crosspost new`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from crosspost.cli import Session

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _options(*, topics: bool, date: str) -> Callable[[_Command], _Command]:
    """Return the options of a new document; `topics` adds its category and tags."""
    found = [click.option("--date", metavar="ISO", help=date)]
    found.append(click.option("--lang", help="Its language, where it is not the site's."))
    if topics:
        text = "A tag; may be repeated."
        found.append(click.option("--tag", "tags", multiple=True, metavar="TAG", help=text))
        found.append(click.option("--category", help="Its category, as the settings name it."))

    def decorate(command: _Command) -> _Command:
        for option in found:
            command = option(command)
        return click.argument("title")(command)

    return decorate


@click.group()
def new() -> None:
    """Begin a document: the file, its front matter, and an identity for ever.

    It is a draft: take the line `draft: true` away when it is ready. What stands in
    templates/new/post.md, page.md or edition.md of the site is its beginning.
    """


@new.command()
@_options(topics=True, date="When it is to appear; now without it.")
@click.pass_obj
def post(session: Session, /, title: str, date: str | None, **given: Any) -> None:
    """Begin a post called TITLE."""
    _write(session, "post", title, date, given)


@new.command()
@_options(topics=False, date="Its date, where it is to show one.")
@click.pass_obj
def page(session: Session, /, title: str, date: str | None, **given: Any) -> None:
    """Begin a page called TITLE: legal notice, contact, opening hours."""
    _write(session, "page", title, date, given)


@new.command()
@_options(topics=False, date="When it is to appear; now without it.")
@click.pass_obj
def edition(session: Session, /, title: str, date: str | None, **given: Any) -> None:
    """Begin an edition of the newsletter called TITLE.

    Its period goes from the day after the last edition's to the day before its date.
    """
    _write(session, "edition", title, date, given)


def _write(
    session: Session, name: str, title: str, date: str | None, given: dict[str, Any]
) -> None:
    from crosspost.content.document import Kind
    from crosspost.content.draft import begin
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import moment_of_run

    settings = load_settings(session.root)
    kind = Kind(name)
    dated = date is not None or kind is not Kind.PAGE
    moment = moment_of_run(settings, date, option="--date") if dated else None
    draft = begin(kind, settings, title, date=moment, **given)
    draft.write(session.root)
    session.say(f"wrote {draft.file}")
