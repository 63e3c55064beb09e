"""Options that several commands share."""

from __future__ import annotations

import click

as_text_or_json = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or one JSON object for programs.",
)
