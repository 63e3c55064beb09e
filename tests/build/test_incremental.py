"""What a build makes again after each kind of edit, and what it leaves alone.

Whatever it does, output/ must be what a build from nothing makes: each test ends with that.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MANIFEST = ".crosspost-manifest.json"
FEEDS = frozenset({"rss.xml", "atom.xml", "feed.json"})
NAMES = ("p1", "p2", "p3", "p4", "p5", "p6")


def page(name: str) -> str:
    return f"2026/10/{name}/index.html"


PAGES = frozenset(map(page, NAMES))
LISTS = frozenset({"index.html", "archives/index.html", "2026/index.html"})


def post_file(name: str) -> str:
    return f"content/posts/{name}.md"


@pytest.fixture
def posts(post) -> dict[str, str]:
    """Six posts of October, p1 the oldest; feeds and lists hold the newest two."""
    return {
        post_file(name): post(
            f"summary: About {name}.\ntags: [{'odd' if day % 2 else 'even'}]",
            f"The text of {name}.",
            title=f"Title {name}",
            date=f"2026-10-0{day} 09:00",
        )
        for day, name in enumerate(NAMES, start=1)
    }


@pytest.fixture
def six(town, posts) -> Iterator[object]:
    """A site of six posts, built; at the end, output/ must be that of a clean build."""
    settings = "site: {title: Valbourg, url: https://valbourg.example, timezone: Europe/Paris}\n"
    settings += "theme: small\nfeeds: {items: 2}\n"
    site = town({"crosspost.yaml": settings, **posts})
    first = site.built()
    assert (first.read, first.removed) == (6, 0)
    assert first.made == first.written == len(first.changed) - 1
    yield site
    assert site.outputs() == site.clean()


def changed(*paths: str) -> frozenset[str]:
    """These files of output/, and the manifest that has their hashes."""
    return frozenset({MANIFEST, *paths})


class TestNothing:
    def test_a_second_build_reads_and_makes_nothing(self, six) -> None:
        again = six.built()
        assert (again.read, again.made, again.written, again.removed) == (0, 0, 0, 0)
        assert again.changed == frozenset()

    def test_sources_that_were_only_touched_are_not_parsed(self, six) -> None:
        six.settle()
        for path in six.root.rglob("*"):
            if path.is_file() and not path.is_relative_to(six.root / "output"):
                path.touch()
        again = six.built()
        assert (again.read, again.made, again.written) == (0, 0, 0)

    def test_sources_that_were_copied_elsewhere_bring_their_memory(self, six, tmp_path) -> None:
        other = type(six)(Path(shutil.copytree(six.root, tmp_path / "other", copy_function=_copy)))
        again = other.built()
        assert (again.read, again.made, again.written) == (0, 0, 0)
        assert other.outputs() == six.outputs()


def _copy(source: str, target: str) -> None:
    """Copy the bytes alone: another moment, another number, as a fresh clone has them."""
    shutil.copyfile(source, target)


class TestText:
    def test_a_typo_makes_one_page(self, six) -> None:
        six.edit(post_file("p2"), "The text", "The txet")
        again = six.built()
        assert (again.read, again.made, again.written) == (1, 1, 1)
        assert again.changed == changed(page("p2"))

    def test_a_typo_in_a_post_of_the_feeds_makes_those_feeds_too(self, six) -> None:
        six.edit(post_file("p6"), "The text", "The txet")
        again = six.built()
        even = {f"tags/even/{name}" for name in FEEDS}
        assert again.changed == changed(page("p6"), *FEEDS, *even)
        assert (again.read, again.made) == (1, 7)

    def test_an_edit_that_shows_nowhere_makes_nothing(self, six) -> None:
        """What a channel is to say is on no page; neither is a comment of the front matter."""
        six.edit(post_file("p2"), "tags:", "channels: {mastodon: false}\n# a note\ntags:")
        again = six.built()
        assert (again.read, again.made, again.written) == (1, 0, 0)

    def test_a_text_that_was_there_before_is_not_rendered_again(self, six) -> None:
        """Undone edits find their body in the store, and their page is written back."""
        before = six.outputs()
        six.edit(post_file("p2"), "The text", "Other words")
        six.built()
        six.edit(post_file("p2"), "Other words", "The text")
        assert six.built().changed == changed(page("p2"))
        assert six.outputs() == before

    def test_a_title_is_on_lists_feeds_and_neighbours_and_on_no_other_page(self, six) -> None:
        six.edit(post_file("p5"), "Title p5", "Another title")
        again = six.built()
        odd = {f"tags/odd/{name}" for name in (*FEEDS, "index.html")}
        pages = map(page, ("p4", "p5", "p6"))
        assert again.changed == changed(*pages, *LISTS, *FEEDS, *odd)
        assert again.read == 1
        assert again.made == again.written == len(again.changed) - 1

    def test_an_edit_of_the_same_size_with_its_old_time_is_seen(self, six) -> None:
        """`ctime` cannot be put back, and neither does an editor try to."""
        path = six.root / post_file("p2")
        six.settle()
        before = path.stat()
        six.edit(post_file("p2"), "The text of", "The tale of")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size
        assert six.built().changed == changed(page("p2"))

    def test_an_edit_within_a_tick_of_the_last_build_is_seen(self, six) -> None:
        for words in ("The tale", "The tail", "The tall", "The text"):
            path = six.root / post_file("p2")
            before = path.stat()
            text = path.read_text()
            path.write_text(text.replace(text[text.index("The t") :][:8], words))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            six.built()
            assert words in six.page(page("p2"))


class TestWhatIsVisible:
    def test_a_draft_makes_nothing(self, six, post) -> None:
        six.write({post_file("draft"): post("draft: true", "[a link](p1.md)", title="Secret")})
        again = six.built()
        assert (again.read, again.made, again.written, again.removed) == (1, 0, 0, 0)

    def test_a_draft_that_becomes_public_and_hides_again(self, six, post) -> None:
        before = six.outputs()
        text = post("draft: true\nsummary: S.", title="Secret", date="2026-10-02 10:00")
        six.write({post_file("draft"): text})
        six.built()
        six.edit(post_file("draft"), "draft: true", "draft: false")
        again = six.built()
        assert page("draft") in again.changed
        assert page("p2") in again.changed
        assert page("p5") not in again.changed
        assert not again.changed & FEEDS
        six.edit(post_file("draft"), "draft: false", "draft: true")
        assert six.built().removed == 1
        assert six.outputs() == before

    def test_a_post_that_is_removed_takes_its_page_with_it(self, six) -> None:
        (six.root / post_file("p3")).unlink()
        again = six.built()
        assert (again.read, again.removed) == (0, 1)
        assert not (six.root / "output" / page("p3")).parent.exists()
        assert {page("p2"), page("p4")} <= again.changed
        assert page("p6") not in again.changed

    def test_the_clock_forwards_and_backwards(self, town, posts, post) -> None:
        late = {
            post_file("future"): post("summary: S.", title="Later", date="2026-11-24 09:00"),
            post_file("alert"): post("summary: S.\nexpires: 2026-11-25", date="2026-10-07 08:00"),
        }
        site = town({**posts, **late})
        moments = ("2026-11-23 12:00", "2026-11-24 09:00", "2026-11-25 00:00")
        seen = {}
        for now in moments:
            again = site.built(now=now)
            assert again.read == (8 if now == moments[0] else 0)
            seen[now] = site.outputs()
            assert seen[now] == site.clean(now=now)
        future, alert = "2026/11/future/index.html", page("alert")
        shown = [(future in seen[now], alert in seen[now]) for now in moments]
        assert shown == [(False, True), (True, True), (True, False)]
        for now in reversed(moments):
            assert site.built(now=now).read == 0
            assert site.outputs() == seen[now]

    def test_a_moment_in_which_nothing_appears_makes_nothing(self, six) -> None:
        again = six.built(now="2027-08-01 12:00")
        assert (again.read, again.made, again.written) == (0, 0, 0)


class TestLinks:
    def test_a_target_that_moves_changes_the_pages_that_lead_to_it(self, town, posts, post) -> None:
        front = "summary: S.\ntags: [link]"
        link = post(front, "See [the fair](p2.md).", date="2026-09-01 09:00")
        site = town({**posts, "content/posts/link.md": link})
        site.built()
        site.edit(post_file("p2"), "summary:", "slug: moved\nsummary:")
        again = site.built()
        assert again.read == 1
        assert "2026/09/link/index.html" in again.changed
        assert page("p6") not in again.changed
        assert "/2026/10/moved/" in site.page("2026/09/link/index.html")
        assert site.outputs() == site.clean()

    def test_a_target_that_vanishes_is_said_though_its_link_was_not_read(self, six, post) -> None:
        six.edit(post_file("p1"), "The text", "[To p4](p4.md). The text")
        six.built()
        target = six.root / post_file("p4")
        text = target.read_text()
        before = six.outputs()
        target.unlink()
        result = six.build()
        assert result.status == 1
        assert f"{post_file('p1')}:7:" in result.err
        assert six.outputs() == before
        target.write_text(text)
        six.built()

    def test_a_renamed_file_with_its_uid(self, six) -> None:
        six.edit(post_file("p3"), "title:", "uid: for-ever\ntitle:")
        six.built()
        (six.root / post_file("p3")).rename(six.root / post_file("renamed"))
        again = six.built()
        assert page("renamed") in again.changed
        assert (again.read, again.removed) == (1, 1)


class TestPictures:
    @pytest.fixture
    def site(self, town, posts, post, picture) -> Iterator[object]:
        files = {
            "content/posts/castle.png": picture(),
            post_file("shows"): post("summary: S.", "![The castle](castle.png)", title="Castle"),
            post_file("has"): post(
                "summary: S.\nimage: {src: castle.png, alt: The castle}", title="Also"
            ),
        }
        site = town({**posts, **files})
        site.built()
        yield site
        assert site.outputs() == site.clean()

    def test_another_picture_of_the_same_size_in_bytes(self, site, picture) -> None:
        path = site.root / "content/posts/castle.png"
        site.settle()
        before = path.stat()
        data = picture(colour=31)
        assert len(data) == before.st_size
        path.write_bytes(data)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        again = site.built()
        assert "posts/castle.png" in again.changed
        assert again.read == 0

    def test_other_dimensions_change_the_pages_that_show_it(self, site, picture) -> None:
        site.write({"content/posts/castle.png": picture((90, 40))})
        again = site.built()
        shows = {"2026/11/shows/index.html", "2026/11/has/index.html"}
        assert shows | {"posts/castle.png"} <= again.changed
        assert not again.changed & PAGES
        assert all('width="90"' in site.page(path) for path in shows)

    def test_a_picture_that_is_no_picture_any_more(self, site, picture) -> None:
        before = site.outputs()
        site.write({"content/posts/castle.png": b"no picture"})
        result = site.build()
        assert result.status == 1
        assert "content/posts/castle.png" in result.err
        assert site.outputs() == before
        site.write({"content/posts/castle.png": picture()})
        site.built()


class TestTheme:
    def test_an_override_is_seen_and_so_is_its_end(self, six) -> None:
        before = six.outputs()
        six.write({"templates/post.html": "OVERRIDE {{ post.title }}"})
        again = six.built()
        assert again.changed == changed(*PAGES)
        assert again.read == 0
        assert six.page(page("p1")) == "OVERRIDE Title p1"
        (six.root / "templates/post.html").unlink()
        assert six.built().changed == changed(*PAGES)
        assert six.outputs() == before

    @pytest.mark.parametrize(
        "lookup",
        [
            '{% include "extra.html" ignore missing %}',
            '{% include ["extra.html", "page.txt"] %}',
            '{% include ["none.html", "extra.html", "page.txt"] %}',
            '{% set name = "extra.html" %}{% include name ignore missing %}',
            '{% include ["extra.html", "none.html"] ignore missing %}',
        ],
    )
    def test_a_template_that_was_looked_for_in_vain_appears_and_goes(self, six, lookup) -> None:
        six.write({"templates/page.txt": "plain", "templates/post.html": f"OWN {lookup}"})
        six.built()
        before = six.outputs()
        six.write({"templates/extra.html": "EXTRA"})
        assert six.built().changed == changed(*PAGES)
        assert "EXTRA" in six.page(page("p4"))
        (six.root / "templates/extra.html").unlink()
        assert six.built().changed == changed(*PAGES)
        assert six.outputs() == before

    def test_a_cached_part_is_what_it_asks_on_every_page_that_shows_it(self, six) -> None:
        shown = '{{ partial_cached("newest.html") }}'
        part = "NEWEST {{ site.posts(limit=1)[0].title }} {{ lang }}"
        six.write({"templates/post.html": f"OWN {shown}", "templates/newest.html": part})
        six.built()
        six.edit(post_file("p6"), "Title p6", "Another title")
        assert six.built().changed >= PAGES
        assert all("NEWEST Another title fr" in six.page(path) for path in PAGES)
        six.write({"templates/newest.html": "SAME FOR ALL"})
        assert six.built().changed == changed(*PAGES)
        assert six.page(page("p1")) == "OWN SAME FOR ALL"

    def test_a_part_that_is_cached_for_a_card_is_what_the_card_says(self, six) -> None:
        part = "{{ post.title }} {{ post.tags|map(attribute='count')|join }} {{ post.html|length }}"
        shown = "{% for one in [post, post.next, post, post.previous] if one %}"
        shown += '[{{ partial_cached("one.html", one) }}]{% endfor %}'
        six.write({"templates/post.html": shown, "templates/one.html": part})
        six.built()
        plain = shown.replace('partial_cached("one.html", one)', "one.title")
        parts = part.replace("post.", "one.")
        before = six.outputs()
        six.write({"templates/post.html": plain.replace("{{ one.title }}", parts)})
        six.built()
        assert {path: six.outputs()[path] for path in PAGES} == {
            path: before[path] for path in PAGES
        }
        six.write({"templates/post.html": shown})
        six.built()
        six.edit(post_file("p3"), "Title p3", "Another title")
        assert six.built().changed >= changed(page("p2"), page("p3"), page("p4"))
        assert "[Another title " in six.page(page("p2"))

    def test_a_layout_that_appears(self, six) -> None:
        six.edit(post_file("p2"), "summary:", "layout: wide\nsummary:")
        assert six.build().status == 1
        six.write({"templates/wide.html": "WIDE"})
        assert six.built().changed == changed(page("p2"))
        six.write({"templates/wide.html": "WIDER"})
        assert six.built().changed == changed(page("p2"))

    @pytest.mark.parametrize("how", ["", "with context", "without context"])
    def test_every_page_traces_what_imported_macros_include(self, six, how) -> None:
        """The second page that imports a template must tell of it as the first did."""
        six.write(
            {
                "templates/macros.html": (
                    '{% macro sign() %}{% include "sign.html" %}{% endmacro %}'
                ),
                "templates/sign.html": "SIGN",
                "templates/post.html": f'{{% import "macros.html" as m {how} %}}{{{{ m.sign() }}}}',
            }
        )
        six.built()
        for words in ("ANOTHER", "THIRD"):
            six.write({"templates/sign.html": words})
            assert six.built().changed == changed(*PAGES)
            assert six.page(page("p5")) == words
        six.edit("templates/macros.html", "{% include", "by {% include")
        assert six.built().changed == changed(*PAGES)

    def test_what_an_imported_template_asks_is_asked_by_every_page(self, six, post) -> None:
        """An import without context runs once for Jinja, and each time for us."""
        six.write(
            {
                "templates/macros.html": (
                    '{% include "sign.html" %}{% macro sign() %}S{% endmacro %}'
                ),
                "templates/sign.html": "SIGN",
                "templates/post.html": '{% from "macros.html" import sign %}{{ sign() }}',
                "templates/page.html": '{% import "macros.html" as m %}{{ m }}',
                "content/pages/one.md": "---\ntitle: One\n---\nText\n",
                "content/pages/two.md": "---\ntitle: Two\n---\nText\n",
            }
        )
        six.built()
        six.write({"templates/sign.html": "ANOTHER"})
        six.built()
        assert six.page("one/index.html") == six.page("two/index.html") == "ANOTHER"

    def test_a_template_in_a_hidden_folder_is_a_template(self, six) -> None:
        parts = {"templates/.parts/sign.html": "SIGN"}
        six.write({**parts, "templates/post.html": '{% include ".parts/sign.html" %}'})
        six.built()
        six.write({"templates/.parts/sign.html": "ANOTHER"})
        assert six.built().changed == changed(*PAGES)

    def test_a_text_of_the_theme(self, six) -> None:
        six.write({"i18n/fr.yaml": "skip_to_content: Skip!\n"})
        again = six.built()
        assert again.changed >= PAGES | LISTS
        assert not again.changed & FEEDS
        assert "Skip!" in six.page(page("p1"))
        (six.root / "i18n/fr.yaml").unlink()
        six.built()
        six.write({"i18n/fr.yaml": "all_posts: Everything\n"})
        again = six.built()
        assert again.changed == changed("archives/index.html")

    def test_a_static_file_changes_its_name_on_every_page_that_asks_for_it(self, six) -> None:
        six.write({"static/small.css": "body { color: red }\n"})
        again = six.built()
        assert again.changed >= PAGES | LISTS
        assert not again.changed & FEEDS
        assert (again.read, again.removed) == (0, 1)
        (css,) = [path for path in again.changed if path.endswith(".css")]
        assert css in six.page(page("p1"))

    def test_a_favicon_that_appears_is_the_icon_of_feeds(self, six) -> None:
        six.write({"static/favicon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
        again = six.built()
        assert {"feed.json", "atom.xml"} <= again.changed
        assert "favicon." in six.page("feed.json")
        (six.root / "static/favicon.svg").unlink()
        six.built()
        assert "favicon." not in six.page("feed.json")

    def test_the_parameters_of_the_theme(self, six) -> None:
        six.write({"templates/page.html": "{{ theme.colour }}"})
        six.write({"themes/small/theme.yaml": "params: {colour: red}\n"})
        six.write({"content/pages/a.md": "---\ntitle: A\n---\nText\n"})
        six.built()
        six.write({"themes/small/theme.yaml": "params: {colour: blue}\n"})
        assert six.built().changed == changed("a/index.html")


class TestSettings:
    def test_the_title_of_the_site(self, six) -> None:
        six.edit("crosspost.yaml", "Valbourg,", "Valbourg-les-Bains,")
        again = six.built()
        assert again.changed >= PAGES | LISTS | FEEDS
        assert "Valbourg-les-Bains" in six.page(page("p1"))

    def test_how_messages_are_published_is_on_no_page(self, six) -> None:
        six.write({"crosspost.yaml": six.text("crosspost.yaml") + "publish: {max_creates: 3}\n"})
        again = six.built()
        assert (again.read, again.made, again.written) == (0, 0, 0)

    def test_the_language_of_the_site(self, six) -> None:
        six.edit("crosspost.yaml", "timezone", "language: en, timezone")
        six.built()
        assert 'lang="en"' in six.page(page("p1"))

    def test_the_time_zone(self, six) -> None:
        six.edit("crosspost.yaml", "Europe/Paris", "Pacific/Auckland")
        six.built()
        assert "+13:00" in six.page("feed.json")


class TestVersions:
    """Another version of anything that has a part in what is made begins anew."""

    def test_everything_is_read_and_made_again(self, six, monkeypatch) -> None:
        monkeypatch.setattr("crosspost.build.environment.environment", lambda zone: "another")
        again = six.built()
        assert (again.read, again.written) == (6, 0)
        assert again.made == len(six.outputs()) - 1

    def test_texts_are_rendered_as_the_new_version_does(self, six, monkeypatch) -> None:
        from msgspec.structs import replace

        from crosspost.content.markdown import MarkdownEngine

        old = MarkdownEngine.open_body

        def new(self, text, **options):
            body = old(self, text, **options)
            return replace(body, html=body.html.replace("The text", "THE TEXT"))

        with monkeypatch.context() as patch:
            patch.setattr("crosspost.build.environment.environment", lambda zone: "another")
            patch.setattr(MarkdownEngine, "open_body", new)
            six.built()
            assert "THE TEXT of p2" in six.page(page("p2"))
        six.built()

    def test_pictures_are_looked_at_as_the_new_version_does(
        self, six, picture, monkeypatch
    ) -> None:
        from msgspec.structs import replace

        from crosspost.content import assets

        six.write({"content/posts/castle.png": picture()})
        six.edit(post_file("p2"), "The text", "![Castle](castle.png) The text")
        six.settle()
        six.built()
        six.settle()
        old = assets.picture_info
        with monkeypatch.context() as patch:
            patch.setattr("crosspost.build.environment.environment", lambda zone: "another")
            patch.setattr(assets, "picture_info", lambda data: replace(old(data), width=99))
            six.built()
            shown = six.page(page("p2"))
        six.built()
        assert 'width="99"' in shown


class TestWarnings:
    def test_they_are_said_by_builds_that_made_nothing(self, town, posts, post, picture) -> None:
        hidden = {post_file("draft"): post("draft: true")}
        wrong = post("summary: S.", "![](castle.png) and [a draft](draft.md)")
        site = town(
            {**posts, **hidden, post_file("w"): wrong, "content/posts/castle.png": picture()}
        )
        site.write({"templates/unused.html": "{% if %}"})
        first = site.build()
        assert first.status == 1, "the template does not compile"
        (site.root / "templates/unused.html").unlink()
        first = site.built()
        assert "missing-alt" in first.err
        assert "hidden-link" in first.err
        again = site.built()
        assert again.made == 0
        assert again.err == first.err
        assert site.build("--strict").status == 1
        site.edit(post_file("p1"), "The text", "The txet")
        assert site.built().err == first.err

    def test_a_template_that_is_used_nowhere_is_checked_every_time(self, six) -> None:
        six.write({"templates/unused.html": "{% if %}"})
        for _ in range(2):
            result = six.build()
            assert result.status == 1
            assert "templates/unused.html:1" in result.err
        (six.root / "templates/unused.html").unlink()

    def test_errors_of_documents_are_said_every_time(self, six) -> None:
        six.write({post_file("bad"): "---\ntitle: [\n---\n"})
        said = [six.build() for _ in range(2)]
        assert [one.status for one in said] == [1, 1]
        assert said[0].err == said[1].err
        assert post_file("bad") in said[0].err
        (six.root / post_file("bad")).unlink()


class TestOutput:
    @pytest.mark.parametrize("path", [page("p3"), "rss.xml", "index.html", "robots.txt"])
    @pytest.mark.parametrize("how", ["gone", "edited", "folder", "same size", "link"])
    def test_a_file_that_is_not_ours_any_more_is_put_right(self, six, path, how) -> None:
        before = six.outputs()
        target = six.root / "output" / path
        data, stat = target.read_bytes(), target.stat()
        target.unlink()
        if how == "edited":
            target.write_bytes(data + b"!")
        elif how == "folder":
            target.mkdir()
        elif how == "same size":
            target.write_bytes(b"#" + data[1:])
            os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        elif how == "link":
            elsewhere = six.root / "elsewhere"
            elsewhere.write_bytes(b"not ours")
            target.symlink_to(elsewhere)
        result = six.build()
        assert result.status == 0, result.err
        assert six.outputs() == before
        assert target.is_file()
        assert not target.is_symlink()
        assert (result["read"], result["written"]) == (0, 1)
        if how == "link":
            assert elsewhere.read_bytes() == b"not ours"

    def test_a_folder_that_is_gone_whole(self, six) -> None:
        before = six.outputs()
        shutil.rmtree(six.root / "output")
        again = six.built()
        assert six.outputs() == before
        assert (again.read, again.written) == (0, len(before) - 1)

    def test_the_manifest_is_put_right(self, six) -> None:
        before = six.outputs()
        (six.root / "output" / MANIFEST).unlink()
        six.built()
        assert six.outputs() == before

    def test_what_a_killed_build_left_is_removed(self, six) -> None:
        before = six.outputs()
        six.write({"output/.crosspost-unfinished/new/2026/x/index.html": "half"})
        assert six.built().written == 0
        assert six.outputs() == before

    def test_two_folders_and_drafts_do_not_disturb_each_other(self, town, posts, post) -> None:
        site = town({**posts, post_file("draft"): post("draft: true\nsummary: S.", title="Secret")})
        other = site.root.parent / "public"
        site.built()
        drafts = site.build("--drafts", "--output", str(other))
        assert (drafts["read"], drafts.status) == (0, 0)
        assert (other / "2026/11/draft/index.html").is_file()
        plain = site.outputs()
        again = site.built()
        assert (again.made, again.written) == (0, 0)
        again = site.build("--drafts", "--output", str(other))
        assert (again["made"], again["written"]) == (0, 0)
        assert site.outputs() == plain

    def test_drafts_in_the_same_folder_come_and_go(self, town, posts, post) -> None:
        site = town({**posts, post_file("draft"): post("draft: true\nsummary: S.", title="Secret")})
        site.built()
        plain = site.outputs()
        site.built("--drafts")
        drafts = site.outputs()
        assert drafts.keys() > plain.keys()
        for _ in range(2):
            site.built()
            assert site.outputs() == plain
            site.built("--drafts")
            assert site.outputs() == drafts


class TestCache:
    FILES = ("bodies.sqlite", "bodies.sqlite-data", "records", "files", "built-", "last-", "site-")

    @staticmethod
    def harm(path: Path, how: str) -> None:
        data = path.read_bytes() if path.is_file() else b""
        path.unlink()
        if how == "empty":
            path.write_bytes(b"")
        elif how == "cut":
            path.write_bytes(data[: len(data) // 2])
        elif how == "one byte":
            middle = len(data) // 2
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        elif how == "garbage":
            path.write_bytes(b"\x93NUMPY garbage \xff" * 99)
        elif how == "folder":
            path.mkdir()
            (path / "inside").write_text("x")

    @pytest.mark.parametrize("how", ["gone", "empty", "cut", "one byte", "garbage", "folder"])
    @pytest.mark.parametrize("name", FILES)
    def test_each_file_of_it_may_be_harmed(self, six, name, how) -> None:
        cache = six.root / ".crosspost/cache"
        six.settle()
        six.built()
        found = [path for path in cache.iterdir() if path.name.startswith(name)]
        assert found, sorted(path.name for path in cache.iterdir())
        for path in found:
            self.harm(path, how)
        before = six.outputs()
        assert six.built().written == 0
        assert six.outputs() == before
        six.edit(post_file("p2"), "The text", "The txet")
        assert six.built().changed == changed(page("p2"))

    @pytest.mark.parametrize("how", ["gone", "a file", "cache is a file", "lock is a folder"])
    def test_the_whole_of_it_may_be_harmed(self, six, how) -> None:
        state = six.root / ".crosspost"
        before = six.outputs()
        if how == "lock is a folder":
            (state / "build.lock").unlink()
            (state / "build.lock").mkdir()
        else:
            place = state / "cache" if how == "cache is a file" else state
            shutil.rmtree(place)
            if how != "gone":
                place.write_text("not a folder")
        assert six.built().written == 0
        assert six.outputs() == before
        six.edit(post_file("p2"), "The text", "The txet")
        assert six.built().changed == changed(page("p2"))

    def test_a_cache_of_an_older_state_is_no_lie(self, six) -> None:
        old = six.root.parent / "old"
        shutil.copytree(six.root / ".crosspost", old)
        for name in ("p2", "p6"):
            six.edit(post_file(name), "The text", "The txet")
        six.edit(post_file("p4"), "Title p4", "Another")
        six.built()
        shutil.rmtree(six.root / ".crosspost")
        shutil.copytree(old, six.root / ".crosspost")
        assert six.built().written == 0

    def test_a_folder_that_cannot_be_written(self, six) -> None:
        if os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        state = six.root / ".crosspost"
        for path in (state / "cache", state):
            path.chmod(0o555)
        try:
            six.edit(post_file("p2"), "The text", "The txet")
            assert six.built().changed == changed(page("p2"))
        finally:
            for path in (state, state / "cache"):
                path.chmod(0o755)


@pytest.mark.parametrize("options", [(), ("--drafts",)])
def test_any_number_of_processes_makes_the_same_bytes(town, post, picture, options) -> None:
    files: dict[str, str | bytes] = {"content/posts/castle.png": picture()}
    for number in range(45):
        body = f"Text {number}, see [another](q{(number * 7) % 45}.md).\n\n![Castle](castle.png)\n"
        front = f"tags: [t{number % 5}]\ncategory: c{number % 3}\n" + "draft: true" * (number == 9)
        date = f"2026-{1 + number % 9:02}-{1 + number % 28:02} 09:00"
        files[post_file(f"q{number}")] = post(front, body, title=f"Post {number}", date=date)
    files[post_file("q1")] = post("", "See [a draft](q9.md).", title="One")
    files["content/pages/about.md"] = "---\ntitle: About\nmenu: 1\n---\nText\n"
    seen = []
    for jobs in ("1", "2", "3"):
        site = town(files, name=f"with-{jobs}")
        first = site.built(*options, "--jobs", jobs)
        site.edit(post_file("q3"), "Text 3", "Words")
        site.edit(post_file("q4"), "Post 4", "Four")
        second = site.built(*options, "--jobs", jobs)
        assert second.read == 2
        seen.append((first, second, site.outputs()))
    assert seen[0] == seen[1] == seen[2]


@pytest.fixture
def questions(town, posts) -> Callable[[str], object]:
    """A site whose pages for posts are made by a template that asks something."""

    def make(template: str) -> object:
        site = town({**posts, "templates/post.html": template})
        site.built()
        return site

    return make


class TestQuestions:
    """Whatever a template may hand to a question, as themes do, is a question."""

    @pytest.mark.parametrize(
        "template",
        [
            "{% set tag %}odd{% endset %}{{ site.posts(tag=tag)|map(attribute='title')|join }}",
            "{{ site.posts(tag='odd'|e)|map(attribute='title')|join }}",
        ],
    )
    def test_a_tag_may_be_markup(self, questions, template) -> None:
        site = questions(template)
        assert site.page(page("p2")) == "Title p5Title p3Title p1"
        site.edit(post_file("p2"), "[even]", "[odd]")
        site.built()
        assert site.page(page("p5")) == "Title p5Title p3Title p2Title p1"

    @pytest.mark.parametrize(
        "template",
        [
            "{% set name %}small.css{% endset %}{{ asset(name) }}",
            "{% set name %}home{% endset %}{{ t(name) }}",
            "{% set name %}posts/p1.md{% endset %}{{ url_for(name) }}",
            "{% set name %}extra.html{% endset %}{% include name ignore missing %}",
        ],
    )
    def test_a_name_may_be_markup(self, questions, template) -> None:
        assert questions(template).built().made == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            "limit=true",
            "limit=4/2",
            "limit=10**30",
            "year=2026.0",
            "category=post.tags[0]",
            "year=post.date",
        ],
    )
    def test_an_odd_argument_is_answered_or_named_never_a_crash(
        self, town, posts, arguments
    ) -> None:
        site = town({**posts, "templates/post.html": f"{{{{ site.posts({arguments})|length }}}}"})
        result = site.build()
        assert "crosspost failed" not in result.err
        if result.status:
            assert "templates/post.html:1: error:" in result.err

    def test_a_year_may_be_a_number_or_a_text(self, questions) -> None:
        site = questions("{{ site.posts(year=2026)|length }} {{ site.posts(year='2026')|length }}")
        assert site.page(page("p1")) == "6 6"
        (site.root / post_file("p6")).unlink()
        site.built()
        assert site.page(page("p1")) == "5 5"
