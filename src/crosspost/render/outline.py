"""The outline of a site: all that its addresses, lists and frames are made from, as one stamp.

While it lasts, each list is what it was, and a page can only differ by what stands in its own
document: none of them has to be looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from crosspost.site.index import SiteIndex
from crosspost.site.said import NOTHING_SAID, Said


def outline_of(
    index: SiteIndex, known: frozenset[str], said: Mapping[str, tuple[Said, ...]] = NOTHING_SAID
) -> str:
    """Return the stamp of a site's outline; `known` are outputs that are no document and no file.

    It goes with the settings, which it does not hold. The stamp of an entry is of its front matter,
    its address and its summary; terms, neighbours and redirects follow from those. Which channels
    say a post, and what they have said, is in none of these.
    """
    text = "\n".join(_lines(index, known, said)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def _lines(
    index: SiteIndex, known: frozenset[str], said: Mapping[str, tuple[Said, ...]]
) -> Iterator[str]:
    for kind in (index.posts, index.pages, index.editions):
        yield f"{len(kind)}"
        yield from [f"{entry.path}\0{entry.stamp}" for entry in kind]
    for hidden in index.hidden:
        yield f"{hidden.path}\0{hidden.entry.stamp}\0{hidden.reason}"
    yield from sorted(index.unread)
    for path, asset in index.assets.items():
        yield f"{path}\0{asset.file}\0{asset.facts}"
    yield from sorted(known)
    yield from [f"{entry.path}\0{entry.named}" for entry in index.entries if entry.named]
    yield from [f"{uid}\0{links}" for uid, links in sorted(said.items())]
