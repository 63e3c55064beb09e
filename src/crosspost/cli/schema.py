"""`crosspost schema`."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument(
    "subject", metavar="config|front-matter", type=click.Choice(["config", "front-matter"])
)
def schema(subject: str) -> None:
    """Print the JSON Schema of a file, for editors that check as you type.

    `config` is crosspost.yaml; `front-matter` is what stands between the --- lines of a document.
    """
    from crosspost.config import Settings
    from crosspost.content.frontmatter import FrontMatter
    from crosspost.reference import json_schema

    if subject == "config":
        found = json_schema(Settings, "crosspost.yaml")
    else:
        found = json_schema(FrontMatter, "Front matter of a crosspost document")
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
