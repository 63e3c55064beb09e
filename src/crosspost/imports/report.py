"""The report of an import: what was written, and what was not carried over, by file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crosspost.imports.found import Loss

REPORT = "import-report.md"
"""Where it is written, at the top of the site."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one import did. Files are relative to the site; `unchanged` of them were there."""

    generator: str
    documents: tuple[str, ...]
    media: tuple[str, ...]
    losses: tuple[Loss, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    unchanged: int = 0
    dry_run: bool = False

    def by_kind(self) -> dict[str, list[Loss]]:
        """Return the losses by their code, in the order of the source."""
        found: dict[str, list[Loss]] = {}
        for loss in self.losses:
            found.setdefault(loss.code, []).append(loss)
        return dict(sorted(found.items()))

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return {
            "generator": self.generator,
            "documents": list(self.documents),
            "media": list(self.media),
            "unchanged": self.unchanged,
            "left_out": dict(self.left_out),
            "losses": [
                {"code": one.code, "file": one.file, "line": one.line, "message": one.message}
                for one in self.losses
            ],
            "dry_run": self.dry_run,
        }

    def summary(self) -> Iterator[str]:
        """Say in a few lines what was done."""
        verb = "would be written" if self.dry_run else "written"
        s = "s" * (len(self.documents) != 1)
        line = f"{len(self.documents):,} document{s} and {len(self.media):,} media {verb}"
        yield line + (f", {self.unchanged:,} of them there already." if self.unchanged else ".")
        for what, count in self.left_out.items():
            yield f"Left out: {what}, {count:,}."
        if not self.losses:
            yield "Nothing was lost."
            return
        yield f"Not carried over: {len(self.losses):,}."
        for code, losses in self.by_kind().items():
            yield f"  {len(losses):>5,}  {code}"

    def as_text(self, most: int) -> str:
        """Return the report for a terminal, with so many losses one by one."""
        shown = [f"{one.place}: {one.message} [{one.code}]" for one in self.losses[:most]]
        rest = len(self.losses) - len(shown)
        if rest > 0:
            where = "" if self.dry_run else f" They are all in {REPORT}."
            shown.append(f"… and {rest:,} more.{where}")
        return "\n".join([*shown, *self.summary()])

    def as_markdown(self) -> str:
        """Return the report as a page to work through."""
        parts = [f"# Import from {self.generator}", "", *_listed(self.summary())]
        for code, losses in self.by_kind().items():
            parts += ["", f"## {code}", ""]
            parts += [f"- `{one.place}`: {one.message}" for one in losses]
        return "\n".join(parts) + "\n"


def _listed(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield f"- {line}" if not line.startswith(" ") else f"  - {' '.join(line.split())}"
