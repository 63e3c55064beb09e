"""What comes of the work of one build: problems, hashes of what was made, new traces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from heapq import nlargest

from crosspost.build.making import Made
from crosspost.build.signatures import Signature
from crosspost.build.trace import NOTHING_KNOWN, Book, Check, Known, Trace
from crosspost.build.work import Work
from crosspost.errors import Problem
from crosspost.render.answers import Question
from crosspost.render.newsletter import check_editions, check_sizes


class Outcome:
    """A plan that is carried out, and what comes of its items, as they are done.

    By path: the `traces` and the `digests` of files that were made, the signatures of those that
    were `staged` since they are new or differ, and the `checks` of documents. `templates` has how
    often each was used, and its seconds.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.traces: dict[str, Trace] = {}
        self.digests: dict[str, str] = {}
        self.staged: dict[str, Signature] = {}
        self.checks: dict[str, Check] = {}
        self.templates: dict[str, tuple[int, float]] = {}
        self._failed: list[tuple[int, Sequence[Problem]]] = []
        self._seconds: dict[str, float] = {}
        self._book = Book()
        self._outline: str | None = None

    def take(self, numbers: range, done: Sequence[Made], sets: Sequence[list[Question]]) -> None:
        """Take in what came of the items of these numbers, and the sets of questions they asked.

        It is called in any order, while workers go on: nothing that can be done here should wait
        until they have ended.
        """
        work, links = self.work, self.work.renderer.links_stamp
        names = [self._book.name(questions) for questions in sets]
        for number, one in zip(numbers, done, strict=True):
            item = work.items[number]
            task, entry = item.task, item.entry
            if one.failed:
                self._failed.append((number, one.failed))
            elif task is not None:
                path, digest = task.path, one.digest
                why = work.reasons[path]
                self.traces[path] = Trace(task.inputs, names[one.asked], digest, one.size, why)
                self.digests[path] = digest
                if one.staged is not None:
                    self.staged[path] = one.staged
            if entry is not None:
                file = entry.file
                self._seconds[file] = self._seconds.get(file, 0.0) + one.seconds
                if item.check:
                    self.checks[entry.path] = Check(entry.digest, links(entry), one.checked)
        if self._outline is None:
            self._outline = self._made_outline()

    def take_times(self, templates: Mapping[str, tuple[int, float]]) -> None:
        """Take in how often templates were used, and how long they took."""
        for name, (count, seconds) in templates.items():
            before = self.templates.get(name, (0, 0.0))
            self.templates[name] = (before[0] + count, before[1] + seconds)

    def _made_outline(self) -> str:
        known = self.work.outline
        return self.work.renderer.outline if known is None else known

    def problems_of_items(self) -> list[Problem]:
        """Return what is wrong with what was done."""
        return self._with_failures(_problems(self.checks))

    def problems(self) -> list[Problem]:
        """Return everything that is wrong, what is known from earlier builds included."""
        work, traces, rows = self.work, self.traces, self.work.past.traces.rows
        index = work.renderer.index
        expired = {one.path for one in index.hidden if one.reason == "expired"}
        checks = {**work.checked, **self.checks}
        for path in expired:
            checks.pop(path, None)
        return [
            *self._with_failures(_problems(checks)),
            *check_editions(index),
            *check_sizes(index, lambda path: (traces.get(path) or rows[path]).size),
            *work.renderer.theme.catalogue.problems,
            *work.notes["templates"][1],
        ]

    def _with_failures(self, found: list[Problem]) -> list[Problem]:
        """Add what could not be made, but files to copy of which a document that shows them tells.

        It is in the order of the items, whoever was first to fail.
        """
        said = [problem.message for problem in found if problem.code == "not-a-picture"]
        failed = (problem for _, problems in sorted(self._failed) for problem in problems)
        untold = [one for one in failed if not any(text.startswith(one.file) for text in said)]
        return [*found, *untold]

    def slowest(self, read: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """Return the documents that took longest, in seconds, read and made; the slowest first."""
        seconds = dict(read)
        for file, one in self._seconds.items():
            seconds[file] = seconds.get(file, 0.0) + one
        slowest = nlargest(10, seconds.items(), key=lambda one: (one[1], one[0]))
        return tuple(slowest)

    def known(self) -> Known:
        """Return what the next build is to know of all traces."""
        work, agenda, before = self.work, self.work.agenda, self.work.past.known
        sets = self._sets_in_use() | self._book.sets
        # A short agenda has it from the last build that no answer is another one.
        same = dict(before.answers) if agenda.is_short else NOTHING_KNOWN
        answers = work.renderer.answers
        every = {question for questions in sets.values() for question in questions}
        return Known(
            answers=[
                (question, same.get(question) or answers.stamp(question))
                for question in sorted(every, key=repr)
            ],
            sets=sets,
            notes=work.notes,
            outline=self._made_outline() if self._outline is None else self._outline,
            others=agenda.others,
            kinds=dict(agenda.kinds),
            distinct=before.distinct if agenda.is_short else len(sets),
        )

    def gone(self) -> Collection[str]:
        """Return the files that were made before and are not any more."""
        if self.work.agenda.is_short:
            return ()
        rows = self.work.past.traces.rows
        return rows.keys() - {task.path for task in self.work.agenda.tasks} if rows else ()

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


def _problems(checks: Mapping[str, Check]) -> list[Problem]:
    """Return what was found in documents, in the order of their paths."""
    found = sorted((path, check.problems) for path, check in checks.items() if check.problems)
    return [problem for _, problems in found for problem in problems]
