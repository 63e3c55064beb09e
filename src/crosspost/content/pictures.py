"""Pictures: their size, and their bytes without what a camera wrote about the photographer.

A photograph carries the place where it was taken. Nothing here is published with it: Exif, XMP and
IPTC blocks are cut out of JPEG, PNG and WebP files without touching a pixel; only where Exif says
that the picture must be turned is it turned and written again.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

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
_PNG_PRIVATE = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}
_JPEG_PRIVATE = {0xE1, 0xED, 0xFE}  # Exif and XMP, IPTC, comments
_WEBP_PRIVATE = {b"EXIF", b"XMP "}


class NotAPicture(ValueError):
    """The bytes are not a picture of the kind that the name promises; the message says why."""


@dataclass(frozen=True, slots=True)
class PictureInfo:
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
    if image.getexif().get(0x0112, 1) >= 5:
        width, height = height, width
    return PictureInfo(width, height, image.get_format_mimetype() or "")


def without_metadata(data: bytes) -> bytes:
    """Return the picture's bytes without Exif, XMP, IPTC or comments. Raises `NotAPicture`."""
    if _is_svg(data):
        return data
    image = _open(data)
    if image.getexif().get(0x0112, 1) not in (0, 1):
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
    if image.format in ("AVIF", "TIFF") and (image.getexif() or "xmp" in image.info):
        return _turned(data)
    return data


def _is_svg(data: bytes) -> bool:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in data


def _open(data: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise NotAPicture("its bytes are not those of a picture") from None
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from None


def _turned(data: bytes) -> bytes:
    """Turn a picture as its Exif asks, and write it again without any."""
    from PIL import ImageOps

    image = _open(data)
    kind = "JPEG" if image.format == "MPO" else image.format
    try:
        upright = ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAPicture(str(error)) from None
    clean = upright.copy()
    clean.info = {"icc_profile": icc} if (icc := image.info.get("icc_profile")) else {}
    clean.getexif().clear()
    target = io.BytesIO()
    clean.save(target, kind, **({"quality": 90} if kind != "PNG" else {}))
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
        if marker not in _JPEG_PRIVATE:
            kept += data[position : position + length]
        position += length
    raise NotAPicture("it ends before it should")


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
        if kind not in _PNG_PRIVATE:
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
        elif kind not in _WEBP_PRIVATE:
            kept += data[position:end]
        position = end
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)
