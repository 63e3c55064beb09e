"""HTML that is read away from its page: the short ways come to what the long one gives."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crosspost.render.portable import absolute_addresses

PAGES = ("https://town.example/2026/fete/", "http://town.example/")
SIGNS = "ab0/.~%+,:@=&-?#_;é ()'A[]\t"


@given(
    st.sampled_from(PAGES),
    st.sampled_from(["https://", "http://", "https:", "/", "", "mailto:", "//"]),
    st.text(st.sampled_from(SIGNS), max_size=12),
)
def test_a_link_leads_where_a_browser_would_go(page: str, start: str, rest: str) -> None:
    address = f"{start}{rest}"
    try:
        whole = urljoin(page, address.strip())
    except ValueError:
        assume(False)
    written = address.replace("&", "&amp;").replace("'", "&#x27;")
    assume("&" not in address)  # what follows it might make a character of it
    html = absolute_addresses(f'<p><a href="{written}">x</a></p>', page)
    assert html == f'<p><a href="{whole.replace(chr(39), "&#x27;")}">x</a></p>'


@pytest.mark.parametrize(
    ("tag", "becomes"),
    [
        ("<p>", "<p>"),
        ('<a href="JavaScript:alert(1)">', "<a>"),
        ('<a href="">', '<a href="https://town.example/2026/fete/">'),
        ('<a href="*|UNSUB|*">', '<a href="*|UNSUB|*">'),
        ('<a href="#n" title="N">', '<a href="https://town.example/2026/fete/#n" title="N">'),
        ('<a href="https://a.example?b=1&amp;c">', '<a href="https://a.example?b=1&amp;c">'),
        ('<img onerror="x()" src="a.png">', '<img src="https://town.example/2026/fete/a.png">'),
    ],
)
def test_a_tag_keeps_what_can_be_shown_anywhere(tag: str, becomes: str) -> None:
    assert absolute_addresses(tag, PAGES[0], keep=("*|UNSUB|*",)) == becomes
