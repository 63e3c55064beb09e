"""`crosspost sandbox`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session

if TYPE_CHECKING:
    from crosspost.sandbox.server import SandboxInfo


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8737, show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where its statuses are kept; .crosspost/sandbox of the site without it.",
)
@click.option("--account", default="@valbourg@sandbox.example", show_default=True)
@click.option(
    "--profile",
    type=click.Choice(["mastodon-4.6", "mastodon-4.3", "gotosocial"]),
    default="mastodon-4.6",
    show_default=True,
    help="Which server's rules it follows.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What its first line is: for people, or a JSON object.",
)
@click.pass_obj
def sandbox(
    session: Session, port: int, data: Path | None, account: str, profile: str, style: str
) -> None:
    """Run the embedded Mastodon instance by itself, on this machine only."""
    from crosspost.sandbox.server import serve

    def announce(info: SandboxInfo) -> None:
        if style == "json":
            found = {"url": info.url, "token": info.token, "account": info.account}
            click.echo(json.dumps(found))
        else:
            session.say(f"Sandbox instance at {info.url} for {info.account}. Stop it with Ctrl+C.")

    serve(data or session.root / ".crosspost" / "sandbox", port, account, profile, announce)
