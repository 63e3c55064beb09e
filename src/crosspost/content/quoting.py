"""Writing a text into YAML so that any reader gives it back: plain where that is safe."""

from __future__ import annotations

import re

# Words and gentle punctuation, begun by a letter: nothing that YAML could take for something else.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ’.!?;/+()&«»…-]|, )*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def quoted(text: str, *, flow: bool = False) -> str:
    """Return `text` as a YAML scalar; `flow` where it stands in a [list]."""
    safe = _PLAIN.fullmatch(text) and not text.endswith(" ")
    if safe and text.lower() not in _WORDS and not (flow and "," in text):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() or character in "\u00a0\u202f":
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
