"""What the preview adds to a page on its way to the browser: one script, and what it has to know.

Nothing is added to the files of output/, nor to those of the preview's own output.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from html import escape, unescape

from crosspost.serve.live import LiveSite, Made, Snapshot
from crosspost.site.entry import Entry
from crosspost.site.index import hidden_reason

HOME = "/__crosspost/"
_END = re.compile(rb"</body\s*>(?![\s\S]*</body\s*>)|\Z", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_FINGERPRINT = re.compile(rb"\.[0-9a-f]{10}(?=\.css\b)")


def styles_of(live: LiveSite) -> str:
    """Return what all style sheets of the theme are recognised by."""
    found = live.theme.fingerprints.items()
    return ",".join(path for name, path in found if name.endswith(".css"))


def etag_of(data: bytes, styles: str) -> str:
    """Return what a page is recognised by: all but its style sheets, then these.

    `styles` names the bytes of all style sheets. Where only the second part differs from what a
    browser shows, it can put new style sheets in the place of the old ones.
    """
    without = _FINGERPRINT.sub(b"", data)
    return f"{_hash(without)}-{_hash(data + styles.encode())}"


def with_script(made: Made, snapshot: Snapshot, styles: str) -> tuple[bytes, str]:
    """Return a page with the preview's script at its end, and its ETag."""
    entry = made.entry
    text = made.data.decode("utf-8", "replace")
    marks = _marks(text, snapshot.unpublished, entry)
    told = {"page": _about(entry, snapshot) if entry else None, "marks": marks}
    known = json.dumps(told, ensure_ascii=False, sort_keys=True)
    etag = etag_of(made.data + known.encode(), styles)
    script = (
        f'<script type="module" src="{HOME}static/bar.js" data-etag="{etag}" '
        f'data-known="{escape(known)}" id="crosspost-preview-script"></script>'
    )
    return _END.sub(lambda end: script.encode() + end[0], made.data, count=1), etag


def _about(entry: Entry, snapshot: Snapshot) -> dict[str, str]:
    """Say what the bar has to know of the document that a page shows."""
    zone = snapshot.index.settings.zone
    date = entry.date.astimezone(zone) if entry.date else None
    return {
        "uid": entry.uid,
        "kind": str(entry.kind),
        "file": entry.file,
        "reason": hidden_reason(entry, snapshot.index.now.timestamp()),
        "date": f"{date:%Y-%m-%d %H:%M}" if date else "",
    }


def _marks(text: str, unpublished: Mapping[str, str], shown: Entry | None) -> dict[str, str]:
    """Return why the pages that a page links to hide, by their addresses as they are written."""
    if not unpublished:
        return {}
    found = {}
    for match in _HREF.finditer(text):
        written = unescape(match[1] or match[2] or match[3] or "")
        reason = unpublished.get(written.partition("#")[0])
        if reason and not (shown and written == shown.url):
            found[written] = reason
    return found


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=9).hexdigest()
