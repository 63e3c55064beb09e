"""Looking at texts and pages: each once, in workers where there are many, and then remembered.

What is found in a document follows from its bytes, its rendered body and a few settings; what is
found in a page follows from its bytes and its path. Both are kept under the hash of the bytes, in
the cache of the build and below the name of all that has a part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from crosspost.build.environment import environment
from crosspost.build.outputs import read_manifest
from crosspost.build.table import Table
from crosspost.build.workers import cores, run
from crosspost.build.workshop import CACHE, Options
from crosspost.check.addresses import Addresses
from crosspost.check.allowances import Allowance, allowances_in
from crosspost.check.facts import KINDS, PageFacts, facts_of_page
from crosspost.check.gates.pictures import says_where
from crosspost.check.registry import GATES
from crosspost.check.written import WrittenText
from crosspost.config import Settings
from crosspost.content.dialects import dialect_of
from crosspost.content.document import parse_document
from crosspost.content.markdown import clean
from crosspost.errors import Problem
from crosspost.render.answers import stamp_of
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.site.entry import Entry
from crosspost.text_files import decode_text

_WORTH_FORKING = 200


class TextFacts(msgspec.Struct, frozen=True, array_like=True):
    """What was found in a document, and what its author allows."""

    digest: str
    problems: tuple[Problem, ...] = ()
    allowed: tuple[Allowance, ...] = ()


class PictureFacts(msgspec.Struct, frozen=True, array_like=True):
    """Whether a picture's source says where it was taken."""

    digest: str
    located: bool


@dataclass(frozen=True, slots=True)
class Looking:
    """One look at a site that was made into `folder`."""

    settings: Settings
    renderer: Renderer
    tasks: Sequence[Task]
    folder: Path
    jobs: int | None
    cache: Path
    code: str

    @classmethod
    def at(
        cls, settings: Settings, renderer: Renderer, tasks: Sequence[Task], options: Options
    ) -> Looking:
        """Look at what a trial build has made."""
        return cls(
            settings,
            renderer,
            tasks,
            options.output,
            options.jobs,
            settings.root / CACHE,
            environment(settings.site.timezone),
        )

    def pages(self) -> dict[str, PageFacts]:
        """Return the links and anchors of every page, feed and mail, by its path."""
        site = self.settings.site
        table = Table[PageFacts](
            self.cache / "check-pages", stamp_of(self.code, site.url), PageFacts
        )
        digests = read_manifest(self.folder)
        tasks = [one for one in self.tasks if one.kind in KINDS and one.path in digests]
        todo = [one for one in tasks if not _is_known(table, one.path, digests[one.path])]
        addresses = Addresses(self.settings)

        def look(number: int) -> PageFacts:
            task = todo[number]
            data = (self.folder / task.path).read_bytes()
            return facts_of_page(task, data, digests[task.path], addresses)

        new = self._each(look, len(todo), PageFacts)
        return _kept(table, [task.path for task in tasks], [task.path for task in todo], new)

    def texts(self, entries: Sequence[Entry]) -> dict[str, TextFacts]:
        """Return what the gates find in each document's own text, by its path."""
        one = self.settings
        shown = (one.markdown, one.compat, one.site.language, one.site.timezone)
        table = Table[TextFacts](self.cache / "check-texts", stamp_of(self.code, shown), TextFacts)
        todo = [one for one in entries if not _is_known(table, one.path, one.digest)]

        def look(number: int) -> TextFacts:
            return _look_at(self.settings, self.renderer, todo[number])

        new = self._each(look, len(todo), TextFacts)
        return _kept(table, [one.path for one in entries], [one.path for one in todo], new)

    def located(self) -> list[str]:
        """Return the sources of pictures that say where they were taken."""
        assets = {one.file: one for one in self.renderer.index.assets.values() if one.picture}
        table = Table[PictureFacts](self.cache / "check-pictures", self.code, PictureFacts)
        todo = [
            file for file, one in assets.items() if not _is_known(table, file, one.facts.digest)
        ]

        def look(number: int) -> PictureFacts:
            asset = assets[todo[number]]
            try:
                return PictureFacts(asset.facts.digest, says_where(asset.location.read_bytes()))
            except OSError:
                return PictureFacts("", False)

        new = self._each(look, len(todo), PictureFacts)
        facts = _kept(table, list(assets), todo, new)
        return [file for file, one in facts.items() if one.located]

    def _each(self, look: Callable[[int], Any], count: int, kind: Any) -> list[Any]:
        """Look at so many things, in workers where that is worth while."""

        def work(numbers: range, begins: Callable[[int], None]) -> bytes:
            found = []
            for number in numbers:
                begins(number)
                found.append(look(number))
            return msgspec.msgpack.encode(found)

        jobs = self.jobs or (cores() if count >= _WORTH_FORKING else 1)
        decoder = msgspec.msgpack.Decoder(list[kind])
        return [one for part in run(work, count, jobs, _nobody) for one in decoder.decode(part)]


def _nobody(count: int) -> None:
    """Tell nobody how far it is."""
    del count


def _is_known(table: Table[Any], name: str, digest: str) -> bool:
    known = table.rows.get(name)
    return known is not None and known.digest == digest


def _kept(
    table: Table[Any], names: Sequence[str], changed: Sequence[str], new: Sequence[Any]
) -> dict[str, Any]:
    fresh = dict(zip(changed, new, strict=True))
    rows: Mapping[str, Any] = table.rows
    found = {name: fresh[name] if name in fresh else rows[name] for name in names}
    table.replace(found, set(changed))
    return found


def _look_at(settings: Settings, renderer: Renderer, entry: Entry) -> TextFacts:
    """Let every gate for texts look at one document."""
    try:
        data = (settings.root / entry.file).read_bytes()
    except OSError:
        return TextFacts("")
    whole = decode_text(data, entry.file, []) or ""
    document = entry.document
    if settings.compat:
        dialect = dialect_of(settings)
        kind, zone = document.kind, settings.zone
        read = parse_document(data, document.path, kind, zone, [], dialect)
        markdown = read.body if read is not None else ""
    else:
        markdown = "\n".join(whole.split("\n")[document.body_line - 1 :])
    body = renderer.body_with_places(entry, markdown)
    text = WrittenText(document, entry.lang, clean(markdown), body, bool(settings.compat))
    problems = [one for gate in GATES if gate.text is not None for one in gate.text(text)]
    return TextFacts(entry.digest, tuple(problems), tuple(allowances_in(whole)))
