"""`crosspost build`."""

from __future__ import annotations

import gc
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspost.cli import Session
from crosspost.cli.options import as_text_or_json
from crosspost.errors import Problem, SiteError
from crosspost.words import summary_of_build

if TYPE_CHECKING:
    from crosspost.build.last import Receipt


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
@click.option(
    "--verify", is_flag=True, help="Build anew twice besides, and compare every byte with output/."
)
@click.option("--explain", metavar="URL", help="Say why this page was last made, and from what.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
@click.option("--quiet", "-q", is_flag=True, help="As before the command: nothing but problems.")
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
    verify: bool,
    explain: str | None,
    profile: bool,
    quiet: bool,
    style: str,
) -> None:
    """Make output/ match the site."""
    start = time.monotonic()
    gc.disable()  # one build, and the process ends
    from crosspost.build.ahead import Ahead
    from crosspost.build.last import LastBuild, last_build

    session = session._replace(verbosity=-1) if quiet else session
    place = (output or session.root / "output").resolve()
    last, ahead = session.begun or (LastBuild(), None)
    if not (session.begun or now or clean or verify or explain or profile):
        last = last_build(session.root, place, drafts, strict)
    session.kept.append(last)
    if last.receipt and last.holds:
        _say_unchanged(session, last.receipt, style, time.monotonic() - start)
        return
    ahead = ahead or Ahead.begun(session.root, last, at_first=jobs is None)
    from crosspost.build.site import Options
    from crosspost.build.site import build as run
    from crosspost.cli.progress import Progress
    from crosspost.settings_file import read_settings
    from crosspost.site.loading import moment_of_run

    watch = Progress(quiet=session.verbosity < 0)
    try:
        settings, problems = read_settings(session.root)
        options = Options(
            output=place,
            now=moment_of_run(settings, now),
            drafts=drafts,
            strict=strict,
            clean=clean,
            jobs=jobs,
            measure=profile,
            seen=last.state,
            ahead=ahead,
        )
        report = run(settings, options, problems, watch)
    except SiteError as error:
        if style == "json":
            click.echo(json.dumps({"problems": [as_json(one) for one in error.problems]}))
        raise
    finally:
        if ahead is not None:
            ahead.drop()
    session.kept.append(report)
    for warning in report.warnings:
        click.echo(str(warning), err=True)
    found = report.as_json()
    if profile:
        found["profile"] = report.profile.as_json()
    said = [summary_of_build(found), *(report.profile.lines() if profile else ())]
    if explain:
        from crosspost.build.explain import explain as explained

        found["explain"] = explained(settings, report.past, report.tasks(), report.made, explain)
        said.append(found["explain"])
    if verify:
        from crosspost.build.verify import verify as verified

        found["verified"] = verified(settings, options, problems, watch)
        said.append(found["verified"])
    if style == "json":
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        session.say("\n".join(said))


def _say_unchanged(session: Session, receipt: Receipt, style: str, seconds: float) -> None:
    """Say what a build says that found nothing to do."""
    report = receipt.unchanged(seconds)
    for warning in receipt.warnings:
        click.echo(warning, err=True)
    if style == "json":
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        session.say(summary_of_build(report))


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
