"""Links of imported texts: to the new files, to the copied media, or to where the old site was."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec import structs

from crosspost.content.holes import ELSEWHERE
from crosspost.imports.found import Found, Loss, Media
from crosspost.imports.targets import change_targets
from crosspost.site.urls import output_path

_MADE = {"index.html", "rss.xml", "atom.xml", "feed.json", "sitemap.xml", "robots.txt"}
_MADE |= {"archives/index.html"}
_SAFE = "/!$&'*+,;=:@~%"


@dataclass(slots=True)
class Links:
    """Resolves the links of one harvest.

    `files` gives the new path below content/ of each document by its `origin`, `outputs` the output
    paths of all documents, `media` what can be copied; what is linked to is noted in `wanted`.
    """

    files: Mapping[str, str]
    outputs: frozenset[str]
    media: Mapping[str, Media]
    old_url: str
    wanted: set[str] = field(default_factory=set)

    def carried_over(self, found: Found, losses: list[Loss]) -> Found:
        """Return a document whose links and picture lead somewhere, and note those that do not."""
        address = found.front_matter.permalink or "/"

        def decide(target: str, line: int) -> str | None:
            new = self._resolve(target, found.origin, address)
            if new is not None:
                if new == target and self._is_old(new):
                    message = f"'{target}' is still on the old site."
                    losses.append(found.loss("old-link", message, line))
                return new
            old = urljoin(urljoin(f"{self.old_url}/", address.lstrip("/")), target)
            if self.old_url and ELSEWHERE.match(old):
                message = "leads to nothing that was imported: it leads to the old site now."
                losses.append(found.loss("old-link", f"'{target}' {message}", line))
                return quote(old, safe=_SAFE + "?#%")
            message = "leads to nothing that was imported: its words are kept, without a link."
            losses.append(found.loss("lost-link", f"'{target}' {message}", line))
            return None

        front = found.front_matter
        image = front.image
        if image is not None:
            src = self._resolve(image.src, found.origin, address)
            if src is None or (ELSEWHERE.match(src) is None and src.lstrip("/") not in self.media):
                message = f"the picture '{image.src}' of the front matter is not there."
                losses.append(replace(found.loss("lost-picture", message), line=1))
                front = structs.replace(front, image=None)
            else:
                front = structs.replace(front, image=structs.replace(image, src=unquote(src)))
        return replace(found, front_matter=front, body=change_targets(found.body, decide))

    def _resolve(self, target: str, origin: str, address: str) -> str | None:
        """Return what to write for an address; None where there is nothing that it leads to."""
        by_number = re.fullmatch(r"(.*?)/?\?(?:p|page_id)=(\d+)(#.*)?", target)
        if by_number and (not by_number[1] or self._is_old(target)):
            file = self.files.get(f"?p={by_number[2]}")
            if file:
                return f"/{file}{by_number[3] or ''}"
        if self.old_url and re.match(r"(?:https?:)?//", target):
            target = self._inside(target)
        if not target or ELSEWHERE.match(target):
            return target
        parts = re.match(r"([^?#]*)(.*)", target, re.DOTALL)
        path, rest = (unquote(parts[1]), parts[2]) if parts else (target, "")
        if not path:
            return target
        for base in (posixpath.dirname(f"/{origin}"), address.rpartition("/")[0]):
            whole = posixpath.normpath(posixpath.join("/", base, path))
            found = self._at(whole.lstrip("/"))
            if found is not None:
                return quote(found, safe=_SAFE) + rest
            output = output_path(whole if not path.endswith("/") else f"{whole}/")
            if output in self.outputs or output in _MADE:
                return quote(whole + "/" * (path.endswith("/") and whole != "/"), safe=_SAFE) + rest
        return None

    def _at(self, path: str) -> str | None:
        for name in (path, f"{path}.md", f"{path}/index.md"):
            if name in self.files:
                return f"/{self.files[name]}"
        if path in self.media:
            self.wanted.add(path)
            return f"/{path}"
        return None

    def _is_old(self, target: str) -> bool:
        """Say whether an address is one of the old site."""
        old = urlsplit(self.old_url)
        parts = urlsplit(target)
        return bool(old.netloc) and _host(parts.netloc) == _host(old.netloc)

    def _inside(self, target: str) -> str:
        """Return an address on the old site without its host, where something is there."""
        old, parts = urlsplit(self.old_url), urlsplit(target)
        if not self._is_old(target) or not parts.path.startswith(old.path):
            return target
        path = f"/{parts.path.removeprefix(old.path).lstrip('/')}"
        known = unquote(path).lstrip("/") in self.media or output_path(path) in self.outputs
        tail = "".join(mark + part for mark, part in zip("?#", parts[3:], strict=True) if part)
        return path + tail if known or output_path(path) == "index.html" else target


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")
