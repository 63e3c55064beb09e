"""`crosspost serve`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session

if TYPE_CHECKING:
    from crosspost.serve.server import PreviewInfo


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Where it answers; 8730 without it, or the next port that is free.",
)
@click.option("--now", metavar="ISO", help="Begin with the site as of this moment.")
@click.option("--published", is_flag=True, help="Begin without drafts and future posts.")
@click.option("--open", "opened", is_flag=True, help="Open the site in your browser.")
@click.option(
    "--follow/--no-follow", default=True, help="Whether the browser opens the page that you edit."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What its first line is: for people, or a JSON object.",
)
@click.pass_obj
def serve(
    session: Session,
    port: int | None,
    now: str | None,
    published: bool,
    opened: bool,
    follow: bool,
    style: str,
) -> None:
    """Preview the site and every channel on this machine, drafts included, while you write."""
    from crosspost.serve.live import Clock
    from crosspost.serve.server import DEFAULT_PORT, Options
    from crosspost.serve.server import serve as run
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import moment_of_run

    at = moment_of_run(load_settings(session.root), now) if now else None
    clock = Clock(at, unpublished=not published)

    def announce(info: PreviewInfo) -> None:
        if style == "json":
            click.echo(json.dumps({"url": info.url, "port": info.port}))
        else:
            if port is None and info.port != DEFAULT_PORT:
                session.say(f"Port {DEFAULT_PORT} is in use, so this is another one.")
            session.say(f"Preview at {info.url} Stop it with Ctrl+C.")
        if opened:
            click.launch(info.url)

    def tell(text: str) -> None:
        click.echo(text, err=True)

    quiet = session.verbosity < 0
    options = Options(session.root, port, clock, follow)
    run(options, announce, (lambda _: None) if quiet else tell)
