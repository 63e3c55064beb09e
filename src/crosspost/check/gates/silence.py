"""The silence itself: an allowance that nothing needs, a rule that does not exist."""

from __future__ import annotations

from crosspost.check.rule import Gate, warning

GATE = Gate(
    "silence",
    "Allowances",
    (
        warning(
            "unused-allowance",
            "A rule is allowed where nothing breaks it.",
            "It would hide the next mistake on that line.",
            "Take the comment away.",
        ),
        warning(
            "unknown-rule",
            "A comment or the settings name a rule that does not exist, or one that cannot be "
            "silenced because `build` refuses it too.",
            "What was to be silenced is not.",
            "Write the code that stands in square brackets behind a message.",
        ),
    ),
)
