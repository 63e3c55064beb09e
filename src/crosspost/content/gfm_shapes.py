"""cmark's HTML in the shape that pages, themes and plain text know from Python-Markdown.

Notes get the ids and classes of its footnotes, alerts those of its admonitions; cells are aligned
by a style, and the box of a task stands in the item's paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# All that is shaped here begins so, and most texts have none of it.
_FOREIGN = re.compile(r"<(?:img |input |p>\[!|s(?:up|ection) class=\"footnote|t[hd] align=)")
_REFERENCE = re.compile(
    r"<sup class=\"footnote-ref\"><a href=\"#fn-(?P<name>[^\"]*)\" id=\"fnref-(?P<id>[^\"]*)\""
    r" data-footnote-ref>(?P<number>\d+)</a></sup>"
)
_NOTE = re.compile(r"<li id=\"fn-([^\"]*)\">")
_BACK = (
    r" ?<a href=\"#fnref-([^\"]*)\" class=\"footnote-backref\" data-footnote-backref"
    r" data-footnote-backref-idx=\"\d+(?:-(\d+))?\" aria-label=\"[^\"]*\">"
    r"[^<]*(?:<sup class=\"footnote-ref\">\d+</sup>)?</a>"
)
_ONE_BACK = re.compile(_BACK)
_WAYS_BACK = re.compile(f"((?:{_BACK})+)(</p>)?")
_NOTES = '<section class="footnotes" data-footnotes>\n'
_NOTES_END = "</section>"
_CELL = re.compile(r"<(t[hd]) align=\"(left|right|center)\">")
_IMAGE = re.compile(r"<img src=\"([^\"]*)\" (alt=\"[^\"]*\")")
_LOOSE_TASK = re.compile(r"(<input type=\"checkbox\"(?: checked=\"\")? disabled=\"\" />) \n<p>")
_QUOTE = re.compile(
    r"<blockquote>\n<p>\[!(?P<type>NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]"
    r"(?:(?:<br />)?(?P<more>\n)|</p>\n(?!</blockquote>))"
    r"|<(?P<end>/?)blockquote\b[^<>]*>",
    re.IGNORECASE,
)


def is_foreign(html: str) -> bool:
    """Say whether there may be something in cmark's HTML that is not in our shape."""
    return _FOREIGN.search(html) is not None


def shaped(html: str, as_written: Callable[[str], str]) -> str:
    """Return `html` in our shape; `as_written` decodes the name of a note."""
    if " data-footnote" in html:
        html = _notes(html, as_written)
    if "<p>[!" in html:
        html = _alerts(html)
    if ' align="' in html:
        html = _CELL.sub(r'<\1 style="text-align: \2;">', html)
    if "<img " in html:
        html = _IMAGE.sub(r'<img \2 src="\1"', html)
    if "<input " in html:
        html = _LOOSE_TASK.sub(r"\n<p>\1 ", html)
    return html


def _notes(html: str, as_written: Callable[[str], str]) -> str:
    def reference(match: re.Match[str]) -> str:
        name = as_written(match["name"])
        # The second call of note `a` is `fnref-a-2` there, `fnref2:a` here.
        call = match["id"][len(match["name"]) + 1 :]
        return (
            f'<sup id="fnref{call}:{name}">'
            f'<a class="footnote-ref" href="#fn:{name}">{match["number"]}</a></sup>'
        )

    def back(match: re.Match[str]) -> str:
        name, call = match[1], match[2] or ""
        name = as_written(name.removesuffix(f"-{call}") if call else name)
        return f'<a class="footnote-backref" href="#fnref{call}:{name}">&#8617;</a>'

    def ways_back(match: re.Match[str]) -> str:
        ways = "".join(map(back, _ONE_BACK.finditer(match[1])))
        # A note that ends in a list or in code has a paragraph of its own for them.
        return f"&#160;{ways}</p>" if match[match.re.groups] else f"<p>{ways}</p>"

    html = _REFERENCE.sub(reference, html)
    before, notes, after = html.rpartition(_NOTES)
    if not notes:
        return html
    after = _NOTE.sub(lambda match: f'<li id="fn:{as_written(match[1])}">', after)
    after, _, rest = _WAYS_BACK.sub(ways_back, after).rpartition(_NOTES_END)
    return f'{before}<div class="footnote">\n<hr />\n{after}</div>{rest}'


def _alerts(html: str) -> str:
    """Turn quotations that begin with `[!NOTE]` into admonitions, where their end is found."""
    open_: list[re.Match[str]] = []
    by: dict[tuple[int, int], str] = {}
    for match in _QUOTE.finditer(html):
        if not match["end"]:
            open_.append(match)
            continue
        start = open_.pop() if open_ else None
        if start and (kind := start["type"]):
            by[start.span()] = (
                f'<div class="admonition {kind.lower()}">\n'
                f'<p class="admonition-title">{kind.capitalize()}</p>\n'
                + ("<p>" if start["more"] else "")
            )
            by[match.span()] = "</div>"
    out, copied = [], 0
    for (first, last), text in sorted(by.items()):
        out += [html[copied:first], text]
        copied = last
    return "".join(out) + html[copied:]
