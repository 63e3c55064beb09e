"""Addresses as they stand in a page, a feed or a mail, made comparable."""

from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

from crosspost.config import Settings
from crosspost.site.urls import output_path, url_of


class Addresses:
    """Turns any address into the path of output/ that answers for it, or a whole one elsewhere."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.site.url)
        self._base = settings.base_path
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._hosts = {("http", parts.netloc.lower()), ("https", parts.netloc.lower())}
        self._known: dict[str, str] = {}

    def normal(self, address: str, output: str) -> str:
        """Return `path#anchor` for an address on this site, `https://…` elsewhere; or nothing.

        `output` is the path of the file that holds the address. Mail addresses, telephone numbers
        and a mailing service's placeholders lead to no page: they are nothing.
        """
        address = address.strip()
        if address.startswith("#"):
            return f"{output}{address}" if address not in ("#", "#top") else output
        if address.startswith(("/", "http:", "https:")):  # the same from anywhere
            found = self._known.get(address)
            if found is None:
                found = self._known[address] = self._normal(address, output)
            return found
        return self._normal(address, output)

    def _normal(self, address: str, output: str) -> str:
        if not address or "{{" in address:
            return ""
        try:
            whole = urljoin(f"{self._origin}{url_of(self._base, output)}", address)
            parts = urlsplit(whole)
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https"):
            return ""
        if (parts.scheme, parts.netloc.lower()) not in self._hosts:
            return whole.partition("#")[0]
        path = unquote(parts.path)
        if path != self._base and not path.startswith(f"{self._base}/"):
            return whole.partition("#")[0]  # the same host, and another site
        inside = output_path(path[len(self._base) :])
        return f"{inside}#{parts.fragment}" if parts.fragment else inside
