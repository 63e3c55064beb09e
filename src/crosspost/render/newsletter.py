"""The newsletter: each edition as a web page and as a mail, and the list of all editions.

Beside an edition's page stand `email.html`, `email.txt` and `email.eml`, which holds both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from crosspost.config import Settings
from crosspost.errors import Problem, Severity
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.views import Card, ListView, PageNumbers, PageView
from crosspost.site.editions import Edition, check_contents, gather
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.urls import url_of

_INPUTS = (
    "its front matter",
    "its text",
    "where its links lead",
    "its number",
    "its posts",
    "the posts that stand first",
)
_LIST_INPUTS = ("its editions", "how many editions there are")
_PARTS = ("html", "txt", "eml")
LARGE_MAIL = 80_000
"""Bytes of HTML from which a mail is too large: services add to it, and at 102 kB Gmail cuts."""


def newsletter_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield each edition's page and mail parts, and the pages of the list of editions."""
    for edition in gather(renderer.index):
        entry = edition.entry
        source = entry.file
        inputs = (
            renderer.answers.card(entry),
            entry.body,
            renderer.links_stamp(entry),
            str(edition.number),
            renderer.answers.cards(edition.posts),
            renderer.answers.cards(edition.featured),
        )
        yield Task(entry.output, source, "page", partial(_page, renderer, edition), _INPUTS, inputs)
        for name in _PARTS:
            path = f"{_mail_folder(entry)}email.{name}"
            make = partial(_mail_part, renderer, edition, name)
            yield Task(path, source, "newsletter", make, _INPUTS, inputs)
    yield from _list_tasks(renderer)


def newsletter_outputs(index: SiteIndex) -> frozenset[str]:
    """Return the output paths of the list's first page and of all mail parts."""
    parts = [f"{_mail_folder(entry)}email.{name}" for entry in index.editions for name in _PARTS]
    return frozenset(["newsletter/index.html", *parts] if parts else [])


def check_editions(index: SiteIndex) -> list[Problem]:
    """Return what is wrong with the editions: posts that they name, their sender."""
    return [*check_contents(index), *_check_sender(index.settings)]


def check_sizes(index: SiteIndex, size_of: Callable[[str], int]) -> list[Problem]:
    """Return the editions whose mail is too large; `size_of` tells that of a file of output/."""
    problems = []
    for entry in index.editions:
        size = size_of(f"{_mail_folder(entry)}email.html")
        if size >= LARGE_MAIL:
            message = (
                f"the mail of this edition has {size / 1000:.0f} kB of HTML: from 102 kB Gmail "
                "hides its end, the unsubscribe link included. Name fewer posts, or shorten the "
                "introduction."
            )
            problems.append(
                entry.document.problem("title", "large-mail", message, Severity.WARNING)
            )
    return problems


def _mail_part(renderer: Renderer, edition: Edition, name: str) -> bytes:
    # What makes mails takes a while to load, and few builds make one.
    from crosspost.render.edition_mail import mail_file, mail_html, mail_text

    make = {"html": mail_html, "txt": mail_text, "eml": mail_file}[name]
    return make(renderer, edition, edition_card(renderer, edition))


def _check_sender(settings: Settings) -> Iterator[Problem]:
    sender = settings.newsletter.sender
    if not sender:
        return
    from crosspost.render.mail import sender_address

    if sender_address(sender) is None:
        message = (
            f"newsletter.sender: '{sender}' is not a mail address. "
            'Write "Ville de Valbourg <lettre@valbourg.example>".'
        )
        yield Problem("crosspost.yaml", 0, 0, "wrong-value", message)


def _mail_folder(entry: Entry) -> str:
    """Return the folder of an edition's mail parts, with its slash: that of its page."""
    if entry.output.endswith("index.html"):
        return entry.output.removesuffix("index.html")
    return f"{entry.output.removesuffix('.html')}/"


def edition_card(renderer: Renderer, edition: Edition) -> Card:
    """Make the card of an edition with its text and its posts."""
    site = renderer.site(edition.entry.lang)
    return replace(
        renderer.full_card(edition.entry, neighbours=False),
        posts=tuple(map(site.card, edition.posts)),
        featured=tuple(map(site.card, edition.featured)),
        number=edition.number,
    )


def _page(renderer: Renderer, edition: Edition) -> bytes:
    card = edition_card(renderer, edition)
    page = renderer.page_view(edition.entry, card)
    layout = edition.entry.front_matter.layout or "edition"
    source = edition.entry.file
    return renderer.html(f"{layout}.html", page, source, edition=card)


def _list_tasks(renderer: Renderer) -> Iterator[Task]:
    editions = renderer.index.editions
    per_page = renderer.settings.lists.per_page
    total = math.ceil(len(editions) / per_page)
    outputs = [
        "newsletter/index.html" if number == 1 else f"newsletter/page/{number}/index.html"
        for number in range(1, total + 1)
    ]
    urls = tuple(url_of(renderer.settings.base_path, output) for output in outputs)
    for number, output in enumerate(outputs, start=1):
        part = editions[(number - 1) * per_page : number * per_page]
        make = partial(_list_page, renderer, part, number, urls)
        inputs = (renderer.answers.cards(part), str(len(editions)))
        yield Task(output, "the list of newsletters", "page", make, _LIST_INPUTS, inputs)


def _list_page(
    renderer: Renderer, editions: Sequence[Entry], number: int, urls: tuple[str, ...]
) -> bytes:
    lang = renderer.settings.site.language
    site = renderer.site(lang)
    title = renderer.text(lang, "editions")
    view = ListView(
        title=title,
        kind="editions",
        term=None,
        posts=tuple(map(site.card, editions)),
        number=number,
        total=len(urls),
        count=len(renderer.index.editions),
        previous_url=urls[number - 2] if number > 1 else None,
        next_url=urls[number] if number < len(urls) else None,
        pages=PageNumbers(urls, number),
    )
    page = PageView(
        kind="editions",
        title=title,
        url=urls[number - 1],
        absolute_url=renderer.absolute(urls[number - 1]),
        lang=lang,
        description=renderer.text(lang, "editions_intro"),
        image=renderer.default_picture,
        feeds=site.feeds,
        creator=renderer.creator,
    )
    return renderer.html("editions.html", page, "the list of newsletters", list=view)
