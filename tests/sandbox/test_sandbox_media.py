"""Attachments: what is taken, in which state, and when they are found."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest
import requests
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError

Http = Callable[..., requests.Response]
Jpeg = Callable[..., bytes]
MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40


def error_of(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(MastodonAPIError) as caught:
        call()
    return caught.value.args[1], caught.value.args[3]


def test_a_picture_keeps_its_description_and_focus(client: Mastodon, jpeg: Jpeg) -> None:
    text = "Un marché, l'été ; « 20 » chalets & 👨‍👩‍👧"
    media = client.media_post(
        jpeg(300, 200), mime_type="image/jpeg", description=text, focus=(0.25, -0.5)
    )
    assert (media.type, media.description) == ("image", text)
    assert (media.meta.focus.x, media.meta.focus.y) == (0.25, -0.5)
    assert (media.meta.original.width, media.meta.original.height) == (300, 200)
    file = client.session.get(media.url, timeout=20)
    assert file.headers["content-type"] == "image/jpeg"
    assert file.content == jpeg(300, 200)


def test_a_free_attachment_can_be_asked_for_and_described(client: Mastodon, jpeg: Jpeg) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg", description="un")
    assert client.media_update(media.id, description="deux", focus=(1, 1)).description == "deux"
    assert client.media_update(media.id, focus=(0.5, 0)).description == "deux"
    assert client.media(media.id).meta.focus.x == 0.5


def test_an_attached_one_is_not_found(client: Mastodon, jpeg: Jpeg) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    client.status_post("x", media_ids=[media])
    with pytest.raises(MastodonNotFoundError):
        client.media(media.id)
    with pytest.raises(MastodonNotFoundError):
        client.media_update(media.id, description="trop tard")
    assert error_of(lambda: client.status_post("y", media_ids=[media]))[0] == 422


def test_what_is_no_picture_is_refused(client: Mastodon, http: Http) -> None:
    fake = b"\xff\xd8\xff\xe0 not a picture"
    assert error_of(lambda: client.media_post(fake, mime_type="image/jpeg")) == (
        422,
        "File type of uploaded media could not be verified",
    )
    assert error_of(lambda: client.media_post(b"%PDF-1.7", mime_type="image/png")) == (
        422,
        "Validation failed: File content type is invalid, File is invalid",
    )
    assert http("POST", "/api/v2/media").json() == {
        "error": "Validation failed: File can't be blank"
    }


def test_a_truncated_picture_is_refused(client: Mastodon, jpeg: Jpeg) -> None:
    data = jpeg(300, 200)[:400]
    assert error_of(lambda: client.media_post(data, mime_type="image/jpeg"))[0] == 422


def test_too_many_pixels_are_refused(client: Mastodon, jpeg: Jpeg) -> None:
    # A picture is judged by its header: the rest need not be there.
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(
        ">IIBBBBB", 8_000, 4_200, 8, 2, 0, 0, 0
    )
    wide = header + struct.pack(">I", zlib.crc32(header[12:])) + b"\x00\x00\x00\x00IDAT"
    assert error_of(lambda: client.media_post(wide, mime_type="image/png")) == (
        422,
        "8000x4200 images are not supported",
    )


def test_too_many_bytes_are_refused(client: Mastodon, jpeg: Jpeg) -> None:
    heavy = jpeg() + b"\x00" * (16 * 1024 * 1024)
    status, message = error_of(lambda: client.media_post(heavy, mime_type="image/jpeg"))
    assert status == 422
    assert "must be less than 16 MB" in message


def test_a_description_has_the_limit_that_the_instance_tells(client: Mastodon, jpeg: Jpeg) -> None:
    limit = client.instance_v2().configuration.media_attachments.description_limit
    assert limit == 10_000
    client.media_post(jpeg(), mime_type="image/jpeg", description="é" * limit)
    too_long = "é" * (limit + 1)
    assert error_of(
        lambda: client.media_post(jpeg(), mime_type="image/jpeg", description=too_long)
    ) == (422, "Validation failed: Description is too long (maximum is 10000 characters)")


def test_a_film_is_processed_later_and_goes_alone(client: Mastodon, jpeg: Jpeg) -> None:
    film = client.media_post(MP4, mime_type="video/mp4")
    assert film.url is None
    assert error_of(lambda: client.status_post("x", media_ids=[film])) == (
        422,
        "Cannot attach files that have not finished processing. Try again in a moment!",
    )
    assert client.media(film.id).url is None
    assert client.media(film.id).url
    picture = client.media_post(jpeg(), mime_type="image/jpeg")
    assert error_of(lambda: client.status_post("x", media_ids=[film, picture])) == (
        422,
        "Cannot attach a video to a post that already contains images",
    )
    assert client.status_post("x", media_ids=[film]).media_attachments[0].type == "video"


def test_an_attachment_that_is_not_used_can_be_removed(
    client: Mastodon, http: Http, jpeg: Jpeg
) -> None:
    media = client.media_post(jpeg(), mime_type="image/jpeg")
    assert http("DELETE", f"/api/v1/media/{media.id}").status_code == 200
    assert http("GET", f"/api/v1/media/{media.id}").status_code == 404
    used = client.media_post(jpeg(), mime_type="image/jpeg")
    client.status_post("x", media_ids=[used])
    assert http("DELETE", f"/api/v1/media/{used.id}").status_code == 422


@pytest.mark.parametrize("focus", ["nonsense", "1", "nan,0", "1,2,3"])
def test_a_focus_that_is_no_point_is_refused(http: Http, jpeg: Jpeg, focus: str) -> None:
    answer = http("POST", "/api/v2/media", files={"file": ("a.jpg", jpeg())}, data={"focus": focus})
    assert answer.status_code == 422
    assert "Focus" in answer.json()["error"]
