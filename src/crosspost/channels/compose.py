"""Composing a message: the words a person wrote for the channel, or else words made from the post.

A text written for the channel is sent as it stands: too long is an error at its line, never a
cut. Otherwise the message is the summary, the link and the hashtags, each in its own paragraph.
What does not fit leaves in this order: hashtags from the last, then sentences from the last; then
the title stands for the summary, and at the end the link stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crosspost.channels.counting import message_length
from crosspost.channels.hashtags import hashtags
from crosspost.channels.message import Limits, Media, Message
from crosspost.content.excerpt import sentences
from crosspost.content.frontmatter import Variant
from crosspost.content.typography import typeset
from crosspost.errors import Problem

_NO_PLACES: Mapping[str, tuple[int, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """What a post offers to a channel, in plain text.

    `file` is relative to the site and `places` gives the line and column of its front matter's
    keys. `summary` may be empty; `url` is the post's full address. `typography` says whether words
    that are composed get the spaces and quotes of their language.
    """

    uid: str
    file: str
    url: str
    title: str
    summary: str
    language: str
    typography: bool = True
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    variant: Variant = field(default_factory=Variant)
    places: Mapping[str, tuple[int, int]] = field(default_factory=lambda: _NO_PLACES)

    def problem(self, name: str, code: str, message: str) -> Problem:
        """Make a problem at a key of the front matter, or at the nearest key above it."""
        line, column = self.place(name)
        return Problem(self.file, line, column, code, message)

    def place(self, name: str) -> tuple[int, int]:
        """Return the line and column of a key, or of the nearest key above it, from 1."""
        while name not in self.places and "." in name:
            name = name.rpartition(".")[0]
        return self.places.get(name, (1, 1))


@dataclass(frozen=True, slots=True)
class Voice:
    """How one account speaks: the channel's name and account, and its settings."""

    channel: str
    account: str
    visibility: str = "public"
    max_hashtags: int = 4


@dataclass(frozen=True, slots=True)
class Composed:
    """A message, or the problems that keep it from being one; and what had to be left out."""

    message: Message | None
    length: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def compose(source: Source, voice: Voice, limits: Limits) -> Composed:
    """Say what `voice` is to say of a post, within `limits`, or why it cannot."""
    variant = source.variant
    notes: list[str] = []
    problems = _media_problems(source, limits)
    if variant.text and variant.text.strip():
        text = _written(source, variant.text, notes)
    else:
        text = _made(source, voice, limits, notes)
    length = message_length(text, variant.content_warning, limits)
    if length > limits.characters:
        problems.append(_too_long(source, voice, length, limits))
    message = Message(
        channel=voice.channel,
        account=voice.account,
        uid=source.uid,
        text=text,
        url=source.url,
        path=source.file,
        line=source.place(f"channels.{voice.channel}.text")[0],
        content_warning=variant.content_warning or None,
        visibility=variant.visibility or voice.visibility,
        language=(variant.language or source.language).split("-")[0].lower() or None,
        sensitive=bool(variant.content_warning),
        media=source.media[: limits.media],
    )
    return Composed(None if problems else message, length, tuple(problems), tuple(notes))


def _written(source: Source, written: str, notes: list[str]) -> str:
    """Return the text of the variant, with the link in its place or below it.

    Hashtags are added only where the variant names its own: those of the post may already be in
    the text, in the words of the person who wrote it.
    """
    text = written.strip().replace("{url}", source.url)
    if not re.search(re.escape(source.url) + r"(?![\w/?#=&%-])", text):
        text = f"{text}\n\n{source.url}"
    made, lost = hashtags(source.variant.tags or ())
    notes.extend(_no_hashtag(tag) for tag in lost)
    there = {word.casefold() for word in re.findall(r"#\w+", text)}
    added = [tag for tag in made if tag.casefold() not in there]
    return _layout(text, "", added)


def _made(source: Source, voice: Voice, limits: Limits, notes: list[str]) -> str:
    """Return summary, link and hashtags, as much of them as fits."""
    variant = source.variant
    made, lost = hashtags(source.tags if variant.tags is None else variant.tags)
    notes.extend(_no_hashtag(tag) for tag in lost)
    # Those of the variant were chosen for this message; the setting bounds the post's own.
    tags = made[: voice.max_hashtags] if variant.tags is None else made
    language = variant.language or source.language

    def typed(words: str) -> str:
        return typeset(words.strip(), language) if source.typography else words.strip()

    def fits(words: str, count: int) -> bool:
        text = _layout(words, source.url, tags[:count])
        return message_length(text, variant.content_warning, limits) <= limits.characters

    parts = list(sentences(typed(source.summary)))
    whole = " ".join(parts)
    candidates = [" ".join(parts[:n]) for n in range(len(parts), 0, -1)]
    candidates += [typed(source.title), ""]
    words = next((words for words in candidates if fits(words, 0)), "")
    count = next((n for n in range(len(tags), 0, -1) if fits(words, n)), 0)
    if words != whole and whole:
        short = "the summary is shortened by whole sentences"
        notes.append(short if words and whole.startswith(words) else "the summary has no room")
    notes.extend(f"no room for {tag}" for tag in tags[count:])
    return _layout(words, source.url, tags[:count])


def _layout(words: str, url: str, tags: tuple[str, ...] | list[str]) -> str:
    return "\n\n".join(part for part in (words, url, " ".join(tags)) if part)


def _no_hashtag(tag: str) -> str:
    return f"'{tag}' makes no hashtag: it has no letter"


def _too_long(source: Source, voice: Voice, length: int, limits: Limits) -> Problem:
    over = length - limits.characters
    warning = source.variant.content_warning or ""
    if not (source.variant.text or "").strip() and warning:
        # Words that were made leave by themselves: what stays is the link, and the warning.
        return source.problem(
            f"channels.{voice.channel}.content_warning",
            "message-too-long",
            f"the content warning for {voice.channel} leaves no room for the link: together they "
            f"have {length} characters, {over} more than the {limits.characters} that its server "
            "allows: shorten it.",
        )
    return source.problem(
        f"channels.{voice.channel}.text",
        "message-too-long",
        f"the text for {voice.channel} has {length} characters with its link, {over} more than "
        f"the {limits.characters} that its server allows: shorten it.",
    )


def _media_problems(source: Source, limits: Limits) -> list[Problem]:
    problems = []
    for media in source.media[: limits.media]:
        if not media.alt.strip():
            problems.append(
                source.problem(
                    "image.src",
                    "missing-alt",
                    f"the picture {media.path} has no alt text, and is not published without one: "
                    'write image: {src: …, alt: "what it shows"}.',
                )
            )
        elif len(media.alt) > limits.description:
            problems.append(
                source.problem(
                    "image.alt",
                    "alt-too-long",
                    f"the alt text has {len(media.alt)} characters; the server allows "
                    f"{limits.description}: shorten it.",
                )
            )
    return problems
