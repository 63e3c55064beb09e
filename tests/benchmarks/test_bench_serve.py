"""The measure of the preview measures what it says, on a handful of posts."""

from __future__ import annotations

import re

import serve


def test_it_starts_saves_and_prints_a_table(tmp_path, capsys):
    assert serve.main(["--posts", "12", "--rounds", "1"], tmp_path) == 0
    said = capsys.readouterr().out
    assert "## The preview of 12 posts" in said
    rows = re.findall(r"^\| (\D.*?) \| (\d+\.\d{3}) \|.*\|(.*)\|$", said, re.MULTILINE)
    assert [bool(target.strip()) for _, _, target in rows] == [False, True, True, False, False]
    told, shown, whole = (float(seconds) for _, seconds, _ in rows[2:])
    assert 0 < told <= shown <= whole
    assert "few rounds: do not pass these figures on" in said
