"""Pictures: their size, and their bytes without what a camera wrote about the photographer.

A photograph carries the place where it was taken. Nothing here is published with it: Exif, XMP and
IPTC blocks are cut out of JPEG, PNG and WebP files without touching a pixel; only where Exif says
that the picture must be turned is it turned and written again.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

import msgspec

MIME_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
}
# What is kept is what draws the picture; whatever else there is was written about it. Applications
# invent new places for such notes, so that a list of them would never be complete.
_JPEG_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_PNG_CHUNKS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"),
    *(b"bKGD", b"pHYs", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
}
_WEBP_CHUNKS = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}

# What Pillow raises for bytes that only look like a picture.
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, struct.error)


class NotAPicture(ValueError):
    """The bytes are not a picture of the kind that the name promises; the message says why."""


class PictureInfo(msgspec.Struct, frozen=True):
    """What a page has to know of a picture; sizes in CSS pixels, as it is shown."""

    width: int
    height: int
    mime: str


def is_picture(path: str) -> bool:
    """Say whether a file's name is that of a picture."""
    return PurePosixPath(path.lower()).suffix in MIME_TYPES


def picture_info(data: bytes) -> PictureInfo | None:
    """Measure a picture; None for SVG, which has no size of its own. Raises `NotAPicture`."""
    if _is_svg(data):
        return None
    image = _open(data)
    width, height = image.size
    if _orientation(image) >= 5:
        width, height = height, width
    return PictureInfo(width, height, image.get_format_mimetype() or "")


def without_metadata(data: bytes) -> bytes:
    """Return the picture's bytes without Exif, XMP, IPTC or comments. Raises `NotAPicture`."""
    if _is_svg(data):
        return data
    image = _open(data)
    if _orientation(image) != 1:
        return _turned(data)
    try:
        if image.format in ("JPEG", "MPO"):
            return _clean_jpeg(data)
        if image.format == "PNG":
            return _clean_png(data)
        if image.format == "WEBP":
            return _clean_webp(data)
    except (struct.error, IndexError):
        raise NotAPicture("it ends before it should") from None
    if image.format in ("AVIF", "TIFF") and {"exif", "xmp"} & set(image.info):
        return _turned(data)
    return data


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata to ourselves: it is cut out anyway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _is_svg(data: bytes) -> bool:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in data


def _open(data: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        with _quiet():
            return Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise NotAPicture("its bytes are not those of a picture") from None
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from None


def _orientation(image: Any) -> int:
    """Return how Exif says the picture is to be turned: 1 to 8, and 1 where Exif is broken."""
    try:
        with _quiet():
            value = image.getexif().get(0x0112, 1)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(data: bytes) -> bytes:
    """Turn a picture as its Exif asks, and write it again without any."""
    from PIL import ImageOps

    image = _open(data)
    kind = "JPEG" if image.format == "MPO" else image.format
    target = io.BytesIO()
    try:
        with _quiet():
            upright = ImageOps.exif_transpose(image)
            clean = upright.copy()
            clean.info = {"icc_profile": icc} if (icc := image.info.get("icc_profile")) else {}
            clean.getexif().clear()
            clean.save(target, kind, **({"quality": 90} if kind != "PNG" else {}))
    except _BROKEN as error:
        raise NotAPicture(f"it is broken ({error})") from None
    return target.getvalue()


def _clean_jpeg(data: bytes) -> bytes:
    kept, position = bytearray(data[:2]), 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            raise NotAPicture("its JPEG segments are broken")
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xDA:
            end = _jpeg_end(data, position)
            return bytes(kept + data[position:end])
        length = 2 + struct.unpack(">H", data[position + 2 : position + 4])[0]
        if _draws(marker, data[position + 4 : position + 16]):
            kept += data[position : position + length]
        position += length
    raise NotAPicture("it ends before it should")


def _draws(marker: int, begin: bytes) -> bool:
    """Say whether a segment is needed to show the picture: no comment, no application's notes."""
    if 0xE0 <= marker <= 0xEF:
        return marker in _JPEG_SEGMENTS and begin.startswith(_JPEG_SEGMENTS[marker])
    return marker != 0xFE


def _jpeg_end(data: bytes, scan: int) -> int:
    """Find the end of the first picture: phones append others, with metadata of their own."""
    position = scan + 2
    while (position := data.find(b"\xff", position)) >= 0 and position + 1 < len(data):
        marker = data[position + 1]
        if marker == 0xD9:
            return position + 2
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD7:
            position += 1 if marker == 0xFF else 2
        else:
            position += 2 + struct.unpack(">H", data[position + 2 : position + 4])[0]
    return len(data)


def _clean_png(data: bytes) -> bytes:
    kept, position = bytearray(data[:8]), 8
    while position + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        end = position + 12 + length
        if kind in _PNG_CHUNKS:
            kept += data[position:end]
        position = end
        if kind == b"IEND":
            break
    return bytes(kept)


def _clean_webp(data: bytes) -> bytes:
    kept, position = bytearray(), 12
    while position + 8 <= len(data):
        kind, length = struct.unpack("<4sI", data[position : position + 8])
        end = position + 8 + length + length % 2
        if kind == b"VP8X":
            flags = data[position + 8] & ~0x0C  # the bits that announce Exif and XMP
            kept += data[position : position + 8] + bytes([flags]) + data[position + 9 : end]
        elif kind in _WEBP_CHUNKS:
            kept += data[position:end]
        position = end
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)
