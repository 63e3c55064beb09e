"""`build --profile`: where the time of a build went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

_MOST = 10


class Profile(msgspec.Struct, frozen=True):
    """Seconds by phase; of each template, how often it was used and its seconds; the slowest files.

    Times of templates and documents are those of all processes together: with two of them, twice
    as many seconds pass as on the clock. What a template includes is part of its time.
    """

    phases: Mapping[str, float]
    templates: Mapping[str, tuple[int, float]]
    documents: Sequence[tuple[str, float]]

    def lines(self) -> Iterator[str]:
        """Yield the profile as a table for people."""
        yield "Phases, on the clock"
        for name, seconds in self.phases.items():
            yield f"  {seconds:8.3f} s  {name}"
        if self.templates:
            yield "Templates, with what they include"
            slowest = sorted(self.templates.items(), key=lambda item: (-item[1][1], item[0]))
            for name, (count, seconds) in slowest[:_MOST]:
                yield f"  {seconds:8.3f} s  {count:7,} ×  {name}"
        if self.documents:
            yield "Slowest documents"
            for name, seconds in self.documents[:_MOST]:
                yield f"  {seconds:8.3f} s  {name}"

    def as_json(self) -> dict[str, object]:
        """Return the profile for programs."""
        return {
            "phases": {name: round(seconds, 4) for name, seconds in self.phases.items()},
            "templates": {
                name: {"count": count, "seconds": round(seconds, 4)}
                for name, (count, seconds) in sorted(self.templates.items())
            },
            "documents": [
                {"file": name, "seconds": round(seconds, 4)} for name, seconds in self.documents
            ],
        }
