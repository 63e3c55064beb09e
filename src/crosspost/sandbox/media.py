"""An uploaded file: what it is, and whether the server takes it."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from crosspost.sandbox.profiles import IMAGE_TYPES, Family, Profile
from crosspost.sandbox.refusal import Refusal

SUFFIXES = {
    "image/jpeg": ".jpeg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/webm": ".webm",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/flac": ".flac",
    "audio/mp4": ".m4a",
}
_GIF_MATRIX_LIMIT = 921_600


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was accepted: `width` and `height` in pixels, 0 for sound and film."""

    kind: str
    mime: str
    width: int
    height: int


def sniff(data: bytes) -> str:
    """Return the type of `data` by its first bytes, whatever its name says; empty if unknown."""
    head = data[:64]
    signatures = (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"fLaC", "audio/flac"),
    )
    for signature, mime in signatures:
        if head.startswith(signature):
            return mime
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4"}.get(head[8:12], "video/mp4")
    return ""


def inspect(data: bytes, profile: Profile) -> Upload:
    """Return what `data` is; raise `Refusal` if it is of no known type, broken or too large."""
    if not data:
        raise _refuse(profile, "Validation failed: File can't be blank", "no attachment given")
    mime = sniff(data)
    if mime not in profile.mime_types:
        raise _refuse(
            profile,
            "Validation failed: File content type is invalid, File is invalid",
            "file type not supported",
        )
    is_image = mime in IMAGE_TYPES
    limit = profile.image_size_limit if is_image else profile.video_size_limit
    if len(data) >= limit:
        size = f"{limit // (1024 * 1024)} MB"
        raise _refuse(
            profile,
            f"Validation failed: File file size must be less than {size}, "
            f"File must be less than {size}",
            f"attachment exceeds size limit of {size}",
        )
    if not is_image:
        return Upload("audio" if mime.startswith("audio/") else "video", mime, 0, 0)
    return _image(data, mime, profile)


def _image(data: bytes, mime: str, profile: Profile) -> Upload:
    from PIL import Image

    broken = (OSError, SyntaxError, ValueError, EOFError)
    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            _check_matrix(width, height, mime, profile)
            moving = getattr(image, "n_frames", 1) > 1
            image.load()
    except (*broken, *bombs) as error:
        raise _refuse(
            profile, "File type of uploaded media could not be verified", "could not decode image"
        ) from error
    kind = "gifv" if mime == "image/gif" and moving else "image"
    return Upload(kind, mime, width, height)


def _check_matrix(width: int, height: int, mime: str, profile: Profile) -> None:
    size = f"{width}x{height}"
    if profile.family is Family.MASTODON and mime == "image/gif":
        if width * height > _GIF_MATRIX_LIMIT:
            raise Refusal(422, f"{size} GIF files are not supported")
    elif width * height > profile.image_matrix_limit:
        raise _refuse(profile, f"{size} images are not supported", f"image of {size} is too large")


def _refuse(profile: Profile, mastodon: str, gotosocial: str) -> Refusal:
    if profile.family is Family.GOTOSOCIAL:
        return Refusal(400, f"Bad Request: {gotosocial}")
    return Refusal(422, mastodon)


def parse_focus(value: str | None) -> tuple[float, float] | None:
    """Return the point that `x,y` names, each from -1 to 1, y upwards; None where not given."""
    if not value:
        return None
    try:
        x, y = (float(part) for part in value.split(","))
    except ValueError as error:
        raise Refusal(422, "Validation failed: Focus is invalid") from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise Refusal(422, "Validation failed: Focus is invalid")
    return max(-1.0, min(1.0, x)), max(-1.0, min(1.0, y))
