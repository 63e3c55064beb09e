"""Which posts a channel says: what its settings choose, unless the front matter names it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from crosspost.config import ChannelSettings, Choice, Settings
from crosspost.content.document import Kind
from crosspost.errors import Problem, Severity, did_you_mean
from crosspost.site.editions import CHANNEL as EDITIONS
from crosspost.site.index import SiteIndex
from crosspost.site.register import Register

OFF = "switched off for this channel"
"""The reason of a post whose front matter says false for a channel."""


class Choosable(Protocol):
    """What a post is chosen by: its entry has it, and what a register knows of it."""

    @property
    def category(self) -> str | None:
        """Its category."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""

    @property
    def lang(self) -> str:
        """Its language."""

    @property
    def named(self) -> Mapping[str, bool]:
        """The channels that its front matter names, and whether they may say it."""


class Chooser:
    """The choice of one channel, asked of one post after the other."""

    def __init__(self, channel: ChannelSettings) -> None:
        self._name = channel.name
        only, without = channel.only, channel.except_
        self._all = only is None and without is None
        self._only = _Rules(only) if only else None
        self._except = _Rules(without) if without else None

    @property
    def goes_by_tags(self) -> bool:
        """Whether it has to be known of a post which tags it has."""
        return any(rules is not None and rules.tags for rules in (self._only, self._except))

    @property
    def is_general(self) -> bool:
        """Whether the channel speaks of all but what it leaves out."""
        return self._only is None

    def why_not(self, entry: Choosable) -> str:
        """Return in words which rule leaves a post out; empty where it is chosen.

        What the front matter says of this channel counts for more than any rule.
        """
        named = entry.named.get(self._name)
        if named is not None:
            return "" if named else OFF
        if self._all:
            return ""
        if self._only is not None and (reason := self._only.missed(entry)):
            return reason
        return self._except.met(entry) if self._except is not None else ""


class _Rules:
    """The lines of `only` or `except`, as sets and in words."""

    def __init__(self, choice: Choice) -> None:
        self._named = choice.named
        self._categories = frozenset(choice.categories)
        self.tags = frozenset(choice.tags)
        self._languages = frozenset(one.lower() for one in choice.languages)
        self._words = {
            "category": ", ".join(choice.categories),
            "tags": ", ".join(choice.tags),
            "language": ", ".join(choice.languages),
        }

    def missed(self, entry: Choosable) -> str:
        """Return which line of `only` a post does not fulfil; empty where it fulfils all."""
        if self._named:
            return "not named: this channel says only posts that name it (only: named)"
        if self._categories and entry.category not in self._categories:
            return f"not chosen: only category {self._words['category']}"
        if self.tags and self.tags.isdisjoint(entry.tags):
            return f"not chosen: only tags {self._words['tags']}"
        if self._languages and not self._speaks(entry):
            return f"not chosen: only language {self._words['language']}"
        return ""

    def met(self, entry: Choosable) -> str:
        """Return which line of `except` a post fulfils; empty where it fulfils none."""
        if entry.category in self._categories:
            return f"left out: except category {self._words['category']}"
        if not self.tags.isdisjoint(entry.tags):
            return f"left out: except tags {self._words['tags']}"
        if self._speaks(entry):
            return f"left out: except language {self._words['language']}"
        return ""

    def _speaks(self, entry: Choosable) -> bool:
        """Whether a post is in one of the languages; `fr` is `fr-CA` too."""
        lang = entry.lang.lower()
        return lang in self._languages or lang.partition("-")[0] in self._languages


def check_choices(index: SiteIndex | Register, names: Collection[str]) -> tuple[Problem, ...]:
    """Return warnings of words that fit nothing, which are mostly misspelt.

    Those are categories and tags that no post has, by which one of the channels `names` chooses,
    and channels that only the front matter of a post knows.
    """
    settings = index.settings
    choices = [
        (name, choice)
        for name in names
        if (channel := settings.channels.get(name))
        for choice in (channel.only, channel.except_)
        if choice is not None
    ]
    known = {*settings.channels, *names, EDITIONS}
    posts: Sequence[Choosable]
    if isinstance(index, Register):
        tags = any(choice.tags for _, choice in choices)
        posts = index.traits_of_posts() if tags else index.kinds_of_posts
        unheard = index.posts_with(lambda traits: not traits.named.keys() <= known)
    else:
        hiding = (one.entry for one in index.hidden if one.entry.kind == Kind.POST)
        posts = entries = [*index.posts, *hiding]
        unheard = [one for one in entries if one.named and not one.named.keys() <= known]
    found = list(_unfulfilled(settings, posts, choices)) if choices else []
    for entry in unheard:
        for name in sorted(entry.named.keys() - known):
            words = f"no channel is called '{name}'.{did_you_mean(name, known)} "
            words += f"Known: {', '.join(sorted(known))}."
            found.append(entry.document.problem(f"channels.{name}", "unknown-channel", words))
    return tuple(problem._replace(severity=Severity.WARNING) for problem in found)


def _unfulfilled(
    settings: Settings, posts: Sequence[Choosable], choices: Iterable[tuple[str, Choice]]
) -> Iterator[Problem]:
    """Yield a problem for each category and tag of a choice that no post has."""
    categories = {entry.category for entry in posts if entry.category} | settings.categories.keys()
    tags = {tag for entry in posts for tag in entry.tags} | settings.tags.keys()
    for name, choice in choices:
        for kind, known, wanted in (
            ("category", categories, choice.categories),
            ("tag", tags, choice.tags),
        ):
            for word in wanted:
                if word not in known:
                    words = f"channel '{name}' goes by the {kind} '{word}', which no post has."
                    words += did_you_mean(word, known)
                    yield settings.problem("channels", f"unknown-{kind}", words)
