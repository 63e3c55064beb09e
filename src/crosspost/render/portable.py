"""HTML that is read away from its page: in a feed reader, in a mail.

Every address in it is a whole one, and what a reader would refuse is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import urljoin

from crosspost.content.markup import ATTRIBUTES, attribute, attributes, write_tag

# Most tags have no attributes, and nobody has to look at them.
_TAG = re.compile(rf"<(?P<name>[a-z][a-z0-9-]*)(?P<rest>\b(?!>){ATTRIBUTES})>", re.IGNORECASE)
_NOT_READ = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(script|style)\b{ATTRIBUTES}>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# What most tags are that have an address, and what most addresses are.
_LINK = re.compile(r"<a href=\"([^\"]*)\">")
_WHOLE = re.compile(
    r"https?://[a-z0-9.-]+(?:/[\w/.~%+,:@=&-]*)?(?:\?[\w/.~%+,:@=&-]+)?(?:#[\w.~%-]+)?", re.ASCII
)
# What most others are: below the site's own origin, with nothing that would have to be resolved.
_ROOTED = re.compile(
    r"(?:/[\w~%+,:@=&-][\w.~%+,:@=&-]*)+/?(?:\?[\w/.~%+,:@=&-]+)?(?:#[\w.~%-]+)?", re.ASCII
)
_ORIGIN = re.compile(r"https?://[^/?#]+")
_ADDRESSES = {"href", "src", "poster", "cite", "data", "action", "formaction", "background"}
_CANDIDATE_LISTS = {"srcset", "imagesrcset"}
_MAY_MATTER = re.compile(
    r"\s(?:href|src|poster|cite|data|action|formaction|background|srcset|imagesrcset|on[a-z]+)"
    r"\s*=",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"on[a-z]+")
_PROGRAM = re.compile(r"[\x00-\x20]*(?:javascript|vbscript)\s*:", re.IGNORECASE)
_CANDIDATE = re.compile(r"[\s,]*(?P<url>\S*[^\s,])(?P<size>\s+[^,]+)?")
# What XML 1.0 cannot hold, and what JSON and mail are better without.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def portable_text(text: str) -> str:
    """Return `text` without the characters that no XML document may hold."""
    # What can be printed may be held, and few texts have more than that and ends of lines.
    return text if text.replace("\n", "").isprintable() else _FORBIDDEN.sub("", text)


def portable_html(html: str, page_url: str) -> str:
    """Return a body as it can be shown anywhere: whole addresses, no script, no style sheet.

    `page_url` is the absolute address of its page: `#note` leads back there.
    """
    return absolute_addresses(_NOT_READ.sub("", portable_text(html)), page_url)


def absolute_addresses(html: str, page_url: str, keep: Collection[str] = ()) -> str:
    """Return `html` with every address resolved against `page_url`, and no code in attributes.

    `keep` are values that are left as they are: a mailing service's placeholders.
    """

    def rewritten(match: re.Match[str]) -> str:
        if link := _LINK.fullmatch(match[0]):
            value = unescape(link[1])
            if value not in keep and not _PROGRAM.match(value):
                return f'<a href="{attribute(_absolute(page_url, value))}">'
        if not _MAY_MATTER.search(match["rest"]):
            return match[0]
        values = attributes(match[0])
        for name, written in list(values.items()):
            value = unescape(written or "")
            if _HANDLER.fullmatch(name) or (name in _ADDRESSES and _PROGRAM.match(value)):
                del values[name]
            elif written is None or value in keep:
                continue
            elif name in _ADDRESSES:
                values[name] = attribute(_absolute(page_url, value))
            elif name in _CANDIDATE_LISTS:
                values[name] = attribute(_candidates(page_url, value))
        return write_tag(match["name"], values)

    return _TAG.sub(rewritten, html)


def _absolute(page_url: str, address: str) -> str:
    if _WHOLE.fullmatch(address):
        return address
    if _ROOTED.fullmatch(address) and (origin := _ORIGIN.match(page_url)):
        return origin[0] + address
    try:
        return urljoin(page_url, address.strip())
    except ValueError:  # an address such as http://[ that no program can follow
        return address


def _candidates(page_url: str, written: str) -> str:
    return ", ".join(
        _absolute(page_url, match["url"]) + (match["size"] or "").rstrip()
        for match in _CANDIDATE.finditer(written)
    )
