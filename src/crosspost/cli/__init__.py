"""The command line: one module a command, imported when it is called.

A command parses its options, calls one function and prints what it returned.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from crosspost import __version__
from crosspost.errors import CrosspostError, SiteError
from crosspost.words import counted

if TYPE_CHECKING:
    from crosspost.build.ahead import Begun

COMMANDS: Mapping[str, str] = {
    "init": "crosspost.cli.init:init",
    "new": "crosspost.cli.new:new",
    "import": "crosspost.cli.imports:imports",
    "serve": "crosspost.cli.serve:serve",
    "build": "crosspost.cli.build:build",
    "check": "crosspost.cli.check:check",
    "plan": "crosspost.cli.plan:plan",
    "publish": "crosspost.cli.publish:publish",
    "ledger": "crosspost.cli.ledger:ledger",
    "login": "crosspost.cli.login:login",
    "sandbox": "crosspost.cli.sandbox:sandbox",
    "schema": "crosspost.cli.schema:schema",
}
"""Each command and where it is. A new command is one line here and one module beside this one."""


class Session(NamedTuple):
    """What holds for every command of one call: the site's folder, and how much to say.

    `verbosity` is -1 for quiet, 0, or 1 for verbose. What is `kept` lives as long as the process
    does, if that ends with the command. A build may have `begun` before.
    """

    root: Path
    verbosity: int
    kept: list[object]
    begun: Begun | None = None

    def say(self, text: str) -> None:
        """Print for people, unless asked to be quiet."""
        if self.verbosity >= 0:
            click.echo(text)


class Commands(click.Group):
    """Commands that are imported when they are asked for, in the order of a person's day."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called, with a suggestion for a misspelt one."""
        from crosspost.errors import did_you_mean

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command '{args[0]}'.{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises for people becomes a message and an exit status."""
        try:
            return super().invoke(ctx)
        except CrosspostError as error:
            _leave(error)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)


def _leave(error: CrosspostError) -> NoReturn:
    click.echo(str(error), err=True)
    if isinstance(error, SiteError):
        click.echo(summary_of(error), err=True)
    raise click.exceptions.Exit(error.exit_status)


def summary_of(error: SiteError) -> str:
    """Say in one line how many problems there are."""
    errors = sum(problem.severity == "error" for problem in error.problems)
    warnings = len(error.problems) - errors
    parts = [counted(errors, "error")]
    if warnings:
        parts.append(counted(warnings, "warning"))
    return f"{', '.join(parts)}. Nothing was changed."


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crosspost")
@click.option(
    "-C",
    "root",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The site's folder, as in git. Without it, the folder you are in.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but problems.")
@click.option("--verbose", "-v", is_flag=True, help="Say more.")
@click.pass_context
def main(ctx: click.Context, root: Path, quiet: bool, verbose: bool) -> None:
    """Publish Markdown from git: a website, feeds, a newsletter, and statuses on Mastodon."""
    gc.enable()  # the command is loaded
    if not root.is_dir():
        raise click.UsageError(f"there is no folder '{root}'.")
    try:
        root = root.resolve()
    except OSError:
        raise click.UsageError("the folder that you are in is gone: cd to the site.") from None
    before: Session = ctx.obj or Session(root, 0, [])
    ctx.obj = before._replace(root=root, verbosity=verbose - quiet)


def run(begun: Begun | None = None) -> NoReturn:
    """Run the command line as a process of its own, whose last act is to end.

    `begun` is what a build has begun with, if this is one.

    A build or a plan has a hundred thousand objects by then: to take them apart one by one would
    be a tenth of its time. What was said is said, and every file is closed.
    """
    status = 0
    kept: list[object] = []
    try:
        main(prog_name="crosspost", obj=Session(Path(), 0, kept, begun))
    except SystemExit as done:
        if not {"build", "plan"} & {*sys.argv}:
            raise
        status = done.code if isinstance(done.code, int) else int(done.code is not None)
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)
