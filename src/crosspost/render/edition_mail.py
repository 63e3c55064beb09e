"""An edition as a mail: its HTML, its plain text, and the file that holds both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin

from markupsafe import Markup
from msgspec.structs import replace

from crosspost.content.plaintext import plain_text
from crosspost.content.reading import read_body
from crosspost.errors import SiteError
from crosspost.render.identity import host_of, message_id
from crosspost.render.mail import (
    TEXT_WIDTH,
    Mail,
    eml,
    inline_styles,
    plain_mail,
    underlined,
    wrapped,
)
from crosspost.render.portable import portable_html, portable_text
from crosspost.render.site import Renderer
from crosspost.render.views import Card
from crosspost.site.editions import Edition
from crosspost.site.links import Links

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


def mail_html(renderer: Renderer, edition: Edition, card: Card) -> bytes:
    """Make the HTML of a mail from the theme's email/edition.html."""
    entry = edition.entry
    mail = _mail_view(renderer, edition, card)
    introduction = portable_html(card.html, entry.absolute_url)
    card = replace(card, html=Markup(introduction))  # noqa: S704 - the site's own Markdown
    page = renderer.page_view(entry, card)
    html = renderer.render(
        "email/edition.html", entry.lang, entry.file, page=page, edition=card, mail=mail
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


def mail_text(renderer: Renderer, edition: Edition, card: Card) -> bytes:
    """Make the plain text of a mail, the introduction from its Markdown."""
    entry = edition.entry
    mail = _mail_view(renderer, edition, card)
    text = partial(renderer.text, entry.lang)
    number = text("edition_number", number=edition.number)
    introduction = plain_text(
        read_body(renderer.settings, entry.document),
        width=TEXT_WIDTH,
        resolve=_Addresses(Links(renderer.index, entry.path, renderer.known), entry.absolute_url),
        lang=entry.lang,
        typography=renderer.settings.markdown.typography,
        flavour=renderer.settings.markdown.flavour,
    )
    headline = f"{number} · {renderer.theme.translator(entry.lang).date(entry.date, 'long')}"
    blocks = [
        f"{wrapped(mail.title.upper())}\n{wrapped(headline)}",
        underlined(card.title, "="),
        f"{text('mail_read_online')}\n{mail.url}",
        introduction,
    ]
    if mail.leads:
        label = text("edition_featured" if card.featured else "lead_title")
        blocks += ["-" * TEXT_WIDTH, label.upper(), *map(_text_of, mail.leads)]
    for position, group in enumerate(mail.groups):
        more = text("edition_more" if mail.leads else "mail_posts")
        label = group.label or (more if not position else "")
        blocks += ["-" * TEXT_WIDTH, label.upper(), *map(_text_of, group.posts)]
    foot = [mail.title, mail.address, text("mail_why")]
    blocks += ["-" * TEXT_WIDTH, "\n".join(wrapped(line) for line in foot if line)]
    if mail.unsubscribe_url:
        blocks.append(f"{text('mail_unsubscribe')}\n{mail.unsubscribe_url}")
    return portable_text(plain_mail(blocks)).encode()


def _text_of(post: Card) -> str:
    lines = [underlined(post.title, "-"), wrapped(post.summary), post.absolute_url]
    return "\n".join(line for line in lines if line)


def mail_file(renderer: Renderer, edition: Edition, card: Card) -> bytes:
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
        html=mail_html(renderer, edition, card).decode(),
        text=mail_text(renderer, edition, card).decode(),
        unsubscribe_url=settings.newsletter.unsubscribe_url,
    )
    return eml(mail)


def _plain_name(name: str) -> str:
    """Return a name without the characters that end a name in an address."""
    return "".join(char for char in portable_text(name) if char not in '<>"')
