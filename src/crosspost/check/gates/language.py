"""Passages in another language that do not say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.rule import Gate, warning
from crosspost.check.written import WrittenText
from crosspost.errors import Problem

# The commonest small words of a language, without those that two of these languages share.
_SMALL = {
    "fr": "le les des du et une est sont pour dans que qui sur avec par aux cette nous vous il "
    "elle ne pas plus leur ses ces ou mais votre notre être où dont c'est au",
    "en": "the of and to is are for with that this by be was were you your it at from we have has "
    "not will can our which their they or but been its an",
    "de": "der die das und ist sind für mit dass auf von den dem ein eine nicht wird werden auch "
    "sich wir sie ihr zu im zur zum",
    "es": "el los las una y es son para con que por del al se su sus nuestro usted pero como más "
    "está también sin sobre",
    "it": "il gli della delle dei di che è sono per con una nel nella alla questo questa anche più "
    "come ma suo non",
}
_WORDS = {lang: frozenset(words.split()) for lang, words in _SMALL.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FEWEST = 15
"""Words below which nothing is guessed."""
_MANY, _FEW = 0.25, 0.05


def _find(text: WrittenText) -> Iterator[Problem]:
    own = text.lang.partition("-")[0].lower()
    if own not in _WORDS:
        return
    found = []
    judged = 0
    lines = text.markdown.split("\n")
    for start, block in text.paragraphs():
        count = len(_WORD.findall(block))
        judged += count if count >= _FEWEST else 0
        other = foreign(block, own)
        raw = "\n".join(lines[start - 1 : start + block.count("\n")])
        if other and not re.search(r"\blang\s*=", raw) and not _inside(lines, start):
            found.append((start, block, other, count))
    if found and sum(count for *_, count in found) > judged / 2:
        other = found[0][2]
        key = "lang" if "lang" in text.document.places else "title"
        message = f"this text is not in '{own}', it seems to be in '{other}': write lang: {other}."
        yield text.problem_at(key, "unmarked-language", message)
        return
    for start, block, other, _ in found:
        column = len(block) - len(block.lstrip()) + 1
        message = (
            f"this passage seems to be in '{other}' and the document is in '{own}': put it between "
            f'<div lang="{other}" markdown="1"> and </div>, so that it is read with the right '
            "voice."
        )
        yield text.problem(start, column, "unmarked-language", message)


def foreign(passage: str, own: str) -> str:
    """Return the language that a passage is in where it is certainly not its own; else nothing."""
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(passage)]
    if len(words) < _FEWEST:
        return ""
    shares = {
        lang: sum(word in small for word in words) / len(words) for lang, small in _WORDS.items()
    }
    best = max(shares, key=lambda lang: shares[lang])
    certain = best != own and shares[best] >= _MANY and shares[own] <= _FEW
    return best if certain else ""


def _inside(lines: list[str], start: int) -> bool:
    """Say whether a passage stands inside an element above it that names a language."""
    above = "\n".join(lines[: start - 1])
    opened = len(re.findall(r"<(?:div|section|blockquote|p)\b[^>]*\blang\s*=", above))
    return opened > 0 and opened > len(re.findall(r"</(?:div|section|blockquote|p)>", above))


GATE = Gate(
    "language",
    "Passages in another language",
    (
        warning(
            "unmarked-language",
            "A passage is in another language than its document, and does not say so.",
            "A screen reader reads English with French sounds, and nobody understands it.",
            'Write `lang: en` for a whole document, and for a passage `<div lang="en" '
            'markdown="1">` … `</div>`. Only passages of fifteen words and more are judged.',
            "RGAA 8.7 · WCAG 3.1.2",
        ),
    ),
    text=_find,
)
