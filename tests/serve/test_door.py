"""Whom the preview answers, and what it never gives: over a socket, byte for byte."""

from __future__ import annotations

import os

import pytest


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("name", [b"127.0.0.1", b"localhost", b"LOCALHOST"])
def test_it_answers_by_the_names_of_this_machine(town, name):
    port = str(town.server.info.port).encode()
    assert status(town.ask(b"/ville/", host=name + b":" + port)) == 200


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example",
        b"evil.example:%d",
        b"127.0.0.1",
        b"127.0.0.1:80",
        b"127.0.0.1.evil.example:%d",
        b"localhost.evil.example:%d",
        b"[::1]:%d",
        b"0.0.0.0:%d",
        b"",
    ],
)
def test_any_other_host_is_refused_whatever_is_asked(town, host):
    if b"%d" in host:
        host = host % town.server.info.port
    for path in (b"/ville/", b"/__crosspost/", b"/__crosspost/events"):
        answer = town.ask(path, host=host)
        assert status(answer) in (400, 421)
        assert b"Valbourg" not in answer


def test_a_request_with_two_hosts_or_none_is_refused(town):
    port = town.server.info.port
    end = "Connection: close\r\n\r\n"
    ours = f"Host: 127.0.0.1:{port}\r\n"
    two = f"GET /ville/ HTTP/1.1\r\n{ours}Host: evil.example\r\n{end}".encode()
    assert status(town.raw(two)) in (400, 421)
    assert status(town.raw(b"GET /ville/ HTTP/1.0\r\n\r\n")) in (400, 421)
    other = f"GET http://evil.example/ville/ HTTP/1.1\r\n{ours}{end}".encode()
    assert status(town.raw(other)) == 404


CLIMBS = [
    b"/../crosspost.yaml",
    b"/ville/../../crosspost.yaml",
    b"/ville/../crosspost.yaml",
    b"/ville/%2e%2e/crosspost.yaml",
    b"/ville/%2e%2e%2fcrosspost.yaml",
    b"/ville/..%2fcrosspost.yaml",
    b"/ville/..%5ccrosspost.yaml",
    b"/ville/..\\crosspost.yaml",
    b"/ville/%252e%252e%252fcrosspost.yaml",
    b"/ville/....//crosspost.yaml",
    b"/ville/%c0%ae%c0%ae/crosspost.yaml",
    b"/ville//etc/passwd",
    b"/ville/%2fetc/passwd",
    b"//etc/passwd",
    b"/ville/.%00./crosspost.yaml",
    b"/ville/crosspost.yaml",
    b"/crosspost.yaml",
    b"/__crosspost/static/../templates/post.html",
    b"/__crosspost/static/..%2fserver.py",
    b"/__crosspost/static/%2e%2e%2fserver.py",
    b"/__crosspost/static/..%252fserver.py",
]


@pytest.mark.parametrize("target", CLIMBS, ids=lambda one: one.decode("latin-1"))
def test_no_path_climbs_out_of_the_site(town, target):
    answer = town.ask(target)
    assert status(answer) in (400, 404)
    for secret in (b"MASTODON_TOKEN", b"root:", b"LoopbackServer", b"{% extends"):
        assert secret not in answer


def test_what_was_left_in_the_previews_output_is_read_but_no_link_out_of_it(town):
    """A page that never could be made comes from the last whole build: never through a link."""
    from crosspost.serve.folder import read_below

    outside = town.root.parent / "secret.txt"
    outside.write_text("secret")
    folder = town.root / ".crosspost/preview-of-links"
    (folder / "inside").mkdir(parents=True)
    (folder / "inside/page.html").write_text("inside")
    (folder / "link.html").symlink_to(outside)
    (folder / "linked").symlink_to(town.root.parent)
    (folder / "near.html").symlink_to(folder / "inside/page.html")
    os.mkfifo(folder / "pipe")
    assert read_below(folder, "inside/page.html") == b"inside"
    assert read_below(folder, "near.html") == b"inside"
    for path in ("link.html", "linked/secret.txt", "../../../secret.txt", "pipe", "inside", ""):
        assert read_below(folder, path) is None
    assert read_below(folder, str(outside)) is None
    assert read_below(folder, "a\0b") is None
    assert read_below(folder / "none", "x") is None


def test_a_link_out_of_the_site_is_not_served_from_content_or_preview(town):
    """Both holes that other generators' servers had: a link in the sources, one in the output."""
    outside = town.root.parent / "outside.txt"
    outside.write_text("secret words")
    source = town.root / "content/posts/leak.txt"
    output = town.root / ".crosspost/preview/leak2.txt"
    output.parent.mkdir(parents=True, exist_ok=True)
    ear = town.events()
    try:
        source.symlink_to(outside)
        output.symlink_to(outside)
        ear.until(lambda state: any(one["code"] == "symlink" for one in state["problems"]))
        for path in (b"/ville/posts/leak.txt", b"/ville/leak2.txt"):
            answer = town.ask(path)
            assert status(answer) == 404
            assert b"secret words" not in answer
    finally:
        source.unlink()
        output.unlink()
    ear.until(lambda state: not state["problems"])
    ear.close()


def test_a_post_that_becomes_a_link_out_of_the_site_is_not_read(town):
    outside = town.root.parent / "outside.md"
    place = town.root / "content/posts/marche.md"
    good = place.read_text("utf-8")
    outside.write_text(good.replace("ouvre", "secret"), encoding="utf-8")
    ear = town.events()
    try:
        place.unlink()
        place.symlink_to(outside)
        ear.until(lambda state: any(one["code"] == "symlink" for one in state["problems"]))
        assert b"secret" not in town.ask(b"/ville/2026/12/marche/")
    finally:
        place.unlink()
        place.write_text(good, encoding="utf-8")
    ear.until(lambda state: not state["problems"])
    ear.close()


@pytest.mark.parametrize("verb", [b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE"])
def test_nothing_is_changed_for_a_page_of_another_site(town, verb):
    assert status(town.ask(b"/__crosspost/clock", verb=verb)) == 403
    assert status(town.ask(b"/ville/", verb=verb)) == 403


def test_answers_let_no_other_site_read_or_frame_them(town):
    answer = town.ask(b"/ville/").partition(b"\r\n\r\n")[0].lower()
    assert b"cross-origin-resource-policy: same-origin" in answer
    assert b"x-frame-options: sameorigin" in answer
    assert b"x-content-type-options: nosniff" in answer
    assert b"access-control-allow-origin" not in answer
    own = town.ask(b"/__crosspost/").partition(b"\r\n\r\n")[0].lower()
    assert (
        b"content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'" in own
    )
    assert b"unsafe" not in own
