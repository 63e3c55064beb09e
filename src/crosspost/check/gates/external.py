"""Links to other sites, where `--external-links` asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, warning
from crosspost.check.web import Web
from crosspost.errors import Problem, Severity
from crosspost.site.entry import Entry


def external_problems(site: CheckedSite, web: Web) -> Iterator[Problem]:
    """Ask for every address on other sites, and yield those that do not answer, at their lines."""
    wanted: dict[str, list[Entry]] = {}
    for path, facts in site.facts.items():
        entry = site.by_file.get(site.by_path[path].made_of)
        if entry is not None and path == entry.output:
            for target in facts.targets.split("\n"):
                if "://" in target:
                    wanted.setdefault(target, []).append(entry)
    for target, why in sorted(web.troubles(wanted).items()):
        for entry in wanted[target]:
            place = site.place_of(entry, target)
            if place is not None:
                message = f"{target} {why}."
                yield entry.document.body_problem(
                    place[0] or 1, place[1], "dead-link", message, Severity.WARNING
                )


GATE = Gate(
    "external",
    "Links to other sites",
    (
        warning(
            "dead-link",
            "A page on another site does not answer (only with `--external-links`).",
            "Who follows the link meets an error.",
            "Look at it in a browser: some sites refuse programs. Then mend the link, or take it "
            "away. An answer holds for seven days.",
            passing=True,
        ),
    ),
)
