"""How long a message is, as its server counts.

Where it is not certain how much of a text is a link, the end of it counts in full: a message may
then be shorter than it had to be, and is never refused for its length.
"""

from __future__ import annotations

import re

from crosspost.channels.message import Limits

# A link is short only where its domain looks like one: `http://localhost/` counts in full.
_DOMAIN = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,})"
_PATH = r"[\w./#&=%+~:@!$'*,;-]"
_QUERY = r"[A-Za-z0-9_./?#&=%+~:@!$'*,;-]"
_URL = re.compile(
    rf"(?<![A-Za-z0-9@＠$#＃])(?P<host>https?://{_DOMAIN}(?![\w@-]|\.\w)(?::\d+)?)"
    rf"(?:/(?:{_PATH}|\({_PATH}+\))*)?(?:\?(?:{_QUERY}|\({_QUERY}+\))*)?",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![/\w])(@[a-z0-9_]+)@[a-z0-9.-]+[a-z0-9]", re.IGNORECASE)
_ENDS_A_LINK = re.compile(r"[\w/)]")
# Letters of western Europe and their punctuation: nothing here joins what stands beside it.
_ONE_EACH = re.compile(r"[\x00-\u02ff\u2010-\u2027\u202f-\u203b\u20ac]*")


def message_length(text: str, content_warning: str | None, limits: Limits) -> int:
    """Count a message: its text and its warning, together, against `limits.characters`.

    Links with a protocol cost `limits.per_url`, `@user@domain` costs `@user`, and what a reader
    sees as one character is one, however many code points it has. A server that is not known to
    count so gets the longer of this and the plain count of code points.
    """
    warning = content_warning or ""
    length = graphemes(shortened(text, limits.per_url)) + graphemes(warning)
    if limits.strict:
        length = max(length, len(text) + len(warning))
    return length


def shortened(text: str, per_url: int) -> str:
    """Put placeholders of the length that is counted where links and mentions are."""
    return _MENTION.sub(r"\1", _URL.sub(lambda match: _placeholder(match, per_url), text))


def without_links(text: str) -> str:
    """Put spaces where links are: what stands in an address is neither hashtag nor mention."""
    return _URL.sub(lambda match: " " * len(match[0]), text)


def graphemes(text: str) -> int:
    """Count what a reader sees as characters: a family emoji is one."""
    if _ONE_EACH.fullmatch(text):
        return len(text) - text.count("\r\n")
    import grapheme

    length: int = grapheme.length(text)
    return length


def _placeholder(match: re.Match[str], per_url: int) -> str:
    """Keep what follows a link without being part of it, as a full stop."""
    url = match[0]
    end = len(url)
    while end > len(match["host"]) and not _ENDS_A_LINK.match(url[end - 1]):
        end -= 1
    return "x" * per_url + url[end:]
