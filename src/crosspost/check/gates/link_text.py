"""The words of links: they say where one goes, also when they are read alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem

_VAGUE = {
    *("cliquez ici", "cliquer ici", "clique ici", "ici", "ici même", "là", "par ici"),
    *("cliquez", "clic", "cliquez sur ce lien", "sur ce lien", "ce lien", "lien", "le lien"),
    *("ce lien ci", "via ce lien", "suivez ce lien", "lire la suite", "lire plus", "la suite"),
    *("en savoir plus", "en savoir +", "plus d'infos", "plus d'informations", "plus d'info"),
    *("voir plus", "voir", "voir ici", "cette page", "télécharger", "téléchargez", "consulter"),
    *("consultez", "détails", "suite", "site", "le site", "site web", "site internet"),
    *("click here", "here", "click", "this link", "link", "read more", "more", "learn more"),
    *("see more", "this page", "this", "go", "download", "details", "website", "find out more"),
    *("tap here", "see here", "over here", "continue reading"),
}
_CALL = re.compile(r"(?:cliquez|cliquer|clique) ici pour |click here (?:to|for) ")
"""What stands before words that have to say it alone: "cliquez ici pour en savoir plus"."""
_ADDRESS = re.compile(r"(?:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}/\S+)", re.IGNORECASE)
_EDGES = " .,;:!?…»«\"'“”()[]→>*_-\u00a0\u202f"


def _find(text: WrittenText) -> Iterator[Problem]:
    for link in text.body.links:
        said = " ".join(link.text.replace("\u00a0", " ").replace("\u202f", " ").split())
        bare = said.casefold().replace("’", "'").strip(_EDGES)
        if not bare:
            if not said and link.line and _is_link(text, link.line, link.column):
                message = (
                    "this link has no words: write some, or describe the picture that stands for "
                    "them."
                )
                yield text.problem(link.line, link.column, "empty-link", message)
        elif bare in _VAGUE or _CALL.sub("", bare, count=1) in _VAGUE:
            message = (
                f"'{said}' does not say where the link leads when it is read alone: write what is "
                "there, as [the opening hours](…)."
            )
            yield text.problem(link.line, link.column, "vague-link", message)
        elif _ADDRESS.fullmatch(said):
            message = (
                f"'{said[:60]}' is an address: a screen reader spells it out. Write words, as "
                f"[the opening hours]({link.target[:60]})."
            )
            yield text.problem(link.line, link.column, "bare-link", message)


def _is_link(text: WrittenText, line: int, column: int) -> bool:
    """Say whether an address is that of a link, not of a frame or a film in raw HTML."""
    before = text.markdown.split("\n")[line - 1][: column - 1]
    return not re.search(r"\b(?:src|data|poster|srcset)\s*=\s*[\"']?$", before)


GATE = Gate(
    "link_text",
    "The words of links",
    (
        warning(
            "vague-link",
            "The words of a link say nothing by themselves: “cliquez ici”, “click here”, “read "
            "more”.",
            "Screen readers list the links of a page by their words alone.",
            "Let the words name what is there: `[the opening hours of the museum](museum.md)`.",
            "RGAA 6.1 · WCAG 2.4.4",
        ),
        warning(
            "bare-link",
            "The words of a link are its address.",
            "It is spelt out letter by letter, and breaks the layout of a telephone.",
            "Write words, and the address behind them: `[service-public.fr](https://…)`.",
            "RGAA 6.1 · WCAG 2.4.4",
        ),
        warning(
            "empty-link",
            "A link has no words.",
            "Nobody can tell where it leads, and who listens hears its address at best.",
            "Write words between the brackets; a picture that is a link needs an alternative text.",
            "RGAA 6.2 · WCAG 2.4.4",
        ),
    ),
    text=_find,
)
