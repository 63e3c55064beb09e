"""`crosspost new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crosspost.cli import Session

if TYPE_CHECKING:
    from crosspost.content.draft import Draft


@click.group()
def new() -> None:
    """Begin a document: the file, its front matter, and an identity for ever."""


@new.command()
@click.argument("title")
@click.option("--category", help="Its category, as the settings name it.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag; may be repeated.")
@click.option("--lang", help="Its language, where it is not the site's.")
@click.option("--date", metavar="ISO", help="When it is to appear; now without it.")
@click.pass_obj
def post(
    session: Session,
    title: str,
    category: str | None,
    tags: tuple[str, ...],
    lang: str | None,
    date: str | None,
) -> None:
    """Begin a post called TITLE.

    It is a draft: take the line `draft: true` away when it is ready.
    """
    from crosspost.content.draft import begin_post
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import moment_of_run

    settings = load_settings(session.root)
    draft: Draft = begin_post(
        settings,
        title,
        date=moment_of_run(settings, date),
        category=category,
        tags=tags,
        lang=lang,
    )
    draft.write(session.root)
    session.say(f"wrote {draft.file}")
