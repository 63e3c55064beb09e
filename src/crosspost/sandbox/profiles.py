"""The servers that the sandbox can stand for, and the numbers in which they differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
MOVING_TYPES = ("video/webm", "video/mp4", "video/quicktime")
SOUND_TYPES = ("audio/wav", "audio/ogg", "audio/mpeg", "audio/flac", "audio/mp4")


class Family(StrEnum):
    """Whose code the server runs: it decides ids, error texts and what is ignored."""

    MASTODON = "mastodon"
    GOTOSOCIAL = "gotosocial"
    HOLLO = "hollo"


class TagBoundary(StrEnum):
    """What may stand before a hashtag's `#`."""

    SPACE = "space"
    """The start of the text or white space (no-break spaces included): Mastodon 4.6."""
    NOT_A_WORD = "not-a-word"
    """Anything but a letter, a digit, `=`, `/` or `)`: Mastodon 4.3, GoToSocial."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of server: sizes in bytes, durations in seconds, pictures in pixels."""

    name: str
    family: Family
    version: str
    api_version: int | None
    max_characters: int
    characters_per_url: int
    max_media: int
    description_limit: int
    tells_description_limit: bool
    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int
    poll_options: int
    poll_with_media: bool
    default_visibility: str
    tag_boundary: TagBoundary
    honours_keys: bool
    poll_option_characters: int = 50
    poll_min_expiration: int = 300
    poll_max_expiration: int = 2_629_746

    @property
    def refusal(self) -> int:
        """The HTTP status of a request that breaks a rule of validity."""
        return 400 if self.family is Family.GOTOSOCIAL else 422

    @property
    def mime_types(self) -> tuple[str, ...]:
        """What may be uploaded."""
        return (*IMAGE_TYPES, *MOVING_TYPES, *SOUND_TYPES)


_MASTODON_46 = Profile(
    name="mastodon-4.6",
    family=Family.MASTODON,
    version="4.6.5",
    api_version=10,
    max_characters=500,
    characters_per_url=23,
    max_media=4,
    description_limit=10_000,
    tells_description_limit=True,
    image_size_limit=16 * 1024 * 1024,
    image_matrix_limit=33_177_600,
    video_size_limit=99 * 1024 * 1024,
    poll_options=4,
    poll_with_media=True,
    default_visibility="public",
    tag_boundary=TagBoundary.SPACE,
    honours_keys=True,
)
_MASTODON_43 = Profile(
    name="mastodon-4.3",
    family=Family.MASTODON,
    version="4.3.14",
    api_version=2,
    max_characters=500,
    characters_per_url=23,
    max_media=4,
    description_limit=1_500,
    tells_description_limit=False,
    image_size_limit=16 * 1024 * 1024,
    image_matrix_limit=33_177_600,
    video_size_limit=99 * 1024 * 1024,
    poll_options=4,
    poll_with_media=False,
    default_visibility="public",
    tag_boundary=TagBoundary.NOT_A_WORD,
    honours_keys=True,
)
_GOTOSOCIAL = Profile(
    name="gotosocial",
    family=Family.GOTOSOCIAL,
    version="0.20.0",
    api_version=None,
    max_characters=5_000,
    characters_per_url=25,
    max_media=6,
    description_limit=1_500,
    tells_description_limit=True,
    image_size_limit=40 * 1024 * 1024,
    image_matrix_limit=2_147_483_647,
    video_size_limit=40 * 1024 * 1024,
    poll_options=6,
    poll_with_media=False,
    default_visibility="unlisted",
    tag_boundary=TagBoundary.NOT_A_WORD,
    honours_keys=False,
)
_HOLLO = Profile(
    name="hollo",
    family=Family.HOLLO,
    version="0.10.0",
    api_version=7,
    max_characters=10_000,
    characters_per_url=256,
    max_media=8,
    description_limit=100_000,
    tells_description_limit=False,
    image_size_limit=32 * 1024 * 1024,
    image_matrix_limit=16_777_216,
    video_size_limit=128 * 1024 * 1024,
    poll_options=10,
    poll_with_media=True,
    default_visibility="public",
    tag_boundary=TagBoundary.NOT_A_WORD,
    honours_keys=True,
)

PROFILES: dict[str, Profile] = {
    p.name: p for p in (_MASTODON_46, _MASTODON_43, _GOTOSOCIAL, _HOLLO)
}


def profile_named(name: str) -> Profile:
    """Return the profile called `name`; raise `ValueError` that lists the known ones."""
    try:
        return PROFILES[name]
    except KeyError:
        known = ", ".join(PROFILES)
        raise ValueError(f"no profile is called {name!r}; the profiles are {known}") from None
