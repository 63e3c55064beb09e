"""What a command costs is counted over all of its processes. No test looks at how long it took."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import measuring
import pytest

MEBIBYTE = 2**20
ALONE = "held = bytearray(b'x') * (40 << 20)"
CHILD = "import sys; held = bytearray(b'x') * (40 << 20); print('ready'); sys.stdin.read()"
PARENT = f"""
import subprocess, sys, time
held = bytearray(b'x') * (40 << 20)
command = [sys.executable, '-c', {CHILD!r}]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
time.sleep({measuring.EVERY * 20})
child.communicate()
"""
MEASURE = "print(measuring.memory_of({!r}, os.curdir, os.environ))"


def python(program):
    return [sys.executable, "-S", "-c", program]


def memory_of(program, folder):
    """Measure from a small process, as run.py is; the one of all these tests is a large one."""
    words = [sys.executable, "-c", f"import measuring, os; {MEASURE.format(python(program))}"]
    environment = {**os.environ, "PYTHONPATH": str(Path(measuring.__file__).parent)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not measuring.KNOWS_MEMORY, reason="this system does not say what memory is")
def test_the_memory_of_processes_that_run_at_once_is_added(tmp_path):
    assert memory_of(PARENT, tmp_path) > 80 * MEBIBYTE
    assert 40 * MEBIBYTE < memory_of(ALONE, tmp_path) < 80 * MEBIBYTE


def test_the_processor_time_of_a_child_counts(tmp_path):
    work = "import os\nwhile sum(os.times()[:2]) < 0.1: pass"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {work!r}])"
    assert measuring.time_of(python(program), tmp_path, os.environ).processor >= 0.1


@pytest.mark.parametrize("measure", [measuring.time_of, measuring.memory_of])
def test_a_command_that_fails_is_no_figure(tmp_path, measure):
    with pytest.raises(measuring.CommandFailed, match=r"(?s)ended with 3.*no such town"):
        measure(python("print('no such town'); raise SystemExit(3)"), tmp_path, os.environ)
