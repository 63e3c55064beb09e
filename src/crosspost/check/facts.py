"""The links and anchors of one file of output/: read from its bytes, kept under their hash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import msgspec

from crosspost.check.addresses import Addresses
from crosspost.content.holes import candidates
from crosspost.content.markup import ATTRIBUTES, attributes
from crosspost.render.task import Task

KINDS = ("page", "redirect", "feed", "newsletter", "sitemap")
"""Files that hold links."""
_SILENT = re.compile(
    r"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1\s*>|<!\[CDATA\[|\]\]>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(rf"<(?P<name>[a-zA-Z][\w:-]*)(?P<rest>\b{ATTRIBUTES})/?>")
_TELLS = re.compile(r"\b(?:href|src|id|name|srcset|poster|data|action|content)\s*=")
_ADDRESSES = ("href", "src", "poster", "data", "action")
_META = {"og:image", "og:url", "twitter:image"}
_URL = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?»…]")
_XML_TEXT = re.compile(
    r"<(?P<tag>link|url|loc|icon|logo|content|summary|description|content:encoded)\b[^>]*>"
    r"(?P<text>[^<]*)</(?P=tag)>"
)
_JSON_URLS = {"url", "home_page_url", "feed_url", "image", "banner_image", "icon", "favicon"}


class PageFacts(msgspec.Struct, frozen=True, array_like=True):
    """Where a file leads, normalised, and its anchors: each once, one a line."""

    digest: str
    targets: str
    anchors: str = ""


def facts_of_page(task: Task, data: bytes, digest: str, addresses: Addresses) -> PageFacts:
    """Read the links and anchors of a file that was made."""
    text = data.decode("utf-8", "replace")
    anchors: set[str] = set()
    found = {
        normal
        for address in _found(task, text, anchors)
        if (normal := addresses.normal(unescape(address), task.path))
    }
    return PageFacts(digest, "\n".join(sorted(found)), "\n".join(sorted(anchors)))


def _found(task: Task, text: str, anchors: set[str]) -> Iterator[str]:
    suffix = task.path.rpartition(".")[2]
    if suffix == "json":
        yield from _in_json(text)
    elif suffix == "xml":
        yield from _in_xml(text)
    elif suffix == "html":
        yield from _in_html(text, anchors)
    elif suffix == "txt" and task.kind == "newsletter":
        yield from _URL.findall(text)


def _in_html(text: str, anchors: set[str]) -> Iterator[str]:
    for match in _TAG.finditer(_SILENT.sub("", text)):
        if not _TELLS.search(match["rest"]):
            continue
        values = attributes(match[0])
        name = match["name"].lower()
        if anchor := values.get("id"):
            anchors.add(unescape(anchor))
        if name == "a" and (anchor := values.get("name")):
            anchors.add(unescape(anchor))
        for key in _ADDRESSES:
            if value := values.get(key):
                yield value
        if written := values.get("srcset"):
            yield from (address for address, _, _ in candidates(unescape(written)))
        if name == "meta":
            yield from _in_meta(values)


def _in_meta(values: dict[str, str | None]) -> Iterator[str]:
    content = values.get("content") or ""
    if (values.get("property") or values.get("name") or "") in _META:
        yield content
    elif (values.get("http-equiv") or "").lower() == "refresh":
        yield re.sub(r"^[^=]*url=", "", content, flags=re.IGNORECASE)


def _in_xml(text: str) -> Iterator[str]:
    """Yield the addresses of a feed or a sitemap: its own, and those of the texts inside."""
    ignored: set[str] = set()
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    yield from _in_html(text, ignored)
    for match in _XML_TEXT.finditer(text):
        said = unescape(match["text"]).strip()
        if said.startswith(("http://", "https://")):
            yield said
        elif "<" in said:
            yield from _in_html(said, ignored)


def _in_json(text: str) -> Iterator[str]:
    waiting: list[Any] = [json.loads(text)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += [value for value in one.values() if isinstance(value, dict | list)]
            for key, value in one.items():
                if key in _JSON_URLS and isinstance(value, str):
                    yield value
                elif key == "content_html" and isinstance(value, str):
                    yield from _in_html(value, set())
