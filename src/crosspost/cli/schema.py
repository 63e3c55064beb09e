"""`crosspost schema`."""

from __future__ import annotations

import click

from crosspost.cli import Session


@click.command()
@click.argument(
    "subject",
    metavar="[config|front-matter]",
    type=click.Choice(["config", "front-matter"]),
    required=False,
)
@click.option("--write", is_flag=True, help="Write them into the site, where editors look.")
@click.option("--check", is_flag=True, help="Fail where those in the site are not up to date.")
@click.pass_obj
def schema(session: Session, subject: str | None, write: bool, check: bool) -> None:
    """Print the JSON Schema of a file, for editors that check as you type.

    `config` is crosspost.yaml; `front-matter` is what stands between the --- lines of a document.
    With --write they go to schemas/ of the site, and the keys of the front matter to .vscode/ as
    snippets; `init` has written them already.
    """
    from crosspost.editors import check_editor_files, schema_text, write_editor_files
    from crosspost.settings_file import read_settings

    if bool(subject) + write + check != 1:
        raise click.UsageError("give one of config, front-matter, --write and --check.")
    if subject:
        click.echo(schema_text(subject), nl=False)
        return
    settings, _ = read_settings(session.root)
    if check:
        check_editor_files(session.root, settings.compat)
        session.say("The schemas are up to date.")
        return
    for name in write_editor_files(session.root, settings.compat):
        session.say(f"wrote {name}")
