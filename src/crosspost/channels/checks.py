"""What a person must mend before a message can be sent: each with its line, and what to write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crosspost.channels.counting import graphemes
from crosspost.channels.hashtags import misread_hashtags
from crosspost.channels.message import Limits, Media, Question


class Flaw(NamedTuple):
    """What is wrong with a message, at which key of the front matter, in words for a person."""

    name: str
    code: str
    message: str


def check_pictures(
    media: tuple[Media, ...], names: tuple[str, ...], limits: Limits
) -> Iterator[Flaw]:
    """Yield what is wrong with pictures; `names` gives the key of each in the front matter."""
    seen: set[str] = set()
    for one, name in zip(media, names, strict=True):
        if one.digest in seen:
            yield Flaw(
                f"{name}.src", "same-picture", f"the picture {one.path} is there twice: keep one."
            )
        seen.add(one.digest)
        if not one.alt.strip():
            shape = "image: {src: …" if name == "image" else "{src: …"
            yield Flaw(
                f"{name}.src",
                "missing-alt",
                f"the picture {one.path} has no alt text, and is not published without one: "
                f'write {shape}, alt: "what it shows"}}.',
            )
        elif len(one.alt) > limits.description:
            yield Flaw(
                f"{name}.alt",
                "alt-too-long",
                f"the alt text has {len(one.alt)} characters; the server allows "
                f"{limits.description}: shorten it.",
            )


def check_poll(poll: Question, name: str, limits: Limits) -> Iterator[Flaw]:
    """Yield what a server would refuse of a poll; `name` is its key in the front matter."""
    options, trouble = f"{name}.options", []
    if len(poll.options) < 2:
        trouble.append((options, "a poll needs two answers at least."))
    if len(poll.options) > limits.poll_options:
        most = f"the server allows {limits.poll_options}: take some out."
        trouble.append((options, f"the poll has {len(poll.options)} answers; {most}"))
    for option in poll.options:
        length = graphemes(option)
        if not option.strip():
            trouble.append((options, "an answer of the poll is empty: write it, or take it out."))
        elif length > limits.poll_characters:
            most = f"the server allows {limits.poll_characters}: shorten it."
            trouble.append((options, f"the answer '{option}' has {length} characters; {most}"))
    if len({option.strip() for option in poll.options}) < len(poll.options):
        trouble.append((options, "two answers of the poll are the same: keep one."))
    if not limits.poll_shortest <= poll.expires_in <= limits.poll_longest:
        shortest, longest = in_words(limits.poll_shortest), in_words(limits.poll_longest)
        words = f"the server keeps a poll open for {shortest} at least and {longest} at most."
        trouble.append((f"{name}.expires_in", words))
    for place, message in trouble:
        yield Flaw(place, "wrong-poll", message)


def check_hashtags(text: str, name: str, notes: list[str]) -> Iterator[Flaw]:
    """Yield the hashtags that a server would cut, and note those that it would not see."""
    for tag in misread_hashtags(text):
        if tag.read:
            yield Flaw(
                name,
                "cut-hashtag",
                f"the server reads {tag.typed} as {tag.read}: write {tag.instead}.",
            )
        elif tag.instead:
            notes.append(f"{tag.typed} is no hashtag there: put a space before it")
        else:
            notes.append(f"{tag.typed} is no hashtag: it has no letter")


def in_words(seconds: int) -> str:
    """Say a length of time in the largest unit that it fills: 5 minutes, 30 days."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' * (count != 1)}"
    return f"{seconds} seconds"
