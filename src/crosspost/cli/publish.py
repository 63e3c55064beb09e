"""`crosspost publish`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session
from crosspost.cli.options import as_text_or_json
from crosspost.cli.plan import open_site, rehearsal

if TYPE_CHECKING:
    from crosspost.publish.outcome import Result
    from crosspost.publish.plan import Plan


@click.command()
@click.option("--channel", "channels", multiple=True, metavar="NAME", help="Only this channel.")
@click.option("--sandbox", is_flag=True, help="Rehearse: speak to the sandbox, to nobody else.")
@click.option(
    "--max",
    "most",
    type=click.IntRange(min=0),
    help="Allow up to N creations, N edits and N deletions, whatever the settings say.",
)
@click.option("--now", metavar="ISO", help="Publish what is visible at this moment.")
@as_text_or_json
@click.pass_context
def publish(
    ctx: click.Context,
    channels: tuple[str, ...],
    sandbox: bool,
    most: int | None,
    now: str | None,
    style: str,
) -> None:
    """Carry the plan out: say on each channel what the plan shows."""
    from crosspost.build.register import KeptRegister
    from crosspost.publish.outcome import DONE
    from crosspost.publish.report import (
        outcome_as_json,
        outcome_in_words,
        plan_as_table,
        result_as_line,
        trouble_in_words,
    )
    from crosspost.publish.run import publish_site
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import moment_of_run

    session: Session = ctx.obj
    text = style == "text"
    told: set[tuple[str, str]] = set()

    def show_plan(plan: Plan) -> None:
        kept.keep()
        if text:
            session.say(plan_as_table(plan, verbose=session.verbosity > 0))

    def report(result: Result) -> None:
        line = result_as_line(result)
        if not text or not line:
            return
        if result.status in DONE:
            session.say(line)
        elif session.verbosity > 0 or (result.action.key.channel, result.words) not in told:
            click.echo(line, err=True)  # once: what stops a channel stops all of its messages
        told.add((result.action.key.channel, result.words))

    settings = load_settings(session.root)
    kept = KeptRegister(settings, moment_of_run(settings, now), {})
    site = kept.register or open_site(session, now, settings)
    with rehearsal(site, sandbox) as running:
        outcome = publish_site(
            site,
            channels=channels,
            sandbox=running,
            max_changes=most,
            show_plan=show_plan,
            report=report,
            tell=lambda line: click.echo(line, err=True),
        )
    if text:
        session.say(outcome_in_words(outcome))
        for line in trouble_in_words(outcome):
            click.echo(line, err=True)
    else:
        click.echo(json.dumps(outcome_as_json(outcome), ensure_ascii=False, indent=1))
    ctx.exit(outcome.exit_status)
