"""Identities: a post that is about to be announced has one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, warning
from crosspost.content.document import Kind
from crosspost.content.frontmatter import UID
from crosspost.errors import Problem, Severity
from crosspost.site.entry import Entry


def _find(site: CheckedSite) -> Iterator[Problem]:
    for entry in without_uid(site):
        offer = (
            "Run `crosspost check --write-uids`."
            if UID.fullmatch(entry.uid)
            else "Write uid: and a word of your own, as `crosspost new` does."
        )
        message = (
            "this post has no uid, and is known by its path: renamed, it would be announced, and "
            f"shown by feed readers, a second time. {offer}"
        )
        yield entry.document.problem("title", "missing-uid", message, Severity.WARNING)


def without_uid(site: CheckedSite) -> Iterator[Entry]:
    """Yield the posts that may be announced, now or later, and have no uid of their own."""
    first = (site.index.now - site.settings.publish.window).timestamp()
    for entry in site.entries:
        due = entry.date_at is not None and entry.date_at >= first
        by_path = entry.uid == entry.path.removesuffix(".md")
        offered = entry.kind == Kind.POST and (due or entry.draft) and not entry.gone
        if offered and by_path and not entry.front_matter.uid:
            yield entry


def write_uids(site: CheckedSite) -> list[str]:
    """Write into each such post the uid that it has by its path; return the files.

    It stays the same post to every channel and reader. A file that does not begin with `---` or
    whose path cannot be a uid is left as it is. Raises `OSError`.
    """
    written = []
    for entry in without_uid(site):
        path = site.settings.root / entry.file
        data = path.read_bytes()
        head = re.match(rb"(?:\xef\xbb\xbf)?---[ \t]*(\r?\n|\r)", data)
        if head is None or not UID.fullmatch(entry.uid):
            continue
        line = b"uid: " + entry.uid.encode() + head[1]
        scratch = path.with_name(f".{path.name}.crosspost")
        scratch.write_bytes(data[: head.end()] + line + data[head.end() :])
        scratch.replace(path)
        written.append(entry.file)
    return written


GATE = Gate(
    "uids",
    "Identities",
    (
        warning(
            "missing-uid",
            "A post that may still be announced has no `uid`.",
            "It is known by its path: renamed, it is another post, and is announced again.",
            "`crosspost check --write-uids` writes the one that it has by its path.",
            passing=True,
        ),
    ),
    site=_find,
)
