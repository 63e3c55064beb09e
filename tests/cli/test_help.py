"""`--help` is instant: what is heavy is imported by what uses it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from crosspost.cli import COMMANDS

HEAVY = {
    *("asyncio", "babel", "css_inline", "feedgen", "html5lib", "jinja2", "lxml", "markdown"),
    *("bs4", "markdownify", "markupsafe", "mastodon", "PIL", "pygments", "requests", "rich"),
    *("sqlite3", "ssl", "starlette", "tarfile", "urllib3", "uvicorn", "yaml", "zipfile"),
}
PROBE = """
import json, sys
from crosspost.cli import main
try:
    main(sys.argv[1:], prog_name="crosspost")
except SystemExit as left:
    print(json.dumps({"status": left.code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""


def commands():
    """Every command and every command of a group, as the words that call it."""
    import click

    from crosspost.cli import main

    context = click.Context(main)
    for name in COMMANDS:
        yield (name,)
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                yield (name, inner)


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
def test_help_imports_nothing_heavy(words):
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words, "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = json.loads(done.stderr)
    assert found["status"] == 0
    assert done.stdout.startswith("Usage: crosspost")
    assert HEAVY & set(found["modules"]) == set()


def test_every_command_and_option_says_what_it_does():
    import click

    from crosspost.cli import main

    for words in [(), *commands()]:
        command, context = main, click.Context(main)
        for word in words:
            command = command.get_command(context, word)
        assert command.help, words
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert [one.name for one in options if not one.help] == [], words


def test_a_misspelt_command(crosspost):
    done = crosspost("publsh")
    assert done.returncode == 2
    assert "Did you mean 'publish'?" in done.stderr
