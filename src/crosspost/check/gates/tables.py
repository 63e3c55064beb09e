"""Tables: each has a row or a column of headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem

_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_RAW = re.compile(
    r"<table\b(?P<attributes>[^>]*)>(?P<inside>.*?)(?:</table>|\Z)", re.DOTALL | re.IGNORECASE
)


def _find(text: WrittenText) -> Iterator[Problem]:
    for number, line in enumerate(text.lines[1:], start=2):
        header = text.lines[number - 2]
        empty = not header.strip(" \t|>*_\u00a0") and "|" in header
        if empty and "|" in line and _RULE.match(line):
            column = len(header) - len(header.lstrip()) + 1
            yield text.problem(number - 1, column, "table-without-header", _MESSAGE)
    whole = "\n".join(text.lines)
    for match in _RAW.finditer(whole):
        layout = re.search(r"role\s*=\s*[\"']?(?:presentation|none)", match["attributes"])
        if not layout and not re.search(r"<th\b", match["inside"], re.IGNORECASE):
            row = whole.count("\n", 0, match.start()) + 1
            column = match.start() - whole.rfind("\n", 0, match.start())
            yield text.problem(row, column, "table-without-header", _MESSAGE)


_MESSAGE = (
    "this table has no headers: name its columns in the first row (in HTML, with <th>). One that "
    "only arranges things is better a list."
)

GATE = Gate(
    "tables",
    "Tables",
    (
        warning(
            "table-without-header",
            "A table has no headers.",
            "Who hears a table cell by cell needs the name of the column with each.",
            'Name the columns in the first row; in HTML, use `<th scope="col">`.',
            "RGAA 5.6 · WCAG 1.3.1",
        ),
    ),
    text=_find,
)
