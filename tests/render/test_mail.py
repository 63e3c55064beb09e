"""A mail: inlined styles, readable text, a file that another parser reads without defects."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.render.mail import Mail, eml, inline_styles, sender_address, underlined, wrapped

MAIL = Mail(
    subject="La lettre d’été",
    sender="Ville d'Été <lettre@essai.example>",
    date=datetime(2026, 11, 20, 10, tzinfo=UTC),
    message_id="<abc.crosspost@essai.example>",
    lang="fr",
    html="<p>Été 🎄</p>\n",
    text="Été 🎄\n",
)


def parse(data: bytes) -> EmailMessage:
    message = cast("EmailMessage", message_from_bytes(data, policy=policy.default))
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def test_both_parts_come_out_as_they_went_in() -> None:
    message = parse(eml(MAIL))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().replace("\r\n", "\n") == MAIL.html
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}


def test_its_headers_are_those_of_a_draft() -> None:
    message = parse(eml(MAIL))
    assert message["Subject"] == "La lettre d’été"
    assert message["From"].addresses[0].display_name == "Ville d'Été"
    assert message["From"].addresses[0].addr_spec == "lettre@essai.example"
    assert message["To"] == "undisclosed-recipients:;"
    assert message["Date"].datetime == MAIL.date
    assert message["Message-ID"] == MAIL.message_id
    assert message["Content-Language"] == "fr"
    assert message["X-Unsent"] == "1"
    assert "List-Unsubscribe" not in message


def test_the_same_mail_is_the_same_bytes_with_lines_that_end_as_mail_does() -> None:
    data = eml(MAIL)
    assert data == eml(MAIL)
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    assert data.isascii()
    assert eml(replace(MAIL, text="Autre\n")) != data


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://l.example/" + "u" * 200 + "?a=1&b=2", True),
        ("mailto:leave@l.example", True),
        ("{{unsubscribe}}", False),
        ("*|UNSUB|*", False),
        ("https://l.example/{{ id }}", False),
        ("", False),
    ],
)
def test_leaving_is_a_header_where_it_is_an_address(url: str, header: bool) -> None:
    message = parse(eml(replace(MAIL, unsubscribe_url=url)))
    assert message["List-Unsubscribe"] == (f"<{url}>" if header else None)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Cn"]),
    min_size=1,
    max_size=30,
)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_every_subject_survives(words: list[str]) -> None:
    subject = " ".join(words)
    data = eml(replace(MAIL, subject=subject))
    if "=?" not in subject:  # what looks like an encoded word in an ASCII subject is read as one
        assert parse(data)["Subject"] == subject
    assert max(map(len, data.split(b"\r\n"))) <= 998


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c"), max_size=300))
def test_every_text_survives_and_no_line_is_too_long(text: str) -> None:
    data = eml(replace(MAIL, text=text + "\n", html=f"<p>{'x' * 3000}</p>\n"))
    part = parse(data).get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == text + "\n"
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_a_line_end_in_a_title_starts_no_header() -> None:
    message = parse(eml(replace(MAIL, subject="A\r\nBcc: x@y.example", sender="B\n <a@b.example>")))
    assert message["Bcc"] is None
    assert message["Subject"] == "A Bcc: x@y.example"
    assert message["From"].addresses[0].addr_spec == "a@b.example"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("lettre@essai.example", "", "lettre@essai.example"),
        ("Ville, service <a@b.example>", "Ville, service", "a@b.example"),
        ('"Ville (lettre)" <a.b+c@b.example>', "Ville (lettre)", "a.b+c@b.example"),
        ("Été <a@été.example>", "Été", "a@xn--t-9fab.example"),
    ],
)
def test_a_sender_is_read_as_people_write_it(written: str, name: str, address: str) -> None:
    found = sender_address(written)
    assert found is not None
    assert (found.display_name, found.addr_spec) == (name, address)
    assert parse(eml(replace(MAIL, sender=written)))["From"].addresses[0].display_name == name


@pytest.mark.parametrize(
    "written", ["", "Ville", "a b@c.example", "Été <été@c.example>", "a@..", "a@"]
)
def test_what_is_no_address_is_told(written: str) -> None:
    assert sender_address(written) is None
    with pytest.raises(ValueError, match="is not a mail address"):
        eml(replace(MAIL, sender=written))


STYLED = """<!DOCTYPE html>
<html lang="fr"><head><title>A</title><meta charset="utf-8"><style>
p.a { color: red; } @media (prefers-color-scheme: dark) { p.a { color: pink !important; } }
</style><link rel="stylesheet" href="https://127.0.0.1:9/none.css"></head>
<body><p class="a" onclick="x()"><a href="/x/">x</a> <a href="{{unsubscribe}}">y</a>
<!--[if mso]><b>Outlook</b><![endif]--><img src="a.png" alt="A"></p></body></html>"""


def test_styles_go_into_the_tags_and_rules_for_screens_stay() -> None:
    html = inline_styles(STYLED, "https://town.example/n/1/", keep=["{{unsubscribe}}"])
    assert '<p class="a" style="color: red;">' in html
    assert re.search(r"<style>[^<]*@media \(prefers-color-scheme: dark\)[^<]*</style>", html)
    assert html.index("<meta charset") < 200
    assert html.count("<meta charset") == 1
    assert 'href="https://town.example/x/"' in html
    assert 'href="{{unsubscribe}}"' in html
    assert 'src="https://town.example/n/1/a.png"' in html
    assert "<!--[if mso]>" in html
    assert "onclick" not in html


def test_a_paragraph_is_wrapped_but_an_address_is_never_cut() -> None:
    address = "https://town.example/" + "long/" * 20
    lines = wrapped(f"{'mot ' * 40}{address}").splitlines()
    assert lines[-1] == address
    assert max(map(len, lines[:-1])) <= 72
    assert underlined("Été", "=") == "Été\n==="
    assert underlined("", "=") == ""
