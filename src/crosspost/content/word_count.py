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
    r"|(?:(h[1-6]|table|pre)\b[^>]*>[^<]*+(?:<(?!/\1>)[^<]*+)*+</\1>"
    r"|p class=\"admonition-title\">.*?</p>"
    r"|sup id=\"fnref[^>]*>.*?</sup>|[^>]*>))",
    re.DOTALL,
)
_NOTES = '<div class="footnote">'
_SHAPES = bytes(ord(" ") if chr(code).isspace() else ord("x") for code in range(256))
"""What is left of each character of Latin-1 when only the ends of words matter."""
OTHER_SPACES = (
    "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""The spaces that Latin-1 does not have."""


def count_words_of_html(html: str) -> int:
    """Return how many words HTML has whose blocks each begin a line, and whose notes end it."""
    if _NOTES in html:
        html = html.partition(_NOTES)[0]
    return _count(unmark(_NO_WORDS.sub("", html)))


def _count(text: str) -> int:
    """Return `len(text.split())`, without making a text of each word where there is a way."""
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        if any(space in text for space in OTHER_SPACES):
            return len(text.split())
        data = text.encode("latin-1", "replace")
    shapes = data.translate(_SHAPES)
    return shapes.count(b" x") + shapes.startswith(b"x")
