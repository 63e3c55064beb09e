"""`crosspost init`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from crosspost.cli import Session


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="The site's name; the folder's name without it.")
@click.option("--url", default="https://www.example.org", show_default=True, help="Its address.")
@click.option("--account", metavar="@NAME@HOST", help="Its account on Mastodon.")
@click.option(
    "--language",
    type=click.Choice(["fr", "en"]),
    default="fr",
    show_default=True,
    help="The language of the first texts.",
)
@click.pass_obj
def init(
    session: Session,
    folder: Path,
    title: str | None,
    url: str,
    account: str | None,
    language: str,
) -> None:
    """Make a new site in DIR that builds at once: settings, content, workflow.

    DIR may exist, but must be empty; a .git folder may be there.
    """
    from crosspost.scaffold import NewSite, write_site

    place = (session.root / folder).resolve()
    given = " ".join((title or "").split())
    name = given or " ".join(place.name.replace("-", " ").replace("_", " ").split())
    if not given:
        name = name[:1].upper() + name[1:]
    files = write_site(place, NewSite(name, url, language, account))
    for path in files:
        if session.verbosity > 0:
            click.echo(f"wrote {path}")
    shown = shlex.quote(str(folder if session.root == Path.cwd() else place))
    session.say(f"{len(files)} files in {shown}. Next:\n\n  cd {shown}\n  crosspost build")
