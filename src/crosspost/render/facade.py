"""The façade `site`: the only door from a template to the site index.

A template never meets a document or the index. It asks `site` questions whose answers are lists of
cards, and each question is noted (`crosspost.render.answers`), so that what a page depends on is
what it asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, partial

from markupsafe import Markup

from crosspost.config import Settings
from crosspost.content.frontmatter import Image
from crosspost.content.markdown import MarkdownEngine
from crosspost.content.markup import words
from crosspost.render.answers import Answers
from crosspost.render.views import (
    FEED_TYPES,
    AccountLink,
    Card,
    EventView,
    FeedLink,
    Picture,
    Syndication,
    TermView,
)
from crosspost.site.entry import Entry, Term
from crosspost.site.index import SiteIndex
from crosspost.site.links import Links
from crosspost.site.said import NOTHING_SAID, Said
from crosspost.site.urls import url_of

_MOST = 2**31
"""More cards than any site has."""
_MARKED = re.compile(r"[*_`\[<\\&]")


class SiteView:
    """The site as a page of one language sees it: the only door from templates to the index."""

    def __init__(
        self,
        index: SiteIndex,
        engine: MarkdownEngine,
        answers: Answers,
        lang: str,
        said: Mapping[str, tuple[Said, ...]] = NOTHING_SAID,
    ) -> None:
        self._index = index
        self._engine = engine
        self._answers = answers
        self._lang = lang
        self._said = said
        self._cards: dict[str, Card] = {}
        self._terms: dict[str, TermView] = {}
        site = index.settings.site
        self.title = engine.typeset(site.title, site.language)
        self.description = engine.typeset(site.description, site.language)
        self.language = site.language
        self.author = site.author or site.title
        self.url = site.url + "/"
        self.base_path = index.settings.base_path
        self.home_url = self.base_path + "/"
        self.posts_url = url_of(self.base_path, "archives/index.html")
        self.params = index.settings.params

    @property
    def editions_url(self) -> str | None:
        """The list of newsletters, where there is one."""
        self._answers.note("has editions")
        return url_of(self.base_path, "newsletter/index.html") if self._index.editions else None

    @property
    def menu(self) -> tuple[Card, ...]:
        """The pages of the main menu, in their order."""
        self._answers.note("menu")
        return tuple(map(self.card, self._index.menu))

    @property
    def pages(self) -> tuple[Card, ...]:
        """Every page but the one for errors, in path order."""
        self._answers.note("pages")
        return tuple(self.card(entry) for entry in self._index.pages if entry.output != "404.html")

    @property
    def categories(self) -> tuple[TermView, ...]:
        """Every category that has posts."""
        self._answers.note("terms", "category")
        return tuple(map(self.term, self._index.categories))

    @property
    def tags(self) -> tuple[TermView, ...]:
        """Every tag."""
        self._answers.note("terms", "tag")
        return tuple(map(self.term, self._index.tags))

    @property
    def years(self) -> tuple[TermView, ...]:
        """Every year, newest first."""
        self._answers.note("terms", "year")
        return tuple(map(self.term, self._index.years))

    @cached_property
    def feeds(self) -> tuple[FeedLink, ...]:
        """The site's own feeds."""
        return self.feeds_at("", self.title)

    @property
    def accounts(self) -> tuple[AccountLink, ...]:
        """The site's accounts on Mastodon."""
        links = []
        rel = "me" if self._index.settings.fediverse.rel_me else ""
        for channel in self._index.settings.channels.values():
            if channel.account and channel.type == "mastodon":
                user, _, host = channel.account.lstrip("@").partition("@")
                server = channel.instance or f"https://{host}"
                url = f"{server}/@{user}"
                links.append(AccountLink(url, channel.account, channel.account, rel))
        return tuple(links)

    def posts(
        self,
        category: str | TermView | None = None,
        tag: str | TermView | None = None,
        year: int | str | TermView | None = None,
        limit: int | None = None,
    ) -> tuple[Card, ...]:
        """Return posts, newest first, of a category, tag or year (by name, by slug or as it is)."""
        question = (_name(category), _name(tag), _name(year), _whole(limit))
        self._answers.note("posts", *question)
        return tuple(map(self.card, self._index.select(*question)))

    def editions(self, limit: int | None = None) -> tuple[Card, ...]:
        """Return the newsletter's editions, newest first."""
        most = _whole(limit)
        self._answers.note("editions", most)
        return tuple(map(self.card, self._index.editions[:most]))

    def term(self, term: Term) -> TermView:
        """Return the view of a term in the page's language, or in the site's where it has none."""
        found = self._terms.get(term.url)
        if found is None:
            found = self._terms[term.url] = self._make_term(term)
        return found

    def _make_term(self, term: Term) -> TermView:
        translated = self._lang.partition("-")[0] in dict(term.labels)
        lang = self._lang if translated else self.language
        return TermView(
            term.kind,
            term.name,
            term.slug,
            self._engine.typeset(term.label_in(self._lang), lang),
            term.description,
            term.url,
            lang,
            partial(self._count, term),
        )

    def _count(self, term: Term) -> int:
        self._answers.note("count", term.kind, term.slug)
        return term.count

    def feeds_at(self, folder: str, title: str) -> tuple[FeedLink, ...]:
        """Return the feeds below a folder of output/ (empty, or ending with a slash)."""
        names = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
        return tuple(
            FeedLink(
                one,
                FEED_TYPES[one][1],
                url_of(self.base_path, folder + FEED_TYPES[one][0]),
                f"{title} ({names[one]})",
            )
            for one in self._index.settings.feeds.formats
        )

    def card(self, entry: Entry) -> Card:
        """Make the card of an entry."""
        found = self._cards.get(entry.uid)
        if found is None:
            found = self._cards[entry.uid] = self._make_card(entry)
        return found

    def _make_card(self, entry: Entry) -> Card:
        front = entry.front_matter
        terms = [self.term(term) for term in self._index.terms_by_uid.get(entry.uid, ())]
        title, title_html = self._line(entry.title, entry.lang)
        summary, summary_html = self._summary(entry)
        return Card(
            kind=str(entry.kind),
            uid=entry.uid,
            title=title,
            title_html=title_html,
            url=entry.url,
            absolute_url=entry.absolute_url,
            date=entry.date,
            updated=front.updated,
            expires=front.expires,
            summary=summary,
            summary_html=summary_html,
            category=next((term for term in terms if term.kind == "category"), None),
            tags=tuple(term for term in terms if term.kind == "tag"),
            image=self.picture(front.image, entry),
            event=self._event(entry),
            lang=entry.lang,
            author=front.author or "",
            params=front.params,
            syndicated=partial(self._asked_what_was_said, entry.uid),
        )

    def _asked_what_was_said(self, uid: str) -> tuple[Syndication, ...]:
        self._answers.note("said", uid)
        return syndication(self._index.settings, self._said.get(uid, ()))

    def _event(self, entry: Entry) -> EventView | None:
        event = entry.front_matter.event
        if event is None:
            return None
        return EventView(
            event.start, event.end, self._engine.typeset(event.place or "", entry.lang)
        )

    def _summary(self, entry: Entry) -> tuple[str, Markup]:
        """Return a summary as words and as HTML: Markdown where a person wrote it."""
        if entry.front_matter.summary:
            return self._line(entry.summary, entry.lang)
        text = self._engine.typeset(entry.summary, entry.lang)
        return text, Markup.escape(text)

    def _line(self, markdown: str, lang: str) -> tuple[str, Markup]:
        """Return one line of Markdown as words and as HTML."""
        html = Markup(self._engine.inline(markdown, lang=lang))  # noqa: S704
        marked = _MARKED.search(markdown)
        return words(html) if marked else self._engine.typeset(markdown, lang), html

    def picture(self, image: Image | None, entry: Entry) -> Picture | None:
        """Make the view of a document's own picture; None where there is none to show."""
        if image is None:
            return None
        links = Links(self._index, entry.path, frozenset())
        destination = links.destination(image.src)
        url = destination.url or image.src
        asset = self._index.assets.get(destination.asset or "")
        if destination.trouble:
            return None
        info = asset.picture if asset else None
        width, height, mime = None, None, ""
        if info:
            width, height, mime = info.width, info.height, info.mime
        return Picture(
            url=url,
            absolute_url=self._index.settings.absolute(url) if url.startswith("/") else url,
            alt=self._engine.typeset(image.alt or "", entry.lang),
            width=width,
            height=height,
            mime=mime,
            bytes=asset.published_size if asset else 0,
            caption=self._engine.typeset(image.caption or "", entry.lang),
            focus=image.focus,
        )


def syndication(settings: Settings, said: Sequence[Said]) -> tuple[Syndication, ...]:
    """Return views of what was said of a document."""
    kinds = {name: channel.type for name, channel in settings.channels.items()}
    return tuple(
        Syndication(
            one.url,
            one.channel,
            one.account,
            "Mastodon" if kinds.get(one.channel, "mastodon") == "mastodon" else one.channel,
        )
        for one in said
    )


def _name(value: object) -> str | None:
    """Return the name of a term, whichever way a template has it."""
    if value is None:
        return None
    return value.slug if isinstance(value, TermView) else str(value)


def _whole(number: float | None) -> int | None:
    """Return a number of cards. Raises ValueError for one that is not whole."""
    if number is not None and number != int(number):
        raise ValueError(f"limit={number} is not a whole number")
    return None if number is None else max(-_MOST, min(int(number), _MOST))
