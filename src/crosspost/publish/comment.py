"""A plan as Markdown: for a pull request's comment, and for a job's summary.

Whatever stands in a post is shown as it is and does nothing: no HTML, no heading, no mention that
calls somebody, no reference to an issue. What does not fit leaves by whole actions, and is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crosspost.channels.message import Message
from crosspost.errors import Problem
from crosspost.publish.plan import Action, ActionKind, Plan
from crosspost.publish.report import (
    by_target,
    facts_of,
    grouped,
    held_of,
    is_quiet,
    is_shown,
    name_of,
    plan_in_words,
    reason_of,
    size_of,
)

MOST = 60_000
"""Characters of a plan. GitHub takes 65,536 in a comment; the rest is room for what a workflow puts
around it."""
_LEFT_OUT = 600
"""Characters that are kept for saying what was left out."""
_MARKS = re.compile(r"[\\`*_~$\[\]()|!{}]")
_CALLS = re.compile(r"[@#](?=\w)|(?<=GH)-(?=\d)|:(?=//)|www(?=\.)", re.IGNORECASE)
_ENDS = re.compile(r"\r\n|[\n\r]")
"""What ends a line for Markdown; nothing else does, so that a text in a fence stays as it is."""
_GAPS = re.compile(r"[\s\x00-\x1f\x7f]+")


def plan_as_markdown(plan: Plan, most: int = MOST) -> str:
    """Return a plan for a pull request's comment or a job's summary, of `most` characters at most.

    What a person has to mend stands first; then each account with its messages in full.
    """
    page = _Page(most - _LEFT_OUT)
    page.add(["## What crosspost would publish", "", f"{plan_in_words(plan).capitalize()}."])
    if plan.next_change is not None:
        moment = f"{plan.next_change:%Y-%m-%d %H:%M}"
        page.add(["", f"A post next appears or expires at {moment}, by itself."])
    _add_problems(page, plan)
    for target, actions in by_target(plan, plan.decided):
        page.add(["", f"### {plain(target.name)}: {plain(target.account)}", ""])
        limit = target.limits.characters
        page.add([f"Limit: {limit} characters ({plain(target.limits_from)})."])
        rest = plan.rest_of(target)
        held = held_of(actions, rest)
        seen = set(map(id, held))
        for action in actions:
            if is_shown(action) and id(action) not in seen:
                page.add(["", *_block(action)], "message")
        lines = grouped(held, [action for action in actions if is_quiet(action)], rest)
        for number, line in enumerate(lines):
            page.add([*[""] * (not number), f"- {plain(line.strip())}"], "line")
    return page.text()


def _add_problems(page: _Page, plan: Plan) -> None:
    found: Sequence[Problem] = (*plan.problems, *plan.warnings)
    if not found:
        return
    page.add(["", "### To mend"])
    for number, problem in enumerate(found):
        page.add([*[""] * (not number), f"- {plain(str(problem))}"], "problem")


class _Page:
    """Lines up to a number of characters; what is left out is counted by kind."""

    def __init__(self, most: int) -> None:
        self._room = most
        self._lines: list[str] = []
        self._left: dict[str, int] = {}

    def add(self, lines: Sequence[str], kind: str = "") -> None:
        """Add lines as a whole; or count them, as all that come after them, of a kind."""
        size = sum(map(len, lines)) + len(lines)
        if size > self._room or (kind and kind in self._left):
            self._left[kind] = self._left.get(kind, 0) + 1
            return
        self._room -= size
        self._lines.extend(lines)

    def text(self) -> str:
        """Return the page, and on its last line how much of what was left out."""
        lines = [*self._lines]
        counts = [
            f"{count} {kind}{'s' * (count != 1)}" for kind, count in self._left.items() if kind
        ]
        if counts:
            words = f"{' and '.join(counts)} more than fit into a comment are not shown here"
            lines += ["", f"**{words}: `crosspost plan` shows everything.**"]
        return "\n".join(lines).rstrip() + "\n"


def _block(action: Action) -> list[str]:
    """Return one action: what it is of, the exact text, what goes with it, and what changes."""
    size = plain(size_of(action))
    head = f"**{action.kind}** {code(name_of(action))}{size}: {plain(reason_of(action))}"
    message = action.message
    lines = [head]
    if action.kind == ActionKind.EDIT and action.diff:
        lines += ["", "What changes:", "", *_fenced(action.diff, "diff")]
    if message is not None:
        lines += ["", *_fenced([message.text], "text"), *_facts(message)]
    lines += [f"- note: {plain(note)}" for note in action.notes]
    if action.row is not None and action.row.remote_url and action.kind != ActionKind.CREATE:
        lines.append(f"- the status: {code(action.row.remote_url)}")
    return lines


def _facts(message: Message) -> list[str]:
    return [f"- {plain(fact)}" for fact in facts_of(message)]


def _fenced(parts: Iterable[str], language: str) -> list[str]:
    """Return lines in a code fence that is longer than any run of its sign inside."""
    inside = [line for part in parts for line in _ENDS.split(part)]
    longest = max((len(run) for line in inside for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *inside, fence]


def code(text: str) -> str:
    """Return text on one line as code, in which nothing is markup, a link or a mention."""
    text = _GAPS.sub(" ", text).strip() or "?"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if "`" in (text[0], text[-1]) else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def plain(text: str) -> str:
    """Return text on one line that Markdown and GitHub leave as it is.

    Marks and HTML are escaped; a zero-width space stands where a name, a number or an address
    would become a mention, a reference or a link.
    """
    text = _GAPS.sub(" ", text).strip()
    text = _MARKS.sub(lambda match: f"\\{match[0]}", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS.sub(lambda match: f"{match[0]}\u200b", text)
