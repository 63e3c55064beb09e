"""How what was found is said: to people, to programs, to GitHub."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosspost.errors import Problem, Severity


def as_text(problems: Sequence[Problem]) -> str:
    """Return a line a problem, as compilers write them."""
    return "\n".join(map(str, problems))


def as_json(problems: Sequence[Problem]) -> str:
    """Return one JSON object."""
    found = [
        {
            "file": one.file,
            "line": one.line,
            "column": one.column,
            "code": one.code,
            "severity": str(one.severity),
            "message": one.message,
        }
        for one in problems
    ]
    errors = sum(one.severity == Severity.ERROR for one in problems)
    counts: dict[str, Any] = {"errors": errors, "warnings": len(problems) - errors}
    return json.dumps({"problems": found, **counts}, ensure_ascii=False)


def as_github(problems: Sequence[Problem], root: Path) -> str:
    """Return commands that a GitHub workflow turns into annotations of the changed lines.

    `root` is the site's folder: files are named from the checkout, which may be above it.
    """
    prefix = _below_checkout(root)
    lines = []
    for one in problems:
        values = [("file", f"{prefix}{one.file}")]
        values += [(name, str(n)) for name, n in (("line", one.line), ("col", one.column)) if n]
        values.append(("title", one.code))
        written = ",".join(f"{name}={_property(value)}" for name, value in values)
        lines.append(f"::{one.severity} {written}::{_data(one.message)}")
    return "\n".join(lines)


def _below_checkout(root: Path) -> str:
    """Return the path of the site below the checkout, with its slash; empty where they are one."""
    checkout = os.environ.get("GITHUB_WORKSPACE", "")
    if not checkout:
        return ""
    inside = root.resolve()
    top = Path(checkout).resolve()
    if inside == top or not inside.is_relative_to(top):
        return ""
    return f"{inside.relative_to(top).as_posix()}/"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
