"""How many words the running prose of a page has, counted in its HTML.

It is what `prose.count_words` counts in a tree, without making one. That holds where an engine
wrote every tag, so that nothing is raw HTML; whoever calls this has made sure.
"""

from __future__ import annotations

import re

from crosspost.content.marks import unmark

# Blocks that are no prose, the number of a note, and any other tag. What stands between the ends of
# a block can hold neither of them: an engine escapes what is text. Most tags are told from these by
# how they begin, and come first.
_NO_WORDS = re.compile(
    r"<(?:[^hpst>][^>]*>|p>"
    r"|(?:(h[1-6]|table|pre)\b[^>]*>.*?</\1>|p class=\"admonition-title\">.*?</p>"
    r"|sup id=\"fnref[^>]*>.*?</sup>|[^>]*>))",
    re.DOTALL,
)
_NOTES = '<div class="footnote">'
_SHAPES = bytes(ord(" ") if chr(code).isspace() else ord("x") for code in range(256))
"""What is left of each character of Latin-1 when only the ends of words matter."""


def count_words_of_html(html: str) -> int:
    """Return how many words HTML has whose blocks each begin a line, and whose notes end it."""
    if _NOTES in html:
        html = html.partition(_NOTES)[0]
    return _count(unmark(_NO_WORDS.sub("", html)))


def _count(text: str) -> int:
    """Return `len(text.split())`, without making a text of each word where there is a way."""
    try:
        shapes = text.encode("latin-1").translate(_SHAPES)
    except UnicodeEncodeError:
        return len(text.split())
    return shapes.count(b" x") + shapes.startswith(b"x")
