"""What a template may ask of the site, and the stamp of each answer.

A page is made from what it was given and from what it asked. A *question* is a tuple that begins
with its kind; its *stamp* changes when its answer would. While a task runs, `Answers` notes what
it asks; the next build takes the stamps of the same questions anew, and where they are what they
were, the page is too. One function gives the stamps in both cases, so they cannot disagree.

Every question that the façade answers must be one of these: a template that could reach the index
without asking would be a page that goes stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from crosspost.render.theme import Theme
from crosspost.site.entry import Entry, Term
from crosspost.site.index import SiteIndex
from crosspost.site.links import Links
from crosspost.site.said import NOTHING_SAID, Said
from crosspost.when_asked import Found

if TYPE_CHECKING:
    from crosspost.render.templates import ThemeLoader

Question = tuple[str | int | None, ...]
ABOUT_CARDS = frozenset({"menu", "pages", "posts", "editions"})
"""The kinds of questions whose answers are cards."""
WHO = 8
"""Characters at the start of a card's stamp that say whose it is."""
CARD_STAMP = WHO + 24
_PLAIN = frozenset({str, int, type(None)})
_MOST_SETS = 1000
"""Sets of questions that are known at once: where each page asks its own, none comes again."""
_SHOWN = 100
"""Cards up to which a stamp lists each, so that a person can be told which one changed."""


def stamp_of(*parts: object) -> str:
    """Return a stamp of values whose `repr` says all of them."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def who(uid: str) -> str:
    """Return the first characters of each card's stamp: whose it is."""
    return hashlib.blake2b(uid.encode(), digest_size=WHO // 2).hexdigest()


def joined(stamps: Sequence[str]) -> str:
    """Return one stamp for those of several cards; of a few, a person can be told which changed."""
    return "".join(stamps) if len(stamps) <= _SHOWN else stamp_of(stamps)


class Noting:
    """Collects, as a `with` of ten thousand pages, what is asked of `answers` inside."""

    __slots__ = ("_answers", "_before", "_noted", "questions")
    questions: frozenset[Question]
    """All that was asked, once it is over."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def __enter__(self) -> Noting:
        self._before = self._answers.noted
        self._noted = self._answers.noted = _Noted()
        return self

    def __exit__(self, *_: object) -> None:
        self._answers.noted = self._before
        self.questions = self._answers.one_set(self._noted)


class _Noted:
    """What a page has asked: questions, and what its parts asked, each set once by its identity."""

    __slots__ = ("single", "together")

    def __init__(self) -> None:
        self.single: set[Question] = set()
        self.together: dict[int, frozenset[Question]] = {}


class Answers:
    """Stamps for one site at one moment, and a note of what the task at hand asks."""

    def __init__(
        self,
        index: SiteIndex,
        theme: Theme,
        loader: ThemeLoader,
        said: Mapping[str, tuple[Said, ...]] = NOTHING_SAID,
    ) -> None:
        self._index = index
        self._said = said
        self._theme = theme
        self._loader = loader
        self.noted = _Noted()
        """What the page at hand has asked."""
        self._sets: dict[
            tuple[frozenset[Question], frozenset[int]],
            tuple[frozenset[Question], tuple[frozenset[Question], ...]],
        ] = {}
        self._stamps: dict[Question, str] = {}
        self._cards: dict[str, str] = {}
        self._terms: dict[str, str] = {}

    def note(self, *question: str | int | None) -> None:
        """Remember that the task at hand has asked."""
        if not _PLAIN.issuperset(map(type, question)):
            # A template may ask with marked-up words, or with a number of its own.
            question = tuple(one if type(one) in _PLAIN else str(one) for one in question)
        self.noted.single.add(question)

    def note_all(self, questions: frozenset[Question]) -> None:
        """Remember what was asked for a part of several pages."""
        self.noted.together[id(questions)] = questions

    def noting(self) -> Noting:
        """Collect what is asked inside: it is whole at the end."""
        return Noting(self)

    def one_set(self, noted: _Noted) -> frozenset[Question]:
        """Return all that was noted: for most pages the very set that another page has asked."""
        key = (frozenset(noted.single), frozenset(noted.together))
        found = self._sets.get(key)
        if found is None:
            if len(self._sets) >= _MOST_SETS:
                self._sets.clear()
            # They stay with it, so that what they are known by is never another one's.
            parts = tuple(noted.together.values())
            found = self._sets[key] = (key[0].union(*parts), parts)
        return found[0]

    def stamp(self, question: Question) -> str:
        """Return the stamp of the answer that a question has now; empty where it has none."""
        found = self._stamps.get(question)
        if found is None:
            kind, *arguments = question
            found = self._stamps[question] = self._kinds[str(kind)](*arguments)
        return found

    def card(self, entry: Entry) -> str:
        """Return the stamp of an entry's card: its own words, its terms' and its picture's."""
        found = self._cards.get(entry.uid)
        if found is None:
            parts = [entry.stamp, *map(self.term, self._index.terms_by_uid.get(entry.uid, ()))]
            if entry.image_src is not None:
                parts.append(self._picture(entry))
            text = "\n".join(parts).encode("utf-8", "surrogatepass")
            found = who(entry.uid) + hashlib.blake2b(text, digest_size=12).hexdigest()
            self._cards[entry.uid] = found
        return found

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Return the title of each document by the first part of its card's stamp."""
        uids = {who(uid): uid for uid in self._index.by_uid}
        return Found(uids, lambda name: self._index.by_uid[uids[name]].title)

    def each_card(self, entries: Iterable[Entry]) -> list[str]:
        """Return the stamp of each card."""
        known, make = self._cards.get, self.card
        return [known(entry.uid) or make(entry) for entry in entries]

    def cards(self, entries: Iterable[Entry]) -> str:
        """Return the stamp of several cards in their order."""
        return joined(self.each_card(entries))

    def term(self, term: Term) -> str:
        """Return the stamp of a category, tag or year, but for how many posts carry it."""
        found = self._terms.get(term.url)
        if found is None:
            parts = (term.kind, term.name, term.label, term.labels, term.description, term.url)
            found = self._terms[term.url] = stamp_of(parts)
        return found

    def said(self, uid: str) -> str:
        """Return the stamp of what was said of a document; empty where nothing was."""
        said = self._said.get(uid)
        return stamp_of(said) if said else ""

    def _picture(self, entry: Entry) -> str:
        links = Links(self._index, entry.path, frozenset())
        destination = links.destination(entry.image_src or "")
        asset = self._index.assets.get(destination.asset or "")
        return stamp_of(destination, asset and asset.facts)

    @cached_property
    def _kinds(self) -> dict[str, Callable[..., str]]:
        index = self._index
        terms = {"category": index.categories, "tag": index.tags, "year": index.years}
        return {
            "menu": lambda: self.cards(index.menu),
            "pages": lambda: self.cards(entry for entry in index.pages),
            "posts": lambda *wanted: self.cards(index.select(*wanted)),
            "editions": lambda limit: self.cards(index.editions[:limit]),
            "has editions": lambda: str(bool(index.editions)),
            "terms": lambda kind: stamp_of(*map(self.term, terms[kind])),
            "count": lambda kind, slug: str(
                next((one.count for one in terms[kind] if one.slug == slug), 0)
            ),
            "site image": self._site_image,
            "said": self.said,
            "text": lambda lang, key: stamp_of(self._theme.translator(lang).pattern(key)),
            "asset": lambda name: self._theme.fingerprints.get(name, ""),
            "url_for": lambda name: getattr(index.named(name), "url", ""),
            "template": self._loader.stamp,
        }

    def _site_image(self) -> str:
        asset = self._index.assets.get((self._index.settings.site.image or "").lstrip("/"))
        return stamp_of(asset.facts) if asset else ""
