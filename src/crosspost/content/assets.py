"""Assets: files of a site that are not documents, and are copied to the same path."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

import msgspec

from crosspost.content.pictures import (
    NotAPicture,
    PictureInfo,
    is_picture,
    picture_info,
    without_metadata,
)
from crosspost.digests import digest_of


class Facts(msgspec.Struct, frozen=True):
    """What the site has to know of an asset's bytes, and what depends on nothing else.

    `trouble` says why a file with the name of a picture is none. `published_size` counts the bytes
    that are published: those of a picture without what the camera wrote into it.
    """

    digest: str
    picture: PictureInfo | None = None
    trouble: str = ""
    published_size: int = 0


def facts_of(path: str, data: bytes) -> Facts:
    """Tell the facts of a file from its name and its bytes."""
    digest = digest_of(data)
    if not is_picture(path):
        return Facts(digest, published_size=len(data))
    try:
        return Facts(digest, picture_info(data), published_size=len(without_metadata(data)))
    except NotAPicture as error:
        return Facts(digest, trouble=str(error))


class Asset(msgspec.Struct, frozen=True, dict=True):
    """A file that is not a document.

    `path` is where it will be below output/; `file` is where it is, relative to the site.
    """

    path: str
    file: str
    location: Path
    stat: os.stat_result

    @cached_property
    def facts(self) -> Facts:
        """The facts of its bytes: read now, unless they were remembered."""
        try:
            return facts_of(self.path, self.location.read_bytes())
        except OSError as error:
            return Facts("", trouble=f"it cannot be read: {error.strerror}")

    def remember(self, facts: Facts) -> None:
        """Take the facts from whoever knows them already."""
        self.__dict__["facts"] = facts

    @property
    def is_picture(self) -> bool:
        """Whether its name is that of a picture."""
        return is_picture(self.path)

    @property
    def picture(self) -> PictureInfo | None:
        """What a page has to know of a picture; None for SVG, and where `trouble` says why."""
        return self.facts.picture

    @property
    def trouble(self) -> str:
        """Why it cannot be published as what its name promises; empty where it can."""
        return self.facts.trouble

    @property
    def published_size(self) -> int:
        """How many bytes are published; 0 for a picture that is none."""
        return self.facts.published_size

    def published(self) -> bytes:
        """Read the bytes that are published: a picture's, without its metadata.

        Raises `NotAPicture` where its name promises what its bytes are not, and `OSError`.
        """
        data = self.location.read_bytes()
        return without_metadata(data) if self.is_picture else data
