"""The few words that a rendered body needs and its author did not write.

They belong to the document's language, not to the theme's: a feed or a mail has no theme.
"""

from __future__ import annotations

from types import MappingProxyType

import msgspec


class Labels(msgspec.Struct, frozen=True):
    """Words of one language; `{}` stands for a number or a heading."""

    notes: str
    note: str
    back_to_text: str
    table: str
    picture: str
    """Before a picture's alt text, where there can be no picture."""
    done: str
    to_do: str
    """What the box of a task says to who does not see whether it is ticked."""
    admonitions: MappingProxyType[str, str] = msgspec.field(
        default_factory=lambda: MappingProxyType({})
    )
    """Titles of admonitions, by the type as written after `!!!`."""


_FRENCH = Labels(
    notes="Notes",
    note="Note {}",
    back_to_text="Retour au texte, note {}",
    table="Tableau",
    picture="Image",
    done="Fait",
    to_do="À faire",
    admonitions=MappingProxyType(
        {
            "attention": "Attention",
            "caution": "Prudence",
            "danger": "Danger",
            "error": "Erreur",
            "example": "Exemple",
            "hint": "Conseil",
            "important": "Important",
            "info": "Information",
            "note": "Note",
            "tip": "Conseil",
            "warning": "Attention",
        }
    ),
)
_ENGLISH = Labels(
    notes="Notes",
    note="Note {}",
    back_to_text="Back to the text, note {}",
    table="Table",
    picture="Image",
    done="Done",
    to_do="To do",
)


def labels_for(lang: str) -> Labels:
    """Return the words for a language tag (`fr`, `fr-CA`, `en`…): English where none are known."""
    return _FRENCH if lang.lower().split("-")[0] == "fr" else _ENGLISH
