"""Live first: a link is announced when its page answers, so that nobody opens a missing page.

Servers fetch a link's card once, at once, and keep it: the page must be there before, and the
picture that it shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from crosspost.publish.stop import Stop

UID_META = "crosspost-uid"
_PAUSE = 5.0
_CALL_SECONDS = 10.0
_MOST_BYTES = 1_000_000


class LiveCheck:
    """Waits for pages, within one budget of time for a whole run.

    `budget` None means: do not wait, and do not look. `stop` ends a wait. `tell` is called once
    for each page that is waited for, with what it answers now.
    """

    def __init__(
        self,
        budget: timedelta | None,
        user_agent: str,
        stop: Stop,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._looks = budget is not None
        self._deadline = time.monotonic() + (budget.total_seconds() if budget else 0.0)
        self._agent = user_agent
        self._stop = stop
        self._tell = tell

    def trouble(self, url: str, uid: str) -> str:
        """Wait until `url` answers with the page of `uid`, and the page's picture answers too.

        Returns why not when time is up. A picture on another server is that server's affair.
        """
        if not self._looks:
            return ""
        told = False
        while trouble := self._look(url, uid):
            left = self._deadline - time.monotonic()
            if left <= 0 or self._stop.requested:
                return trouble
            if not told:
                self._tell(f"{trouble}: waiting for {left:.0f} s at most")
                told = True
            self._stop.wait(min(_PAUSE, left))
        return ""

    def _look(self, url: str, uid: str) -> str:
        if not url.startswith(("http://", "https://")):
            return f"{url} is no web address"
        data, trouble = self._get(url, _MOST_BYTES)
        if trouble:
            return trouble
        head = _Head()
        head.feed(data.decode("utf-8", "replace"))
        if head.uid is None:
            return f"{url} answers, but is no page of this site's"
        if head.uid != uid:
            return f"{url} answers, but not with this post yet"
        picture = urljoin(url, head.picture or url)
        if picture == url or urlsplit(picture)[:2] != urlsplit(url)[:2]:
            return ""
        return self._get(picture, 1)[1]

    def _get(self, url: str, most: int) -> tuple[bytes, str]:
        """Return the first `most` bytes of an answer, or what is wrong with it."""
        import urllib.error
        import urllib.request
        from http.client import HTTPException

        request = urllib.request.Request(url, headers={"User-Agent": self._agent})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_CALL_SECONDS) as answer:  # noqa: S310
                return answer.read(most), ""
        except urllib.error.HTTPError as error:
            error.close()
            return b"", f"{url} answers {error.code}"
        except (OSError, HTTPException, ValueError) as error:
            return b"", f"{url} cannot be reached: {getattr(error, 'reason', error)}"


class _Head(HTMLParser):
    """Finds whose page it is, <meta name="crosspost-uid">, and its picture, <meta og:image>."""

    def __init__(self) -> None:
        super().__init__()
        self.uid: str | None = None
        self.picture: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        values = dict(attrs)
        if tag != "meta":
            return
        if values.get("name") == UID_META and self.uid is None:
            self.uid = values.get("content")
        if values.get("property") == "og:image" and self.picture is None:
            self.picture = values.get("content")
