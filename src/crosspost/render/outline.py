"""The outline of a site: all that its addresses, lists and frames are made from, as one stamp.

While it lasts, each list is what it was, and a page can only differ by what stands in its own
document: none of them has to be looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from crosspost.site.index import SiteIndex


def outline_of(index: SiteIndex, known: frozenset[str]) -> str:
    """Return the stamp of a site's outline; `known` are outputs that are no document and no file.

    It goes with the settings, which it does not hold. The stamp of an entry is of its front matter,
    its address and its summary; terms, neighbours and redirects follow from those.
    """
    text = "\n".join(_lines(index, known)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def _lines(index: SiteIndex, known: frozenset[str]) -> Iterator[str]:
    for kind in (index.posts, index.pages, index.editions):
        yield f"{len(kind)}"
        yield from [f"{entry.path}\0{entry.stamp}" for entry in kind]
    for hidden in index.hidden:
        yield f"{hidden.path}\0{hidden.entry.stamp}\0{hidden.reason}"
    yield from sorted(index.unread)
    for path, asset in index.assets.items():
        yield f"{path}\0{asset.file}\0{asset.facts}"
    yield from sorted(known)
