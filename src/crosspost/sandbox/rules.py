"""How long a status is, and what a server refuses, in the server's own words.

Mastodon counts grapheme clusters of the warning and the text, a link as 23 and `@user@domain` as
`@user`; GoToSocial counts code points and everything in full; Hollo tells a limit and refuses none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import grapheme

from crosspost.sandbox.entities import EntityKind, find_entities
from crosspost.sandbox.profiles import Family, Profile
from crosspost.sandbox.refusal import Refusal

VISIBILITIES = ("public", "unlisted", "private", "direct")
QUOTE_POLICIES = ("public", "followers", "nobody")

# ISO 639-1, and the regions that Mastodon keeps apart.
_LANGUAGES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv
    cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gu gv ha he hi ho hr ht
    hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky
    la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
    oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
    za zh zu ast chr ckb cnr csb gsw jbo kab ldn lfn moh nds pdc sco sma smj szl tok vai xal
    zba zgh zh-CN zh-HK zh-TW zh-YUE""".split()  # noqa: SIM905 - a table of 190 lines would hide the rules
)


@dataclass(frozen=True, slots=True)
class Poll:
    """A question: its choices, its life in seconds, when it ends, and the votes for each choice.

    `votes` is empty before the first one.
    """

    options: tuple[str, ...]
    expires_in: int
    multiple: bool
    hide_totals: bool
    expires_at: datetime | None = None
    votes: tuple[int, ...] = ()


def countable(text: str, profile: Profile) -> str:
    """Return `text` as it is counted: links and handles put in their counted form."""
    if profile.family is not Family.MASTODON:
        return text
    pieces: list[str] = []
    last = 0
    for entity in find_entities(text, profile.tag_boundary):
        if entity.kind is EntityKind.LINK:
            counted = "x" * profile.characters_per_url
        elif entity.kind is EntityKind.MENTION:
            counted = "@" + entity.value.partition("@")[0]
        else:
            continue
        pieces += (text[last : entity.start], counted)
        last = entity.end
    return "".join((*pieces, text[last:]))


def length(text: str, spoiler_text: str, profile: Profile) -> int:
    """Return what a status counts against `profile.max_characters`."""
    counted = spoiler_text + countable(text, profile)
    if profile.family is not Family.MASTODON:
        return len(counted)
    clusters: int = grapheme.length(counted)
    return clusters


def language_or(wanted: str | None, *fallbacks: str | None) -> str | None:
    """Return the first usable code; `fr-FR` becomes `fr`, an unknown one is passed over."""
    for code in (wanted, *fallbacks):
        for candidate in (code or "", re.split("[_-]", code or "")[0]):
            if candidate in _LANGUAGES:
                return candidate
    return None


def check_text(
    text: str, spoiler_text: str, profile: Profile, *, media: int, poll: bool, visibility: str
) -> None:
    """Refuse a status that is empty, too long, or of a visibility that does not exist."""
    faults: list[str] = []
    if profile.family is Family.HOLLO:
        if (not text and not media and not poll) or visibility not in VISIBILITIES:
            raise Refusal(422, "invalid_request")
        return
    if profile.family is Family.GOTOSOCIAL:
        if not text and not media and not poll:
            faults.append("status contains no text, media or poll")
        if length(text, spoiler_text, profile) > profile.max_characters:
            faults.append(f"text with spoiler exceed max chars ({profile.max_characters})")
        if visibility not in VISIBILITIES:
            faults.append(f"visibility '{visibility}' was not recognized")
        if faults:
            raise Refusal(profile.refusal, f"Bad Request: {faults[0]}")
        return
    if not text.strip() and not media:
        faults.append("Text can't be blank")
    if length(text, spoiler_text, profile) > profile.max_characters:
        faults.append(f"Text character limit of {profile.max_characters} exceeded")
    if visibility not in VISIBILITIES:
        faults.append("Visibility is not included in the list")
    if faults:
        raise Refusal(profile.refusal, f"Validation failed: {', '.join(faults)}")


def check_poll(poll: Poll, profile: Profile, *, media: int) -> None:
    """Refuse a poll of too few, too many, too long or repeated choices, or of a wrong duration."""
    if media and not profile.poll_with_media:
        if profile.family is Family.GOTOSOCIAL:
            raise Refusal(400, "Bad Request: can't post media + poll in same status")
        raise Refusal(422, f"Cannot attach more than {profile.max_media} files")
    faults: list[str] = []
    longest = profile.poll_option_characters
    if len(poll.options) < 2:
        faults.append("Choices must have more than one item")
    if len(poll.options) > profile.poll_options:
        faults.append(f"Choices can't contain more than {profile.poll_options} items")
    if any(grapheme.length(option) > longest for option in poll.options):
        faults.append(f"Choices cannot be longer than {longest} characters each")
    if len(set(poll.options)) != len(poll.options):
        faults.append("Choices contain duplicate items")
    if poll.expires_in > profile.poll_max_expiration:
        faults.append("Deadline is too far into the future")
    if poll.expires_in < profile.poll_min_expiration:
        faults.append("Deadline is too soon")
    if faults:
        raise Refusal(profile.refusal, f"Validation failed: {', '.join(faults)}")


def check_media_count(ids: Sequence[str], profile: Profile) -> None:
    """Refuse more attachments than the server takes."""
    if len(ids) <= profile.max_media:
        return
    if profile.family is Family.GOTOSOCIAL:
        raise Refusal(400, f"Bad Request: media exceed max attachments ({profile.max_media})")
    raise Refusal(422, f"Cannot attach more than {profile.max_media} files")


def check_media(
    found: Sequence[str], unknown: Sequence[str], ready: bool, profile: Profile
) -> None:
    """Refuse attachments that are unknown, of types that do not mix, or not processed yet.

    `found` holds the type of each attachment that exists, `unknown` the ids of the others.
    """
    if unknown:
        if profile.family is Family.GOTOSOCIAL:
            raise Refusal(400, f"Bad Request: media not found: {unknown[0]}")
        if profile.family is Family.HOLLO:
            raise Refusal(422, "Media not found")
        ids = ", ".join(unknown)
        raise Refusal(422, f"Media {ids} not found or already attached to another post")
    if profile.family is Family.MASTODON:
        if len(found) > 1 and any(kind in {"video", "audio"} for kind in found):
            raise Refusal(422, "Cannot attach a video to a post that already contains images")
        if not ready:
            raise Refusal(
                422,
                "Cannot attach files that have not finished processing. Try again in a moment!",
            )


def check_description(description: str, profile: Profile) -> None:
    """Refuse an alternative text longer than the server keeps (code points)."""
    limit = profile.description_limit
    if len(description) <= limit:
        return
    if profile.family is Family.GOTOSOCIAL:
        raise Refusal(400, f"Bad Request: media description less than {limit} chars required")
    raise Refusal(
        422, f"Validation failed: Description is too long (maximum is {limit} characters)"
    )
