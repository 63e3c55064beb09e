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
        self._changed = self._changed_questions() if self._same else {}
        self._sets: dict[int, str] = {}

    def _changed_questions(self) -> dict[int, Question]:
        changed = {}
        for number, (question, stamp) in enumerate(self._past.questions):
            if self._answers.stamp(question) != stamp:
                changed[number] = question
        return changed

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
        changed = [
            name
            for (name, stamp), before in zip(task.inputs, trace.inputs, strict=False)
            if stamp != before
        ]
        return f"{', '.join(changed) or 'what it is made from'} changed"

    def _why_asked(self, number: int) -> str:
        found = self._sets.get(number)
        if found is None:
            asked = [self._changed[one] for one in self._past.sets[number] if one in self._changed]
            found = f"{', '.join(map(in_words, asked))} changed" if asked else ""
            self._sets[number] = found
        return found


def in_words(question: Question) -> str:
    """Write a question as a template asks it."""
    kind, *arguments = question
    if kind == "posts":
        names = ("category", "tag", "year", "limit")
        given = ", ".join(
            f"{k}={v}" for k, v in zip(names, arguments, strict=True) if v is not None
        )
        return f"site.posts({given})"
    if kind == "editions":
        return f"site.editions({'' if arguments[0] is None else f'limit={arguments[0]}'})"
    if kind == "terms":
        return {"category": "site.categories", "tag": "site.tags", "year": "site.years"}[
            str(arguments[0])
        ]
    words = {
        "menu": "site.menu",
        "pages": "site.pages",
        "has editions": "site.editions_url",
        "site image": "the site's picture",
        "count": "the number of posts of {0} {1}",
        "text": 't("{1}") in {0}',
        "asset": 'asset("{0}")',
        "url_for": 'url_for("{0}")',
        "template": "the template {0}",
    }
    return words[str(kind)].format(*arguments)


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
