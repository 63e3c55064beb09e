"""Traces: what each file of output/ was made from, and whether making it again could differ.

A task's trace holds the stamps of what it was given, the questions that it asked and the stamps of
their answers. The next build takes all of these anew, from an index that it has made anew. Where
none differs, the same pure function would get the same arguments: its bytes are those that it made.
Nobody declares a dependency, and nothing is patched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from crosspost.build.reasons import Titles, changed, in_words
from crosspost.build.signatures import Signature
from crosspost.build.table import Table
from crosspost.errors import Problem
from crosspost.render.answers import Answers, Question, stamp_of
from crosspost.render.task import Task


class Trace(msgspec.Struct, array_like=True):
    """The trace of one file of output/.

    `inputs` are the stamps of what its task was given, in their order; `asked` is the name of a set
    of questions. `digest` and `size` are of the bytes that were made; `why` says in words why they
    were made when they last were.
    """

    inputs: tuple[str, ...]
    asked: str
    digest: str
    size: int
    why: str
    signature: Signature | None = None
    """That of the file in output/, once it was in its place."""


class Check(msgspec.Struct, array_like=True):
    """What looking at the links and pictures of a document found, and what it was found in.

    `digest` is of the document's file, `links` the stamp of where its links lead.
    """

    digest: str
    links: str
    problems: tuple[Problem, ...]


_SETS = 100
"""Sets of questions that may be nobody's any more, beside as many as there were."""
NOTHING_KNOWN: Mapping[Question, str] = MappingProxyType({})
Note = tuple[str, tuple[Problem, ...]]
"""Problems that are dear to find, and the stamp of what they were found in."""


class Known(msgspec.Struct):
    """What holds for all traces of a build: the stamps of answers, and who asked what."""

    answers: list[tuple[Question, str]] = []
    sets: dict[str, list[Question]] = {}
    notes: dict[str, Note] = {}
    outline: str = ""
    """The outline of the site (`crosspost.render.outline`)."""
    checks: str = ""
    """The name of what was known of documents then: of their links, and the digest of each."""
    manifest: str = ""
    """The hash of the manifest of output/."""
    others: str = ""
    """The name of the files that do not follow from the outline."""
    kinds: dict[str, int] = {}
    """How many files there are of each kind."""
    distinct: int = 0
    """How many sets of questions were in use when they were last counted."""


class _About(msgspec.Struct, array_like=True):
    """What holds for all checks: the address book that they were made by, and their name."""

    book: str = ""
    name: str = ""


class Past:
    """What the last build of an output folder did; nothing where it was in another environment."""

    def __init__(self, path: Path, environment: str) -> None:
        self.traces = Table[Trace](path.with_name(f"{path.name}-traces"), environment, Trace)
        self.checks = Table[Check](path.with_name(f"{path.name}-checks"), environment, Check)
        self.known = self.traces.about(Known) or Known()
        about = self.checks.about(_About) or _About()
        self.book = about.book
        """The stamp of the address book by which links were looked at; empty if none were."""
        self._checked = about.name

    @property
    def has_its_checks(self) -> bool:
        """Whether what is known of documents is what was known when the traces were written."""
        return self.known.checks == self._checked != ""

    @property
    def may_be_short(self) -> bool:
        """Whether a build may look at less than all of it, and leave the rest as it stands."""
        known = self.known
        return self.has_its_checks and len(known.sets) <= 2 * known.distinct + _SETS

    def write(self, known: Known, changed: Mapping[str, Trace], gone: Collection[str]) -> None:
        """Keep the traces, and what holds for all of them."""
        known.checks = self._checked
        self.traces.amend(changed, gone, known)
        self.known = known

    def learn_checks(
        self, changed: Mapping[str, Check], gone: Collection[str], book: Callable[[], str]
    ) -> Callable[[], None]:
        """Take in what was found in documents, by this address book; return what keeps it.

        That may be called in another process. Its name is nobody else's: two tables of one name
        hold the same.
        """
        if not changed and not gone and book() == self.book:
            return lambda: None
        name = self._checked = os.urandom(8).hex()
        return lambda: self.checks.amend(changed, gone, _About(book(), name))


class Verdicts:
    """Whether each task would make what it made, and if not, why.

    `changed` are the questions that have another answer now, each in words. `titles` gives the
    titles of documents, those that are gone included, by the first part of a card's stamp.
    """

    def __init__(self, past: Past, changed: Mapping[Question, str], titles: Titles) -> None:
        self._past = past
        self._traces = past.traces.rows
        self._titles = titles
        self.changed = changed
        self._sets: dict[str, str] = {}

    @classmethod
    def of(cls, past: Past, answers: Answers, titles: Titles) -> Verdicts:
        """Ask again whatever was asked."""
        found = {}
        for question, before in past.known.answers:
            after = answers.stamp(question)
            if after != before:
                found[question] = changed(in_words(question), before, after, titles)
        return cls(past, found, titles)

    def why(self, task: Task) -> str:
        """Say in words why a file has to be made again; empty where its trace still holds."""
        trace = self._traces.get(task.path)
        if trace is None:
            if self._past.traces.is_new or self._traces:
                return "it was not made before"
            return "the settings, the theme's parameters, or crosspost itself changed"
        if trace.inputs != task.inputs:
            return self._why_inputs(task, trace)
        if trace.asked not in self._past.known.sets:
            return "it is not known what it asked for"
        return self._why_asked(trace.asked) if self.changed else ""

    def _why_inputs(self, task: Task, trace: Trace) -> str:
        found = [
            changed(name, before, after, self._titles)
            for name, after, before in zip(task.names, task.inputs, trace.inputs, strict=False)
            if after != before
        ]
        return "; ".join(found) or "it is made from other things than before"

    def _why_asked(self, name: str) -> str:
        found = self._sets.get(name)
        if found is None:
            questions = self._past.known.sets[name]
            found = "; ".join(self.changed[one] for one in questions if one in self.changed)
            self._sets[name] = found
        return found


class Book:
    """The sets of questions that traces name."""

    def __init__(self) -> None:
        self.sets: dict[str, list[Question]] = {}
        self._names: dict[frozenset[Question], str] = {}

    def name(self, asked: Collection[Question]) -> str:
        """Return the name of a set of questions: the same for the same set, for ever."""
        whole = frozenset(asked)
        name = self._names.get(whole)
        if name is None:
            questions = sorted(whole, key=repr)
            name = self._names[whole] = stamp_of(questions)
            self.sets[name] = questions
        return name
