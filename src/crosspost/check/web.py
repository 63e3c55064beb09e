"""Asking other sites whether a page is there: politely, a few at a time, and once in seven days."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from crosspost import __version__

KEPT_FOR = 7 * 24 * 3600
"""Seconds for which an answer is believed."""
_REFUSES_HEAD = (400, 403, 404, 405, 406, 429, 500, 501, 503)
_MOST_BYTES = 1024


@dataclass(slots=True)
class Web:
    """Other sites, and what they answered of late; the answers are kept in `cache`.

    `delay` is the least time between two calls to one host, `timeout` of one call, both in seconds;
    `clock` gives seconds since 1970.
    """

    cache: Path
    delay: float = 1.0
    timeout: float = 10.0
    at_once: int = 8
    clock: Callable[[], float] = time.time

    def troubles(self, urls: Collection[str]) -> dict[str, str]:
        """Return, for each address that does not answer as it should, what it did instead."""
        kept = self._read()
        now = self.clock()
        fresh = {
            url: one["said"]
            for url, one in kept.items()
            if url in urls and 0 <= now - one["at"] < KEPT_FOR
        }
        hosts: dict[str, list[str]] = {}
        for url in sorted(set(urls) - fresh.keys()):
            hosts.setdefault(urlsplit(url).netloc.lower(), []).append(url)
        with ThreadPoolExecutor(self.at_once) as pool:
            for answers in pool.map(self._ask_host, hosts.values()):
                fresh |= answers
                kept |= {url: {"said": said, "at": now} for url, said in answers.items()}
        self._write({url: one for url, one in kept.items() if 0 <= now - one["at"] < KEPT_FOR})
        return {url: said for url, said in fresh.items() if said}

    def _ask_host(self, urls: list[str]) -> dict[str, str]:
        """Ask one host for its pages, one after the other."""
        found = {}
        for number, url in enumerate(urls):
            if number:
                time.sleep(self.delay)
            found[url] = self._ask(url)
        return found

    def _ask(self, url: str) -> str:
        said = self._call(url, "HEAD")
        if isinstance(said, int) and said in _REFUSES_HEAD:
            time.sleep(min(self.delay, 1.0))
            said = self._call(url, "GET")
        if isinstance(said, str):
            return said
        if said in (401, 403, 429, 999):
            return ""  # it is there, and not for programs
        return f"answers {said}" if said >= 400 else ""

    def _call(self, url: str, method: str) -> int | str:
        request = urllib.request.Request(  # noqa: S310 - only http and https come here
            _ascii(url),
            method=method,
            headers={
                "User-Agent": f"crosspost/{__version__} (link check)",
                "Accept": "*/*",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                if method == "GET":
                    answer.read(_MOST_BYTES)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return int(error.code)
        except urllib.error.URLError as error:
            reason = error.reason
            if isinstance(reason, TimeoutError):
                return f"did not answer within {self.timeout:g} seconds"
            return f"cannot be reached ({getattr(reason, 'strerror', None) or reason})"
        except TimeoutError:
            return f"did not answer within {self.timeout:g} seconds"
        except (OSError, HTTPException, ValueError) as error:
            return f"cannot be reached ({error})"

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.cache.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(kept, dict):
            return {}
        return {
            url: one
            for url, one in kept.items()
            if isinstance(one, dict)
            and isinstance(one.get("said"), str)
            and isinstance(one.get("at"), int | float)
        }

    def _write(self, kept: dict[str, Any]) -> None:
        with suppress(OSError):
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            scratch = self.cache.with_suffix(".tmp")
            scratch.write_text(json.dumps(kept, indent=0, sort_keys=True), encoding="utf-8")
            scratch.replace(self.cache)


def _ascii(url: str) -> str:
    """Return an address as it goes over the wire: its host as IDNA has it, the rest encoded."""
    parts = urlsplit(url)
    with suppress(UnicodeError):
        parts = parts._replace(netloc=parts.netloc.encode("idna").decode("ascii"))
    return quote(urlunsplit(parts), safe="%/:=&?~#+!$,;'@()*[]")
