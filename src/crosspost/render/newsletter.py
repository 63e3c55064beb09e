"""The newsletter: each edition as a web page and as a mail, and the list of all editions.

Beside an edition's page stand `email.html`, `email.txt` and `email.eml`, which holds both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urljoin

from markupsafe import Markup

from crosspost.content.plaintext import plain_text
from crosspost.errors import Problem, Severity, SiteError
from crosspost.render.identity import host_of, message_id
from crosspost.render.mail import (
    TEXT_WIDTH,
    Mail,
    eml,
    inline_styles,
    plain_mail,
    sender_address,
    underlined,
    wrapped,
)
from crosspost.render.portable import portable_html, portable_text
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.views import Card, ListView, PageNumber, PageView
from crosspost.site.editions import Edition, check_contents, gather
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.links import Links
from crosspost.site.urls import url_of

LARGE_MAIL = 80_000
"""Bytes of HTML from which a mail is too large: services add to it, and at 102 kB Gmail cuts."""
_TO_GROUP = 6
"""Posts in small print from which they are grouped by category."""


@dataclass(frozen=True, slots=True)
class Group:
    """Posts of a mail under one heading; the label is empty where there is only one group."""

    label: str
    posts: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class MailView:
    """What the template of a mail gets as `mail`, beside `edition` and `page`.

    `leads` are shown large, `groups` hold all others. `url` is the edition's page.
    """

    title: str
    preheader: str
    url: str
    address: str
    unsubscribe_url: str
    leads: tuple[Card, ...]
    groups: tuple[Group, ...]


def newsletter_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield each edition's page and mail parts, and the pages of the list of editions."""
    for edition in gather(renderer.index):
        entry = edition.entry
        source = entry.document.file
        yield Task(entry.output, source, "page", partial(_page, renderer, edition))
        folder = _mail_folder(entry)
        for name, make in (("html", _html), ("txt", _text), ("eml", _eml)):
            path = f"{folder}email.{name}"
            yield Task(path, source, "newsletter", partial(make, renderer, edition))
    yield from _list_tasks(renderer)


def newsletter_outputs(index: SiteIndex) -> frozenset[str]:
    """Return the output paths of the list's first page and of all mail parts."""
    parts = [
        f"{_mail_folder(entry)}email.{name}"
        for entry in index.editions
        for name in ("html", "txt", "eml")
    ]
    return frozenset(["newsletter/index.html", *parts] if parts else [])


def check_editions(renderer: Renderer) -> list[Problem]:
    """Return what is wrong with the editions: posts they name, their size, their sender.

    Raises nothing: what is wrong with a template is returned too.
    """
    problems = check_contents(renderer.index)
    problems += _check_sender(renderer)
    for edition in gather(renderer.index):
        try:
            size = len(_html(renderer, edition))
        except SiteError as error:
            problems += error.problems
            continue
        if size >= LARGE_MAIL:
            message = (
                f"the mail of this edition has {size / 1000:.0f} kB of HTML: from 102 kB Gmail "
                "hides its end, the unsubscribe link included. Name fewer posts, or shorten the "
                "introduction."
            )
            document = edition.entry.document
            problems.append(document.problem("title", "large-mail", message, Severity.WARNING))
    return problems


def _check_sender(renderer: Renderer) -> Iterator[Problem]:
    sender = renderer.settings.newsletter.sender
    if sender and sender_address(sender) is None:
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


def _card(renderer: Renderer, edition: Edition) -> Card:
    site = renderer.site(edition.entry.lang)
    return replace(
        renderer.full_card(edition.entry, neighbours=False),
        posts=tuple(map(site.card, edition.posts)),
        featured=tuple(map(site.card, edition.featured)),
        number=edition.number,
    )


def _page(renderer: Renderer, edition: Edition) -> bytes:
    card = _card(renderer, edition)
    page = renderer.page_view(edition.entry, card)
    layout = edition.entry.front_matter.layout or "edition"
    source = edition.entry.document.file
    return renderer.html(f"{layout}.html", page, source, edition=card)


def _mail_view(renderer: Renderer, edition: Edition, card: Card) -> MailView:
    settings = renderer.settings.newsletter
    front = edition.entry.front_matter
    # Where nothing is featured, one post with a picture is shown large; an editor's order is kept.
    candidates = card.posts[:1] if front.posts else card.posts
    leads = card.featured or tuple(post for post in candidates if post.image)[:1]
    large = {post.uid for post in leads}
    others = tuple(post for post in card.posts if post.uid not in large)
    name = settings.title or renderer.settings.site.title
    return MailView(
        title=renderer.engine.typeset(name, renderer.settings.site.language),
        preheader=renderer.engine.typeset(front.preheader or "", edition.entry.lang)
        or card.summary,
        url=card.absolute_url,
        address=renderer.engine.typeset(
            " ".join(settings.address.split()), renderer.settings.site.language
        ),
        unsubscribe_url=settings.unsubscribe_url,
        leads=leads,
        groups=_groups(renderer, edition, others),
    )


def _groups(renderer: Renderer, edition: Edition, posts: tuple[Card, ...]) -> tuple[Group, ...]:
    """Group many posts by category, in the site's order of categories; few stay together."""
    slugs = {post.category.slug for post in posts if post.category}
    if len(posts) <= _TO_GROUP or len(slugs) < 2:
        return (Group("", posts),) if posts else ()
    lang = edition.entry.lang
    groups = [
        Group(
            term.label,
            tuple(post for post in posts if post.category and post.category.slug == term.slug),
        )
        for term in renderer.site(lang).categories
    ]
    rest = tuple(post for post in posts if post.category is None)
    groups.append(Group(renderer.text(lang, "mail_other"), rest))
    return tuple(group for group in groups if group.posts)


def _html(renderer: Renderer, edition: Edition) -> bytes:
    """Make the HTML of a mail from the theme's email/edition.html."""
    entry = edition.entry
    card = _card(renderer, edition)
    mail = _mail_view(renderer, edition, card)
    introduction = portable_html(card.html, entry.absolute_url)
    card = replace(card, html=Markup(introduction))  # noqa: S704 - the site's own Markdown
    page = renderer.page_view(entry, card)
    html = renderer.render(
        "email/edition.html", entry.lang, entry.document.file, page=page, edition=card, mail=mail
    )
    return inline_styles(html, entry.absolute_url, keep=[mail.unsubscribe_url]).encode()


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Answers for the links of an introduction in plain text: whole addresses."""

    links: Links
    base: str

    def link(self, target: str) -> str | None:
        url = self.links.link(target)
        return None if url is None else urljoin(self.base, url)

    def picture(self, src: str) -> str:
        return urljoin(self.base, self.links.picture(src))

    def size(self, src: str) -> tuple[int, int] | None:
        return self.links.size(src)


def _text(renderer: Renderer, edition: Edition) -> bytes:
    """Make the plain text of a mail, the introduction from its Markdown."""
    entry = edition.entry
    card = _card(renderer, edition)
    mail = _mail_view(renderer, edition, card)
    translator = renderer.theme.translator(entry.lang)
    number = translator.text("edition_number", number=edition.number)
    introduction = plain_text(
        entry.document.body,
        width=TEXT_WIDTH,
        resolve=_Addresses(Links(renderer.index, entry.document, frozenset()), entry.absolute_url),
        lang=entry.lang,
        typography=renderer.settings.markdown.typography,
        flavour=renderer.settings.markdown.flavour,
    )
    headline = f"{number} · {translator.date(entry.date, 'long')}"
    blocks = [
        f"{wrapped(mail.title.upper())}\n{wrapped(headline)}",
        underlined(card.title, "="),
        f"{translator.text('mail_read_online')}\n{mail.url}",
        introduction,
    ]
    if mail.leads:
        label = translator.text("edition_featured" if card.featured else "lead_title")
        blocks += ["-" * TEXT_WIDTH, label.upper(), *map(_text_of, mail.leads)]
    for position, group in enumerate(mail.groups):
        more = translator.text("edition_more" if mail.leads else "mail_posts")
        label = group.label or (more if not position else "")
        blocks += ["-" * TEXT_WIDTH, label.upper(), *map(_text_of, group.posts)]
    foot = [mail.title, mail.address, translator.text("mail_why")]
    blocks += ["-" * TEXT_WIDTH, "\n".join(wrapped(line) for line in foot if line)]
    if mail.unsubscribe_url:
        blocks.append(f"{translator.text('mail_unsubscribe')}\n{mail.unsubscribe_url}")
    return portable_text(plain_mail(blocks)).encode()


def _text_of(post: Card) -> str:
    lines = [underlined(post.title, "-"), wrapped(post.summary), post.absolute_url]
    return "\n".join(line for line in lines if line)


def _eml(renderer: Renderer, edition: Edition) -> bytes:
    """Make the mail as one file."""
    entry = edition.entry
    settings = renderer.settings
    name = settings.newsletter.title or settings.site.title
    host = host_of(settings).removeprefix("www.")
    if entry.date is None:
        raise SiteError([entry.document.problem("date", "missing-key", "'date' is missing.")])
    mail = Mail(
        subject=portable_text(entry.title),
        sender=settings.newsletter.sender or f"{_plain_name(name)} <noreply@{host}>",
        date=entry.date,
        message_id=message_id(settings, entry.uid),
        lang=entry.lang,
        html=_html(renderer, edition).decode(),
        text=_text(renderer, edition).decode(),
        unsubscribe_url=settings.newsletter.unsubscribe_url,
    )
    return eml(mail)


def _plain_name(name: str) -> str:
    """Return a name without the characters that end a name in an address."""
    return "".join(char for char in portable_text(name) if char not in '<>"')


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
        yield Task(output, "the list of newsletters", "page", make)


def _list_page(
    renderer: Renderer, editions: tuple[Entry, ...], number: int, urls: tuple[str, ...]
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
        pages=tuple(PageNumber(one, url, one == number) for one, url in enumerate(urls, start=1)),
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
    )
    return renderer.html("editions.html", page, "the list of newsletters", list=view)
