"""What is passed over of a body would be written as it is."""

from __future__ import annotations

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from crosspost.content import rewrite
from crosspost.content.highlight import Highlighter
from crosspost.content.labels import labels_for
from crosspost.content.marks import Marks
from crosspost.content.rewrite import Rewriter

NAMES = (
    *("p", "li", "ul", "ol", "em", "strong", "a", "A", "code", "h2", "H3", "th", "td", "tr"),
    *("thead", "tbody", "table", "blockquote", "pre", "img", "area", "video", "script", "link"),
)
ATTRIBUTES = (
    *(' href="https://a.example/?b=c&amp;d=e#f"', ' href="http://a.example/é"', ' href="/b/"'),
    *(' href="mailto:a@b.example"', ' href="https://a.example/ "', ' href="https://a&b"'),
    *(' href="https://a\'b"', ' href="https://a\u2028b"', ' href="https://\x86\x87a/"'),
    *(' title="t"', ' title="a\x86\x87"', ' src="a.png"', ' class="language-json"', ' id="b"', ""),
)
TAGS = st.builds(
    "<{}{}{}{}>".format,
    st.sampled_from(("", "/")),
    st.sampled_from(NAMES),
    st.sampled_from(ATTRIBUTES),
    st.sampled_from(ATTRIBUTES),
)
PIECES = st.lists(st.one_of(TAGS, st.sampled_from(("un ", "\n", "&amp;", "<!-- ", "-->"))))


@given(PIECES.map("".join))
def test_a_tag_of_no_interest_would_be_left_as_it_is(html: str) -> None:
    every = re.compile(f"<{rewrite._OF_INTEREST}")
    for name, marks in (("_TAGS", Marks("")), ("_TAGS_WITHOUT_PLACES", None)):
        found = rewritten(html, marks)
        with patch.object(rewrite, name, every):
            assert rewritten(html, marks) == found


def rewritten(html: str, marks: Marks | None) -> tuple[object, ...]:
    rewriter = Rewriter(html, marks, labels_for("fr"), Highlighter())
    body = rewriter.run()
    return body, rewriter.headings, rewriter.holes, rewriter.links, rewriter.pictures
