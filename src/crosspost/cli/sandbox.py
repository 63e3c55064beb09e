"""`crosspost sandbox`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session

if TYPE_CHECKING:
    from crosspost.sandbox.server import SandboxInfo

DEFAULT_PORT = 8737
"""Where it answers unless the port is busy: what a rehearsal printed can be looked at later."""


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Where it answers; another port where this one is busy.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where its statuses are kept; .crosspost/sandbox of the site without it.",
)
@click.option(
    "--account",
    metavar="@NAME@HOST",
    help="Its account; without it the one that `publish --sandbox` rehearses with.",
)
@click.option(
    "--profile",
    type=click.Choice(["mastodon-4.6", "mastodon-4.3", "gotosocial", "hollo"]),
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
    session: Session, port: int, data: Path | None, account: str | None, profile: str, style: str
) -> None:
    """Run the embedded Mastodon instance by itself, on this machine only."""
    from crosspost.sandbox.server import serve

    account = account or _rehearsal_account(session.root)

    def announce(info: SandboxInfo) -> None:
        if style == "json":
            found = {"url": info.url, "token": info.token, "account": info.account}
            click.echo(json.dumps(found))
        else:
            session.say(f"Sandbox instance at {info.url} for {info.account}. Stop it with Ctrl+C.")

    serve(data or session.root / ".crosspost" / "sandbox", port, account, profile, announce)


def _rehearsal_account(root: Path) -> str:
    """Return the account of the site in `root`; a town's where there is none that can be read."""
    from crosspost.errors import SiteError
    from crosspost.publish.accounts import rehearsal_account
    from crosspost.settings_file import load_settings

    try:
        return rehearsal_account(load_settings(root))
    except SiteError:
        return "@town@sandbox.example"
