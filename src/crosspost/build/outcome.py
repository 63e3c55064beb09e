"""What came of the work of one build: problems, hashes of what was made, new traces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from heapq import nlargest

import msgspec

from crosspost.build.making import Made, Results
from crosspost.build.signatures import Signature
from crosspost.build.trace import NOTHING_KNOWN, Book, Check, Known, Trace
from crosspost.build.work import Work
from crosspost.errors import Problem
from crosspost.render.answers import Question
from crosspost.render.newsletter import check_editions, check_sizes
from crosspost.render.task import Task


class Outcome(msgspec.Struct, frozen=True, dict=True):
    """A plan that was carried out, and what came of each of its items."""

    work: Work
    results: Results

    def problems_of_items(self) -> list[Problem]:
        """Return what is wrong with what was done."""
        found = [problem for check in self.checks.values() for problem in check.problems]
        return [*found, *_untold(self._failed, found)]

    def problems(self) -> list[Problem]:
        """Return everything that is wrong, what is known from earlier builds included."""
        work = self.work
        renderer, index, rows = work.renderer, work.renderer.index, work.past.traces.rows
        expired = {one.path for one in index.hidden if one.reason == "expired"}
        found = [
            problem
            for path, check in {**work.checked, **self.checks}.items()
            if check.problems and path not in expired
            for problem in check.problems
        ]
        made = {task.path: one for task, one in self._made}
        return [
            *found,
            *check_editions(index),
            *check_sizes(index, lambda path: (made.get(path) or rows[path]).size),
            *renderer.theme.catalogue.problems,
            *work.notes["templates"][1],
            *_untold(self._failed, found),
        ]

    def digests(self) -> dict[str, str]:
        """Return the hash of each file that was made."""
        return {task.path: made.digest for task, made in self._made if not made.failed}

    @cached_property
    def staged(self) -> Mapping[str, Signature]:
        """The files that were staged, since they are new or differ, and what they looked like."""
        return {task.path: made.staged for task, made in self._made if made.staged}

    def slowest(self, read: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """Return the documents that took longest, in seconds, read and made; the slowest first."""
        seconds = dict(read)
        for item, made in zip(self.work.items, self.results.made, strict=True):
            if item.entry is not None:
                file = item.entry.file
                seconds[file] = seconds.get(file, 0.0) + made.seconds
        slowest = nlargest(10, seconds.items(), key=lambda one: (one[1], one[0]))
        return tuple(slowest)

    def traces(self) -> tuple[Known, dict[str, Trace], Collection[str]]:
        """Return what the next build is to know, which traces are new, and which are gone."""
        work, results = self.work, self.results
        book = Book(self._sets_in_use())
        new = {}
        all_made = zip(work.items, results.made, results.asked, results.inputs, strict=True)
        for item, made, asked, inputs in all_made:
            if item.task is not None and not made.failed:
                path = item.task.path
                why = work.reasons[path]
                new[path] = Trace(inputs, book.name(asked), made.digest, made.size, why)
        agenda, before = work.agenda, work.past.known
        gone: set[str] = set()
        if not agenda.is_short:
            gone = work.past.traces.rows.keys() - {task.path for task in agenda.tasks}
        # A short agenda has it from the last build that no answer is another one.
        same = dict(before.answers) if agenda.is_short else NOTHING_KNOWN
        known = Known(
            answers=book.answers(work.renderer.answers, same),
            sets=book.sets,
            notes=work.notes,
            outline=work.renderer.outline if work.outline is None else work.outline,
            others=agenda.others,
            kinds=dict(agenda.kinds),
            distinct=before.distinct if agenda.is_short else len(book.sets),
        )
        return known, new, gone

    def _sets_in_use(self) -> dict[str, list[Question]]:
        """Return the sets of questions of the traces that hold, as far as those were looked at."""
        work = self.work
        sets, rows = work.past.known.sets, work.past.traces.rows
        if work.agenda.is_short:
            return dict(sets)
        held = (task.path for task in work.agenda.tasks if task.path not in work.reasons)
        return {name: sets[name] for name in {rows[path].asked for path in held}}

    def learn_checks(self) -> Callable[[], None]:
        """Take in what was found in documents; return what keeps it for the next build."""
        past, renderer = self.work.past, self.work.renderer
        if self.work.agenda.is_short:
            return past.learn_checks(self.checks, (), lambda: past.book)
        gone = past.checks.rows.keys() - self.work.checked.keys() - self.checks.keys()
        return past.learn_checks(self.checks, gone, lambda: renderer.book_stamp)

    @cached_property
    def checks(self) -> Mapping[str, Check]:
        """What this build found in documents, by path."""
        links = self.work.renderer.links_stamp
        return {
            item.entry.path: Check(item.entry.digest, links(item.entry), made.checked)
            for item, made in zip(self.work.items, self.results.made, strict=True)
            if item.check and item.entry is not None
        }

    @cached_property
    def _made(self) -> Sequence[tuple[Task, Made]]:
        items = zip(self.work.items, self.results.made, strict=True)
        return [(item.task, made) for item, made in items if item.task is not None]

    @cached_property
    def _failed(self) -> Sequence[Problem]:
        return [problem for made in self.results.made if made.failed for problem in made.failed]


def _untold(failed: Sequence[Problem], found: Sequence[Problem]) -> list[Problem]:
    """Leave out files that cannot be copied where a document that shows them has said so."""
    said = [problem.message for problem in found if problem.code == "not-a-picture"]
    return [one for one in failed if not any(text.startswith(one.file) for text in said)]
