"""The short agenda: lists are not even listed, and output/ is none the worse for it."""

from __future__ import annotations

import pytest

from crosspost.build import site as engine

OTHERS = ["p1", "p3", "p4", "p5", "p6"]


def post_file(name: str) -> str:
    return f"content/posts/{name}.md"


def page(name: str) -> str:
    return f"2026/11/{name}/index.html"


@pytest.fixture
def six(town, post, picture):
    """Six posts that were built and that stand in output/; the clock has gone on."""
    files = {
        post_file(f"p{number}"): post(
            f"tags: [{'even' if number % 2 == 0 else 'odd'}]\nsummary: S{number}.",
            f"The text of {number}. [One](p1.md)",
            title=f"Title {number}",
            date=f"2026-11-0{number} 10:00",
        )
        for number in range(1, 7)
    }
    draft = post("draft: true", "[Two](p2.md)", title="Draft")
    site = town({**files, "content/posts/draft.md": draft, "content/castle.png": picture()})
    site.settle()
    site.built()
    return site


@pytest.fixture
def listed(monkeypatch) -> list[int]:
    """Count how often all lists are listed: not at all where the agenda is short."""
    calls: list[int] = []
    whole = engine.list_tasks

    def counted(renderer):
        calls.append(1)
        return whole(renderer)

    monkeypatch.setattr(engine, "list_tasks", counted)
    return calls


def test_a_text_that_changed_is_all_that_is_looked_at(six, listed) -> None:
    for words in ("The tale", "The song", "The text"):
        six.edit(post_file("p1"), six.text(post_file("p1")).split("\n")[-2][:8], words)
        six.settle()
        again = six.built()
        assert page("p1") in again.changed
        assert six.outputs() == six.clean()
    assert len(listed) == 3  # of the clean builds


def test_a_draft_that_is_edited_is_looked_at_for_its_links(six, listed) -> None:
    six.edit("content/posts/draft.md", "p2.md", "p9.md")
    result = six.build()
    assert (result.status, listed) == (1, [])
    assert "p9.md" in result.err
    six.edit("content/posts/draft.md", "p9.md", "p3.md")
    assert six.built().changed == frozenset()
    assert listed == []


def test_what_shows_in_a_list_is_looked_at_in_whole(six, listed) -> None:
    edits = [
        (post_file("p1"), "Title 1", "Another title"),
        (post_file("p2"), "S2.", "Another summary."),
        (post_file("p3"), "[odd]", "[even]"),
        (post_file("p4"), "11-04", "11-12"),
        ("content/posts/draft.md", "draft: true", "draft: false"),
        ("crosspost.yaml", "title: Valbourg", "title: Bourg"),
        ("themes/small/templates/base.html", "<nav>", "<nav class='menu'>"),
    ]
    for count, (name, old, new) in enumerate(edits, start=1):
        six.edit(name, old, new)
        six.settle()
        assert six.built().changed
        assert len(listed) == 2 * count - 1
        assert six.outputs() == six.clean()
    six.write({"content/new.txt": "a file"})
    assert "new.txt" in six.built().changed
    assert len(listed) == 2 * len(edits) + 1


def test_a_file_that_was_taken_out_of_output_is_made_again(six, listed) -> None:
    before = six.outputs()
    for path in (page("p4"), "index.html", "rss.xml"):
        (six.root / "output" / path).unlink()
        six.edit(post_file("p1"), "The text", "The text, again")
        six.built()
        six.edit(post_file("p1"), "The text, again", "The text")
        six.built()
        assert six.outputs() == before
    assert listed


@pytest.mark.parametrize(
    "name", ["traces", "checks", "records", "files", "last", ".sqlite", "-data"]
)
def test_one_file_of_the_cache_may_be_of_another_moment(six, name: str) -> None:
    """Whatever a person or a restored cache puts there, only time is lost."""
    (place,) = [
        path
        for path in (six.root / ".crosspost/cache").iterdir()
        if name in path.name.replace(".sqlite-", "-") and not path.name.endswith(("-wal", "-shm"))
    ]
    older = place.read_bytes()
    six.edit(post_file("p2"), "The text", "The tale")
    six.edit(post_file("p3"), "Title 3", "Title three")
    six.settle()
    six.built()
    place.write_bytes(older)
    six.edit(post_file("p4"), "The text", "The song")
    six.settle()
    six.built()
    assert six.outputs() == six.clean()
    place.unlink()
    six.edit(post_file("p5"), "The text", "The song")
    six.built()
    assert six.outputs() == six.clean()


def test_the_source_of_one_post_may_go_back_while_the_cache_does(six) -> None:
    """An old trace, an old source and a newer file in output/: the file is not believed."""
    cache = six.root / ".crosspost/cache"
    before = {path: path.read_bytes() for path in cache.iterdir()}
    text = six.text(post_file("p2"))
    six.edit(post_file("p2"), "The text", "The tale")
    six.settle()
    six.built()
    last = {path: path.read_bytes() for path in cache.glob("last-*")}
    for path, data in {**before, **last}.items():
        path.write_bytes(data)
    six.write({post_file("p2"): text})
    six.settle()
    six.built()
    assert six.outputs() == six.clean()
