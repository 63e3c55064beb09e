"""Traces: what each file of output/ was made from, and whether making it again could differ.

A task's trace holds the stamps of what it was given, the questions that it asked and the stamps of
their answers. The next build takes all of these anew, from an index that it has made anew. Where
none differs, the same pure function would get the same arguments: its bytes are those that it made.
Nobody declares a dependency, and nothing is patched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from crosspost.build.blob import read_blob, write_blob
from crosspost.build.reasons import changed, in_words
from crosspost.build.signatures import Signature
from crosspost.errors import Problem
from crosspost.render.answers import Answers, Question
from crosspost.render.task import Task


class Trace(msgspec.Struct, array_like=True):
    """The trace of one file of output/.

    `inputs` are the stamps of what its task was given, in their order; `asked` is the number of a
    set of questions. `digest` and `size` are of the bytes that were made; `why` says in words why
    they were made when they last were.
    """

    inputs: tuple[str, ...]
    asked: int
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


Note = tuple[str, tuple[Problem, ...]]


class Past(msgspec.Struct):
    """What the last build of an output folder did."""

    environment: str = ""
    book: str = ""
    questions: list[tuple[Question, str]] = []
    sets: list[tuple[int, ...]] = []
    traces: dict[str, Trace] = {}
    checks: dict[str, Check] = {}
    titles: dict[str, str] = {}
    notes: dict[str, Note] = {}
    """Problems that are dear to find, under a name, with the stamp of what they were found in."""

    @classmethod
    def read(cls, path: Path) -> Past:
        """Return what is kept; an empty past where nothing is, or nothing whole."""
        data = read_blob(path)
        if data is not None:
            with suppress(msgspec.MsgspecError):
                return msgspec.msgpack.decode(data, type=cls)
        return cls()

    def write(self, path: Path) -> None:
        """Keep it. What cannot be written is not kept."""
        with suppress(OSError):
            write_blob(path, msgspec.msgpack.encode(self))


class Verdicts:
    """Whether each task would make what it made, and if not, why."""

    def __init__(self, past: Past, answers: Answers, environment: str) -> None:
        self._past = past
        self._answers = answers
        self._same = past.environment == environment
        self._titles = {**past.titles, **answers.titles}
        self._changed = self._changed_questions() if self._same else {}
        self._sets: dict[int, str] = {}

    def _changed_questions(self) -> dict[int, str]:
        """Return the questions of the past that have another answer now, each in words."""
        found = {}
        for number, (question, before) in enumerate(self._past.questions):
            after = self._answers.stamp(question)
            if after != before:
                found[number] = changed(in_words(question), before, after, self._titles)
        return found

    def why(self, task: Task) -> str:
        """Say in words why a file has to be made again; empty where its trace still holds."""
        trace = self._past.traces.get(task.path)
        if trace is None:
            return "it was not made before"
        if not self._same:
            return "the settings, the theme's parameters, or crosspost itself changed"
        if trace.inputs != tuple(stamp for _, stamp in task.inputs):
            return self._why_inputs(task, trace)
        return self._why_asked(trace.asked) if self._changed else ""

    def _why_inputs(self, task: Task, trace: Trace) -> str:
        pairs = zip(task.inputs, trace.inputs, strict=False)
        found = [
            changed(name, before, after, self._titles)
            for (name, after), before in pairs
            if after != before
        ]
        return "; ".join(found) or "it is made from other things than before"

    def _why_asked(self, number: int) -> str:
        found = self._sets.get(number)
        if found is None:
            asked = [self._changed[one] for one in self._past.sets[number] if one in self._changed]
            found = self._sets[number] = "; ".join(asked)
        return found


class Book:
    """Numbers for questions and sets of them, while traces are written."""

    def __init__(self) -> None:
        self._questions: dict[Question, int] = {}
        self._sets: dict[tuple[int, ...], int] = {}

    def number(self, asked: Iterable[Question]) -> int:
        """Return the number of a set of questions."""
        numbers = self._questions
        found = tuple(sorted(numbers.setdefault(one, len(numbers)) for one in asked))
        return self._sets.setdefault(found, len(self._sets))

    def questions(self, answers: Answers) -> list[tuple[Question, str]]:
        """Return every question with the stamp of its answer."""
        return [(question, answers.stamp(question)) for question in self._questions]

    @property
    def sets(self) -> list[tuple[int, ...]]:
        """The sets, by number."""
        return list(self._sets)


def asked_of(past: Past, number: int) -> Sequence[Question]:
    """Return the questions of a set of the past."""
    return [past.questions[one][0] for one in past.sets[number]]
