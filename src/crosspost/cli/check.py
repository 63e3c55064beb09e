"""`crosspost check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crosspost.cli import Session
from crosspost.errors import SiteError
from crosspost.words import counted

if TYPE_CHECKING:
    from crosspost.check.run import Checked


@click.command()
@click.option("--now", metavar="ISO", help="Check the site as of this moment.")
@click.option("--strict", is_flag=True, help="Turn warnings into errors.")
@click.option(
    "--external-links",
    "external",
    is_flag=True,
    help="Ask other sites too whether the pages that are linked to are there.",
)
@click.option(
    "--update", is_flag=True, help="Add the addresses of the site to urls.txt, or make that file."
)
@click.option(
    "--write-uids", is_flag=True, help="Write the uid into posts that may be announced without one."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Use N processes; without it, as many as there are cores and work for.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="For people, one JSON object for programs, or annotations of a GitHub workflow.",
)
@click.pass_context
def check(
    ctx: click.Context,
    now: str | None,
    strict: bool,
    external: bool,
    update: bool,
    write_uids: bool,
    jobs: int | None,
    style: str,
) -> None:
    """Look for every mistake, and change nothing.

    Ends with status 1 where there is an error, and with 0 where there are only warnings. The site
    is made aside, in .crosspost/check/, so that its pages, feeds and mails are looked at as well.
    """
    from crosspost.check.formats import as_github, as_json, as_text
    from crosspost.check.run import Checked as Found
    from crosspost.check.run import CheckOptions
    from crosspost.check.run import check as run
    from crosspost.cli.progress import Progress
    from crosspost.settings_file import read_settings
    from crosspost.site.loading import moment_of_run

    session: Session = ctx.obj
    try:
        settings, known = read_settings(session.root)
    except SiteError as error:
        done = Found(error.problems)
    else:
        options = CheckOptions(
            now=moment_of_run(settings, now),
            jobs=jobs,
            external=external,
            update=update,
            write_uids=write_uids,
            strict=strict,
        )
        watch = Progress(quiet=session.verbosity < 0 or style != "text")
        done = run(settings, options, known, watch)
    if style == "json":
        click.echo(as_json(done.problems))
    else:
        said = as_text(done.problems) if style == "text" else as_github(done.problems, session.root)
        if said:
            click.echo(said)
        session.say(_summary(done))
    if done.failed:
        ctx.exit(1)


def _summary(done: Checked) -> str:
    """Say in a line or two what was looked at and found."""
    errors = sum(problem.severity == "error" for problem in done.problems)
    warnings = len(done.problems) - errors
    found = ", ".join(
        counted(number, noun)
        for number, noun in ((errors, "error"), (warnings, "warning"))
        if number
    )
    looked = f"{counted(done.documents, 'document')} and {counted(done.files, 'file')} looked at"
    lines = [f"{looked}: {found or 'nothing is wrong'}."]
    if done.added:
        lines.append(f"{counted(done.added, 'address')} added to urls.txt: commit it.")
    if not done.listed and not done.failed:
        lines.append("There is no urls.txt: --update makes it, so that no address gets lost.")
    if done.given:
        lines.append(f"{counted(len(done.given), 'post')} got a uid: commit the change.")
    return "\n".join(lines)
