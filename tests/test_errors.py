"""Problems: how they read, and in which order."""

from __future__ import annotations

import pytest

from crosspost.errors import (
    BlockedError,
    CrosspostError,
    PartialError,
    Problem,
    Severity,
    SiteError,
    UsageError,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.md", 3, 1, "code", "Message."), "a.md:3:1: error: Message. [code]"),
        (Problem("a.md", 3, 0, "code", "Message."), "a.md:3: error: Message. [code]"),
        (Problem("a.md", 0, 0, "code", "Message."), "a.md: error: Message. [code]"),
        (
            Problem("a.md", 1, 1, "code", "Message.", Severity.WARNING),
            "a.md:1:1: warning: Message. [code]",
        ),
        (Problem("a\nb\x1b.md", 1, 1, "c", "M."), "a\\nb\\x1b.md:1:1: error: M. [c]"),
        (Problem("fête 🎉.md", 1, 1, "c", "M."), "fête 🎉.md:1:1: error: M. [c]"),
    ],
)
def test_a_problem_reads_as_one_line(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_problems_are_sorted_by_place_and_each_said_once() -> None:
    problems = [
        Problem("b.md", 1, 1, "x", "M."),
        Problem("a.md", 10, 1, "x", "M."),
        Problem("a.md", 9, 2, "x", "M."),
        Problem("a.md", 9, 1, "x", "M."),
        Problem("a.md", 9, 1, "x", "M."),
    ]
    error = SiteError(problems)
    assert [(p.file, p.line, p.column) for p in error.problems] == [
        ("a.md", 9, 1),
        ("a.md", 9, 2),
        ("a.md", 10, 1),
        ("b.md", 1, 1),
    ]
    assert str(error).splitlines()[0] == "a.md:9:1: error: M. [x]"


def test_exit_statuses() -> None:
    assert [
        (kind.exit_status, issubclass(kind, CrosspostError))
        for kind in (SiteError, UsageError, PartialError, BlockedError)
    ] == [(1, True), (2, True), (3, True), (4, True)]


def test_suggestions() -> None:
    assert did_you_mean("catgory", ["category", "tags"]) == " Did you mean 'category'?"
    assert did_you_mean("zzz", ["category", "tags"]) == ""
    assert did_you_mean("", []) == ""
