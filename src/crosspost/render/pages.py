"""The pages of a site: documents and lists, as tasks."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, partial

import msgspec
from markupsafe import Markup

from crosspost.content.document import Kind
from crosspost.errors import SiteError
from crosspost.render.facade import SiteView
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.views import Card, FeedLink, ListView, PageNumbers, PageView
from crosspost.site.entry import Entry, Term
from crosspost.site.urls import url_of

_NAMES = {"home": "the home page", "all": "the list of all posts"}
_DOCUMENT_INPUTS = (
    "its front matter",
    "its text",
    "where its links lead",
    "the post before it",
    "the post after it",
    "who announces it, or what was said of it",
)
_LIST_INPUTS = ("its posts", "how many posts there are", "its title and description")
_TEMPLATES = {Kind.POST: "post.html", Kind.PAGE: "page.html"}


def document_tasks(renderer: Renderer, only: Collection[str] | None = None) -> Iterator[Task]:
    """Yield the page of every post and page; with `only`, of the documents at these paths."""
    index = renderer.index
    if only is not None:
        found = (index.by_path.get(path) for path in sorted(only))
        shown = (entry for entry in found if entry is not None and entry.kind != Kind.EDITION)
        yield from (_document_task(renderer, entry) for entry in shown)
        return
    for near, entry in enumerate((*index.posts, *index.pages)):
        yield _document_task(renderer, entry, near)
    if "404.html" not in index.outputs:
        yield Task("404.html", "the theme's 404.html", "page", partial(_not_found, renderer))


def _document_task(renderer: Renderer, entry: Entry, near: int = 0) -> Task:
    make = partial(document_page, renderer, entry)
    stamps = partial(_document_stamps, renderer, entry)
    return Task(entry.output, entry.file, "page", make, _DOCUMENT_INPUTS, stamps, near)


def _document_stamps(renderer: Renderer, entry: Entry) -> tuple[str, ...]:
    card = renderer.answers.card
    older, newer = renderer.index.neighbours.get(entry.uid, (None, None))
    return (
        card(entry),
        entry.body,
        renderer.links_stamp(entry),
        card(older) if older else "",
        card(newer) if newer else "",
        renderer.announced_stamp(entry),
    )


def document_page(renderer: Renderer, entry: Entry) -> bytes:
    """Make the page of a post or a page. Raises `SiteError`."""
    card = renderer.full_card(entry, syndicated=partial(renderer.syndication_of, entry))
    page = renderer.page_view(entry, card)
    layout = entry.front_matter.layout
    template = f"{layout}.html" if layout else _TEMPLATES[entry.kind]
    if page.kind == "404" and not layout:
        template = "404.html"
    if layout and not renderer.templates.has(template):
        message = f"there is no template '{template}'.{renderer.templates.close_to(template)}"
        raise SiteError([entry.document.problem("layout", "unknown-layout", message)])
    return renderer.html(template, page, entry.file, post=card)


def _not_found(renderer: Renderer) -> bytes:
    """Make the page for errors where the site has not written its own."""
    lang = renderer.settings.site.language
    url = url_of(renderer.settings.base_path, "404.html")
    title = renderer.text(lang, "not_found_title")
    page = PageView(
        kind="404",
        title=title,
        url=url,
        absolute_url=renderer.absolute(url),
        lang=lang,
        description="",
        image=None,
        feeds=renderer.site(lang).feeds,
        noindex=True,
        creator=renderer.creator,
    )
    card = Card(
        kind="page",
        uid="404",
        title=title,
        title_html=Markup.escape(title),
        url=url,
        absolute_url=page.absolute_url,
        lang=lang,
        html=Markup("<p>{}</p>").format(renderer.text(lang, "not_found_text")),
    )
    return renderer.html("404.html", page, "404.html", post=card)


def list_tasks(renderer: Renderer, only: Collection[str] | None = None) -> Iterator[Task]:
    """Yield every page of every list: home, all posts, categories, tags, years.

    With `only`, just those that show posts of these uids.
    """
    index = renderer.index
    every = tuple(index.places)
    yield from _list(renderer, "home", None, every, "", only)
    yield from _list(renderer, "all", None, every, "archives/", only)
    for term in (*index.categories, *index.tags, *index.years):
        folder = term.output.removesuffix("index.html")
        yield from _list(renderer, term.kind, term, term.uids, folder, only)


def list_outputs(renderer_index_terms: Sequence[Term]) -> frozenset[str]:
    """Return the output paths of the first page of each list."""
    return frozenset(
        ["index.html", "archives/index.html", *(term.output for term in renderer_index_terms)]
    )


def _list(
    renderer: Renderer,
    kind: str,
    term: Term | None,
    uids: Sequence[str],
    folder: str,
    only: Collection[str] | None,
) -> Iterator[Task]:
    index, per_page = renderer.index, renderer.settings.lists.per_page
    total = max(1, math.ceil(len(uids) / per_page))
    numbers: Sequence[int] = range(1, total + 1)
    if only is not None:
        shown = [place for place, uid in enumerate(uids) if uid in only]
        numbers = sorted({place // per_page + 1 for place in shown})
        if not numbers:
            return
    outputs = [
        f"{folder}index.html" if number == 1 else f"{folder}page/{number}/index.html"
        for number in range(1, total + 1)
    ]
    first = url_of(renderer.settings.base_path, outputs[0])
    urls = (first, *(f"{first}page/{number}/" for number in range(2, total + 1)))
    name = f"the list of {kind} '{term.label}'" if term else _NAMES[kind]
    every = _List(renderer, kind, term, len(uids), urls, name)
    for number in numbers:
        here = uids[(number - 1) * per_page : number * per_page]
        part = tuple([index.by_uid[uid] for uid in here])
        make = partial(every.page, part, number)
        near = index.places[here[0]] if here else 0
        stamps = partial(every.stamps, part)
        yield Task(outputs[number - 1], name, "page", make, _LIST_INPUTS, stamps, near)


class _List(msgspec.Struct, frozen=True, dict=True):
    """A list: what all its pages share. `count` is of its posts, `name` for messages."""

    renderer: Renderer
    kind: str
    term: Term | None
    count: int
    urls: tuple[str, ...]
    name: str

    def stamps(self, part: Sequence[Entry]) -> tuple[str, ...]:
        """Return the stamps of what a page is given."""
        answers = self.renderer.answers
        return (answers.cards(part), str(self.count), answers.term(self.term) if self.term else "")

    @cached_property
    def _site(self) -> SiteView:
        return self.renderer.site(self.renderer.settings.site.language)

    @cached_property
    def _feeds(self) -> tuple[FeedLink, ...]:
        """Its own feeds, where it has any, and the site's."""
        site, term = self._site, self.term
        if term is None or term.kind not in self.renderer.settings.feeds.per:
            return site.feeds
        folder = term.output.removesuffix("index.html")
        title = f"{site.term(term).label} · {site.title}"
        return (*site.feeds_at(folder, title), *site.feeds)

    def _title(self) -> str:
        if self.term is not None:
            return self._site.term(self.term).label
        site = self._site
        return site.title if self.kind == "home" else self.renderer.text(site.language, "all_posts")

    def page(self, entries: Sequence[Entry], number: int) -> bytes:
        """Make one page of it, with these posts. Raises `SiteError`."""
        renderer, site, term, urls = self.renderer, self._site, self.term, self.urls
        title = self._title()
        view = ListView(
            title=title,
            kind=self.kind,
            term=site.term(term) if term else None,
            posts=tuple(map(site.card, entries)),
            number=number,
            total=len(urls),
            count=self.count,
            previous_url=urls[number - 2] if number > 1 else None,
            next_url=urls[number] if number < len(urls) else None,
            pages=PageNumbers(urls, number),
        )
        page = PageView(
            kind="home" if self.kind == "home" and number == 1 else "list",
            title=title,
            url=urls[number - 1],
            absolute_url=renderer.absolute(urls[number - 1]),
            lang=site.language,
            description=term.description if term else site.description,
            image=renderer.default_picture,
            feeds=self._feeds,
            creator=renderer.creator,
        )
        template = "home.html" if page.kind == "home" else "list.html"
        return renderer.html(template, page, self.name, list=view)
