"""A table as lines of text: aligned columns, or one line a cell where columns do not fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def table_lines(
    rows: Sequence[Sequence[str]],
    *,
    headed: bool,
    right: Collection[int] = (),
    width: int | None = None,
    colon: str = ": ",
) -> list[str]:
    """Return `rows` (cells without newlines) as lines.

    `headed`: the first row names the columns. `right`: the columns, from 0, whose cells align
    to the right. Where the columns need more than `width` characters, each row becomes lines
    `column: cell` (with `colon` between them) and an empty line between rows.
    """
    count = max((len(row) for row in rows), default=0)
    if not count:
        return []
    full = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [max(len(row[column]) for row in full) for column in range(count)]
    if width is not None and sum(widths) + 3 * (count - 1) > width:
        return _stacked(full, headed=headed, colon=colon)
    lines = []
    for number, row in enumerate(full):
        cells = [
            cell.rjust(size) if column in right else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(" | ".join(cells).rstrip())
        if headed and number == 0:
            lines.append("-+-".join("-" * size for size in widths))
    return lines


def _stacked(rows: Sequence[Sequence[str]], *, headed: bool, colon: str) -> list[str]:
    names = rows[0] if headed and len(rows) > 1 else [""] * len(rows[0])
    lines: list[str] = []
    for row in rows[1:] if headed and len(rows) > 1 else rows:
        if lines:
            lines.append("")
        lines += [
            f"{name}{colon}{cell}" if name else cell for name, cell in zip(names, row, strict=True)
        ]
    return lines
