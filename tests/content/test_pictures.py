"""Nothing that a camera wrote about the photographer is published, and no pixel is touched."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from crosspost.content.pictures import (
    NotAPicture,
    PictureInfo,
    is_picture,
    picture_info,
    without_metadata,
)

SECRET = b"Photographer Name"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><creator>Photographer Name</creator></x:xmpmeta>'
KINDS = ["JPEG", "PNG", "WEBP"]


def drawing(size: tuple[int, int] = (16, 8)) -> Image.Image:
    image = Image.new("RGB", size)
    image.putdata([(x * 9 % 256, y * 21 % 256, 90) for y in range(size[1]) for x in range(size[0])])
    return image


def exif(orientation: int = 1) -> bytes:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x013B] = SECRET.decode()  # Artist
    data[0x8298] = SECRET.decode()  # Copyright
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "N", (48.0, 51.0, 30.0)
    gps[3], gps[4] = "E", (2.0, 17.0, 40.0)
    return data.tobytes()


def photograph(kind: str, orientation: int = 1) -> bytes:
    target = io.BytesIO()
    options: dict[str, object] = {"exif": exif(orientation), "xmp": XMP}
    if kind == "JPEG":
        options |= {"comment": SECRET, "quality": 95, "subsampling": 0}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", SECRET.decode())
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        info.add_text("Comment", SECRET.decode(), zip=True)
        options = {"exif": exif(orientation), "pnginfo": info}
    if kind == "WEBP":
        options |= {"lossless": True}
    drawing().save(target, kind, **options)
    return target.getvalue()


def bear(data: bytes) -> None:
    """Try what the build does; anything but a message in words is raised."""
    for function in (picture_info, without_metadata):
        try:
            function(data)
        except NotAPicture as error:
            said = str(error)
        else:
            continue
        assert said


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_is_really_there_before(kind: str) -> None:
    image = opened(photograph(kind))
    assert image.getexif().get_ifd(0x8825)[2] == (48.0, 51.0, 30.0)
    assert SECRET.decode() in str(image.getexif().get(0x013B))


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_goes_and_pixels_stay(kind: str) -> None:
    before = photograph(kind)
    after = without_metadata(before)
    image = opened(after)
    assert not image.getexif()
    assert SECRET not in after
    assert b"xmpmeta" not in after
    assert not {"exif", "xmp", "comment", "Author", "Comment", "XML:com.adobe.xmp"} & set(
        image.info
    )
    assert image.size == (16, 8)
    assert image.tobytes() == opened(before).tobytes()
    assert image.format == kind
    assert len(after) < len(before)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_picture_is_upright_without_exif(kind: str, orientation: int) -> None:
    before = photograph(kind, orientation)
    after = without_metadata(before)
    image = opened(after)
    upright = ImageOps.exif_transpose(opened(before))
    assert not image.getexif()
    assert SECRET not in after
    assert b"xmpmeta" not in after
    assert image.size == upright.size == ((8, 16) if orientation >= 5 else (16, 8))
    assert picture_info(before) == PictureInfo(*upright.size, f"image/{kind.lower()}")
    if kind == "PNG":
        assert image.tobytes() == upright.tobytes()
    else:
        pairs = zip(image.convert("RGB").tobytes(), upright.convert("RGB").tobytes(), strict=True)
        assert max(abs(one - other) for one, other in pairs) < 40


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_time_changes_nothing(kind: str) -> None:
    once = without_metadata(photograph(kind))
    assert without_metadata(once) == once


def test_iptc_goes() -> None:
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(SECRET)) + SECRET
    plain = photograph("JPEG")
    data = plain[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + plain[2:]
    assert SECRET not in without_metadata(data)


@pytest.mark.parametrize("marker", [0xE3, 0xEB, 0xEC, 0xEF, 0xE2])
def test_notes_of_any_application_go(marker: int) -> None:
    plain = photograph("JPEG")
    note = bytes([0xFF, marker]) + struct.pack(">H", len(SECRET) + 2) + SECRET
    assert SECRET not in without_metadata(plain[:2] + note + plain[2:])


@pytest.mark.parametrize("kind", [b"caBX", b"prVt", b"tIME"])
def test_chunks_that_draw_nothing_go(kind: bytes) -> None:
    plain = photograph("PNG")
    crc = struct.pack(">I", zlib.crc32(kind + SECRET))
    chunk = struct.pack(">I", len(SECRET)) + kind + SECRET + crc
    assert SECRET not in without_metadata(plain[:33] + chunk + plain[33:])


def test_what_stands_behind_the_picture_goes() -> None:
    plain = without_metadata(photograph("JPEG"))
    assert without_metadata(plain + photograph("JPEG")) == plain


def test_colours_keep_their_profile() -> None:
    target = io.BytesIO()
    profile = b"a colour profile" * 4
    drawing().save(target, "JPEG", icc_profile=profile, exif=exif())
    assert opened(without_metadata(target.getvalue())).info["icc_profile"] == profile


def test_a_moving_gif_stays_as_it_is() -> None:
    target = io.BytesIO()
    frames = [drawing(), drawing().rotate(180)]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    assert without_metadata(target.getvalue()) == target.getvalue()


def test_svg_stays_and_has_no_size() -> None:
    data = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert without_metadata(data) == data
    assert picture_info(data) is None


def test_size_and_kind() -> None:
    assert picture_info(photograph("PNG")) == PictureInfo(16, 8, "image/png")
    assert is_picture("a/B.JPEG")
    assert not is_picture("a/b.pdf")
    assert not is_picture("png")


@pytest.mark.parametrize(
    "data", [b"", b"no picture", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n"]
)
def test_what_is_no_picture_says_so(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        picture_info(data)
    with pytest.raises(NotAPicture):
        without_metadata(data)


def test_a_picture_too_large_to_open_is_refused() -> None:
    header = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises(NotAPicture):
        picture_info(data)


@pytest.mark.parametrize("kind", KINDS)
def test_every_cut_is_a_picture_or_says_that_it_is_none(kind: str) -> None:
    data = photograph(kind)
    for end in range(len(data)):
        bear(data[:end])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*KINDS, "GIF"]), st.integers(1, 8), st.data())
def test_broken_bytes_never_crash(kind: str, orientation: int, data: st.DataObject) -> None:
    target = io.BytesIO()
    drawing().save(target, "GIF")
    whole = bytearray(photograph(kind, orientation) if kind != "GIF" else target.getvalue())
    changes = data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=12)
    )
    for place, value in changes:
        whole[place] = value
    bear(bytes(whole))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP", b"GIF89a"]
    ),
    st.binary(max_size=200),
)
def test_any_bytes_never_crash(head: bytes, tail: bytes) -> None:
    bear(head + tail)
