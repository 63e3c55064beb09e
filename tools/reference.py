"""Make the reference pages of docs/ and the example site's schemas from the code: `make docs`.

`python tools/reference.py --check` writes nothing and fails where a file is not up to date.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from crosspost.check.registry import GATES
from crosspost.check.rule import Rule
from crosspost.cli import main as command_line
from crosspost.config import Settings
from crosspost.content.frontmatter import FrontMatter
from crosspost.editors import editor_files
from crosspost.reference import tables

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made from the code by `make docs`. Do not edit. -->\n\n"
SETTINGS_NAMES = {
    "Settings": "The file",
    "SiteSettings": "site",
    "ListSettings": "lists",
    "FeedSettings": "feeds",
    "TermSettings": "A category or a tag",
    "NewsletterSettings": "newsletter",
    "MarkdownSettings": "markdown",
    "PublishSettings": "publish",
    "RedirectSettings": "redirects",
    "CheckSettings": "check",
    "ChannelSettings": "A channel",
}
FRONT_MATTER_NAMES = {
    "FrontMatter": "The keys",
    "Image": "image",
    "Variant": "What one channel says",
    "Part": "One message of a thread",
    "Poll": "A poll",
    "Period": "period",
}


def settings_page() -> str:
    """Return the page of `crosspost.yaml`."""
    return (
        f"{MADE}# Settings\n\n"
        "`crosspost.yaml` stands at the top of a site. An unknown key is an error with its line; "
        "`crosspost schema config` prints the same as a JSON Schema, for editors.\n\n"
        f"{tables(Settings, SETTINGS_NAMES)}\n"
    )


def front_matter_page() -> str:
    """Return the page of the front matter."""
    return (
        f"{MADE}# Front matter\n\n"
        "What stands between the two `---` lines of a document. An unknown key is an error with "
        "its line; `crosspost schema front-matter` prints the same as a JSON Schema, for "
        "editors.\n\n"
        f"{tables(FrontMatter, FRONT_MATTER_NAMES)}\n"
    )


def commands_page() -> str:
    """Return the page of the command line."""
    intro = (
        "`crosspost [-C DIR] [--quiet | --verbose] COMMAND`. Exit status: 0 done · 1 the site's "
        "own content or settings are wrong, every problem listed · 2 wrong usage · 3 some messages "
        "failed or are unknown, the rest went out · 4 something blocked the whole run."
    )
    parts = [f"{MADE}# Commands", intro, *_command(("crosspost",), command_line, 2)]
    return "\n\n".join(parts) + "\n"


def _command(words: tuple[str, ...], command: click.Command, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(words))
    yield f"{'#' * level} {' '.join(words)}"
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"```\n{' '.join(words)} {usage}\n```"
    yield inspect.cleandoc(command.help or "")
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        lines = ["| Option | What it does |", "|---|---|"]
        for option in options:
            names, text = option.get_help_record(context) or ("", "")
            lines.append(f"| `{names.replace('|', ' ')}` | {text.replace('|', ' ')} |")
        yield "\n".join(lines)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command((*words, name), inner, min(level + 1, 4))


def rules_page() -> str:
    """Return the page of what `check` looks for."""
    intro = (
        "What `crosspost check` looks for. How to run it and how to silence a rule: "
        "[checks](../checks.md). An *error* fails the check, a *warning* is said; what *build "
        "refuses too* cannot be silenced where it is an error. Criteria are those of RGAA 4.1 and "
        "of WCAG 2.2."
    )
    parts = [f"{MADE}# Rules", intro]
    for gate in GATES:
        parts.append(f"## {gate.title}")
        parts += map(_rule, gate.rules)
    return "\n\n".join(parts) + "\n"


def _rule(rule: Rule) -> str:
    notes = [str(rule.severity), *(["build refuses it too"] if rule.firm else [])]
    notes += [rule.criterion] if rule.criterion else []
    return (
        f"### {rule.code}\n\n*{' · '.join(notes)}*\n\n"
        f"{rule.what} {rule.why}\n\nTo mend it: {rule.mend}"
    )


def pages() -> Mapping[str, str]:
    """Return the text of each file by its path."""
    return {
        "docs/reference/settings.md": settings_page(),
        "docs/reference/front-matter.md": front_matter_page(),
        "docs/reference/commands.md": commands_page(),
        "docs/reference/rules.md": rules_page(),
        **editor_files(),
    }


def main(arguments: list[str]) -> int:
    """Write the pages that changed; with --check, fail if there are any."""
    status = 0
    for name, text in pages().items():
        path = ROOT / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            sys.stderr.write(f"{name} is not up to date: run make docs.\n")
            status = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
