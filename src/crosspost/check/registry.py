"""The gates of `check`. A new one is a file in gates/ and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from crosspost.check.gates import (
    alt_text,
    capitals,
    channels,
    dates,
    emoji,
    external,
    frames,
    headings,
    language,
    link_text,
    outputs,
    permanence,
    pictures,
    reading,
    silence,
    tables,
    translations,
    uids,
)
from crosspost.check.rule import Gate, Rule

GATES: tuple[Gate, ...] = (
    reading.GATE,
    outputs.GATE,
    permanence.GATE,
    alt_text.GATE,
    headings.GATE,
    link_text.GATE,
    tables.GATE,
    frames.GATE,
    capitals.GATE,
    emoji.GATE,
    language.GATE,
    dates.GATE,
    pictures.GATE,
    channels.GATE,
    translations.GATE,
    uids.GATE,
    external.GATE,
    silence.GATE,
)
RULES: Mapping[str, Rule] = {rule.code: rule for gate in GATES for rule in gate.rules}
"""Every rule by its code."""
