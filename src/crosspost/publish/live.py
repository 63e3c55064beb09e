"""Live first: a link is announced when its page answers, so that nobody opens a missing page.

Servers fetch a link's card once, at once, and keep it: the page must be there before.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from http.client import HTTPException

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
        """Wait until `url` answers with the page of `uid`; return why not when time is up."""
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
        request = urllib.request.Request(url, headers={"User-Agent": self._agent})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_CALL_SECONDS) as answer:  # noqa: S310
                page = answer.read(_MOST_BYTES).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            error.close()
            return f"{url} answers {error.code}"
        except (OSError, HTTPException, ValueError) as error:
            return f"{url} cannot be reached: {getattr(error, 'reason', error)}"
        finder = _UidFinder()
        finder.feed(page)
        if finder.uid is None:
            return f"{url} answers, but is no page of this site's"
        return "" if finder.uid == uid else f"{url} answers, but not with this post yet"


class _UidFinder(HTMLParser):
    """Finds <meta name="crosspost-uid" content="…">."""

    def __init__(self) -> None:
        super().__init__()
        self.uid: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        values = dict(attrs)
        if tag == "meta" and values.get("name") == UID_META and self.uid is None:
            self.uid = values.get("content")
