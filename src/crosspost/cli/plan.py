"""`crosspost plan`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session

if TYPE_CHECKING:
    from pathlib import Path

    from crosspost.build.states import Listing, State
    from crosspost.config import Settings
    from crosspost.publish.plan import Plan
    from crosspost.sandbox.server import SandboxInfo
    from crosspost.site.index import SiteIndex
    from crosspost.site.register import Register


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
    from crosspost.publish.last import receipt_file, said_again, state_of_site

    root = session.root
    file = receipt_file(root, channels, most, style, session.verbosity > 0)
    lasting = not (sandbox or now)
    said, seen = said_again(file, root, moment_without_settings()) if lasting else (None, None)
    if said is not None:
        show(session, style, said)
        return
    import gc

    gc.disable()  # one plan, and the process ends
    from crosspost.build.register import KeptRegister
    from crosspost.errors import SiteError
    from crosspost.publish.run import plan_site
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import moment_of_run

    settings = load_settings(root)
    known = seen is not None and seen[0] == list(settings.static)
    state = seen[1] if seen and known else state_of_site(root, settings.static)
    kept = KeptRegister(settings, moment_of_run(settings, now), state.listing)
    site = kept.register or open_site(session, now, settings, state.listing)
    with rehearsal(site, sandbox) as running:
        made = plan_site(site, channels=channels, sandbox=running, max_changes=most)
    kept.keep()
    said = in_words(made, style, verbose=session.verbosity > 0)
    show(session, style, said)
    if made.problems:
        raise SiteError(made.problems)
    if lasting and state.is_settled:
        keep(file, site, made, state, said)


def in_words(plan: Plan, style: str, *, verbose: bool) -> str:
    """Return a plan as text, JSON or Markdown."""
    if style == "json":
        from crosspost.publish.report import plan_as_json

        return json.dumps(plan_as_json(plan), ensure_ascii=False, indent=1)
    if style == "markdown":
        from crosspost.publish.comment import plan_as_markdown

        return plan_as_markdown(plan)
    from crosspost.publish.report import plan_as_table

    return plan_as_table(plan, verbose=verbose)


def show(session: Session, style: str, said: str) -> None:
    """Print a plan."""
    if style == "text":
        session.say(said)
    else:
        click.echo(said, nl=style == "json")


def moment_without_settings() -> float:
    """Return the moment of a run, in seconds since 1970, as `moment_of_run` has it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(epoch) if epoch.isdigit() else time.time()


def keep(file: Path, site: SiteIndex | Register, plan: Plan, state: State, said: str) -> None:
    """Keep what a plan said, if it would do nothing and its settings are still what they were."""
    from crosspost.build.states import installation
    from crosspost.config import SETTINGS_FILE
    from crosspost.publish.last import Receipt
    from crosspost.text_files import read_text

    settings = site.settings
    if not plan.is_idle or read_text(settings.root / SETTINGS_FILE, "", []) != settings.text:
        return
    until, here = plan.until(site), installation()
    Receipt(
        installed=here.content,
        installed_looks=here.looks,
        more=list(settings.static),
        state=state.digest,
        since=plan.now.timestamp(),
        until=until,
        said=said,
    ).write(file)


def open_site(
    session: Session,
    now: str | None,
    settings: Settings | None = None,
    listing: Listing | None = None,
) -> SiteIndex:
    """Read the site as of a moment; `listing` is what its folders hold, where that is known.

    Raises `SiteError` where its content is wrong.
    """
    from crosspost.build.remembered import remembered_index
    from crosspost.errors import Severity, SiteError
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import moment_of_run

    settings = settings or load_settings(session.root)
    index, problems = remembered_index(settings, moment_of_run(settings, now), listing)
    if any(problem.severity == Severity.ERROR for problem in problems):
        raise SiteError(problems)
    return index


@contextmanager
def rehearsal(site: SiteIndex | Register, wanted: bool) -> Iterator[SandboxInfo | None]:
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
