"""YAML as nodes that know their place, or the reason why a text is no YAML."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any

import msgspec
import yaml

from crosspost.errors import Problem, Severity

MappingNode = yaml.nodes.MappingNode
ScalarNode = yaml.nodes.ScalarNode
SequenceNode = yaml.nodes.SequenceNode
Node = yaml.nodes.Node

MOST_NODES = 10_000
"""Values in one file, once its aliases are followed."""
DEEPEST = 100
"""Levels of nesting in one file."""
SAFE_LENGTH = 2_000
"""Characters that cannot nest deeply enough to overflow the stack."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Source(msgspec.Struct):
    """A file being read: where its problems are collected.

    `line_offset` is added to every line, for YAML that does not begin at the file's first line.
    `zone` is given to dates written without one.
    """

    file: str
    problems: list[Problem]
    line_offset: int = 0
    zone: tzinfo | None = None

    def report(
        self, node: Node | None, code: str, message: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Record a problem at `node`, or at the file where there is none."""
        line, column = (0, 0)
        if node is not None:
            line = node.start_mark.line + 1 + self.line_offset
            column = node.start_mark.column + 1
        self.problems.append(Problem(self.file, line, column, code, message, severity))

    def report_missing(self, node: Node | None, message: str) -> None:
        """Record that a key is missing from a mapping; where there is none, from the file."""
        if node is not None and node.start_mark is not None:
            self.report(node, "missing-key", message)
        else:
            self.problems.append(Problem(self.file, 1, 1, "missing-key", message))


def compose(text: str, source: Source) -> Node | None:
    """Parse YAML into nodes, or report why it is not YAML and return None."""
    try:
        if len(text) > SAFE_LENGTH:
            _check_depth(text)
        node = yaml.compose(text, Loader=_LOADER)
        trouble = _oversize(node) if node is not None and "*" in text else ""
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError, RecursionError) as caught:
        error: Exception = caught
        if "nesting depth" in str(error):  # libyaml's own limit says the same in its own words
            error = RecursionError()
        source.problems.append(_syntax_problem(error, text, source))
        return None
    if trouble:
        source.report(node, "yaml-too-large", trouble)
        return None
    return node


def _check_depth(text: str) -> None:
    """Raise `RecursionError` where libyaml's composer would overflow the stack of the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise RecursionError


def _oversize(root: Node) -> str:
    """Say why a tree with aliases (`*name`) cannot be walked: a few lines of them hold billions.

    Shared nodes are measured once, so the answer takes no longer than the file is long.
    """
    sizes: dict[int, int | None] = {}

    def size(node: Node) -> int | None:
        if isinstance(node, ScalarNode):
            return 1
        if id(node) in sizes:
            return sizes[id(node)]
        sizes[id(node)] = None  # being measured: met again, it holds itself
        total = 1
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                inner = size(part)
                if inner is None:
                    return None
                total += inner
        sizes[id(node)] = total
        return total

    total = size(root)
    if total is None:
        return "an alias (*name) stands inside what it names: write the value instead."
    if total > MOST_NODES:
        return f"its aliases (*name) make {total:,} values: write at most {MOST_NODES:,}."
    return ""


def _syntax_problem(error: Exception, text: str, source: Source) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if re.search(r"quoted scalar|flow (mapping|sequence)", error.context or ""):
            mark = error.context_mark or mark  # what is not closed is where it was opened
        line, column = (mark.line, mark.column) if mark else (0, 0)
        said = " ".join(filter(None, [error.context, error.problem]))
    elif isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        said = "it holds a control character"
    else:
        line, column, said = 0, 0, "it is nested too deeply"
    lines = text.splitlines()
    excerpt = lines[line] if line < len(lines) else ""
    return Problem(
        source.file,
        line + 1 + source.line_offset,
        column + 1,
        "yaml-syntax",
        f"this is not valid YAML: {said}. {_syntax_advice(excerpt, said)}",
    )


def _syntax_advice(line: str, said: str) -> str:
    if "too deeply" in said:
        return f"Write at most {DEEPEST} levels."
    if "quoted scalar" in said and "escape" not in said:
        return "A quotation mark is not closed. Where a text holds \", put it between '."
    if "flow" in said:
        return "A bracket or a brace is not closed, or a comma is missing inside it."
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in said or "\t" in line:
        return "YAML is indented with spaces: replace the tab."
    if "duplicate anchor" in said:
        return "Give each anchor (&name) a name of its own."
    if "undefined alias" in said:
        return "A value that begins with * must be in quotes."
    if line.count(": ") > 1 or "mapping values" in said:
        return 'A text that holds ": " must be in quotes, as in title: "Travaux : la rue rouvre".'
    if line.count('"') % 2 or line.count("'") % 2:
        return "A quotation mark is not closed."
    return 'Put a text that holds special characters in quotes: key: "text".'
