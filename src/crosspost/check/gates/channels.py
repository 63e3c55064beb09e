"""What channels would refuse: the messages of posts that may still be announced or edited."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.channels.compose import compose
from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, error, warning
from crosspost.content.document import Kind
from crosspost.errors import Problem, Severity, SiteError
from crosspost.publish.accounts import Place, target_of
from crosspost.publish.plan import Target
from crosspost.publish.posts import Post, Prose
from crosspost.site.entry import Entry


def _find(site: CheckedSite) -> Iterator[Problem]:
    place = Place.of(site.settings.root, None)
    targets = [target_of(channel, place) for channel in site.settings.channels.values()]
    if not targets:
        return
    prose = Prose(site.settings.markdown.flavour)
    publish = site.settings.publish
    first = (site.index.now - max(publish.window, publish.max_edit_age)).timestamp()
    for entry in site.entries:
        if entry.kind == Kind.POST and not entry.gone and _may_be_said(entry, first):
            post = Post(entry, "", site.index, prose)
            for target in targets:
                if target.chooser is None or not target.chooser.why_not(entry):
                    yield from _of(post, target)
            yield from _unknown_channels(site, entry)


def _may_be_said(entry: Entry, first: float) -> bool:
    return entry.draft or entry.date_at is None or entry.date_at >= first


def _of(post: Post, target: Target) -> Iterator[Problem]:
    try:
        source, problems = post.source(target.name)
    except SiteError as error:
        yield from error.problems
        return
    composed = compose(source, target.voice, target.limits)
    yield from (one for one in problems if one.code != "broken-link")
    yield from composed.problems
    for note in composed.notes:
        if "makes no hashtag" in note:
            key = "tags" if "tags" in post.document.places else "title"
            message = f"{target.name}: {note}. Give the tag a label in the settings."
            yield post.document.problem(key, "no-hashtag", message, Severity.WARNING)


def _unknown_channels(site: CheckedSite, entry: Entry) -> Iterator[Problem]:
    """Yield the channels of a document that the settings do not have: a slip sends nothing."""
    from crosspost.errors import did_you_mean

    known = (*site.settings.channels, "newsletter")
    for name in entry.front_matter.channels:
        if name not in known:
            place = f"channels.{name}"
            place = place if place in entry.document.places else "channels"
            message = f"the settings have no channel '{name}'.{did_you_mean(name, known)}"
            yield entry.document.problem(place, "unknown-channel", message, Severity.WARNING)


GATE = Gate(
    "channels",
    "Messages",
    (
        error(
            "message-too-long",
            "A message has more characters than its server allows.",
            "It would not be sent.",
            "Shorten the text that is written for the channel. What is composed from the post "
            "always fits.",
            passing=True,
        ),
        error(
            "alt-too-long",
            "An alternative text is longer than the channel's server allows.",
            "The message would not be sent.",
            "Say it in fewer words; what needs more belongs into the text.",
            passing=True,
        ),
        warning(
            "no-hashtag",
            "A tag makes no hashtag: it has no letter.",
            "The message goes out without it.",
            "Give the tag a `label` with a letter in the settings.",
            passing=True,
        ),
        warning(
            "unknown-channel",
            "A post says something for a channel that the settings do not have.",
            "What was written for it is never said.",
            "Mend the name, or add the channel to the settings.",
            passing=True,
        ),
    ),
    site=_find,
)
