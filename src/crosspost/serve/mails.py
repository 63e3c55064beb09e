"""How a post looks in the newsletter and in a feed reader, as documents for a frame."""

from __future__ import annotations

import re
from html import escape

import msgspec

from crosspost.content.body import Body
from crosspost.content.document import Kind
from crosspost.content.reading import DocumentFile
from crosspost.errors import SiteError
from crosspost.render.edition_mail import mail_html
from crosspost.render.feed import Feeds, Item
from crosspost.render.newsletter import edition_card
from crosspost.render.site import Renderer
from crosspost.serve.live import Snapshot
from crosspost.site.editions import CHANNEL, Edition, gather
from crosspost.site.entry import Entry
from crosspost.site.reading import Reader

_ATTRIBUTE = re.compile(r"""(?<=\s)(src|href|poster|background)=(["'])([^"']*)\2""")
_SCHEME = re.compile(
    r"@media([^{]*?)\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE
)
_NO_FILE = "content/newsletters/preview.md"


def edition_of(entry: Entry, snapshot: Snapshot) -> Edition | None:
    """Return the newest edition that holds a post; None where none does as yet."""
    for edition in gather(snapshot.index):
        if any(post.uid == entry.uid for post in edition.posts):
            return edition
    return None


def mail_of(entry: Entry, snapshot: Snapshot, scheme: str) -> str:
    """Return the mail that shows a post: its edition's, or one that holds nothing else.

    `scheme` is light or dark: the mail is shown as a program shows it that prefers this. Raises
    `SiteError`.
    """
    edition = edition_of(entry, snapshot) or _edition_with(entry, snapshot)
    renderer = snapshot.renderer
    html = mail_html(renderer, edition, edition_card(renderer, edition)).decode()
    return _preferring(local(html, renderer), scheme)


def takes_part(entry: Entry) -> bool:
    """Say whether a post is for the newsletter at all."""
    variant = entry.front_matter.channels.get(CHANNEL)
    return variant is None or variant.enabled


def feed_item(entry: Entry, snapshot: Snapshot) -> Item:
    """Return a post as feeds have it. Raises `SiteError`."""
    return Feeds(snapshot.renderer).item(entry)


def feed_document(item: Item, renderer: Renderer) -> str:
    """Return a feed's item as a plain reader shows it."""
    by = f"{escape(item.author)} · " if item.author else ""
    labels = " · ".join(escape(label.label) for label in item.labels)
    body = local(item.html, renderer)
    return (
        f'<!doctype html><html lang="{escape(item.lang)}"><head><meta charset="utf-8">'
        f'<title>{escape(item.title)}</title><meta name="color-scheme" content="light dark">'
        '<link rel="stylesheet" href="/__crosspost/static/reader.css"></head><body><main>'
        f"<h1>{escape(item.title)}</h1><p class=about>{by}"
        f"<time datetime={item.published.isoformat()}>{item.published:%Y-%m-%d %H:%M}</time>"
        f"{f' · {labels}' if labels else ''}</p>{body}</main></body></html>"
    )


def local(html: str, renderer: Renderer) -> str:
    """Let the site's own whole addresses lead to this machine: its pictures are not on line yet."""
    settings = renderer.settings
    start = settings.absolute("/").removesuffix("/")

    def here(match: re.Match[str]) -> str:
        name, quote, value = match.groups()
        if value == start or value.startswith(f"{start}/"):
            value = value.removeprefix(start) or "/"
        return f"{name}={quote}{value}{quote}"

    return _ATTRIBUTE.sub(here, html)


def _preferring(html: str, scheme: str) -> str:
    """Answer a mail's media queries as a program would that prefers a scheme."""

    def answer(match: re.Match[str]) -> str:
        before = match[1].rstrip()
        told = "(min-width: 0)" if match[2].lower() == scheme else "(max-width: 0)"
        return f"@media{before} {told}"

    return _SCHEME.sub(answer, html)


def _edition_with(entry: Entry, snapshot: Snapshot) -> Edition:
    """Return an edition that holds one post, and has no words of its own."""
    settings = snapshot.index.settings
    title = settings.newsletter.title or settings.site.title
    now = snapshot.index.now.astimezone(settings.zone)
    lines = [
        f"title: {_quoted(title)}",
        f"date: {now:%Y-%m-%d %H:%M}",
        f"posts: [{_quoted(entry.uid)}]",
    ]
    text = "\n".join(["---", *lines, "---", ""])
    stat = settings.root.stat()
    found = DocumentFile(_NO_FILE.removeprefix("content/"), _NO_FILE, Kind.EDITION, "", stat)
    record, _ = Reader(settings).read(found, text.encode())
    if record.entry is None:
        raise SiteError(record.problems)
    snapshot.bodies.keep(record.entry.path, record.digest, Body("", (), (), (), 0))
    frame = msgspec.structs.replace(record.entry, lang=entry.lang)
    variant = entry.front_matter.channels.get(CHANNEL)
    featured = (entry,) if variant is not None and variant.featured else ()
    return Edition(frame, len(snapshot.index.editions) + 1, (entry,), featured)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
