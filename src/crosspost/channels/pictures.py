"""Pictures as they leave the house: upright, without GPS or Exif, and within a server's limits."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

from crosspost.channels.message import Limits
from crosspost.content.pictures import NotAPicture, without_metadata

if TYPE_CHECKING:
    from PIL.Image import Image

_SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_MOVING = ("image/gif", "image/png", "image/webp", "image/avif")
_GIF_PIXELS = 921_600
_SMALLEST = 64


def picture_type(head: bytes) -> str | None:
    """Return the MIME type of a picture by its first bytes (16 are enough), or None."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return next((mime for mark, mime in _SIGNATURES.items() if head.startswith(mark)), None)


def is_moving(data: bytes) -> bool:
    """Say whether a picture is an animation; what cannot be read is none."""
    if picture_type(data[:16]) not in _MOVING:
        return False
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            return int(getattr(image, "n_frames", 1)) > 1
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False


def prepare(path: Path, limits: Limits) -> tuple[bytes, str]:
    """Return a picture's bytes as they are to be sent, and their MIME type.

    What a camera wrote is always taken out; only a picture that the server would refuse for its
    size or its type is drawn anew. The result depends on the file and the limits alone. Raises
    `ValueError` where the file is no picture, or an animation that would have to be drawn anew.
    """
    data = path.read_bytes()
    mime = picture_type(data[:16])
    if mime is None:
        raise NotAPicture("it is not a picture that can be sent")
    clean = without_metadata(data)
    from PIL import Image

    try:
        with Image.open(io.BytesIO(clean)) as image:
            if (
                len(clean) < limits.image_bytes
                and image.width * image.height <= _most_pixels(mime, limits)
                and mime in limits.mime_types
            ):
                return clean, mime
            if is_moving(data):
                raise NotAPicture(
                    "it is an animation that the server does not take as it is: make it smaller, "
                    "or show one picture of it"
                )
            return _draw(image, mime, limits)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from error


def _most_pixels(mime: str, limits: Limits) -> int:
    """Return how large a picture may be: Mastodon holds GIF files to less, and does not say so."""
    return min(limits.image_pixels, _GIF_PIXELS) if mime == "image/gif" else limits.image_pixels


def _draw(image: Image, mime: str, limits: Limits) -> tuple[bytes, str]:
    """Draw a picture in a format that the server takes, smaller and smaller until it fits."""
    from PIL.Image import Resampling

    clear = image.has_transparency_data
    icc = image.info.get("icc_profile")
    wanted = "image/png" if mime == "image/gif" else mime
    if wanted not in _FORMATS or wanted not in limits.mime_types:
        wanted = "image/png" if clear else "image/jpeg"
    colours = "RGBA" if clear and wanted != "image/jpeg" else "RGB"
    options: dict[str, object] = {} if wanted == "image/png" else {"quality": 90}
    if icc and image.mode in ("RGB", "RGBA"):
        options["icc_profile"] = icc
    whole = image.convert(colours)
    scale = min(1.0, math.sqrt(limits.image_pixels / (image.width * image.height)))
    while True:
        size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
        drawn = whole if size == whole.size else whole.resize(size, Resampling.LANCZOS)
        drawn.info = {}
        out = io.BytesIO()
        drawn.save(out, _FORMATS[wanted], **options)
        if out.tell() < limits.image_bytes or max(size) <= _SMALLEST:
            return out.getvalue(), wanted
        scale *= 0.8
