"""What goes wrong inside workers is said as if there were none, and changes nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from crosspost.build.aside import Aside
from crosspost.build.workers import cores, run
from crosspost.content.markdown import MarkdownEngine

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
JOBS = ("1", "2")
BAD = "q17"
FILE = f"content/posts/{BAD}.md"


@pytest.fixture
def site(town, post) -> Iterator[object]:
    """Three dozen posts, built; whatever fails then leaves output/ alone, and nobody behind."""
    files = {
        f"content/posts/q{number}.md": post(
            "summary: S.", f"Text {number}.", title=f"Post {number}", date="2026-10-01 09:00"
        )
        for number in range(36)
    }
    made = town(files)
    made.built()
    before = made.outputs()
    yield made
    assert made.outputs() == before
    assert not (made.root / "output/.crosspost-unfinished").exists()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Take Ctrl-C as python does at a terminal; what runs in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def failed(site, jobs: str) -> str:
    """Build, which has to fail, twice and alike; return what it said."""
    said = [site.build("--jobs", jobs) for _ in range(2)]
    assert [one.status for one in said] == [1, 1]
    assert said[0].err == said[1].err
    assert "Traceback" not in said[0].err + said[0].out
    assert said[0].err.rstrip().endswith("Nothing was changed.")
    return said[0].err


TEMPLATES = {
    "{{ post.titel }}": "Card has no 'titel'",
    "{{ titel }}": "'titel' is not defined",
    '{% include "none.html" %}': "there is no template 'none.html'",
    "{{ [][3]|upper }}": "",
    "{{ 1 / 0 }}": "ZeroDivisionError",
    "{{ '%d'|format('x') }}": "TypeError",
    "{{ date('2026') }}": "",
    '{{ t("nothing") }}': "no text 'nothing'",
    '{{ asset("no.css") }}': "the theme has no file static/no.css",
    '{{ url_for("no.md") }}': "there is no document 'no.md'",
    "{{ 'a'|indexed }}": "",
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mistake_in_a_template_is_named_with_its_line_by_any_number_of_jobs(
    site, template
) -> None:
    place = f"{{% if post.title == 'Post 17' %}}\n{template}\n{{% endif %}}\n"
    site.write({"templates/post.html": f"A line\n{place}"})
    one, two = (failed(site, jobs) for jobs in JOBS)
    assert one == two
    assert one.startswith("templates/post.html:3: error: ")
    assert TEMPLATES[template] in one
    (site.root / "templates/post.html").unlink()


@pytest.mark.parametrize("error", [IndexError, RuntimeError, KeyError, UnicodeError, OSError])
def test_a_filter_that_raises_what_it_likes(site, monkeypatch, error) -> None:
    from jinja2 import filters

    def upper(value: str) -> str:
        if value == "Post 17":
            raise error("out of paint")
        return value

    monkeypatch.setitem(filters.FILTERS, "upper", upper)
    site.write({"templates/post.html": "\n{{ post.title|upper }}"})
    one, two = (failed(site, jobs) for jobs in JOBS)
    assert one == two
    assert one.startswith("templates/post.html:2: error: ")
    assert "out of paint" in one
    assert FILE in one
    monkeypatch.undo()
    (site.root / "templates/post.html").unlink()


def harmed(monkeypatch: pytest.MonkeyPatch, harm) -> None:
    """Make the Markdown engine do harm at one document; forked workers inherit it."""
    open_body = MarkdownEngine.open_body

    def opened(self, text, **options):
        if "Harm" in text:
            harm()
        return open_body(self, text, **options)

    monkeypatch.setattr(MarkdownEngine, "open_body", opened)


@pytest.mark.parametrize(
    "error",
    [
        IndexError,
        RuntimeError,
        RecursionError,
        AssertionError,
        pytest.param(OSError),
        pytest.param(MemoryError),
    ],
)
def test_an_engine_that_raises_is_said_of_its_document(site, monkeypatch, error) -> None:
    def harm() -> None:
        raise error("no ink left")

    text = site.text(FILE)
    harmed(monkeypatch, harm)
    site.edit(FILE, "Text 17", "Harm 17")
    one, two = (failed(site, jobs) for jobs in JOBS)
    assert one == two
    assert one.startswith(f"{FILE}:1:1: error: ")
    assert f"{error.__name__}: no ink left" in one
    assert one.endswith("[internal-error]\n1 error. Nothing was changed.\n")
    site.write({FILE: text})


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "it was ended by SIGKILL"),
        (lambda: os._exit(3), "it ended by itself, with status 3"),
    ],
    ids=["killed", "left"],
)
def test_a_worker_that_ends_while_it_reads_is_said_of_its_document(
    site, monkeypatch, end, why
) -> None:
    text = site.text(FILE)
    here = os.getpid()

    def harm() -> None:
        if os.getpid() != here:
            end()

    harmed(monkeypatch, harm)
    for number in range(36):  # many are to be read, so that there are two workers
        site.edit(f"content/posts/q{number}.md", "Text", "Harm" if number == 17 else "Words")
    said = failed(site, "2")
    assert said.startswith(f"{FILE}:1:1: error: the process that worked on this was lost: {why}.")
    assert "--jobs 1" in said
    assert "[worker-lost]" in said
    for number in range(36):
        site.edit(f"content/posts/q{number}.md", "Harm" if number == 17 else "Words", "Text")
    assert site.text(FILE) == text


def test_a_worker_that_ends_while_it_makes_is_said_of_its_document(site, monkeypatch) -> None:
    from jinja2 import filters

    here = os.getpid()

    def upper(value: str) -> str:
        if value == "Post 17" and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return value

    monkeypatch.setitem(filters.FILTERS, "upper", upper)
    site.write({"templates/post.html": "{{ post.title|upper }}"})
    said = failed(site, "2")
    assert said.startswith(f"{FILE}:1:1: error: ")
    assert "SIGKILL" in said
    (site.root / "templates/post.html").unlink()


def test_after_it_is_mended_the_site_is_built(site, monkeypatch) -> None:
    before = site.outputs()
    site.write({"templates/post.html": "{{ 1 / 0 }}"})
    failed(site, "2")
    (site.root / "templates/post.html").unlink()
    assert site.built("--jobs", "2").written == 0
    assert site.outputs() == before


def test_many_mistakes_are_named_in_one_run(site) -> None:
    for number in (3, 17, 30):
        site.edit(f"content/posts/q{number}.md", "Text", "[gone](gone.md) Text")
    one, two = (failed(site, jobs) for jobs in JOBS)
    assert one == two
    assert [line.split(":")[0] for line in one.splitlines()[:3]] == [
        f"content/posts/q{number}.md" for number in (17, 3, 30)
    ]


def test_a_disk_that_is_full_is_said_and_nothing_is_left(site, monkeypatch) -> None:
    import errno

    from crosspost.build.outputs import OutputFolder

    def stage(self, path: str, data: bytes) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(OutputFolder, "stage", stage)
    site.write({"templates/post.html": "{{ post.title }}"})
    for jobs in JOBS:
        result = site.build("--jobs", jobs)
        assert result.status == 4
        assert "output cannot be written: No space left on device" in result.err
    (site.root / "templates/post.html").unlink()


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_everything_and_changes_nothing(site, monkeypatch) -> None:
    from jinja2 import filters

    here = os.getpid()

    def upper(value: str) -> str:
        if value == "Post 17":
            os.kill(here, signal.SIGINT)
        return value

    monkeypatch.setitem(filters.FILTERS, "upper", upper)
    site.write({"templates/post.html": "{{ post.title|upper }}"})
    for jobs in JOBS:
        result = site.build("--jobs", jobs)
        assert result.status == 1
        assert result.err.strip() == "Aborted!"
    (site.root / "templates/post.html").unlink()


@pytest.mark.skipif(cores() == 1, reason="no process is forked where there is one core")
@pytest.mark.parametrize(
    "begin",
    [
        lambda: list(run(lambda numbers, _: bytes(len(numbers)), 99, 2, lambda _: None)),
        lambda: Aside(lambda: b"done").result(),
    ],
    ids=["workers", "aside"],
)
@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_while_a_process_is_forked_is_not_lost(begin) -> None:
    """It comes in the middle of a fork, where python would drop it, and a lock with it."""
    forked = []

    def press() -> None:
        if not forked:
            forked.append(os.getpid())
            os.kill(os.getpid(), signal.SIGINT)

    os.register_at_fork(before=press)
    with pytest.raises(KeyboardInterrupt):
        begin()
    assert forked == [os.getpid()]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_file_and_a_folder_of_one_name_are_named(site) -> None:
    site.edit(FILE, "summary:", "permalink: /plan.html\nsummary:")
    other = "content/posts/q18.md"
    site.edit(other, "summary:", "permalink: /plan.html/more.html\nsummary:")
    for jobs in JOBS:
        said = failed(site, jobs)
        assert "/plan.html would be a file" in said
        assert FILE in said
        assert other in said
