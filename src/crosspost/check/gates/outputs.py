"""Links, anchors and pictures of everything that was made: pages, feeds, mails, redirects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, error
from crosspost.config import SETTINGS_FILE
from crosspost.errors import Problem, Severity
from crosspost.site.urls import url_of

_LINKS = {"broken-link", "hidden-link", "not-a-picture"}


def _find(site: CheckedSite) -> Iterator[Problem]:
    search = _Search(site)
    broken = {target for target in search.all_targets if search.is_broken(target)}
    if not broken:
        return
    pages: dict[str, list[str]] = {}
    for path, facts in site.facts.items():
        for target in broken.intersection(facts.targets.split("\n")):
            pages.setdefault(target, []).append(path)
    severity = Severity.WARNING if site.settings.compat else Severity.ERROR
    told = {(one.file, one.line, one.column) for one in site.said if one.code in _LINKS}
    for target in sorted(broken):
        yield from search.problems(target, pages[target], severity, told)


@dataclass(frozen=True)
class _Search:
    site: CheckedSite
    _anchors: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def all_targets(self) -> set[str]:
        found: set[str] = set()
        for facts in self.site.facts.values():
            found.update(facts.targets.split("\n"))
        return found - {""}

    @cached_property
    def _paths(self) -> Mapping[str, str]:
        """The kind of each path that answers."""
        index = self.site.index
        found = dict.fromkeys(index.redirects, "redirect")
        found |= {task.path: task.kind for task in self.site.tasks}
        return found

    def is_broken(self, target: str) -> bool:
        """Say whether a target is one of this site, and not there."""
        if "://" in target:
            return False
        path, _, anchor = target.partition("#")
        kind = self._paths.get(path)
        if kind is None:
            return True
        if not anchor or kind != "page" or anchor.startswith(":~:"):
            return False
        if path not in self.site.facts:
            return False  # it could not be made, and that has been said
        return anchor not in self._of(path) and unquote(anchor) not in self._of(path)

    def _of(self, path: str) -> frozenset[str]:
        found = self._anchors.get(path)
        if found is None:
            facts = self.site.facts.get(path)
            anchors = facts.anchors.split("\n") if facts else []
            found = self._anchors[path] = frozenset(anchors)
        return found

    def problems(
        self,
        target: str,
        pages: Sequence[str],
        severity: Severity,
        told: set[tuple[str, int, int]],
    ) -> Iterator[Problem]:
        """Yield a problem at each line that asks for the target; else one that names the pages."""
        path, _, anchor = target.partition("#")
        exists = anchor and path in self._paths
        code = "broken-anchor" if exists else "broken-link"
        shown = _shown(target)
        if exists:
            close = self._close(path, unquote(anchor))
            trouble = f"the page {_shown(path)} has no place '{unquote(anchor)}'.{close}"
        else:
            trouble = f"{shown} is not on the site."
        from_text = False
        for page in pages:
            entry = self.site.by_file.get(self.site.by_path[page].made_of)
            place = self.site.place_of(entry, target) if entry is not None else None
            if entry is None or place is None:
                continue
            from_text = True
            line, column = place
            problem = entry.document.body_problem(line or 1, column, code, trouble, severity)
            if (problem.file, problem.line, problem.column) not in told:
                yield problem
        if not from_text and not self._told_elsewhere(target, told):
            count = f" and {len(pages) - 1:,} more" if len(pages) > 1 else ""
            message = (
                f"{trouble} It is asked for by {_shown(pages[0])}{count}: by the theme, a setting "
                "or a menu."
            )
            yield Problem(*self._source(target), code, message, severity)

    def _told_elsewhere(self, target: str, told: set[tuple[str, int, int]]) -> bool:
        """Say whether a front matter's picture was reported, which lists and feeds show too."""
        last = target.rpartition("/")[2]
        files = {file for file, _, _ in told}
        entries = (self.site.by_file[file] for file in files if file in self.site.by_file)
        return any((entry.image_src or "").endswith(last) for entry in entries) and bool(last)

    def _close(self, path: str, anchor: str) -> str:
        from crosspost.errors import did_you_mean

        return did_you_mean(anchor, self._of(path))

    def _source(self, target: str) -> tuple[str, int, int]:
        """Find the line of a template or of the settings that asks for a target."""
        root = self.site.settings.root
        path, mark, anchor = target.partition("#")
        address = "/" + path.removesuffix("index.html")
        wanted = [f"{address}{mark}{anchor}", address.rstrip("/")] if anchor else [address]
        if len(address) < 2 and not anchor:
            return SETTINGS_FILE, 0, 0
        for file in [*self._templates(), root / SETTINGS_FILE]:
            for number, line in enumerate(_lines(file), start=1):
                for one in wanted:
                    if len(one) > 1 and one in line:
                        name = file.relative_to(root).as_posix()
                        return name, number, line.index(one) + 1
        return SETTINGS_FILE, 0, 0

    def _templates(self) -> Iterator[Path]:
        root = self.site.settings.root
        for _, folder in self.site.renderer.theme.layers:
            if folder.is_relative_to(root):
                for name in ("templates", "i18n"):
                    yield from sorted(one for one in (folder / name).rglob("*") if one.is_file())


def _shown(target: str) -> str:
    path, mark, anchor = target.partition("#")
    return url_of("", path) + mark + anchor


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


GATE = Gate(
    "outputs",
    "Links in everything that is made",
    (
        error(
            "broken-link",
            "A link or a picture leads to a page or a file that does not exist.",
            "Who follows it meets an error, in the page as in the feed and the mail.",
            "Mend the path; link to documents by their file, as `[fees](../pages/fees.md)`. With "
            "`compat` it is a warning.",
            firm=True,
        ),
        error(
            "broken-anchor",
            "The part of a link after `#` names no place of the page that it leads to.",
            "The reader lands at the top of a long page and has to search.",
            "Use the id of the heading, which the address bar shows after a click on it.",
        ),
    ),
    site=_find,
)
