"""Every door from a template to the site is watched: using it notes a question.

A page goes stale where a template can see something of the site that nobody noted. Whoever adds a
door to the façade or to what every template gets has to note a question, or to add it here to
those that depend on settings and the theme's parameters alone, which rebuild everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from crosspost.render.facade import SiteView
from crosspost.render.site import Renderer
from crosspost.render.views import Card, TermView

OF_SETTINGS = {
    *("title", "description", "language", "author", "url", "base_path", "home_url", "posts_url"),
    *("params", "feeds", "accounts", "feeds_at"),
}
"""Doors of `site` that depend on the settings alone."""
OF_OURS = {"card", "term", "picture"}
"""Methods that need an entry, an image or a term, which no template has: for our own tasks."""
DOORS: dict[str, tuple[Callable[[Any], Any], tuple[Any, ...]]] = {
    "menu": (lambda site: site.menu, ("menu",)),
    "pages": (lambda site: site.pages, ("pages",)),
    "categories": (lambda site: site.categories, ("terms", "category")),
    "tags": (lambda site: site.tags, ("terms", "tag")),
    "years": (lambda site: site.years, ("terms", "year")),
    "editions_url": (lambda site: site.editions_url, ("has editions",)),
    "posts": (lambda site: site.posts(tag="x", limit=2), ("posts", None, "x", None, 2)),
    "editions": (lambda site: site.editions(3), ("editions", 3)),
}
CONTEXT: dict[str, tuple[Callable[[Any], Any], tuple[Any, ...]] | None] = {
    "t": (lambda t: t("home"), ("text", "fr", "home")),
    "asset": (lambda asset: asset("css/ville.css"), ("asset", "css/ville.css")),
    "url_for": (lambda url_for: url_for("posts/a.md"), ("url_for", "posts/a.md")),
    "partial_cached": (
        lambda partial: partial("partials/count.html"),
        ("count", "tag", "x"),
    ),
    "site": None,  # see DOORS
    "theme": None,  # parameters, in the name of everything
    "date": None,  # the language and the site's zone
    "absolute": None,  # the settings
    "lang": None,  # given
}


@pytest.fixture
def renderer(town) -> Renderer:
    fill(town)
    return town.renderer()


def fill(town) -> None:
    town.write("templates/partials/count.html", "{{ site.tags[0].count }}")
    town.post("a", "category: vie\ntags: [x, y]")
    town.post("b", "tags: [x]", date="2026-10-01")
    town.post("c", "category: vie", date="2025-10-01")
    town.write("content/pages/aide.md", "---\ntitle: Aide\nmenu: 1\n---\nTexte\n")
    town.write("content/pages/legal.md", "---\ntitle: Mentions\n---\nTexte\n")
    town.edition("l1", "posts: [posts/a.md]")


def asked_by(renderer: Renderer, use: Callable[[], object]) -> set[tuple[Any, ...]]:
    with renderer.answers.noting() as asked:
        use()
    return set(asked.questions)


def doors_of(view: SiteView) -> set[str]:
    return {name for name in dir(view) if not name.startswith("_")}


def test_every_door_of_the_facade_is_known_here(renderer: Renderer) -> None:
    assert doors_of(renderer.site("fr")) == OF_SETTINGS | OF_OURS | DOORS.keys()


@pytest.mark.parametrize("name", DOORS)
def test_a_door_notes_its_question_each_time_it_is_used(renderer: Renderer, name: str) -> None:
    use, question = DOORS[name]
    site = renderer.site("fr")
    for _ in range(2):
        assert question in asked_by(renderer, lambda: use(site))


@pytest.mark.parametrize("name", sorted(OF_SETTINGS))
def test_a_door_of_settings_alone_says_the_same_whatever_the_content(town, name: str) -> None:
    seen = []
    for write in (fill, lambda town: town.post("d", "category: vie\ntags: [z]")):
        write(town)
        found = getattr(town.renderer().site("fr"), name)
        seen.append(found("", "T") if callable(found) else found)
    assert seen[0] == seen[1]


def test_everything_that_every_template_gets_is_known_here(renderer: Renderer) -> None:
    assert renderer._shared_context("fr").keys() == CONTEXT.keys()


@pytest.mark.parametrize("name", [name for name, door in CONTEXT.items() if door])
def test_a_function_of_every_template_notes_its_question(renderer: Renderer, name: str) -> None:
    door = CONTEXT[name]
    assert door is not None
    function = renderer._shared_context("fr")[name]
    for _ in range(2):
        assert door[1] in asked_by(renderer, lambda: door[0](function))


@pytest.mark.parametrize("name", ["nothing", ""])
@pytest.mark.parametrize("function", ["t", "asset", "url_for"])
def test_what_is_asked_for_in_vain_is_noted_too(
    renderer: Renderer, function: str, name: str
) -> None:
    """It may exist tomorrow."""

    def use() -> None:
        with pytest.raises((LookupError, ValueError)):
            renderer._shared_context("fr")[function](name)

    (question,) = asked_by(renderer, use)
    assert question[-1] == name
    renderer.answers.stamp(question)


def test_how_many_posts_a_term_has_is_asked_through_any_view_of_it(renderer: Renderer) -> None:
    site = renderer.site("fr")
    terms = [*site.categories, *site.tags, *site.years]
    terms += [tag for card in site.posts() for tag in card.tags]
    terms += [card.category for card in site.posts() if card.category]
    assert len(terms) > 8
    for term in terms:
        assert asked_by(renderer, lambda term=term: term.count) == {("count", term.kind, term.slug)}


def test_what_was_said_is_asked_through_any_card_but_that_of_the_page(town) -> None:
    fill(town)
    town.write(
        "ledger/mastodon/2026-11.jsonl",
        '{"event":"sent","channel":"mastodon","account":"@v@m.example","uid":"posts/a",'
        '"at":"2026-11-10T10:00:00Z","sequence":1,"remote_id":"1",'
        '"remote_url":"https://m.example/@v/1"}\n',
    )
    renderer = town.renderer()
    (card,) = [card for card in renderer.site("fr").posts() if card.uid == "posts/a"]
    asked = asked_by(renderer, lambda: card.syndication)
    assert asked == {("said", "posts/a")}
    (said,) = card.syndication
    assert (said.url, said.label) == ("https://m.example/@v/1", "Mastodon")
    assert renderer.answers.stamp(("said", "posts/a"))
    assert not renderer.answers.stamp(("said", "posts/b"))
    (entry,) = [entry for entry in renderer.index.posts if entry.uid == "posts/a"]
    assert asked_by(renderer, lambda: renderer.syndication_of(entry)) == set()


def test_a_view_has_no_other_door(renderer: Renderer) -> None:
    """Cards and terms are values: whatever they reach is made when they are."""
    plain = (str, int, float, bool, type(None), tuple, Mapping)
    for view in (*renderer.site("fr").posts(), *renderer.site("fr").tags):
        for name in view.__struct_fields__ if isinstance(view, Card) else view.__slots__:
            value = getattr(view, name)
            if name not in ("counted", "syndicated"):
                assert not callable(value), name
                assert not isinstance(value, Renderer | SiteView), name
                assert isinstance(value, plain) or type(value).__module__ in (
                    *("datetime", "markupsafe", "crosspost.render.views"),
                ), name
    assert {name for name in dir(TermView) if isinstance(getattr(TermView, name), property)} == {
        "count"
    }
    assert {name for name in dir(Card) if isinstance(getattr(Card, name), property)} == {
        "syndication"
    }


def test_templates_are_asked_for_found_or_not(town) -> None:
    town.write(
        "templates/post.html", '{% extends "base.html" %}{% block main %}'
        '{% include "no.html" ignore missing %}{% include ["none.html", "partials/logo.html"] %}'
        '{% import "partials/macros.html" as m %}{% endblock %}',
    )  # fmt: skip
    fill(town)
    renderer = town.renderer()
    (entry, *_) = renderer.index.posts
    card = renderer.full_card(entry)
    page = renderer.page_view(entry, card)
    for _ in range(2):
        asked = asked_by(renderer, lambda: renderer.html("post.html", page, "a", post=card))
        names = {question[1] for question in asked if question[0] == "template"}
        wanted = {"post.html", "base.html", "no.html", "none.html", "partials/logo.html"}
        assert names >= wanted | {"partials/macros.html", "partials/head.html"}
    assert ("template", "layout.html") in asked_by(
        renderer, lambda: renderer.templates.has("layout.html")
    )


def test_the_picture_of_the_site_is_asked_for_each_time(renderer: Renderer) -> None:
    for _ in range(2):
        assert asked_by(renderer, lambda: renderer.default_picture) == {("site image",)}


def test_every_kind_that_is_noted_has_a_stamp_and_words(renderer: Renderer) -> None:
    from crosspost.build.reasons import in_words

    doors = [door for door in CONTEXT.values() if door]
    questions = {question for _, question in [*DOORS.values(), *doors]}
    questions |= {("count", "tag", "x"), ("site image",), ("template", "post.html"), ("said", "a")}
    assert {str(question[0]) for question in questions} == renderer.answers._kinds.keys()
    for question in questions:
        assert isinstance(renderer.answers.stamp(question), str)
        assert in_words(question)


def test_what_one_task_asks_is_no_question_of_another(renderer: Renderer) -> None:
    with renderer.answers.noting() as first:
        assert renderer.site("fr").tags
        with renderer.answers.noting() as second:
            assert renderer.site("fr").years
        assert renderer.site("fr").menu
    assert second.questions == {("terms", "year")}
    assert first.questions == {("terms", "tag"), ("menu",)}


def test_pages_that_ask_the_same_share_one_set(renderer: Renderer) -> None:
    part = frozenset({("terms", "year")})
    asked = []
    for _ in range(2):
        with renderer.answers.noting() as page:
            assert renderer.site("fr").menu
            renderer.answers.note_all(part)
        asked.append(page.questions)
    assert asked[0] == {("terms", "year"), ("menu",)}
    assert asked[0] is asked[1]


def test_a_part_that_is_gone_is_not_taken_for_another_one(renderer: Renderer) -> None:
    """A part is known by its place in memory, where another one may stand by and by."""
    for number in range(3000):
        with renderer.answers.noting() as page:
            renderer.answers.note_all(frozenset({("said", str(number))}))
        assert page.questions == {("said", str(number))}


Edit = Callable[[Any], None]


def stamps(town, *questions: tuple[Any, ...]) -> list[str]:
    answers = town.renderer([]).answers
    return [answers.stamp(question) for question in questions]


EDITS: dict[str, Edit] = {
    "nothing": lambda town: None,
    "a new post of x": lambda town: town.post("n", "tags: [x]", date="2026-11-20"),
    "a new post": lambda town: town.post("n", date="2026-11-20"),
    "an old post of x": lambda town: town.post("n", "tags: [x]", date="2020-11-20"),
    "a title": lambda town: town.post("b", "title: Autre\ntags: [x]", date="2026-10-01"),
    "a draft": lambda town: town.post("n", "draft: true\ntags: [x]"),
    "a page": lambda town: town.write("content/pages/p.md", "---\ntitle: P\n---\n"),
    "a page of the menu": lambda town: town.write(
        "content/pages/p.md", "---\ntitle: P\nmenu: 0\n---\n"
    ),
    "a letter": lambda town: town.edition("l2", "posts: [posts/b.md]\ndate: 2026-11-21"),
    "a text": lambda town: town.write("i18n/fr.yaml", "home: Chez nous\n"),
    "another text": lambda town: town.write("i18n/fr.yaml", "all_posts: Tout\n"),
    "a style sheet": lambda town: town.write("static/css/ville.css", "a{}"),
    "a template": lambda town: town.write("templates/post.html", "x"),
}

ALL = ("posts", None, None, None, None)
TAG_X = ("posts", None, "x", None, None)
TAG_X_1 = ("posts", None, "x", None, 1)
OF_2026 = ("posts", None, None, 2026, None)
COUNT_X, COUNT_VIE = ("count", "tag", "x"), ("count", "category", "vie")
TAGS, YEARS, CATEGORIES = (("terms", kind) for kind in ("tag", "year", "category"))
HOME = ("text", "fr", "home")
STYLE, MOVED = ("asset", "css/ville.css"), ("url_for", "posts/a.md")
EVERY = {
    *(ALL, TAG_X, TAG_X_1, OF_2026, COUNT_X, COUNT_VIE, TAGS, YEARS, CATEGORIES, HOME, STYLE),
    *(MOVED, ("menu",), ("pages",), ("editions", None), ("editions", 1), ("has editions",)),
    *(("template", "post.html"), ("template", "ville/post.html"), ("site image",)),
}


CHANGED: dict[str, set[tuple[Any, ...]]] = {
    "nothing": set(),
    "a new post of x": {ALL, TAG_X, TAG_X_1, OF_2026, COUNT_X},
    "a new post": {ALL, OF_2026},
    "an old post of x": {ALL, TAG_X, COUNT_X, YEARS},
    "a title": {ALL, TAG_X, OF_2026},
    "a draft": set(),
    "a page": {("pages",)},
    "a page of the menu": {("pages",), ("menu",)},
    "a letter": {("editions", None), ("editions", 1)},
    "a text": {HOME},
    "another text": set(),
    "a style sheet": {STYLE},
    "a template": {("template", "post.html")},
}


@pytest.mark.parametrize("name", EDITS)
def test_a_stamp_changes_when_its_answer_does_and_only_then(town, name: str) -> None:
    fill(town)
    questions = sorted(EVERY, key=str)
    before = stamps(town, *questions)
    EDITS[name](town)
    after = stamps(town, *questions)
    found = {
        question for question, old, new in zip(questions, before, after, strict=True) if old != new
    }
    assert found == CHANGED[name]


def test_what_a_card_does_not_show_changes_no_stamp(town) -> None:
    """With a written summary the text of a post is on its own page only."""
    fill(town)
    town.post("a", "category: vie\ntags: [x, y]\nsummary: S", "Un texte.")
    questions = sorted(EVERY, key=str)
    before = stamps(town, *questions)
    town.post("a", "category: vie\ntags: [x, y]\nsummary: S", "Un autre.")
    assert stamps(town, *questions) == before


def test_a_post_that_moves(town) -> None:
    fill(town)
    before = stamps(town, MOVED, ("url_for", "posts/none.md"))
    town.post("a", "slug: autre")
    after = stamps(town, MOVED, ("url_for", "posts/none.md"))
    assert before[0] != after[0]
    assert before[1] == after[1] == ""


def test_a_category_that_is_renamed_is_on_the_cards_of_its_posts(town) -> None:
    fill(town)
    town.settings = "categories: {vie: {label: Vie}}\n"
    before = stamps(town, CATEGORIES, ALL, ("posts", "vie", None, None, None), ("menu",))
    town.settings = "categories: {vie: {label: La vie}}\n"
    after = stamps(town, CATEGORIES, ALL, ("posts", "vie", None, None, None), ("menu",))
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        *(False, False, False, True)
    ]


def test_a_picture_of_another_size_is_on_the_card_that_shows_it(town) -> None:
    fill(town)
    town.picture("c.png")
    town.post("p", "image: {src: c.png, alt: C}\ntags: [p]", date="2026-11-11")
    question = ("posts", None, "p", None, None)
    before = stamps(town, question, TAG_X)
    town.picture("c.png", (10, 10))
    after = stamps(town, question, TAG_X)
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_more_posts_than_a_stamp_lists(town) -> None:
    for number in range(105):
        town.post(f"n{number}", "tags: [many]", date=f"2026-0{1 + number % 9}-01")
    question = ("posts", None, "many", None, None)
    before = stamps(town, question)
    assert len(before[0]) < 100
    town.post("n50", "tags: [many]\ntitle: Autre", date="2026-06-01")
    assert stamps(town, question) != before
