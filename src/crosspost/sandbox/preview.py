"""A preview of a link: the page is read, and what its head says of it makes a card.

Nothing but this machine is asked: 127.0.0.1 and localhost, which the real server would refuse. So
where a site is served here, its cards can be seen, and a rehearsal tells nobody of a draft.
"""

from __future__ import annotations

import re
import urllib.request
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit

_HERE = frozenset({"127.0.0.1", "localhost"})
_SECONDS = 3.0
_MOST_HTML = 1_000_000
_MOST_IMAGE = 8_000_000
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_HANGING = ".,;:!?'\"»)]"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a card shows. `file` is the picture as it is kept here; empty where there is none."""

    url: str
    title: str
    description: str = ""
    language: str | None = None
    provider: str = ""
    author: str = ""
    image_description: str = ""
    file: str = ""
    width: int = 0
    height: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Preview:
        """Read back what `to_json` gave."""
        return cls(**value)


def first_link(text: str, own: str) -> str | None:
    """Return the first link of a text that is not the server's `own`, if it leads to this machine.

    The first one counts even where it cannot be followed: the ones after it have no card either.
    """
    links = (link.rstrip(_HANGING) for link in _LINK.findall(text))
    first = next((link for link in links if not link.startswith(f"{own}/")), None)
    return first if first and _is_here(first) else None


def read_preview(link: str) -> tuple[Preview, bytes] | None:
    """Return what the page of a link says of itself, and its picture's bytes.

    None where it does not answer with 200 and HTML, or has no title: there is no second try.
    """
    found = _fetched(link, _MOST_HTML)
    if found is None or found[0].get_content_type() != "text/html":
        return None
    headers, data, place = found
    head = _Head()
    head.feed(data.decode(headers.get_content_charset("utf-8"), "replace"))
    told = head.told
    title = told.get("og:title") or head.title.strip()
    if not title:
        return None
    canonical = urljoin(place, head.canonical) if head.canonical else place
    same_host = urlsplit(canonical).netloc == urlsplit(place).netloc
    image = told.get("og:image", "")
    picture = _fetched(urljoin(place, image), _MOST_IMAGE) if image else None
    preview = Preview(
        url=canonical if same_host else place,
        title=title,
        description=told.get("og:description") or told.get("description", ""),
        language=head.language or told.get("og:locale", "").partition("_")[0] or None,
        provider=told.get("og:site_name", ""),
        author=told.get("author", ""),
        image_description=told.get("og:image:alt", ""),
    )
    return preview, picture[1] if picture else b""


def _is_here(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _HERE
    except ValueError:
        return False


def _fetched(url: str, most: int) -> tuple[HTTPMessage, bytes, str] | None:
    """Return headers, body and last address of what is on this machine; None: not to be had."""
    if not _is_here(url):
        return None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere())
    try:
        answer: HTTPResponse
        with opener.open(url, timeout=_SECONDS) as answer:
            if answer.status != 200:
                return None
            return answer.headers, answer.read(most), answer.url
    except HTTPError as error:
        error.close()
        return None
    except (OSError, ValueError, HTTPException):
        return None


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows a redirect on this machine, and no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the next request, or None: the redirect is then an answer like any other."""
        if not _is_here(newurl):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Head(HTMLParser):
    """What a page says of itself: `told` holds the first of each meta."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self.title = ""
        self.language = ""
        self.canonical = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of an element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").lower()
            self.told.setdefault(name, given.get("content", "").strip())
        elif tag == "html":
            self.language = given.get("lang", "").partition("-")[0]
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.canonical = self.canonical or given.get("href", "")
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        """End the title."""
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        """Keep the title's text."""
        if self._in_title:
            self.title += data
