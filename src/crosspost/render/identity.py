"""Names that leave the site and must never change: of feed items, and of mails.

They are made of the uid and of the site's host. Neither the address, the title nor the date of a
document is part of them, so that a post that is moved, renamed or dated anew stays the same post
for every reader who has it already.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from crosspost.config import Settings

# RFC 4151 wants a date on which the site's owner held the name. It is part of the identity, so it
# is written down here once: with the post's own year, a post dated anew would be shown as new.
_SINCE = "2026"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def host_of(settings: Settings) -> str:
    """Return the site's host in ASCII, without a port; `localhost` where it is no name."""
    return _host_of(settings.site.url)


@lru_cache(maxsize=8)
def _host_of(url: str) -> str:
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return "localhost"
    return host if _HOST.fullmatch(host) else "localhost"


def tag_uri(settings: Settings, name: str) -> str:
    """Return the tag: URI (RFC 4151) of a uid or another name of this site.

    Several sites may live on one host, each below its base path: it is part of the name.
    """
    path = f"{settings.base_path}/{name}".lstrip("/")
    return f"tag:{host_of(settings)},{_SINCE}:{quote(path, safe='/:@!$&()*+,;=~')}"


def message_id(settings: Settings, uid: str) -> str:
    """Return the Message-ID of the mail that a document becomes, in its angle brackets."""
    name = hashlib.blake2b(tag_uri(settings, uid).encode(), digest_size=12).hexdigest()
    return f"<{name}.crosspost@{host_of(settings)}>"
