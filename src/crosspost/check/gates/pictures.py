"""The files of pictures: where they were taken, how much they weigh."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, warning
from crosspost.errors import Problem, Severity

HEAVY = 1_000_000
"""Bytes from which a picture is too heavy for a page."""
LARGE = 4_096
"""Pixels of one side from which a picture is larger than any screen shows it."""


def _find(site: CheckedSite) -> Iterator[Problem]:
    for asset in site.index.assets.values():
        info = asset.picture
        if info is not None and max(info.width, info.height) > LARGE:
            message = (
                f"the picture has {info.width} x {info.height} pixels: make its longer side at "
                f"most {LARGE}, better 2,000."
            )
            yield Problem(asset.file, 0, 0, "large-picture", message, Severity.WARNING)
        if asset.is_picture and asset.published_size > HEAVY:
            message = (
                f"the picture weighs {asset.published_size / 1e6:.1f} MB: save it smaller, or as "
                "WebP or JPEG; 300 kB is plenty."
            )
            yield Problem(asset.file, 0, 0, "heavy-picture", message, Severity.WARNING)
    for file in site.located():
        message = (
            "the file says where the picture was taken. It is published without that, but whoever "
            "can read this repository can read it: remove the location, and save it again."
        )
        yield Problem(file, 0, 0, "picture-location", message, Severity.WARNING)


def says_where(data: bytes) -> bool:
    """Say whether a picture's Exif has a latitude."""
    import io
    import warnings

    if b"Exif" not in data and b"eXIf" not in data and b"EXIF" not in data:
        return False
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                return 2 in image.getexif().get_ifd(0x8825)
    except Exception:  # noqa: BLE001 - broken Exif says nothing, in more ways than can be listed
        return False


GATE = Gate(
    "pictures",
    "Files of pictures",
    (
        warning(
            "picture-location",
            "The source of a picture says where it was taken.",
            "It is never published, but it is in the repository: a home, a school, a face.",
            "Remove the location (most programs: “export without metadata”) and save it again.",
        ),
        warning(
            "heavy-picture",
            "A picture weighs more than 1 MB.",
            "On a telephone in the country the page takes half a minute, and money.",
            "Save it with at most 2,000 pixels, as JPEG, WebP or AVIF.",
        ),
        warning(
            "large-picture",
            "A picture has a side of more than 4,096 pixels.",
            "No screen shows them, and every reader loads them.",
            "Make its longer side 2,000 pixels.",
        ),
    ),
    site=_find,
)
