"""The rules: what happens to each message, and why.

Everything is compared: every post with every row of the ledger, so that the plan is right after
any crash, merge or pause. What is at rest is told apart first (`crosspost.publish.resting`), and
is nearly all; the rules are for what is left. Nothing here asks a server, and only pictures that
would be sent are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from crosspost.channels.compose import Composed, compose_thread
from crosspost.config import ChannelSettings, PublishSettings
from crosspost.errors import Problem
from crosspost.publish.changes import difference, keep_poll, poll_is_over
from crosspost.publish.offer import Offer
from crosspost.publish.pace import paced
from crosspost.publish.plan import (
    CHANGES,
    Action,
    ActionKind,
    Plan,
    Target,
    drifted_in_words,
)
from crosspost.publish.posts import Post
from crosspost.publish.quiet import Account, Rows, rows_of
from crosspost.publish.renames import ask_about_renames
from crosspost.publish.resting import Bounds, Resting, at_rest
from crosspost.publish.rows import Event, Key, Row, State
from crosspost.publish.threads import SENDS, TAKEN_OUT, all_or_none, in_order, was_taken_out
from crosspost.site.choice import OFF, Chooser


@dataclass(frozen=True, slots=True)
class Lately:
    """What the plan must know of the last hours: what was said, and what others are at.

    `events` are those of the last `pace.LONGEST` before `now`, the clock's and not the site's;
    `held` says until when a message is left to another run.
    """

    now: datetime
    events: Sequence[Event] = ()
    held: Mapping[Key, datetime] = field(default_factory=dict)


def make_plan(
    posts: Iterable[Post] | Offer,
    rows: Mapping[Key, Row],
    targets: Sequence[Target],
    settings: PublishSettings,
    now: datetime,
    *,
    max_changes: int | None = None,
    channels: Collection[str] = (),
    lately: Lately | None = None,
) -> Plan:
    """Compare what should be said with what was, for every account.

    `max_changes` stands for each of the caps of the settings where it is given. `channels` names
    all channels of the settings: what an account said under another name was said all the same.
    """
    lately = lately or Lately(now)
    names = {*channels, *(target.name for target in targets)}
    offer = posts if isinstance(posts, Offer) else Offer.of(posts)
    every = rows_of(rows)
    known = every.accounts()
    actions: list[Action] = []
    resting: list[Resting] = []
    for target in targets:
        ours = known.get((target.name, target.account), Account(target.name, target.account))
        renamed = {
            uid: channel
            for (channel, account), said in known.items()
            if account == target.account and channel not in names
            for uid in said.uids()
        }
        one = _Planner(target, every, ours, renamed, settings, now)
        rest, left = one.at_rest(offer)
        offered = [offer.post_at(place) for place in left]
        planned = [action for post in offered for action in one.actions(post)]
        gone = one.without_source(offer.places.keys())
        by_uid = {post.uid: post for post in offered}
        planned = ask_about_renames(planned, gone, by_uid, now - settings.window)
        if lately.held:
            planned = [_left_to_another(action, lately.held) for action in planned]
        events = [event for event in lately.events if event.key.account == target.account]
        held = _held(planned, target, settings, max_changes)
        actions.extend(paced(held, events, lately.now))
        resting.append(rest)
    return Plan(tuple(actions), tuple(targets), now, resting=tuple(resting))


class _Planner:
    """The rules, for one account."""

    def __init__(
        self,
        target: Target,
        rows: Rows,
        said: Account,
        renamed: Mapping[str, str],
        settings: PublishSettings,
        now: datetime,
    ) -> None:
        self.target = target
        self.rows = rows
        self.said = said
        self.renamed = renamed
        self.settings = settings
        self.now = now
        self.composed: tuple[str, tuple[Composed, ...], tuple[Problem, ...]] | None = None
        adopts = settings.first_run == "adopt"
        self.first_run = not said.has_said and not renamed and adopts
        self.chooser = target.chooser or Chooser(ChannelSettings(target.kind, name=target.name))
        self._oldest = (now - settings.window).timestamp()
        self._older = f"older than {_days(settings)}"
        self._editable = now - settings.max_edit_age

    def at_rest(self, offer: Offer) -> tuple[Resting, list[int]]:
        """Return the messages at rest, and the places of posts that the rules are for."""
        bounds = Bounds(self._oldest, self._editable.timestamp(), self._older)
        renamed, first = self.renamed, self.first_run
        return at_rest(offer, self.said, self.chooser, bounds, renamed, first_run=first)

    def actions(self, post: Post) -> list[Action]:
        """Return what happens to one post's message, or to each message of its thread."""
        first, known = self._key(post, 1), self.said.later.get(post.uid, ())
        action = self._first(post, first)
        follow = self._goes_on(first) or action.kind in SENDS or bool(action.problems)
        if not follow and not known:  # most posts: what was written of them is not even looked at
            return [replace(action, row=self.rows.get(first))]
        parts = post.variant(self.target.name).parts
        later = [
            self._later(post, number)
            for number in range(2, parts + 1)
            if follow or self._said(self._key(post, number))
        ]
        surplus = [self._surplus(post, key) for key in known if key.part > parts]
        whole = [replace(one, row=self.rows.get(one.key)) for one in (action, *later, *surplus)]
        return in_order(all_or_none(whole))

    def without_source(self, uids: Set[str]) -> list[Action]:
        """Return what happens to messages whose post is not in the site any more."""
        without = {uid for uid in self.said.uids() if uid not in uids}
        keys = [
            key
            for uid in without
            for key in (
                Key(self.target.name, self.target.account, uid),
                *self.said.later.get(uid, ()),
            )
        ]
        found = [(key, row) for key in sorted(keys) if (row := self.rows.get(key)) is not None]
        return in_order([replace(self._gone(key, row), row=row) for key, row in found])

    def _key(self, post: Post, part: int) -> Key:
        return Key(self.target.name, self.target.account, post.uid, part)

    def _said(self, key: Key) -> bool:
        """Whether a message is on the server, or may be, as far as we know."""
        row = self.rows.get(key)
        return row is not None and (row.state == State.SENT or row.unsettled)

    def _goes_on(self, key: Key) -> bool:
        """Whether a thread may go on after its first message: not when that is too old."""
        row = self.rows.get(key)
        return self._said(key) and row is not None and not self._too_old(row)

    def _withdrawn(self, key: Key) -> bool:
        """Whether a person asked for a message to be taken back: by itself, or with its thread."""
        keys = (key, key._replace(part=1))
        return any(row.withdrawn for one in keys if (row := self.rows.get(one)) is not None)

    def _first(self, post: Post, key: Key) -> Action:
        """Decide on a message, or on the first one of a thread."""
        row = self.rows.get(key)
        if row is not None and row.state == State.SENT:
            return self._sent(post, key, row)
        why_not = self.chooser.why_not(post.about)
        if row is not None and row.unsettled and not post.hidden and not why_not:
            return self._create(post, key, _looked_for(row))
        return self._unsaid(post, key, row, why_not)

    def _sent(self, post: Post, key: Key, row: Row) -> Action:
        """Decide on a message that is on the server."""
        why_not = self.chooser.why_not(post.about)
        off = why_not == OFF
        if self._withdrawn(key):
            return Action(ActionKind.DELETE, key, post.file, "withdrawn")
        if off or post.hidden == "draft":
            return self._unwanted(post, key, "switched off" if off else "a draft again")
        if post.hidden or why_not:
            return _skip(post, key, f"{post.hidden or why_not}; its message stays")
        return self._compare(post, key, row)

    def _later(self, post: Post, part: int) -> Action:
        """Decide on a message of a thread after its first: it follows what was said before it."""
        key, before = self._key(post, part), self.rows.get(self._key(post, part - 1))
        row = self.rows.get(key)
        if row is not None and row.state == State.SENT:
            return self._sent(post, key, row)
        why_not = self.chooser.why_not(post.about)
        if row is not None and row.unsettled:
            if why_not or post.hidden:
                return Action(ActionKind.BLOCKED, key, post.file, _settle(key))
            return self._create(post, key, _looked_for(row))
        first = self.rows.get(self._key(post, 1))
        if why_not or post.hidden or (first is not None and first.withdrawn):
            return _skip(post, key, "not said; neither is the rest of its thread")
        if not was_taken_out(row) and (closed := _closed(row)):
            return _skip(post, key, closed)
        if first is not None and first.state == State.SENT and first.hash is None:
            return _skip(post, key, "adopted: its thread is left as it is")
        ended = before is not None and before.state in (State.ENDED, State.BEFORE)
        if ended and not was_taken_out(before):
            words = (
                f"message {part - 1} of its thread is not on the server: there is nothing to "
                f"answer. Say that one anew with crosspost ledger mark {key.uid} again, or take "
                "this one out of the text."
            )
            return Action(ActionKind.BLOCKED, key, post.file, words)
        if first is not None and first.sent_at is not None and self._too_old(first):
            return _skip(post, key, "its thread is too old to be continued")
        refused = row is not None and row.state == State.FAILED
        return self._create(post, key, "refused before" if refused else "not said yet")

    def _surplus(self, post: Post, key: Key) -> Action:
        """Decide on a message that the thread does not have any more."""
        row = self.rows[key]
        if row.state == State.SENT and self._withdrawn(key):
            return Action(ActionKind.DELETE, key, post.file, "withdrawn")
        if row.state == State.SENT:
            hidden = bool(post.hidden) and post.hidden != "draft"
            if hidden:
                return _skip(post, key, f"{post.hidden}; its message stays")
            return self._unwanted(post, key, TAKEN_OUT)
        if row.unsettled:
            return Action(ActionKind.BLOCKED, key, post.file, _settle(key))
        if was_taken_out(row):
            return _skip(post, key, TAKEN_OUT)
        return _skip(post, key, _closed(row) or f"{TAKEN_OUT} before it was said")

    def _unsaid(self, post: Post, key: Key, row: Row | None, chosen: str) -> Action:
        """Return what happens to a message that is not on the server, as far as we know.

        `chosen` is why the channel does not say this post; empty where it does.
        """
        if row is not None and row.unsettled:
            return Action(ActionKind.BLOCKED, key, post.file, _settle(key))
        why_not = _closed(row)
        if not why_not and row is None and post.uid in self.renamed:
            why_not = f"said by this account as channel '{self.renamed[post.uid]}'"
        why_not = why_not or chosen or post.hidden
        if not why_not and (post.date_at is None or post.date_at < self._oldest):
            if self.first_run:
                return Action(ActionKind.ADOPT, key, post.file, "before crosspost")
            why_not = self._older
        if why_not:
            return _skip(post, key, why_not)
        refused = row is not None and row.state == State.FAILED
        return self._create(post, key, "refused before" if refused else "not said yet")

    def _create(self, post: Post, key: Key, reason: str) -> Action:
        composed, problems = self._compose(post, key)
        return self._with(composed, problems, Action(ActionKind.CREATE, key, post.file, reason))

    def _compare(self, post: Post, key: Key, row: Row) -> Action:
        """Return whether a message that was said is still what the post says."""
        if row.drifted is not None:
            return _skip(post, key, drifted_in_words(key))
        if row.hash is None:
            return _skip(post, key, "adopted: its text is left as it is")
        if self._too_old(row):
            return _skip(post, key, "said; too old to be edited")
        composed, problems = self._compose(post, key)
        edit = self._with(
            composed, problems, Action(ActionKind.EDIT, key, post.file, "the post has changed")
        )
        message = edit.message
        if edit.kind == ActionKind.BLOCKED or message is None:
            return edit
        message, kept = keep_poll(message, row)
        edit = replace(edit, message=message, notes=(*edit.notes, *kept))
        if row.overwrite:
            edit = replace(edit, reason="its words replace those on the server, says a person")
        elif message.hash == row.hash:
            moved = row.visibility not in (None, message.visibility)
            words = "said; visibility cannot be changed afterwards" if moved else "said"
            words = f"said; {kept[0]}" if kept else words
            return replace(_skip(post, key, words), message=message, length=edit.length)
        if message.poll and poll_is_over(message.poll, row, self.now, self.target.limits):
            words = "said; its poll is over, and an edit would open it again"
            return replace(_skip(post, key, words), message=message, length=edit.length)
        return replace(edit, diff=difference(row, message))

    def _too_old(self, row: Row) -> bool:
        return row.sent_at is not None and row.sent_at < self._editable

    def _compose(self, post: Post, key: Key) -> tuple[Composed, tuple[Problem, ...]]:
        """Compose the message of a key; its thread is composed once, and kept until the next."""
        if self.composed is None or self.composed[0] != post.uid:
            source, problems = post.source(self.target.name)
            made = compose_thread(source, self.target.voice, self.target.limits)
            self.composed = (post.uid, made, problems)
        _, made, problems = self.composed
        composed = made[key.part - 1]
        return composed, (*(problems if key.part == 1 else ()), *composed.problems)

    def _with(self, composed: Composed, problems: tuple[Problem, ...], action: Action) -> Action:
        limit = self.target.limits.characters
        action = replace(action, length=composed.length, limit=limit, notes=composed.notes)
        if problems:
            words = "; ".join(problem.message for problem in problems)
            return replace(action, kind=ActionKind.BLOCKED, reason=words, problems=problems)
        return replace(action, message=composed.message)

    def _unwanted(self, post: Post, key: Key, why: str) -> Action:
        if self.settings.delete == "propagate":
            return Action(ActionKind.DELETE, key, post.file, why)
        return _skip(post, key, f"{why}; its message stays (publish.delete: keep)")

    def _gone(self, key: Key, row: Row) -> Action:
        path = row.path or ""
        withdrawn = self._withdrawn(key)
        if row.state == State.SENT and (withdrawn or self.settings.delete == "propagate"):
            why = "withdrawn" if withdrawn else "its post is gone"
            return Action(ActionKind.DELETE, key, path, why)
        if row.unsettled:
            return Action(ActionKind.BLOCKED, key, path, _settle(key))
        stays = "; its message stays (publish.delete: keep)" if row.state == State.SENT else ""
        return Action(ActionKind.SKIP, key, path, f"its post is gone{stays}")


def _left_to_another(action: Action, held: Mapping[Key, datetime]) -> Action:
    """Return the action, not before another run's claim of the message has run out."""
    until = held.get(action.key)
    words = "another run has claimed it"
    if until is None or action.kind not in (*CHANGES, ActionKind.BLOCKED):
        return action
    if action.kind == ActionKind.BLOCKED:
        return replace(action, kind=ActionKind.SKIP, reason=words)
    return replace(action, after=until, reason=words)


def _held(
    planned: list[Action], target: Target, settings: PublishSettings, most: int | None
) -> list[Action]:
    """Hold back all of an account's changes where it is blocked or a cap is exceeded."""
    why = target.blocked
    counts = Counter(action.kind for action in planned)
    for kind, cap in (
        (ActionKind.CREATE, settings.max_creates),
        (ActionKind.EDIT, settings.max_edits),
        (ActionKind.DELETE, settings.max_deletes),
    ):
        count = counts[kind]
        allowed = cap if most is None else most
        if not why and count > allowed:
            limit = f"publish.max_{kind}s is {cap}" if most is None else f"--max is {most}"
            why = (
                f"{count} {kind}s are planned and {limit}: nothing is sent on this channel. "
                f"Allow them with --max {count}, or raise publish.max_{kind}s."
            )
    if not why:
        return planned
    held = (*CHANGES, ActionKind.ADOPT)
    return [
        replace(action, kind=ActionKind.BLOCKED, reason=why) if action.kind in held else action
        for action in planned
    ]


def _looked_for(row: Row) -> str:
    since = f"{row.claimed_at:%Y-%m-%d %H:%M} UTC" if row.claimed_at else "before"
    return f"claimed {since} without a receipt: looked for on the server first"


def _closed(row: Row | None) -> str:
    """Return why a message that has no status is not to be said, or nothing."""
    if row is None:
        return ""
    if row.state == State.BEFORE:
        return "before crosspost"
    if row.state == State.ENDED:
        return f"{row.reason or 'ended'}; it does not come back by itself"
    return "withdrawn before it was said" if row.withdrawn else ""


def _skip(post: Post, key: Key, reason: str) -> Action:
    return Action(ActionKind.SKIP, key, post.file, reason)


def _settle(key: Key) -> str:
    return (
        "nobody knows if it was said. Look at the account, then: crosspost ledger resolve "
        f"{key.uid} --channel {key.channel} --said URL, or --not-said"
    )


def _days(settings: PublishSettings) -> str:
    days = settings.window.total_seconds() / 86400
    return f"{days:g} days" if days != 1 else "1 day"
