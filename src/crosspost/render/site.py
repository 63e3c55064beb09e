"""Everything needed to render one site at one moment, and the contexts of its templates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup
from msgspec.structs import replace

from crosspost.config import Settings
from crosspost.content.document import Kind
from crosspost.content.holes import fill
from crosspost.content.markdown import Body, MarkdownError, engine_of
from crosspost.content.reading import read_body
from crosspost.render.answers import Answers, Question, stamp_of
from crosspost.render.facade import SiteView, syndication
from crosspost.render.outline import outline_of
from crosspost.render.templates import Templates
from crosspost.render.theme import Theme
from crosspost.render.views import Card, PageView, Picture, Syndication
from crosspost.site.choice import Chooser
from crosspost.site.entry import Entry
from crosspost.site.index import SiteIndex
from crosspost.site.links import Destination, Links, address_book, links_of
from crosspost.site.said import NOTHING_SAID, Said
from crosspost.site.urls import url_of

WORDS_PER_MINUTE = 220


class Renderer:
    """Renders pages of one site: its index, its bodies, its theme, and what was said of it.

    `templates` are those of the theme, if they are ready.
    """

    def __init__(
        self,
        index: SiteIndex,
        bodies: Callable[[Entry], Body],
        theme: Theme,
        known: frozenset[str] = frozenset(),
        said: Mapping[str, tuple[Said, ...]] = NOTHING_SAID,
        templates: Templates | None = None,
    ) -> None:
        self.index = index
        self._said = said
        self.bodies = bodies
        self.theme = theme
        self.engine = engine_of(index.settings.markdown)
        self.known = known
        self.templates = templates or Templates(theme)
        self.templates.tell(self._note_template)
        self.answers = Answers(index, theme, self.templates.loader, said)
        self._sites: dict[str, SiteView] = {}
        self._shared: dict[str, dict[str, Any]] = {}
        self._partials: dict[
            tuple[str, str, str | None], tuple[Card | None, Markup, frozenset[Question]]
        ] = {}
        self._links: dict[str, str] = {}
        """The stamps of links, by path; those of an earlier build may be put in."""
        self._destinations: dict[Destination, str] = {}

    @property
    def settings(self) -> Settings:
        """The site's settings."""
        return self.index.settings

    def site(self, lang: str) -> SiteView:
        """Return the façade for pages of a language."""
        if lang not in self._sites:
            self._sites[lang] = SiteView(self.index, self.engine, self.answers, lang, self._said)
        return self._sites[lang]

    def text(self, lang: str, key: str, **values: object) -> str:
        """Return a text of the theme."""
        self.answers.note("text", lang, key)
        return self.theme.translator(lang).text(key, **values)

    def asset_url(self, name: str) -> str:
        """Return the URL of a static file of the theme, its fingerprint in its name."""
        self.answers.note("asset", name)
        url = self._assets.get(name)
        if url is None:
            raise ValueError(f"the theme has no file static/{name}")
        return url

    @cached_property
    def _assets(self) -> Mapping[str, str]:
        base = self.settings.base_path
        return {name: url_of(base, path) for name, path in self.theme.fingerprints.items()}

    def url_for(self, name: str) -> str:
        """Return the URL of a document, by its path below content/ or its uid."""
        self.answers.note("url_for", name)
        entry = self.index.named(name)
        if entry is None:
            raise ValueError(f"there is no document '{name}' on the site")
        return entry.url

    def absolute(self, url: str) -> str:
        """Turn a URL of the site into a full address; a full address stays as it is."""
        return self.settings.absolute(url) if url.startswith("/") else url

    def body(self, entry: Entry) -> Body:
        """Return the body of a document, its addresses filled in."""
        body = self.bodies(entry)
        if not body.holes:
            return body
        links = Links(self.index, entry.path, self.known)
        return replace(body, html=fill(body.html, body.holes, links), holes=())

    @cached_property
    def outline(self) -> str:
        """The stamp of all that addresses, lists and frames are made from."""
        return outline_of(self.index, self.known, self._said)

    def body_with_places(self, entry: Entry, text: str | None = None) -> Body:
        """Return the body of a document, with its holes and the places of its links and pictures.

        It is rendered anew, from `text` or from the file: few are asked for. Raises `SiteError`
        where the file was changed since it was read.
        """
        if not entry.body:  # it could not be rendered, and that has been said
            return self.bodies(entry)
        text = read_body(self.settings, entry.document) if text is None else text
        try:
            return self.engine.open_body(text, lang=entry.lang)
        except MarkdownError:
            return self.bodies(entry)

    @cached_property
    def book_stamp(self) -> str:
        """The stamp of every address of the site: while it lasts, no link leads elsewhere."""
        lines = "\n".join(address_book(self.index, self.known))
        return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()

    def remember_links(self, stamps: Mapping[str, str]) -> None:
        """Take the stamps of links, by path, of documents and an address book that are the same."""
        self._links.update(stamps)

    def links_stamp(self, entry: Entry) -> str:
        """Return the stamp of where all addresses in a document lead; empty where it has none."""
        if not entry.holes and entry.image_src is None:
            return ""
        path = entry.path
        found = self._links.get(path)
        if found is None:
            found = stamp_of([self._shown(one) for one in links_of(self.index, entry, self.known)])
            self._links[path] = found
        return found

    def _shown(self, destination: Destination) -> str:
        """Return all that is said of a place, and what the file there is; many lead to the same."""
        found = self._destinations.get(destination)
        if found is None:
            asset = self.index.assets.get(destination.asset or "")
            found = self._destinations[destination] = stamp_of(destination, asset and asset.facts)
        return found

    @cached_property
    def creator(self) -> str:
        """The account whose byline pages have that no channel announces; empty: nobody's.

        It is the first that speaks of everything, where there is one.
        """
        wanted = self.settings.fediverse.creator
        if wanted != "channel":
            return wanted
        accounts = [account for account, _ in self._speakers]
        general = [account for account, chooser in self._speakers if chooser.is_general]
        return next(iter(general or accounts), "")

    @cached_property
    def _speakers(self) -> tuple[tuple[str, Chooser], ...]:
        """The accounts on Mastodon, in the settings' order, and what each of them chooses."""
        return tuple(
            (channel.account, Chooser(channel))
            for channel in self.settings.channels.values()
            if channel.type == "mastodon" and channel.account
        )

    def creator_of(self, entry: Entry) -> str:
        """Return the account whose byline a document's page has: the first that says it."""
        if entry.kind != Kind.POST or self.settings.fediverse.creator != "channel":
            return self.creator
        for account, chooser in self._speakers:
            if not chooser.why_not(entry):
                return account
        return self.creator

    def syndication_of(self, entry: Entry) -> tuple[Syndication, ...]:
        """Return what was said of a document elsewhere: an input of its page, not a question."""
        return syndication(self.settings, self._said.get(entry.uid, ()))

    def announced_stamp(self, entry: Entry) -> str:
        """Return the stamp of who announces a document and what was said of it elsewhere."""
        creator = self.creator_of(entry)
        who = "" if creator == self.creator else creator
        return who + self.answers.said(entry.uid)

    def full_card(self, entry: Entry, *, neighbours: bool = True, **more: Any) -> Card:
        """Make the card of a document with its text and its neighbours; `more` are other fields."""
        site = self.site(entry.lang)
        body = self.body(entry)
        previous, following = self.index.neighbours.get(entry.uid, (None, None))
        return replace(
            site.card(entry),
            html=Markup(body.html),  # noqa: S704 - the Markdown of the site's own authors
            headings=body.headings,
            reading_minutes=max(1, round(body.words / WORDS_PER_MINUTE)),
            previous=site.card(previous) if previous and neighbours else None,
            next=site.card(following) if following and neighbours else None,
            **more,
        )

    def page_view(self, entry: Entry, card: Card) -> PageView:
        """Describe a document's page."""
        return PageView(
            kind="404" if entry.output == "404.html" else str(entry.kind),
            title=card.title,
            url=entry.url,
            absolute_url=entry.absolute_url,
            lang=entry.lang,
            description=card.summary,
            image=card.image or self.default_picture,
            feeds=self.site(entry.lang).feeds,
            noindex=entry.noindex or entry.output == "404.html",
            uid=entry.uid,
            published=entry.date,
            updated=entry.front_matter.updated,
            creator=self.creator_of(entry),
        )

    def html(self, template: str, page: PageView, made_of: str, **context: Any) -> bytes:
        """Render a page."""
        return self.render(template, page.lang, made_of, page=page, **context).encode()

    def render(self, template: str, lang: str, made_of: str, **context: Any) -> str:
        """Render a template with what every template gets. Raises `SiteError`."""
        return self.templates.render(template, {**self._shared_context(lang), **context}, made_of)

    def _shared_context(self, lang: str) -> dict[str, Any]:
        found = self._shared.get(lang)
        if found is None:
            found = self._shared[lang] = {
                "site": self.site(lang),
                "theme": self.theme.params,
                "t": partial(self.text, lang),
                "date": self.theme.translator(lang).date,
                "asset": self.asset_url,
                "absolute": self.absolute,
                "url_for": self.url_for,
                "partial_cached": partial(self.partial_cached, lang),
                "lang": lang,
            }
        return found

    def partial_cached(self, lang: str, name: str, post: Card | None = None) -> Markup:
        """Render a template that is the same on every page of a language, once.

        It sees what every template gets, but no page; with a card, it is rendered once for that,
        and sees it as `post`. What it asks of the site is noted for each page that shows it. Raises
        `SiteError`, and `ValueError` where it is given no card.
        """
        if post is not None and not isinstance(post, Card):
            raise ValueError(f"partial_cached('{name}', …) wants a card, as those of list.posts")
        key = (lang, name, post.uid if post is not None else None)
        found = self._partials.get(key)
        if found is None or found[0] is not post:  # a post has another card with its text
            context = self._shared_context(lang)
            if post is not None:
                context = {**context, "post": post}
            with self.answers.noting() as asked:
                html = self.templates.render(name, context, name)
            found = self._partials[key] = (post, Markup(html), asked.questions)  # noqa: S704
        self.answers.note_all(found[2])
        return found[1]

    def _note_template(self, name: str) -> None:
        self.answers.note("template", name)

    @property
    def default_picture(self) -> Picture | None:
        """The picture of pages that have none of their own."""
        self.answers.note("site image")
        return self._default_picture

    @cached_property
    def _default_picture(self) -> Picture | None:
        path = (self.settings.site.image or "").lstrip("/")
        asset = self.index.assets.get(path)
        if asset is None:
            return None
        url = url_of(self.settings.base_path, path)
        info = asset.picture
        width, height, mime = None, None, ""
        if info:
            width, height, mime = info.width, info.height, info.mime
        return Picture(
            url,
            self.absolute(url),
            self.engine.typeset(self.settings.site.title, self.settings.site.language),
            width,
            height,
            mime,
            asset.published_size,
            "",
            None,
        )
