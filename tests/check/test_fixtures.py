"""Every fixture says itself what is wrong with it: see fixtures/README.md."""

from __future__ import annotations

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
RULE = "=====\n"


def cases():
    """Give each fixture by its name: the post, and what is to be said of it."""
    for path in sorted(FIXTURES.glob("*.md")):
        if path.name != "README.md":
            text, _, expected = path.read_text(encoding="utf-8").rpartition(RULE)
            yield path.name, text, expected.split("\n")[:-1]


def test_each_fixture_is_found_out_at_its_lines(site, picture):
    every = list(cases())
    files = {f"content/posts/{name}": text for name, text, _ in every}
    town = site({**files, "content/posts/foire.jpg": picture()})
    found = town.check().found
    for name, _, expected in every:
        mine = [
            one.partition(f"posts/{name}:")[2] for one in found if f"content/posts/{name}:" in one
        ]
        assert mine == expected, name
    assert len(every) > 9
