"""The documentation says what the code does, and its links lead somewhere."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest
import yaml

from crosspost.channels import base
from crosspost.cli import COMMANDS, main
from crosspost.config import Settings
from crosspost.content.frontmatter import FrontMatter
from crosspost.reference import classes_of, keys_of
from crosspost.render import facade, views
from crosspost.sandbox.faults import FaultKind
from crosspost.settings_file import load_settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.MULTILINE | re.DOTALL


def links(page):
    """Yield where a page leads, but for what is shown as code."""
    text = re.sub(r"^```.*?^```|`[^`\n]+`", "", page.read_text(encoding="utf-8"), flags=CODE)
    for target in LINK.findall(text):
        if "://" not in target:
            yield target


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def all_commands():
    context = click.Context(main)
    yield ("crosspost",), main
    for name in COMMANDS:
        command = main.get_command(context, name)
        yield ("crosspost", name), command
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                yield ("crosspost", name, inner), command.get_command(context, inner)


def test_the_reference_is_up_to_date():
    command = [sys.executable, str(ROOT / "tools/reference.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_and_option_is_in_the_reference():
    text = read("docs/reference/commands.md")
    sections = dict(re.findall(r"^#+ (crosspost.*)\n((?:(?!^#).*\n)*)", text, re.MULTILINE))
    for words, command in all_commands():
        section = sections[" ".join(words)]
        for option in command.params:
            if isinstance(option, click.Option):
                assert max(option.opts, key=len) in section, (words, option.name)


@pytest.mark.parametrize(
    ("page", "cls"), [("settings", Settings), ("front-matter", FrontMatter)], ids=str
)
def test_every_key_is_in_the_reference(page, cls):
    text = read(f"docs/reference/{page}.md")
    for one in classes_of(cls):
        for key in keys_of(one):
            assert f"| `{key.name}` | {key.description.split('|')[0][:40]}" in text, key.name


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_every_anchor_to_a_place(page):
    for target in links(page):
        path, _, anchor = target.partition("#")
        destination = (page.parent / path).resolve() if path else page
        assert destination.exists(), f"{page.name}: {target}"
        if anchor:
            text = destination.read_text(encoding="utf-8")
            slugs = {
                re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-")
                for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            }
            assert anchor in slugs or f'id="{anchor}"' in text, f"{page.name}: {target}"


def test_every_page_of_the_documentation_is_reached_from_its_index():
    seen, waiting = set(), [ROOT / "docs/index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for target in links(page):
            path = target.partition("#")[0]
            if path:
                waiting.append((page.parent / path).resolve())
    assert {page for page in PAGES if "docs" in page.parts} <= seen


def test_every_guarantee_has_its_test():
    rows = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", read("docs/guarantees.md"))
    assert len(rows) > 15
    for file, name in rows:
        assert f"def {name}(" in read(file), f"{file}::{name}"


@pytest.mark.parametrize("page", ["guarantees", "channels"])
def test_every_fault_of_the_sandbox_has_its_row(page):
    rows = [line for line in read(f"docs/{page}.md").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split(" | ")[0])}
    assert {str(kind) for kind in FaultKind} <= named


@pytest.mark.parametrize(
    "view",
    [
        *(views.Card, views.Picture, views.TermView, views.ListView, views.PageView),
        *(views.PageNumber, views.EventView, views.FeedLink, views.AccountLink, facade.SiteView),
        views.Syndication,
    ],
)
def test_what_templates_see_is_in_the_guide_for_themes(view):
    text = read("docs/themes.md")
    if dataclasses.is_dataclass(view):
        names = [
            field.name
            for field in dataclasses.fields(view)
            if field.name not in ("counted", "syndicated")
        ]
    elif issubclass(view, msgspec.Struct):
        names = [name for name in view.__struct_fields__ if name not in ("counted", "syndicated")]
    else:
        names = [name for name in vars(view) if not name.startswith("_")]
        internal = {"term", "feeds_at", "card", "picture"}
        names = [name for name in names if name not in internal]
    missing = [name for name in names if not re.search(rf"`{name}[`(]", text)]
    assert missing == []


def test_the_guide_for_channels_names_the_whole_protocol():
    text = read("docs/channels.md")
    errors = [
        name
        for name, one in vars(base).items()
        if isinstance(one, type) and issubclass(one, base.ChannelError)
    ]
    methods = [name for name in vars(base.Channel) if not name.startswith("_")]
    assert {"create", "find"} <= set(methods)
    for name in [*errors, *methods]:
        if name != "ChannelError":
            assert re.search(rf"`{name}[`(]", text), name


def test_commands_in_the_guides_exist():
    known = {" ".join(words) for words, _ in all_commands()}
    names = {words[1] for words, _ in all_commands() if len(words) > 1}
    for page in PAGES:
        if page.name == "commands.md":
            continue  # made from the commands themselves
        text = page.read_text(encoding="utf-8")
        for name, second in re.findall(r"^\s*crosspost ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE):
            assert name in names, f"{page.name}: crosspost {name}"
            inner = {words.split()[2] for words in known if words.startswith(f"crosspost {name} ")}
            assert not inner or second in inner, f"{page.name}: crosspost {name} {second}"


def test_the_settings_for_a_jekyll_blog_are_few_and_valid(tmp_path):
    example = read("docs/examples/jekyll.yaml")
    assert len(example.splitlines()) <= 20
    (block,) = re.findall(r"```yaml\n(.*?)```", read("docs/moving.md"), re.DOTALL)
    assert yaml.safe_load(block) == yaml.safe_load(example)
    (tmp_path / "crosspost.yaml").write_text(example, encoding="utf-8")
    assert load_settings(tmp_path).compat == "jekyll"


def test_make_targets_in_the_guides_exist():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for page in PAGES:
        for name in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")):
            assert name in targets, f"{page.name}: make {name}"


def test_the_plan_as_a_comment_needs_no_secret_and_no_rights_but_one():
    text = read("docs/publishing.md")
    (block,) = [one for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "gh pr" in one]
    assert "secrets." not in block
    workflow = yaml.load(block, yaml.BaseLoader)
    assert workflow["on"] == "pull_request"
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    for step in job["steps"]:
        assert re.search(r"@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40))
        # What others write reaches a script by its environment alone.
        assert "${{" not in step.get("run", "")
