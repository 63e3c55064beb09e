"""The page of one post: what each channel would show of it, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crosspost.errors import Problem, SiteError
from crosspost.publish.plan import Action, ActionKind
from crosspost.render.feed import Item
from crosspost.serve.inject import etag_of, styles_of
from crosspost.serve.live import LiveSite, is_post
from crosspost.serve.mails import edition_of, feed_item, takes_part
from crosspost.serve.plans import Plans
from crosspost.serve.posts import Row, row
from crosspost.serve.status import Speech, speech_of
from crosspost.site.entry import Entry

_LEFT = {"gone": "it was withdrawn", "expired": "it has expired"}
_WORDS = {
    ActionKind.CREATE: "Will be said",
    ActionKind.EDIT: "Will be corrected",
    ActionKind.DELETE: "Will be taken back",
    ActionKind.ADOPT: "Will be recorded, not said",
    ActionKind.SKIP: "Nothing will be sent",
    ActionKind.BLOCKED: "Blocked",
    ActionKind.HANDOFF: "For a person to send",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """What `plan` says of one message, in words."""

    kind: str
    words: str
    reason: str
    diff: tuple[str, ...] = ()

    @classmethod
    def of(cls, action: Action) -> Planned:
        """Describe an action."""
        part = f"Part {action.key.part}: " if action.key.part > 1 else ""
        words = _WORDS[action.kind]
        said = f"{part}{words[0].lower()}{words[1:]}" if part else words
        return cls(str(action.kind), said, action.reason, action.diff)


@dataclass(frozen=True, slots=True)
class Pane:
    """One channel: what it would say, what would happen now, and what at the post's own date."""

    speech: Speech
    now: tuple[Planned, ...]
    later: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class PostView:
    """All that the page of a document shows. `etag` changes when its web page does.

    `left` says why no feed and no newsletter has it any more; empty where they do.
    `edition` names the newsletter that holds it, empty where none does as yet.
    """

    row: Row
    etag: str
    is_post: bool
    shown: bool
    left: str = ""
    panes: tuple[Pane, ...] = ()
    item: Item | None = None
    feeds: tuple[str, ...] = ()
    in_newsletter: bool = False
    edition: str = ""
    no_plan: str = ""
    problems: tuple[Problem, ...] = field(default=())


def view_of(entry: Entry, live: LiveSite, plans: Plans) -> PostView:
    """Gather what every channel would show of a document."""
    snapshot = live.now
    made = live.make(entry.output)
    problems = list(made.problems) if made else []
    item, edition = None, None
    left = _LEFT.get(snapshot.unpublished.get(entry.url, ""), "")
    if is_post(entry) and not left:
        try:
            item = feed_item(entry, snapshot)
        except SiteError as error:
            problems += error.problems
        edition = edition_of(entry, snapshot)
    return PostView(
        row=row(entry, snapshot),
        etag=etag_of(made.data if made else b"", styles_of(live)),
        is_post=is_post(entry),
        shown=made is not None,
        left=left,
        panes=tuple(_panes(entry, live, plans)) if is_post(entry) else (),
        item=item,
        feeds=live.settings.feeds.formats,
        in_newsletter=takes_part(entry),
        edition=edition.entry.title if edition else "",
        no_plan="" if plans.plan else plans.why_not,
        problems=tuple(dict.fromkeys(problems)),
    )


def _panes(entry: Entry, live: LiveSite, plans: Plans) -> Iterator[Pane]:
    snapshot = live.now
    actions = plans.actions(entry.uid)
    reason = snapshot.unpublished.get(entry.url, "")
    for target in plans.targets:
        composed, problems = plans.compose(entry, target)
        speech = speech_of(entry, target, composed, problems, snapshot.renderer)
        now = [Planned.of(one) for one in actions if one.key.channel == target.name]
        later = plans.when_it_appears(entry, [target]) if reason == "future" else ()
        yield Pane(speech, tuple(now), tuple(map(Planned.of, later)))
