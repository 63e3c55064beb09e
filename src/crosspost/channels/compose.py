"""Composing messages: the words a person wrote for the channel, or else words made from the post.

A text written for the channel is sent as it stands: too long is an error at its line, never a
cut. A list of texts is a thread: each is a message of its own, counted by itself. Otherwise there
is one message: the summary, the link and the hashtags, each in its own paragraph. What does not
fit leaves in this order: hashtags from the last, then sentences from the last; then the title
stands for the summary, and at the end the link stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from crosspost.channels.checks import Flaw, check_hashtags, check_pictures, check_poll
from crosspost.channels.counting import message_length, without_links
from crosspost.channels.hashtags import hashtags
from crosspost.channels.message import Limits, Media, Message, Question, holds_link
from crosspost.content.excerpt import sentences
from crosspost.content.frontmatter import Part, Poll, Variant
from crosspost.content.typography import typeset
from crosspost.errors import Problem

_NO_PLACES: Mapping[str, tuple[int, int]] = MappingProxyType({})
_NO_MEDIA: Mapping[int, tuple[Media, ...]] = MappingProxyType({})
_MENTION = re.compile(
    r"(?<![=/\w])@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*(?:@\w+(?:[.-]+\w+)*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a post offers to a channel, in plain text.

    `file` is relative to the site and `places` gives the line and column of its front matter's
    keys. `summary` may be empty; `url` is the post's full address. `typography` says whether words
    that are composed get the spaces and quotes of their language. `media` holds the pictures of
    the message, or of each part of a thread in `later_media` from the second on, by its number;
    `chosen` says that they were written for the channel, and are not just the post's own.
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
    later_media: Mapping[int, tuple[Media, ...]] = field(default_factory=lambda: _NO_MEDIA)
    chosen: bool = False
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
    quotes: str | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A message, or the problems that keep it from being one; and what had to be left out.

    `later` holds the other messages of a thread.
    """

    message: Message | None
    length: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    later: tuple[Message, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages of a thread, or the only one; none where there is a problem."""
        return () if self.message is None else (self.message, *self.later)


def compose(source: Source, voice: Voice, limits: Limits) -> Composed:
    """Say what `voice` is to say of a post, within `limits`, as a whole: a thread is one answer."""
    first, *others = compose_thread(source, voice, limits)
    problems = tuple(problem for one in (first, *others) for problem in one.problems)
    return replace(
        first,
        message=None if problems else first.message,
        problems=problems,
        notes=tuple(note for one in (first, *others) for note in one.notes),
        later=tuple(one.message for one in others if one.message is not None),
    )


def compose_thread(source: Source, voice: Voice, limits: Limits) -> tuple[Composed, ...]:
    """Say what `voice` is to say of a post, message by message, or why it cannot."""
    pieces = _pieces(source, voice)
    linked = any(holds_link(piece.text, source.url) for piece in pieces)
    return tuple(_composed(source, voice, limits, piece, linked) for piece in pieces)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a person wrote of one message; `text` is empty where it is to be made.

    `name`, `poll_name` and `images` are the keys at which its text, poll and pictures stand.
    """

    number: int
    of: int
    text: str
    name: str
    media: tuple[Media, ...]
    images: tuple[str, ...]
    poll: Poll | None
    poll_name: str


def _pieces(source: Source, voice: Voice) -> tuple[_Piece, ...]:
    variant, top = source.variant, f"channels.{voice.channel}"
    written = variant.text or ""
    texts = written if isinstance(written, tuple) else (written,)
    pieces = []
    for number, given in enumerate(texts, start=1):
        name = f"{top}.text.{number - 1}" if isinstance(variant.text, tuple) else f"{top}.text"
        part = given if isinstance(given, Part) else Part(given)
        media = source.media if number == 1 else source.later_media.get(number, ())
        poll, poll_name = part.poll, f"{name}.poll"
        if number == 1 and poll is None:
            poll, poll_name = variant.poll, f"{top}.poll"
        images = f"{name}.images" if part.images else f"{top}.images"
        own = source.chosen or number > 1
        pieces.append(
            _Piece(
                number=number,
                of=len(texts),
                text=part.text.strip().replace("{url}", source.url),
                name=name,
                media=media,
                images=tuple(f"{images}.{n}" if own else "image" for n in range(len(media))),
                poll=poll,
                poll_name=poll_name,
            )
        )
    return tuple(pieces)


def _composed(
    source: Source, voice: Voice, limits: Limits, piece: _Piece, linked: bool
) -> Composed:
    """Compose one message. `linked` says that a person wrote the link into one of the thread."""
    variant = source.variant
    notes: list[str] = []
    flaws: list[Flaw] = []
    if piece.text:
        flaws += check_hashtags(piece.text, piece.name, notes)
        text = _written(source, piece, linked, notes)
    elif piece.of > 1:
        text = ""
        words = f"message {piece.number} of the thread is empty: write its words, or take it out."
        flaws.append(Flaw(piece.name, "empty-message", words))
    else:
        text = _made(source, voice, limits, notes)
    poll = _question(piece.poll) if piece.poll else None
    if poll:
        flaws += check_poll(poll, piece.poll_name, limits)
    media = _pictures(source, piece, limits, notes, flaws)
    length = message_length(text, variant.content_warning, limits)
    if length > limits.characters:
        flaws.append(_too_long(source, voice, piece, length, limits))
    visibility = variant.visibility or voice.visibility
    mentions = tuple(dict.fromkeys(_MENTION.findall(without_links(piece.text))))
    notes += [f"{handle} is notified" for handle in mentions]
    if variant.quotes and not limits.quotes:
        notes.append(
            "the server does not know who may quote a message"
            if limits.read_at
            else "who may quote it goes along where the server knows that: it was not asked yet"
        )
    message = Message(
        channel=voice.channel,
        account=voice.account,
        uid=source.uid,
        text=text,
        url=source.url,
        path=source.file,
        line=source.place(piece.name)[0],
        part=piece.number,
        parts=piece.of,
        content_warning=variant.content_warning or None,
        # The first speaks to everybody; all of them in public lists would push others out.
        visibility="unlisted" if piece.number > 1 and visibility == "public" else visibility,
        language=(variant.language or source.language).split("-")[0].lower() or None,
        sensitive=bool(variant.content_warning),
        media=media,
        poll=poll,
        quotes=(variant.quotes or voice.quotes) if limits.quotes else None,
        mentions=mentions,
        title=source.title,
    )
    problems = tuple(source.problem(*flaw) for flaw in flaws)
    return Composed(None if problems else message, length, problems, tuple(notes))


def _written(source: Source, piece: _Piece, linked: bool, notes: list[str]) -> str:
    """Return the text of the variant, with the link in its place or below the first message.

    Hashtags are added only where the variant names its own: those of the post may already be in
    the text, in the words of the person who wrote it. They stand once, in the first message: of a
    thread it is the one that is found by them.
    """
    text = piece.text
    if piece.number > 1:
        return text
    if not linked:
        text = f"{text}\n\n{source.url}"
    made, lost = hashtags(source.variant.tags or ())
    notes.extend(_no_hashtag(tag) for tag in lost)
    there = {word.casefold() for word in re.findall(r"#\w+", text)}
    added = [tag for tag in made if tag.casefold() not in there]
    return _layout(text, "", added)


def _pictures(
    source: Source, piece: _Piece, limits: Limits, notes: list[str], flaws: list[Flaw]
) -> tuple[Media, ...]:
    """Return the pictures that go with a message; those that are only the post's may stay out."""
    media, chosen = piece.media, source.chosen or piece.number > 1
    if media and piece.poll and not limits.poll_with_media:
        words = "its server takes no picture beside a poll"
        if not chosen:
            notes.append(f"{words}: {media[0].path} stays out")
            return ()
        flaws.append(Flaw(piece.poll_name, "wrong-poll", f"{words}: take one of them out."))
    if len(media) > limits.media:
        words = f"the message has {len(media)} pictures; the server allows {limits.media}"
        name = piece.images[limits.media]
        flaws.append(Flaw(name, "too-many-pictures", f"{words}: take some out."))
    flaws += check_pictures(media, piece.images, limits)
    notes += [f"{one.path} moves, and is sent as it is" for one in media if one.moving]
    return media


def _question(poll: Poll) -> Question:
    return Question(
        options=tuple(option.strip() for option in poll.options),
        expires_in=int(poll.expires_in.total_seconds()),
        multiple=poll.multiple,
        hide_totals=poll.hide_totals,
    )


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


def _too_long(source: Source, voice: Voice, piece: _Piece, length: int, limits: Limits) -> Flaw:
    over = length - limits.characters
    if not piece.text and source.variant.content_warning:
        # Words that were made leave by themselves: what stays is the link, and the warning.
        return Flaw(
            f"channels.{voice.channel}.content_warning",
            "message-too-long",
            f"the content warning for {voice.channel} leaves no room for the link: together they "
            f"have {length} characters, {over} more than the {limits.characters} that its server "
            "allows: shorten it.",
        )
    what = f"message {piece.number} of the thread" if piece.of > 1 else "the text"
    link = " with its link" if piece.number == 1 else ""
    return Flaw(
        piece.name,
        "message-too-long",
        f"{what} for {voice.channel} has {length} characters{link}, {over} more than "
        f"the {limits.characters} that its server allows: shorten it.",
    )
