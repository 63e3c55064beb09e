"""Words of commands that are said also where nothing of a command is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def counted(number: int, noun: str) -> str:
    """Say how many: `1 post`, `10,000 posts`, `3 addresses`."""
    plural = "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{plural * (number != 1)}"


def summary_of_build(report: Mapping[str, Any]) -> str:
    """Say in a line or two what a build did, from what it tells programs."""
    parts = [
        counted(report["posts"], "post"),
        counted(report["written"] + report["unchanged"], "file"),
        f"{report['written']:,} written",
        *([f"{report['removed']:,} removed"] if report["removed"] else []),
        f"{report['seconds']:.2f} s",
    ]
    lines = [" · ".join(parts)]
    if report["warnings"]:
        lines.append(f"{counted(report['warnings'], 'warning')}; --strict makes errors of them.")
    if report["next_change"]:
        moment = report["next_change"][:16].replace("T", " ")
        lines.append(f"Next change by itself: {moment}.")
    return "\n".join(lines)
