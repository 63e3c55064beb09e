"""`crosspost plan`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session

if TYPE_CHECKING:
    from crosspost.sandbox.server import SandboxInfo
    from crosspost.site.index import SiteIndex


@click.command()
@click.option("--channel", "channels", multiple=True, metavar="NAME", help="Only this channel.")
@click.option("--sandbox", is_flag=True, help="Plan for the sandbox instead of real accounts.")
@click.option("--max", "most", type=click.IntRange(min=0), help="Allow up to N of each change.")
@click.option("--now", metavar="ISO", help="Plan as of this moment.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="For people, for programs, or for a pull request's comment.",
)
@click.pass_obj
def plan(
    session: Session,
    channels: tuple[str, ...],
    sandbox: bool,
    most: int | None,
    now: str | None,
    style: str,
) -> None:
    """Show what publish would do, and why each post is skipped or blocked."""
    from crosspost.errors import SiteError
    from crosspost.publish.comment import plan_as_markdown
    from crosspost.publish.report import plan_as_json, plan_as_table
    from crosspost.publish.run import plan_site

    site = open_site(session, now)
    with rehearsal(site, sandbox) as running:
        made = plan_site(site, channels=channels, sandbox=running, max_changes=most)
    if style == "json":
        click.echo(json.dumps(plan_as_json(made), ensure_ascii=False, indent=1))
    elif style == "markdown":
        click.echo(plan_as_markdown(made), nl=False)
    else:
        session.say(plan_as_table(made, verbose=session.verbosity > 0))
    if made.problems:
        raise SiteError(made.problems)


def open_site(session: Session, now: str | None) -> SiteIndex:
    """Read the site as of a moment. Raises `SiteError` where its content is wrong."""
    from crosspost.errors import Severity, SiteError
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import load_index, moment_of_run

    settings = load_settings(session.root)
    index, problems = load_index(settings, moment_of_run(settings, now))
    if any(problem.severity == Severity.ERROR for problem in problems):
        raise SiteError(problems)
    return index


@contextmanager
def rehearsal(site: SiteIndex, wanted: bool) -> Iterator[SandboxInfo | None]:
    """Yield the site's sandbox where a rehearsal is wanted; it keeps what it was told before.

    One that `crosspost sandbox` already runs is used, so that the addresses of statuses stay good.
    """
    if not wanted:
        yield None
        return
    from crosspost.cli.sandbox import DEFAULT_PORT
    from crosspost.publish.accounts import STATE, rehearsal_account
    from crosspost.sandbox.server import Sandbox, running_sandbox

    data = site.settings.root / STATE / "sandbox"
    account = rehearsal_account(site.settings)
    running = running_sandbox(data, DEFAULT_PORT, account)
    if running is not None:
        yield running
        return
    with Sandbox(data=data, port=DEFAULT_PORT, account=account) as sandbox:
        yield sandbox.info
