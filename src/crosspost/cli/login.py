"""`crosspost login`."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session
from crosspost.errors import BlockedError, UsageError

if TYPE_CHECKING:
    from crosspost.channels.login import Application
    from crosspost.config import ChannelSettings

_TRIES = 3


@click.group()
def login() -> None:
    """Get a token for an account."""


@login.command()
@click.option("--channel", metavar="NAME", help="The channel, where there are several.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the token to this new file, readable by you alone.",
)
@click.option("--show", is_flag=True, help="Print the token, once, and nothing else, to stdout.")
@click.option("--open", "browse", is_flag=True, help="Open the address in a browser, too.")
@click.pass_obj
def mastodon(
    session: Session, channel: str | None, output: Path | None, show: bool, browse: bool
) -> None:
    """Get a token for a Mastodon account, by a code that you carry over from a browser."""
    from crosspost.channels.login import check_account, register
    from crosspost.publish.accounts import instance_of, user_agent
    from crosspost.settings_file import load_settings

    if (output is None) is not show:
        raise UsageError(
            "say where the token goes: --output FILE, which you alone can read, or --show, which "
            "prints it once (crosspost login mastodon --show | gh secret set MASTODON_TOKEN)."
        )
    settings = load_settings(session.root)
    chosen = _channel(dict(settings.channels), channel)
    if output is not None:
        _check_place(output, session.root)
    account, agent = chosen.account or "", user_agent()
    app = register(instance_of(chosen), agent, settings.site.url)
    _say(f"1. In a browser that is logged in as {account}, open:\n\n   {app.address}\n")
    _say(f"2. It asks for: {app.scopes}. Say yes, and copy the code that it shows.")
    if browse:
        click.launch(app.address)
    token = _token(app, agent)
    check_account(app, token, account, agent)
    _say(f"This is {account}.")
    variable = re.sub(r"^\$\{(\w+)\}$", r"\1", chosen.token or "") or "MASTODON_TOKEN"
    if output is not None:
        _write(output, token)
        _say(f"Its token is in {output}. It never expires; keep it out of git.")
        _say(f"For GitHub:   gh secret set {variable} < {output}")
        _say(f'For a shell:  export {variable}="$(cat {output})"')
    else:
        click.echo(token)
        _say(f"This was the token, and it is not shown again. Keep it as {variable}.")
    if not chosen.token:
        _say(f"In crosspost.yaml, below channels.{chosen.name}, write: token: ${{{variable}}}")
    _say("To take it back: the account's preferences, Account, Authorized apps, crosspost.")


def _channel(known: dict[str, ChannelSettings], name: str | None) -> ChannelSettings:
    """Return the channel that a person means. Raises `UsageError` where it is not clear which."""
    from crosspost.errors import did_you_mean

    ours = {one: channel for one, channel in known.items() if channel.type == "mastodon"}
    names = ", ".join(ours) or "none"
    if name is not None and name not in ours:
        raise UsageError(
            f"there is no channel '{name}' for Mastodon.{did_you_mean(name, ours)} Known: {names}."
        )
    if name is None and len(ours) != 1:
        hint = "write one under channels in crosspost.yaml, with its account" if not ours else ""
        raise UsageError(f"{hint or 'say which channel with --channel NAME'}. Known: {names}.")
    return ours[name] if name is not None else next(iter(ours.values()))


def _token(app: Application, agent: str) -> str:
    """Ask for the code until the server takes it, three times at most."""
    from crosspost.channels.login import WrongCodeError, redeem

    for _ in range(_TRIES):
        code = click.prompt("3. Code", err=True).strip()
        try:
            return redeem(app, code, agent)
        except WrongCodeError:
            _say("The server does not take this code: copy it whole, from the newest page.")
    raise BlockedError("no code was taken, and there is no token: begin anew.")


def _check_place(path: Path, root: Path) -> None:
    """Refuse, before anything is asked, a place where a token must not be."""
    place = path.absolute()
    if place.exists() or place.is_symlink():
        raise UsageError(f"--output: {path} exists already; name a new file.")
    folder = place.parent.resolve()
    if not folder.is_dir():
        raise UsageError(f"--output: there is no folder {path.parent}.")
    if folder.is_relative_to(root) and not folder.is_relative_to(root / ".crosspost"):
        raise UsageError(
            f"--output: {path} is in the site's folder, and would be committed one day. "
            "Name a file elsewhere."
        )


def _write(path: Path, token: str) -> None:
    """Write a token to a new file that only its owner can read. Raises `BlockedError`."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(f"{token}\n")
    except OSError as error:
        words = "it exists already" if error.errno == errno.EEXIST else error.strerror
        raise BlockedError(f"{path} cannot be written: {words}. The token is lost.") from None


def _say(words: str) -> None:
    """Tell the person; standard output is for the token alone."""
    click.echo(words, err=True)
