"""Alternative texts that say nothing: a file's name, or the word "image"."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem

_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)", re.IGNORECASE)
_CAMERA = re.compile(
    r"(?:img|dsc[nf]?|dscn|pict?|p|photo|image|scan|capture|screenshot|wp)[ _-]*\d[\d _.-]*",
    re.IGNORECASE,
)
_NOTHING = {
    *("image", "images", "photo", "photos", "photographie", "picture", "picto", "pictogramme"),
    *("illustration", "visuel", "logo", "icône", "icone", "icon", "graphic", "graphique", "img"),
    *("alt", "texte alternatif", "alternative text", "sans titre", "untitled", "capture d'écran"),
    *("capture d’écran", "screenshot", "bannière", "banner", "affiche", "une image", "une photo"),
    *("schéma", "dessin", "vignette", "thumbnail", "cover", "couverture", "todo"),
}


def _find(text: WrittenText) -> Iterator[Problem]:
    for picture in text.body.pictures:
        why = useless(picture.alt or "", picture.src)
        if why:
            yield text.problem(picture.line, picture.column, "useless-alt", _message(why))
    image = text.document.front_matter.image
    if image is not None and (why := useless(image.alt or "", image.src)):
        place = "image.alt" if "image.alt" in text.document.places else "image"
        yield text.problem_at(place, "useless-alt", _message(why))


def useless(alt: str, src: str) -> str:
    """Say why an alternative text tells nothing of the picture at `src`; empty where it does."""
    said = " ".join(alt.split()).strip(" .:!…")
    if not said:
        return ""
    stem = posixpath.basename(src).rpartition(".")[0].casefold()
    if _FILE.fullmatch(said) or (stem == said.casefold() and (re.search(r"[\d_-]", said))):
        return f"'{said}' is the name of a file"
    if _CAMERA.fullmatch(said):
        return f"'{said}' is the name that a camera or a program gave"
    if said.casefold() in _NOTHING:
        return f"'{said}' says that there is a picture, not what it shows"
    return ""


def _message(why: str) -> str:
    return f"the alternative text {why}: say in a sentence what it shows."


GATE = Gate(
    "alt_text",
    "Alternative texts",
    (
        warning(
            "missing-alt",
            "A picture has no alternative text.",
            "Who does not see it learns nothing of it, and no channel publishes it without one.",
            "Write what it shows: `![Chalets lit up below the castle](market.jpg)`; in front "
            "matter, `alt:` beside `src:`. On a post that a channel will announce it is an error.",
            "RGAA 1.1 · WCAG 1.1.1",
        ),
        warning(
            "useless-alt",
            "An alternative text is a file's name, or a word such as “image”.",
            "A screen reader reads it aloud, and it tells nothing.",
            "Say what the picture tells to who sees it, in one sentence.",
            "RGAA 1.3 · WCAG 1.1.1",
        ),
    ),
    text=_find,
)
