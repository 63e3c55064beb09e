"""The benchmark of publishing runs, is fair, and prints what it says that it prints."""

from __future__ import annotations

import re

import publishing
import pytest


@pytest.mark.slow
def test_it_measures_a_town_that_has_nothing_left_to_say(tmp_path, capsys) -> None:
    small = ["--posts", "20", "--messages", "3", "--publications", "40", "--rounds", "1"]
    assert publishing.main(small, tmp_path) == 0
    said = capsys.readouterr()
    rows = re.findall(r"^\| 20 \| 60 \| (.*?) \|", said.out, re.MULTILINE)
    assert rows == [
        "build, nothing changed",
        "plan, nothing changed",
        "plan, an event of another machine",
        "plan, one post edited",
        "plan, one post more",
        "plan, a day later",
        "plan, the first after a build",
    ]
    assert re.search(
        r"^\| 3 \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \| at most 20", said.out, re.MULTILINE
    )
    (ledger,) = re.findall(
        r"^\| (\d+) \| (\d+) \| \d+ \| 0\.\d \| \d+ \| 0\.\d \|$", said.out, re.MULTILINE
    )
    assert 2 * int(ledger[0]) == int(ledger[1])
