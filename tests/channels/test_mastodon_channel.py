"""The Mastodon channel over real HTTP, against servers of several habits."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crosspost.channels.answers import read_limits
from crosspost.channels.base import (
    ChannelOptions,
    GoneError,
    RateLimitedError,
    RefusedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from crosspost.channels.mastodon import MastodonChannel
from crosspost.channels.message import text_digest
from crosspost.errors import BlockedError

PROFILES = ["mastodon-4.6", "mastodon-4.3", "gotosocial", "hollo"]
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


def call(sandbox, method, path, body=None):
    request = urllib.request.Request(
        sandbox.info.url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {sandbox.info.token}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize("profile", PROFILES)
def test_create_edit_and_delete_lose_nothing_on_any_server(
    make_sandbox, open_on, message, photo, profile
):
    sandbox = make_sandbox(profile=profile)
    channel = open_on(sandbox)
    assert channel.preflight().keyed is (profile != "gotosocial")
    media = photo(alt="Un « bateau », l'été & plus")
    first = message(media=(media,), visibility="unlisted", content_warning="Bruit", sensitive=True)
    receipt = channel.create(first, "key-1")
    status = call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}")
    assert status["visibility"] == "unlisted"
    assert status["spoiler_text"] == "Bruit"
    assert status["language"] == "fr"
    (attached,) = status["media_attachments"]
    assert attached["description"] == media.alt
    keeps_focus = profile != "hollo"
    assert attached["meta"].get("focus") == ({"x": 0.5, "y": -0.25} if keeps_focus else None)
    assert receipt.media_ids == (attached["id"],)

    better = replace(media, alt="Mieux dit", focus=None)
    edited = channel.edit(
        message("Corrigé.\n\nhttps://www.valbourg.example/a/", media=(better,), language="en"),
        receipt.remote_id,
        {media.digest: attached["id"]},
    )
    assert edited.remote_id == receipt.remote_id
    status = call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}")
    assert status["edited_at"]
    assert status["spoiler_text"] == ""
    assert status["language"] == "en"
    (after,) = status["media_attachments"]
    assert (after["id"], after["description"]) == (attached["id"], "Mieux dit")
    assert after["meta"].get("focus") == ({"x": 0, "y": 0} if keeps_focus else None)
    source = call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}/source")
    assert source["text"].startswith("Corrigé.")

    channel.delete(receipt.remote_id)
    channel.delete(receipt.remote_id)
    with pytest.raises(GoneError):
        channel.edit(first, receipt.remote_id, {media.digest: attached["id"]})


def test_an_edit_can_take_a_picture_away_and_bring_another(make_sandbox, open_on, message, photo):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    one, two = photo("one.jpg"), photo("two.jpg", size=(30, 30), alt="Deux")
    receipt = channel.create(message(media=(one,)), "k")
    known = {one.digest: receipt.media_ids[0]}
    changed = channel.edit(message(media=(two,)), receipt.remote_id, known)
    assert changed.media_ids != receipt.media_ids
    assert channel.edit(message(), receipt.remote_id, {}).media_ids == ()
    status = call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}")
    assert status["media_attachments"] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_an_edit_that_was_made_already_is_no_failure(
    make_sandbox, open_on, message, photo, profile
):
    sandbox = make_sandbox(profile=profile)
    channel = open_on(sandbox)
    channel.preflight()
    media = photo()
    receipt = channel.create(message(media=(media,)), "k")
    known = {media.digest: receipt.media_ids[0]}
    changed = message("Corrigé.\n\nhttps://www.valbourg.example/a/", media=(media,))
    for _ in range(2):
        edited = channel.edit(changed, receipt.remote_id, known)
        assert (edited.remote_id, edited.media_ids) == (receipt.remote_id, receipt.media_ids)
    source = call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}/source")
    assert source["text"] == changed.text


@pytest.mark.parametrize("profile", PROFILES)
def test_a_token_with_too_few_scopes_is_told_which_it_needs(make_sandbox, open_on, profile):
    sandbox = make_sandbox(profile=profile)
    channel = open_on(sandbox, token=sandbox.issue_token("write:statuses write:media"))
    with pytest.raises(RefusedError, match="profile, read:statuses, write:statuses"):
        channel.preflight()


def test_limits_are_read_from_the_server(make_sandbox, open_on):
    limits = open_on(make_sandbox(profile="mastodon-4.6")).preflight()
    assert (limits.characters, limits.per_url, limits.description) == (500, 23, 10_000)
    assert limits.keyed
    assert not limits.strict
    other = open_on(make_sandbox(profile="gotosocial")).preflight()
    assert other.strict
    assert not other.keyed


def test_limits_survive_missing_and_odd_answers():
    assert read_limits({}).characters == 500
    assert read_limits({}).strict
    assert read_limits({"max_toot_chars": 5000}).characters == 5000
    odd = {
        "configuration": {
            "statuses": {"max_characters": "many", "characters_reserved_per_url": 256},
            "media_attachments": None,
        },
        "api_versions": {"mastodon": 7},
    }
    limits = read_limits(odd)
    assert (limits.characters, limits.per_url, limits.strict, limits.keyed) == (
        500,
        256,
        True,
        True,
    )


def test_a_token_of_another_account_is_not_used(make_sandbox, open_on):
    sandbox = make_sandbox()
    with pytest.raises(BlockedError, match=r"belongs to @valbourg@sandbox\.example"):
        open_on(sandbox, account="@mairie@sandbox.example").preflight()
    with pytest.raises(BlockedError, match=r"settings say @valbourg@other\.example"):
        open_on(sandbox, account="@valbourg@other.example").preflight()
    open_on(sandbox, account="@Valbourg@Sandbox.example").preflight()


def test_a_wrong_token_is_not_repeated_in_the_error(make_sandbox, open_on):
    with pytest.raises(UnauthorisedError) as caught:
        open_on(make_sandbox(), token="SECRET-of-nobody").preflight()
    assert "SECRET" not in str(caught.value)


def test_what_the_server_refuses_is_said_in_its_words(make_sandbox, open_on, message):
    for profile, words in (("mastodon-4.6", "limit of 500"), ("gotosocial", "max chars")):
        channel = open_on(make_sandbox(profile=profile))
        channel.preflight()
        with pytest.raises(RefusedError, match=words):
            channel.create(message("a" * 5001), "k")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_leaves_the_outcome_unknown(make_sandbox, open_on, message, status):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    fault = {"route": "POST /api/v1/statuses", "kind": "status", "status": status}
    call(sandbox, "POST", "/sandbox/faults", fault)
    with pytest.raises(UnknownOutcomeError, match=str(status)):
        channel.create(message(), "k")


@pytest.mark.parametrize("kind", ["reset", "reset-after", "reset-before"])
def test_a_lost_connection_leaves_the_outcome_unknown(make_sandbox, open_on, message, kind):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    call(sandbox, "POST", "/sandbox/faults", {"route": "POST /api/v1/statuses", "kind": kind})
    with pytest.raises(UnknownOutcomeError):
        channel.create(message(), "k")


@pytest.mark.parametrize("format_", ["iso", "epoch"])
def test_a_rate_limit_says_when_it_ends(make_sandbox, open_on, message, format_):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    fault = {
        "route": "POST /api/v1/statuses",
        "kind": "rate-limit",
        "seconds": 600,
        "format": format_,
    }
    call(sandbox, "POST", "/sandbox/faults", fault)
    with pytest.raises(RateLimitedError) as caught:
        channel.create(message(), "k")
    assert caught.value.reset is not None
    assert timedelta(minutes=8) < caught.value.reset - datetime.now(UTC) < timedelta(minutes=12)


def test_an_upload_that_fails_says_nothing(make_sandbox, open_on, message, photo):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    fault = {"route": "POST /api/v2/media", "kind": "status", "status": 503}
    call(sandbox, "POST", "/sandbox/faults", fault)
    with pytest.raises(UnreachableError, match=r"photo\.jpg"):
        channel.create(message(media=(photo(),)), "k")
    call(sandbox, "POST", "/sandbox/faults", {"kind": "media-failed"})
    with pytest.raises(RefusedError):
        channel.create(message(media=(photo(),)), "k")


def test_a_picture_that_takes_its_time_is_waited_for(make_sandbox, open_on, message, photo):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    call(sandbox, "POST", "/sandbox/faults", {"kind": "media-processing", "polls": 3})
    receipt = channel.create(message(media=(photo(),)), "k")
    assert len(receipt.media_ids) == 1


def test_a_picture_that_never_gets_ready_is_waited_for_as_long_as_is_set(
    make_sandbox, open_on, message, photo
):
    sandbox = make_sandbox()
    channel = open_on(sandbox, media_seconds=0)
    channel.preflight()
    call(sandbox, "POST", "/sandbox/faults", {"kind": "media-processing"})
    with pytest.raises(RefusedError, match=r"photo\.jpg: after 0 seconds .* \(wait_for_media"):
        channel.create(message(media=(photo(),)), "k")


def test_a_picture_that_is_lost_while_it_is_worked_on_is_sent_again(
    make_sandbox, open_on, message, photo
):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    call(sandbox, "POST", "/sandbox/faults", {"kind": "media-lost", "polls": 1})
    assert len(channel.create(message(media=(photo(),)), "k").media_ids) == 1
    call(sandbox, "POST", "/sandbox/faults", {"kind": "media-lost", "polls": 1, "times": 2})
    with pytest.raises(UnreachableError, match=r"photo\.jpg could not be uploaded"):
        channel.create(message(media=(photo(),)), "k2")


def test_a_picture_that_is_not_free_at_the_post_leaves_the_outcome_unknown(
    make_sandbox, open_on, message, photo
):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    call(sandbox, "POST", "/sandbox/faults", {"kind": "media-lost"})
    with pytest.raises(UnknownOutcomeError, match="not free any more"):
        channel.create(message(media=(photo(),)), "k")
    with pytest.raises(RefusedError, match="limit of 500"):
        channel.create(message("a" * 501, media=(photo(),)), "k")


def test_nobody_is_notified_whom_nobody_meant(make_sandbox, open_on, message):
    sandbox = make_sandbox()
    channel = open_on(sandbox)
    channel.preflight()
    text = "Merci à @maire@mastodon.social"
    with pytest.raises(RefusedError, match="unexpected accounts"):
        channel.create(message(text), "k1")
    meant = message(text, mentions=("@maire@mastodon.social",))
    receipt = channel.create(meant, "k2")
    status = call(sandbox, "GET", f"/api/v1/statuses/{receipt.remote_id}")
    assert [one["acct"] for one in status["mentions"]] == ["maire@mastodon.social"]


@pytest.mark.parametrize(
    ("profile", "quotes", "beside"),
    [
        ("mastodon-4.6", True, True),
        ("mastodon-4.3", False, False),
        ("gotosocial", False, False),
        ("hollo", True, False),
    ],
)
def test_what_a_server_can_carry_is_read_from_it(make_sandbox, open_on, profile, quotes, beside):
    limits = open_on(make_sandbox(profile=profile)).preflight()
    assert (limits.quotes, limits.poll_with_media) == (quotes, beside)
    assert limits.guarded is (profile != "gotosocial")
    assert (limits.poll_characters, limits.poll_shortest) == (50, 300)
    options = {"mastodon-4.6": 4, "mastodon-4.3": 4, "gotosocial": 6, "hollo": 10}
    assert limits.poll_options == options[profile]


def test_nobody_at_the_door_is_known_to_have_heard_nothing(message):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    channel = MastodonChannel(
        ChannelOptions("mastodon", "@a@b.example", f"http://127.0.0.1:{port}", "token")
    )
    with pytest.raises(UnreachableError, match="cannot be reached"):
        channel.create(message(), "k")


def test_a_post_is_not_followed_elsewhere(message):
    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(301)
            self.send_header("Location", "https://new.example/api/v1/statuses")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        channel = MastodonChannel(
            ChannelOptions(
                "mastodon", "@a@b.example", f"http://127.0.0.1:{httpd.server_port}", "token"
            )
        )
        with pytest.raises(UnreachableError, match=r"https://new\.example: write that"):
            channel.create(message(), "k")
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_message_is_found_again_by_its_link_and_words(make_sandbox, open_on, message, profile):
    channel = open_on(make_sandbox(profile=profile))
    channel.preflight()
    first = message("Bonjour !  « Ça » va ?\n\nhttps://www.valbourg.example/a/\n\n#Noël")
    ours = channel.create(first, "k1")
    channel.create(message("Autre.\n\nhttps://www.valbourg.example/a/b/"), "k2")
    quoting = channel.create(message("Vu sur https://www.valbourg.example/a/ !"), "k3")

    def find(known=(), digest=None, since=LONG_AGO):
        return [one.remote_id for one in channel.find(first.url, since, known, digest)]

    assert find(digest=text_digest(first.text)) == [ours.remote_id]
    assert find() == [ours.remote_id, quoting.remote_id]
    assert find(known={ours.remote_id}) == [quoting.remote_id]
    assert find(since=datetime.now(UTC) + timedelta(hours=1)) == []


def test_a_search_reads_page_after_page(make_sandbox, open_on, message):
    channel = open_on(make_sandbox())
    channel.preflight()
    ours = channel.create(message(), "ours")
    for number in range(45):
        channel.create(message(f"Numéro {number}."), f"k{number}")
    found = channel.find(message().url, LONG_AGO, (), text_digest(message().text))
    assert [one.remote_id for one in found] == [ours.remote_id]


@pytest.mark.parametrize(
    "instance", ["http://mastodon.example", "ftp://127.0.0.1", "https://", "mastodon.example"]
)
def test_plain_http_is_for_this_machine_only(instance):
    with pytest.raises(BlockedError, match="https"):
        MastodonChannel(ChannelOptions("mastodon", "@a@b", instance, "token"))


@pytest.mark.parametrize("token", ["", "SECRET with spaces", "SECRET\nline", "SECRET\u202f"])
def test_a_token_that_no_header_takes_is_not_repeated(token):
    with pytest.raises(BlockedError, match="copy it again") as caught:
        MastodonChannel(ChannelOptions("mastodon", "@a@b", "https://b.example", token))
    assert "SECRET" not in str(caught.value)


def test_options_do_not_show_the_token():
    assert "SECRET" not in repr(ChannelOptions("mastodon", "@a@b", "https://b", "SECRET"))


def test_a_token_that_is_also_a_files_name_is_a_token(tmp_path, monkeypatch, make_sandbox, open_on):
    sandbox = make_sandbox()
    monkeypatch.chdir(tmp_path)
    (tmp_path / sandbox.info.token).write_text("something else\nhttp://other.example\n")
    open_on(sandbox).preflight()


class Answers(BaseHTTPRequestHandler):
    """A server of other habits: its answers are in `server.answers`, by method and path."""

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append((self.command, self.path, self.rfile.read(length)))
        status, body = self.server.answers.get(
            f"{self.command} {self.path.partition('?')[0]}", (404, {"error": "Not Found"})
        )
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Deprecation", "true")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - their names, not ours

    def log_message(self, *_):
        pass


@pytest.fixture
def answering():
    """Serve given answers, and open a channel on them."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as httpd:
        httpd.answers, httpd.asked = {}, []
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{httpd.server_port}"
        options = ChannelOptions("mastodon", "@town@town.example", address, "token")
        yield httpd, MastodonChannel(options, sleep=lambda _: None)
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize("acct", ["town", "Town", "town@town.example", "@town@town.example"])
@pytest.mark.parametrize(
    "instance",
    [
        {"GET /api/v2/instance": (200, {"domain": "town.example"})},
        {"GET /api/v1/instance": (200, {"uri": "https://town.example"})},
        {"GET /api/v1/instance": (200, {"uri": "town.example", "max_toot_chars": 5000})},
    ],
)
def test_an_account_is_known_by_its_name_and_any_domain_that_its_server_claims(
    answering, acct, instance
):
    httpd, channel = answering
    httpd.answers = {
        "GET /api/v1/accounts/verify_credentials": (200, {"id": "0192-uuid", "acct": acct}),
        **instance,
    }
    assert channel.preflight().strict


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id": null}', b'"text"'])
def test_an_answer_that_is_no_status_leaves_the_outcome_unknown(answering, message, body):
    httpd, channel = answering
    httpd.answers = {"POST /api/v1/statuses": (200, body)}
    with pytest.raises(UnknownOutcomeError):
        channel.create(message(), "k")


def test_an_alt_text_that_an_edit_does_not_change_is_changed_by_its_own_call(
    answering, message, photo
):
    httpd, channel = answering
    media = photo(alt="Mieux dit")
    attached = {"id": "m-1", "type": "image", "description": "Avant"}
    httpd.answers = {
        "PUT /api/v1/statuses/s-1": (200, {"id": "s-1", "media_attachments": [attached]}),
        "PUT /api/v1/media/m-1": (200, {"id": "m-1"}),
    }
    receipt = channel.edit(message(media=(media,)), "s-1", {media.digest: "m-1"})
    assert receipt.media_ids == ("m-1",)
    (_, _, edit), (_, path, described) = httpd.asked
    assert json.loads(edit) == {
        "status": message().text,
        "spoiler_text": "",
        "sensitive": False,
        "language": "fr",
        "media_ids": ["m-1"],
        "media_attributes": [{"id": "m-1", "description": "Mieux dit", "focus": "0.5,-0.25"}],
    }
    assert path == "/api/v1/media/m-1"
    assert json.loads(described) == {"description": "Mieux dit", "focus": "0.5,-0.25"}


def test_opaque_ids_are_texts_whatever_they_look_like(answering, message):
    httpd, channel = answering
    for given in ("01JD8Z6Q0W3M5K7T9B1C2D4E6F", "0192b3c4-uuid", 117667442247317465, "9"):
        httpd.answers = {"POST /api/v1/statuses": (200, {"id": given, "url": "https://a/1"})}
        assert channel.create(message(), "k").remote_id == str(given)


VERIFY = "GET /api/v1/accounts/verify_credentials"
ODD = [7, True, "x", {"a": 1}, [1], [None], [{}], None]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_answers_of_any_shape_are_read_or_unknown_and_never_a_crash(answering, message, photo, odd):
    httpd, channel = answering
    httpd.answers = {
        VERIFY: (200, {"id": "1", "acct": "town@town.example"}),
        "GET /api/v2/instance": (
            200,
            {
                "domain": odd,
                "configuration": {
                    "statuses": {"max_characters": odd, "max_media_attachments": "x"},
                    "media_attachments": {"supported_mime_types": odd},
                },
                "api_versions": odd,
            },
        ),
        "POST /api/v1/statuses": (200, {"id": "s-1", "url": odd, "media_attachments": odd}),
        "PUT /api/v1/statuses/s-1": (200, {"id": "s-1", "media_attachments": odd}),
        "POST /api/v2/media": (200, {"id": "m-1", "meta": odd}),
        "GET /api/v1/accounts/1/statuses": (200, odd),
    }
    limits = channel.preflight()
    assert limits.characters == (7 if odd == 7 and odd is not True else 500)
    media = photo()
    assert channel.create(message(media=(media,)), "k").remote_id == "s-1"
    assert channel.edit(message(media=(media,)), "s-1", {media.digest: "m-1"}).remote_id == "s-1"
    with pytest.raises(UnknownOutcomeError):
        channel.find(message().url, LONG_AGO, (), None)
    httpd.answers["POST /api/v1/statuses"] = (200, odd)
    with pytest.raises(UnknownOutcomeError):
        channel.create(message(), "k")


@pytest.mark.parametrize("given", ["9" * 300, "", [1], {"a": 1}])
def test_an_id_that_is_none_is_not_kept(answering, message, given):
    httpd, channel = answering
    httpd.answers = {"POST /api/v1/statuses": (200, {"id": given})}
    with pytest.raises(UnknownOutcomeError, match="has no id"):
        channel.create(message(), "k")


def test_an_account_without_a_name_is_not_ours(answering):
    httpd, channel = answering
    httpd.answers = {VERIFY: (200, {"id": "1"}), "GET /api/v2/instance": (200, {})}
    with pytest.raises(BlockedError, match="an account that its server does not name"):
        channel.preflight()


def test_a_page_where_an_api_should_be_is_said_so(answering):
    httpd, channel = answering
    httpd.answers = {VERIFY: (200, b"<html>Bonjour</html>")}
    with pytest.raises(UnknownOutcomeError, match="does not answer in JSON"):
        channel.preflight()


@pytest.fixture
def serve():
    """Run a server of one handler and return a channel on it."""
    running = []

    def start(handler):
        httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        running.append((httpd, thread))
        address = f"http://127.0.0.1:{httpd.server_port}"
        return MastodonChannel(ChannelOptions("mastodon", "@a@b.example", address, "token"))

    yield start
    for httpd, thread in running:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def test_a_question_is_not_followed_to_another_server(serve):
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(308)
            self.send_header("Location", "https://new.example/api")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with pytest.raises(UnreachableError, match=r"https://new\.example: write that"):
        serve(Elsewhere).preflight()


def test_an_answer_that_never_ends_is_given_up(serve, message, monkeypatch):
    released = threading.Event()

    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            released.wait(30)

        def log_message(self, *_):
            pass

    monkeypatch.setattr("crosspost.channels.mastodon_connection.WHOLE_CALL_SECONDS", 0.2)
    try:
        with pytest.raises(UnknownOutcomeError, match="not whole after"):
            serve(Dripping).create(message(), "k")
    finally:
        released.set()


def test_an_instance_with_a_password_in_it_is_not_used_nor_repeated():
    with pytest.raises(BlockedError, match=r"write https://b\.example alone") as caught:
        MastodonChannel(ChannelOptions("mastodon", "@a@b", "https://me:SECRET@b.example", "token"))
    assert "SECRET" not in str(caught.value)
