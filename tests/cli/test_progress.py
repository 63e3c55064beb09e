"""The bar: for a person who waits at a terminal, and for nobody else."""

from __future__ import annotations

import os
import pty
import re
import sys
from io import StringIO

import pytest

from crosspost.cli import progress
from crosspost.cli.progress import Progress


class Terminal:
    """A pseudo-terminal that stands for standard error; `seen` is what a person is shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._ours, theirs = pty.openpty()
        self.stream = open(theirs, "w", encoding="utf-8")  # noqa: SIM115, PTH123

    def watch(self, *, quiet: bool = False) -> Progress:
        """Make a watcher that sees this; in a test, since pytest puts its own after setup."""
        self._monkeypatch.setattr(sys, "stderr", self.stream)
        return Progress(quiet=quiet)

    def seen(self) -> str:
        """Everything that was written, once nothing more is."""
        self.stream.flush()
        self.stream.close()
        data = b""
        try:
            while part := os.read(self._ours, 65536):
                data += part
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(self._ours)
        return data.decode()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return Terminal(monkeypatch)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave as if the first second had gone by already."""
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)


def work(watch: Progress, *, total: int = 40, step: int = 10) -> None:
    with watch.phase("make", total) as done:
        for _ in range(total // step):
            done(step)


def screen(written: str) -> list[str]:
    """What is left on the screen: lines, after carriage returns, erasures and ways up."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[?0-9]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", written):
        if part == "\n":
            row, column = row + 1, 0
            lines += [""] * (row >= len(lines))
        elif part.startswith("\x1b") and part.endswith("A"):
            row = max(0, row - int(part[2:-1] or 1))
        elif part == "\r":
            column = 0
        elif part.endswith("K") and part.startswith("\x1b"):
            lines[row] = "" if part == "\x1b[2K" else lines[row][:column]
        elif not part.startswith("\x1b"):
            lines[row] = lines[row][:column].ljust(column) + part + lines[row][column + len(part) :]
            column += len(part)
    return [line.rstrip() for line in lines]


@pytest.mark.usefixtures("impatient")
def test_a_bar_on_a_terminal_for_work_that_takes_long(terminal: Terminal) -> None:
    watch = terminal.watch()
    work(watch)
    seen = terminal.seen()
    assert "Making" in seen
    assert "100%" in seen
    assert watch.seconds.keys() == {"make"}


@pytest.mark.usefixtures("impatient")
def test_the_bar_is_taken_away_when_the_work_ends(terminal: Terminal) -> None:
    work(terminal.watch())
    assert [line for line in screen(terminal.seen()) if line] == []


@pytest.mark.usefixtures("impatient")
def test_the_cursor_is_shown_again_also_when_work_fails(terminal: Terminal) -> None:
    watch = terminal.watch()

    def fail() -> None:
        with watch.phase("make", 40) as done:
            done(10)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    seen = terminal.seen()
    assert "Making" in seen
    assert seen.rfind("\x1b[?25h") > seen.rfind("\x1b[?25l")


@pytest.mark.usefixtures("impatient")
def test_each_phase_has_a_bar_of_its_own_and_one_without_items_has_none(
    terminal: Terminal,
) -> None:
    watch = terminal.watch()
    with watch.phase("read"):
        watch.begin("read", 20)
        watch.done(20)
    with watch.phase("index"):
        pass
    work(watch)
    seen = terminal.seen()
    assert "Reading" in seen
    assert seen.index("Reading") < seen.index("Making")
    assert "index" not in seen


def test_short_work_draws_nothing_and_imports_nothing_to_draw_with(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 1000.0)
    for name in ("rich", "rich.console", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)  # an import would fail
    work(terminal.watch())
    assert terminal.seen() == ""


@pytest.mark.usefixtures("impatient")
def test_a_bar_that_comes_late_counts_what_was_done_before(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = terminal.watch()
    with watch.phase("make", 40) as done:
        monkeypatch.setattr(progress, "_PATIENCE", 1000.0)
        done(30)
        monkeypatch.setattr(progress, "_PATIENCE", -1.0)
        done(2)
    seen = terminal.seen()
    assert "80%" in seen
    assert "5%" not in seen, "what was done before it was drawn counts"


@pytest.mark.usefixtures("impatient")
def test_nothing_in_ci(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    work(terminal.watch())
    assert terminal.seen() == ""


@pytest.mark.usefixtures("impatient")
def test_nothing_for_those_who_want_quiet(terminal: Terminal) -> None:
    watch = terminal.watch(quiet=True)
    watch.tell("Another build is running.")
    work(watch)
    assert terminal.seen() == ""


@pytest.mark.usefixtures("impatient")
def test_nothing_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stderr", stream)
    work(Progress(quiet=False))
    assert stream.getvalue() == ""


def test_what_is_told_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    Progress(quiet=False).tell("Another build is running.")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Another build is running.\n")
