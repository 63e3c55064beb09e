"""Links between files become addresses; what leads nowhere has its line."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from crosspost.build.environment import site_names
from crosspost.build.making import Bodies as RenderedBodies
from crosspost.build.memory import Memory
from crosspost.build.reading import read_site
from crosspost.build.work import assets_shown
from crosspost.content.body import Body
from crosspost.errors import Problem
from crosspost.render.site import Renderer
from crosspost.render.theme import load_theme
from crosspost.settings_file import load_settings
from crosspost.site.entry import Entry
from crosspost.site.index import make_index
from crosspost.site.links import check_links, doubtful
from crosspost.site.loading import moment_of_run


def png(width: int = 40, height: int = 20) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, "PNG")
    return target.getvalue()


KNOWN = frozenset({"rss.xml"})


@dataclass(frozen=True)
class Bodies:
    """The bodies of a site by path, the files that are copied, and what is wrong with links."""

    by_path: dict[str, Body]
    assets: frozenset[str]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, renderer: Renderer) -> Bodies:
        index = renderer.index
        by_path = {entry.document.path: renderer.body(entry) for entry in index.entries}
        checked = [*index.entries, *(one.entry for one in index.hidden if one.reason != "expired")]
        problems = [problem for entry in checked for problem in cls._checked(renderer, entry)]
        return cls(by_path, assets_shown(renderer), tuple(problems))

    @staticmethod
    def _checked(renderer: Renderer, entry: Entry) -> list[Problem]:
        """Return what is wrong with a document, and see that whatever is raises doubts."""
        index, document, bodies = renderer.index, entry.document, renderer.bodies
        placed = renderer.body_with_places(entry)
        found = check_links(index, document, placed, KNOWN)
        if doubtful(index, document, bodies(entry), KNOWN):
            return found
        assert found == check_links(index, document, bodies(entry), KNOWN)
        return found


@pytest.fixture
def render(tmp_path: Path) -> Callable[..., Bodies]:
    """Return a function that renders a site: bodies by path, front matter added."""

    def run(
        files: dict[str, str | bytes], settings: str = "", url: str = "https://town.example/v"
    ) -> Bodies:
        text = f"site: {{title: Town, url: {url}}}\n{settings}\n"
        (tmp_path / "crosspost.yaml").write_text(text)
        for name, content in files.items():
            path = tmp_path / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else content.encode()
            if name.endswith(".md") and not data.startswith(b"---"):
                data = b"---\ntitle: T\ndate: 2026-01-01\n---\n" + data
            path.write_bytes(data)
        loaded = load_settings(tmp_path)
        memory = Memory(tmp_path / "cache", "")
        names = site_names(loaded)
        content = read_site(loaded, memory, names, lambda _: 1, lambda _: lambda _: None).content
        index, problems = make_index(loaded, content, moment_of_run(loaded, "2026-06-01"))
        assert (content.problems, problems) == ((), ())
        return Bodies.of(
            Renderer(index, RenderedBodies(memory.bodies, loaded), load_theme(loaded), KNOWN)
        )

    return run


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("b.md", "/v/2026/01/b/"),
        ("b.md#part", "/v/2026/01/b/#part"),
        ("../posts/b.md", "/v/2026/01/b/"),
        ("/posts/b.md", "/v/2026/01/b/"),
        ("b", "/v/2026/01/b/"),
        ("../pages/contact.md", "/v/contact/"),
        ("/contact/", "/v/contact/"),
        ("/contact", "/v/contact/"),
        ("/rss.xml", "/v/rss.xml"),
        ("plan%20a.pdf", "/v/posts/plan%20a.pdf"),
        ("<plan a.pdf>", "/v/posts/plan%20a.pdf"),
        ("#part", "#part"),
        ("https://x.example/a?b=c&d", "https://x.example/a?b=c&amp;d"),
        ("//x.example/a", "//x.example/a"),
        ("tel:+33199000000", "tel:+33199000000"),
    ],
)
def test_a_link_leads_where_its_file_went(
    render: Callable[..., Bodies], target: str, expected: str
) -> None:
    bodies = render(
        {
            "posts/a.md": f"[x]({target})",
            "posts/b.md": "b",
            "posts/plan a.pdf": b"%PDF",
            "pages/contact.md": "c",
        }
    )
    assert bodies.problems == ()
    assert f'href="{expected}"' in bodies.by_path["posts/a.md"].html


def test_a_broken_link_has_its_line_and_column(render: Callable[..., Bodies]) -> None:
    bodies = render({"posts/a.md": "one\n\ntwo [x](c.md) and ![y](d.png)"})
    missing = "does not exist: there is no content/posts"
    assert [str(problem) for problem in bodies.problems] == [
        f"content/posts/a.md:7:9: error: 'c.md' {missing}/c.md. [broken-link]",
        f"content/posts/a.md:7:24: error: 'd.png' {missing}/d.png. [broken-link]",
    ]


def test_content_of_another_generator_only_warns(render: Callable[..., Bodies]) -> None:
    post = "---\ntitle: T\n---\n[x](c.md) ![](d.png)"
    bodies = render({"_posts/2026-01-01-a.md": post}, "compat: jekyll")
    assert {str(problem.severity) for problem in bodies.problems} == {"warning"}
    assert {problem.code for problem in bodies.problems} == {"broken-link", "missing-alt"}


def test_words_that_lead_to_a_draft_lose_their_link(render: Callable[..., Bodies]) -> None:
    draft = "---\ntitle: T\ndate: 2026-01-01\ndraft: true\n---\n"
    bodies = render({"posts/a.md": "[words](b.md)", "posts/b.md": draft})
    assert "href" not in bodies.by_path["posts/a.md"].html
    (problem,) = bodies.problems
    assert (problem.code, str(problem.severity)) == ("hidden-link", "warning")
    assert "posts/b.md" not in bodies.by_path


def test_a_drafts_picture_is_not_copied_unless_another_shows_it(
    render: Callable[..., Bodies],
) -> None:
    draft = "---\ntitle: T\ndate: 2027-01-01\n---\n![a](secret.png) ![b](shared.png)"
    files: dict[str, str | bytes] = {
        "posts/a.md": "![b](shared.png)",
        "posts/future.md": draft,
        "posts/secret.png": png(),
        "posts/shared.png": png(),
        "files/report.pdf": b"%PDF",
    }
    assert render(files).assets == {"posts/shared.png", "files/report.pdf"}


def test_a_drafts_picture_for_a_channel_is_not_copied_unless_another_shows_it(
    render: Callable[..., Bodies],
) -> None:
    images = "images: [{src: ../secret.png, alt: a}, {src: shared.png, alt: b}]"
    parts = "text: [Un, {text: Deux, images: [{src: later.png, alt: c}]}]"
    head = f"---\ntitle: T\nchannels: {{mastodon: {{{images}, {parts}}}}}\n"
    only = "---\ntitle: T\ndate: 2026-01-01\nchannels: {m: {images: [{src: shared.png, alt: b}]}}\n"
    files: dict[str, str | bytes] = {
        "posts/a.md": f"{only}---\n",
        "posts/future.md": f"{head}date: 2027-01-01\n---\n",
        "secret.png": png(),
        "posts/later.png": png(),
        "posts/shared.png": png(),
    }
    assert render(files).assets == {"posts/shared.png"}


def test_a_picture_has_its_size(render: Callable[..., Bodies]) -> None:
    bodies = render({"posts/a.md": "![b](b.png)", "posts/b.png": png(40, 20)})
    html = bodies.by_path["posts/a.md"].html
    assert 'src="/v/posts/b.png"' in html
    assert 'width="40"' in html
    assert 'height="20"' in html


def test_a_picture_that_is_none_is_named_with_the_line_that_shows_it(
    render: Callable[..., Bodies],
) -> None:
    bodies = render({"posts/a.md": "![b](b.png)", "posts/b.png": b"not a picture"})
    (problem,) = bodies.problems
    assert (problem.line, problem.code) == (5, "not-a-picture")
    assert "content/posts/b.png cannot be read as a picture" in problem.message


def test_the_front_matters_picture_is_checked_at_its_key(render: Callable[..., Bodies]) -> None:
    post = "---\ntitle: T\ndate: 2026-01-01\nimage:\n  src: gone.png\n  alt: A\n---\n"
    (problem,) = render({"posts/a.md": post}).problems
    assert (problem.line, problem.column, problem.code) == (5, 3, "broken-link")
