"""Text fixtures: a test module that names a file gets one test for each case written in it.

A file holds cases of four parts: a title, a line with one dot, the input, a line with one dot,
what is expected, a line with one dot. Lines before the first title that begin with `#` are notes.
In expected text and in inputs of typography, ␣ stands for the narrow no-break space (U+202F) and
⍽ for the no-break space (U+00A0), which cannot be told apart on a screen.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


def cases(name: str) -> list[tuple[str, str, str]]:
    """Return (title, input, expected) for each case of a fixture file."""
    lines = (FIXTURES / name).read_text(encoding="utf-8").split("\n")
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    parts, found = [[]], []
    for line in lines:
        if line == ".":
            parts.append([])
        else:
            parts[-1].append(line)
        if len(parts) == 4:
            title, source, expected, _ = ("\n".join(part) for part in parts)
            found.append((title.strip(), source, expected))
            parts = [[]]
    assert len(parts) == 1, f"{name}: the last case is cut"
    assert not "".join(parts[0]).strip(), f"{name}: the last case is cut"
    return found


def seen(text: str) -> str:
    """Return text with its no-break spaces made visible."""
    return text.replace("\u202f", "␣").replace("\u00a0", "⍽")


@pytest.fixture(name="seen")
def seen_fixture():
    """Give tests the function that makes no-break spaces visible."""
    return seen


@pytest.fixture
def unseen():
    """Give tests the function that makes visible no-break spaces real."""
    return lambda text: text.replace("␣", "\u202f").replace("⍽", "\u00a0")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each case of the module's `CASES` file to tests that ask for `source, expected`."""
    if {"source", "expected"} <= set(metafunc.fixturenames):
        found = cases(metafunc.module.CASES)
        assert found, "a fixture file without a case would test nothing"
        values = [pytest.param(source, expected, id=title) for title, source, expected in found]
        metafunc.parametrize(("source", "expected"), values)
