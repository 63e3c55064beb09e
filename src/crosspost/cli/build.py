"""`crosspost build`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session, counted
from crosspost.cli.options import as_text_or_json
from crosspost.errors import Problem, SiteError

if TYPE_CHECKING:
    from crosspost.build.site import Report


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write; output/ of the site without it.",
)
@click.option("--now", metavar="ISO", help="Build the site as of this moment.")
@click.option("--drafts", is_flag=True, help="Show drafts and future posts too.")
@click.option("--strict", is_flag=True, help="Turn warnings into errors.")
@click.option("--clean", is_flag=True, help="Replace files that crosspost did not make.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Use N processes; without it, as many as there are cores and work for.",
)
@as_text_or_json
@click.pass_obj
def build(
    session: Session,
    output: Path | None,
    now: str | None,
    drafts: bool,
    strict: bool,
    clean: bool,
    jobs: int | None,
    style: str,
) -> None:
    """Make output/ match the site."""
    from crosspost.build.site import Options
    from crosspost.build.site import build as run
    from crosspost.settings_file import read_settings
    from crosspost.site.loading import moment_of_run

    settings, problems = read_settings(session.root)
    options = Options(
        output=(output or session.root / "output").resolve(),
        now=moment_of_run(settings, now),
        drafts=drafts,
        strict=strict,
        clean=clean,
        jobs=jobs,
    )
    try:
        report = run(settings, options, problems)
    except SiteError as error:
        if style == "json":
            click.echo(json.dumps({"problems": [as_json(one) for one in error.problems]}))
        raise
    for warning in report.warnings:
        click.echo(str(warning), err=True)
    if style == "json":
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        session.say(as_text(report))


def as_json(problem: Problem) -> dict[str, str | int]:
    """Return a problem for programs."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
    }


def as_text(report: Report) -> str:
    """Say in a line or two what a build did."""
    lines = [
        " · ".join(
            [
                counted(report.posts, "post"),
                counted(report.files["page"], "page"),
                counted(report.files["feed"], "feed"),
                counted(report.files.total(), "file"),
                f"{report.written:,} written",
                f"{report.removed:,} removed",
                f"{report.seconds:.2f} s",
            ]
        )
    ]
    if report.warnings:
        lines.append(f"{counted(len(report.warnings), 'warning')}; --strict makes errors of them.")
    if report.next_change:
        lines.append(f"Next change by itself: {report.next_change:%Y-%m-%d %H:%M}.")
    return "\n".join(lines)
