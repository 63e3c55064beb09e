"""Notes, admonitions, tasks: what an engine says in English or not at all, said in the document's
language.

Ids get a prefix where several bodies stand on one page, and each way back says where it leads.
"""

from __future__ import annotations

import re

from crosspost.content.labels import Labels
from crosspost.content.markup import attribute

_REFERENCE = re.compile(
    r"<sup id=\"(?P<id>fnref\d*:[^\"]*)\">"
    r"<a class=\"footnote-ref\" href=\"#(?P<note>fn:[^\"]*)\">(?P<number>[^<]*)</a></sup>"
)
_BACK = '<a class="footnote-backref"'
_GAP = "&#160;"
_NOTE_OR_BACK = re.compile(
    r"<li id=\"(?P<note>fn:[^\"]*)\">"
    rf"|(?P<gap>{_GAP})?{_BACK} href=\"#(?P<id>[^\"]*)\"[^>]*>[^<]*</a>"
)
_ADMONITION = re.compile(
    r"(<div class=\"admonition (?P<type>[\w-]+)[^\"]*\">\n"
    r"<p class=\"admonition-title\">)(?P<title>[^<]*)(?=</p>)"
)
_TASK = re.compile(
    r"(?:<li>(?P<loose>\n<p>)?)?"
    r"<input type=\"checkbox\"(?P<done> checked=\"\")? disabled=\"\" />"
)
# U+FE0E: as a letter, not as a coloured emoji.
_ARROW = "↩\ufe0e"


def label_notes(html: str, labels: Labels, prefix: str) -> str:
    """Return `html` with its footnotes' ids prefixed, their parts named for screen readers."""
    if 'class="footnote' not in html:
        return html
    used: set[str] = set()

    def reference(match: re.Match[str]) -> str:
        used.add(match["id"])
        return (
            f'<sup id="{prefix}{match["id"]}"><a class="footnote-ref" role="doc-noteref"'
            f' href="#{prefix}{match["note"]}"'
            f' aria-label="{labels.note.format(match["number"])}">{match["number"]}</a></sup>'
        )

    html = _REFERENCE.sub(reference, html)
    number = calls = 0

    def note_or_back(match: re.Match[str]) -> str:
        nonlocal number, calls
        if match["note"]:
            number, calls = number + 1, 0
            return f'<li id="{prefix}{match["note"]}">'
        if match["id"] not in used:
            # A note that the text never calls has nowhere to go back to.
            return ""
        calls += 1
        # Two ways back from one note need two names.
        label = labels.back_to_text.format(number) + (f" ({calls})" if calls > 1 else "")
        label = attribute(label)
        gap = "\u00a0" if match["gap"] else ""
        return (
            f'{gap}<a class="footnote-backref" role="doc-backlink" href="#{prefix}{match["id"]}"'
            f' aria-label="{label}" title="{label}">{_ARROW}</a>'
        )

    # The notes stand at the end: what is before the first is not looked through for them.
    starts = [html.find(one) for one in ('<li id="fn:', _BACK)]
    first = min((start for start in starts if start >= 0), default=len(html))
    first = max(0, first - len(_GAP))
    html = html[:first] + _NOTE_OR_BACK.sub(note_or_back, html[first:])
    section = f'<div class="footnote" role="doc-endnotes" aria-label="{labels.notes}">'
    return html.replace('<div class="footnote">', section)


def label_admonitions(html: str, labels: Labels) -> str:
    """Return `html` with the titles that an engine made from an admonition's type translated."""
    if not labels.admonitions or '<div class="admonition ' not in html:
        return html

    def title(match: re.Match[str]) -> str:
        own = match["title"].lower() != match["type"].lower()
        return match[1] + (match["title"] if own else _title(match))

    def _title(match: re.Match[str]) -> str:
        return labels.admonitions.get(match["type"].lower(), match["title"])

    return _ADMONITION.sub(title, html)


def label_tasks(html: str, labels: Labels) -> str:
    """Return `html` with the boxes of a list of tasks as signs that have a name.

    A control would want a label, is lost in a mail, and nobody may tick it.
    """
    if '<input type="checkbox"' not in html:
        return html

    def sign(match: re.Match[str]) -> str:
        name, box = (labels.done, "☑\ufe0e") if match["done"] else (labels.to_do, "☐")
        item = f'<li class="task">{match["loose"] or ""}' if match[0].startswith("<li") else ""
        return f'{item}<span role="img" aria-label="{attribute(name)}">{box}</span>'

    return _TASK.sub(sign, html)
