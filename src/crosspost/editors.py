"""What editors are given, so that they complete keys and mark mistakes as a person types.

Three files of a site are made from the code, and refreshed with it: the JSON Schemas of the
settings and of the front matter, and the front matter's keys as snippets, for editors that do not
look into the YAML of a Markdown file. What refers to them (the first line of `crosspost.yaml`,
`.vscode/settings.json`) belongs to the site. Nothing is loaded from a network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from crosspost.config import Settings
from crosspost.content.frontmatter import FrontMatter
from crosspost.errors import BlockedError, Problem, SiteError
from crosspost.reference import Key, json_schema, keys_of

SCHEMAS: Mapping[str, tuple[type, str]] = {
    "config": (Settings, "crosspost.yaml"),
    "front-matter": (FrontMatter, "Front matter of a crosspost document"),
}
"""What has a schema, by the word for it; and its title."""
SNIPPETS = ".vscode/front-matter.code-snippets"


def schema_text(subject: str) -> str:
    """Return the JSON Schema of `config` or `front-matter`, as it is printed and written."""
    cls, title = SCHEMAS[subject]
    return json.dumps(json_schema(cls, title), indent=2, ensure_ascii=False) + "\n"


def editor_files(compat: str | None = None) -> Mapping[str, str]:
    """Return each file by its path in the site.

    The front matter of another generator has no schema of ours, so a site with `compat` gets the
    settings' alone.
    """
    files = {"schemas/config.json": schema_text("config")}
    if compat is None:
        files["schemas/front-matter.json"] = schema_text("front-matter")
        files[SNIPPETS] = _snippets()
    return files


def write_editor_files(root: Path, compat: str | None) -> tuple[str, ...]:
    """Write the files that are not up to date, and return them. Raises `BlockedError`."""
    written = []
    for name, text in editor_files(compat).items():
        path = root / name
        if _read(path) == text:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise BlockedError(f"{name} cannot be written: {error.strerror}.") from None
        written.append(name)
    return tuple(written)


def check_editor_files(root: Path, compat: str | None) -> None:
    """Raise `SiteError` with each file that is missing or not that of this crosspost."""
    message = "this is not what this crosspost knows: run `crosspost schema --write`."
    stale = [name for name, text in editor_files(compat).items() if _read(root / name) != text]
    if stale:
        raise SiteError(Problem(name, 0, 0, "stale-schema", message) for name in stale)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _snippets() -> str:
    """Return the keys of the front matter as VS Code's snippets."""
    found = {
        key.name: {
            "scope": "markdown",
            "prefix": key.name,
            "body": f"{key.name}: {_stop(key)}",
            "description": key.description,
        }
        for key in keys_of(FrontMatter)
        if key.name != "uid"  # `crosspost new` writes it, nobody else should
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _stop(key: Key) -> str:
    """Return what follows a key: where its value is to be written, or what it may be."""
    if key.type == "true or false":
        return "${1|true,false|}"
    if key.type.startswith("list"):
        return "[$1]"
    return {
        "image": '{src: $1, alt: "$2"}',
        "event": "{start: $1, place: $2}",
        "period": "{from: $1, to: $2}",
        "channels": "{${1:mastodon}: {text: $2}}",
        "params": "{$1}",
    }.get(key.name, "$1")
