"""Pictures as they leave: upright, anonymous, within limits, always the same bytes."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from crosspost.channels.message import Limits
from crosspost.channels.pictures import is_moving, picture_type, prepare
from crosspost.content.pictures import NotAPicture


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_what_a_camera_wrote_stays_home_and_the_picture_stands_upright(photo):
    media = photo()
    assert b"Camera of Valbourg" in media.file.read_bytes()
    data, mime = prepare(media.file, Limits())
    assert mime == "image/jpeg"
    assert b"Camera of Valbourg" not in data
    assert not opened(data).getexif()
    assert opened(data).size == (40, 60)
    assert prepare(media.file, Limits()) == (data, mime)


def test_a_clean_picture_goes_byte_for_byte(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGBA", (30, 20), (1, 2, 3, 4)).save(path)
    assert prepare(path, Limits()) == (path.read_bytes(), "image/png")


def test_a_picture_over_the_limits_is_drawn_smaller(tmp_path):
    path = tmp_path / "a.png"
    Image.effect_noise((400, 300), 90).convert("RGBA").save(path)
    data, mime = prepare(path, Limits(image_pixels=10_000))
    assert mime == "image/png"
    width, height = opened(data).size
    assert width * height <= 10_000
    assert abs(width / height - 4 / 3) < 0.05
    data, _ = prepare(path, Limits(image_bytes=20_000))
    assert len(data) <= 20_000
    assert prepare(path, Limits(image_bytes=20_000))[0] == data


@pytest.mark.parametrize(("mode", "wanted"), [("RGB", "image/jpeg"), ("RGBA", "image/png")])
def test_a_type_that_the_server_does_not_take_is_drawn_in_one_that_it_does(tmp_path, mode, wanted):
    path = tmp_path / "a.webp"
    colour = (9, 9, 9, 100)[: len(mode)]
    Image.new(mode, (30, 20), colour).save(path, lossless=True)
    data, mime = prepare(path, Limits(mime_types=("image/jpeg", "image/png")))
    assert mime == wanted == picture_type(data[:16])


def test_a_photograph_that_the_server_does_not_know_becomes_one_that_it_does(tmp_path):
    path = tmp_path / "a.avif"
    Image.effect_noise((60, 40), 90).convert("RGB").save(path)
    data, mime = prepare(path, Limits())
    assert mime == "image/jpeg" == picture_type(data[:16])
    assert prepare(path, Limits()) == (data, mime)
    taken = Limits(mime_types=("image/avif",))
    assert prepare(path, taken)[1] == "image/avif"


def moving(path, size=(40, 30)):
    first, *others = (Image.new("RGB", size, (60 * n, 9, 9)) for n in range(3))
    first.save(path, save_all=True, append_images=others, duration=100, loop=0)
    return path


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_an_animation_is_sent_as_it_is_or_not_at_all(tmp_path, name):
    path = moving(tmp_path / name)
    assert is_moving(path.read_bytes())
    data, _ = prepare(path, Limits())
    assert is_moving(data)
    with pytest.raises(NotAPicture, match="an animation that the server does not take"):
        prepare(path, Limits(image_pixels=100))
    still = tmp_path / f"still-{name}"
    Image.new("RGB", (40, 30)).save(still)
    assert not is_moving(still.read_bytes())


def test_mastodon_holds_gif_files_to_less_than_it_says(tmp_path):
    path = tmp_path / "a.gif"
    Image.new("P", (1_000, 1_000)).save(path)
    data, mime = prepare(path, Limits())
    assert (mime, opened(data).size) == ("image/png", (1_000, 1_000))
    with pytest.raises(NotAPicture, match="an animation"):
        prepare(moving(path, (1_000, 1_000)), Limits())


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\nbroken", b"GIF89a"])
def test_what_is_no_picture_is_said_to_be_none(tmp_path, data):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"."):
        prepare(path, Limits())
