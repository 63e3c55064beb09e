"""Where a document's links and pictures lead, and which of them lead nowhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote, unquote

import msgspec

from crosspost.config import Settings
from crosspost.content.assets import Asset
from crosspost.content.document import Document
from crosspost.content.holes import ELSEWHERE, candidates
from crosspost.errors import Problem, Severity
from crosspost.site.entry import Entry, Hidden
from crosspost.site.index import SiteIndex
from crosspost.site.urls import output_path, url_of

if TYPE_CHECKING:
    from crosspost.content.markdown import Body

_SAFE = "/!$&'()*+,;=:@~%"
Found_co = TypeVar("Found_co", covariant=True)


class Lookup(Protocol[Found_co]):
    """What is found by a path below content/."""

    def get(self, path: str, /) -> Found_co | None:
        """Return what has this path."""


class Addresses(Protocol):
    """What is asked of a site to tell where a link leads: an index, or a register of it."""

    @property
    def settings(self) -> Settings:
        """The site's settings."""

    @property
    def by_path(self) -> Lookup[Entry]:
        """The visible documents."""

    @property
    def hidden_by_path(self) -> Lookup[Hidden]:
        """Those that hide."""

    @property
    def unread(self) -> frozenset[str]:
        """The paths of documents that cannot be read."""

    @property
    def assets(self) -> Mapping[str, Asset]:
        """Every other file, by its path in output/."""

    @property
    def assets_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of assets by their file's name, in lower case."""

    @property
    def outputs(self) -> frozenset[str]:
        """The output paths of visible documents."""

    @property
    def redirects(self) -> Mapping[str, str]:
        """Where older output paths lead."""

    @property
    def destinations(self) -> dict[frozenset[str], dict[str | tuple[str, str], Any]]:
        """Where links were found to lead, kept here alone."""


class Destination(msgspec.Struct, frozen=True):
    """Where a link leads.

    `url` is what to write in the page; None where there is nothing to lead to. `asset` is the path
    of the file it needs. `code` and `trouble` say what is wrong with it, if anything is.
    """

    url: str | None
    asset: str | None = None
    code: str = ""
    trouble: str = ""
    severity: Severity = Severity.ERROR


class Links:
    """Resolves the links of the document at `path` below content/ against the site index.

    `known` are the output paths that are no document and no asset: lists, feeds, the sitemap.
    """

    def __init__(self, index: Addresses, path: str, known: frozenset[str]) -> None:
        self._index = index
        self._known = known
        self._folder = path.rpartition("/")[0]
        # Many documents lead to the same few places, and each is asked about several times.
        self._found: dict[str | tuple[str, str], Destination]
        self._found = index.destinations.setdefault(known, {})

    def link(self, target: str) -> str | None:
        """Return the URL to write for a link."""
        return self.destination(target).url

    def picture(self, src: str) -> str:
        """Return the URL to write for a picture."""
        return self.destination(src).url or src

    def size(self, src: str) -> tuple[int, int] | None:
        """Return a picture's width and height in CSS pixels, where it is ours and has any."""
        asset = self._index.assets.get(self.destination(src).asset or "")
        info = asset.picture if asset else None
        return (info.width, info.height) if info else None

    def destination(self, target: str) -> Destination:
        """Find where a link or a picture leads."""
        key = target if target.startswith("/") else (self._folder, target)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(target)
        return found

    def _find(self, target: str) -> Destination:
        if ELSEWHERE.match(target):
            return Destination(target)
        path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", target, re.DOTALL).groups()  # type: ignore[union-attr]
        suffix = mark + rest
        path = unquote(path)
        if not path:
            return Destination(target)
        found = posixpath.normpath(posixpath.join("/", self._folder, path)).lstrip("/")
        if path.endswith("/") and found:
            found += "/"
        return (
            self._document_at(found, suffix)
            or self._asset_at(found, suffix)
            or self._page_at(path, suffix)
            or Destination(
                self._raw(target),
                code="broken-link",
                trouble=f"'{target}' does not exist: {self._missing(found)}",
            )
        )

    def _missing(self, found: str) -> str:
        """Say which file is missing, and where the only one of that name is."""
        static = found.partition("/")[0] in self._index.settings.static
        sentence = f"there is no {found}." if static else f"there is no content/{found}."
        same_name = self._index.assets_by_name.get(posixpath.basename(found).lower(), ())
        return f"{sentence} Did you mean '/{same_name[0]}'?" if len(same_name) == 1 else sentence

    def _document_at(self, found: str, suffix: str) -> Destination | None:
        for path in (found, f"{found}.md", f"{found.rstrip('/')}/index.md"):
            entry = self._index.by_path.get(path)
            if entry is not None:
                return Destination(entry.url + suffix)
            hidden = self._index.hidden_by_path.get(path)
            if hidden is not None:
                return Destination(
                    None,
                    code="hidden-link",
                    trouble=f"content/{path} is not on the site ({hidden.reason}): the words are "
                    "shown without a link.",
                    severity=Severity.WARNING,
                )
            if path in self._index.unread:
                return Destination(None)
        return None

    def _asset_at(self, found: str, suffix: str) -> Destination | None:
        if found not in self._index.assets:
            return None
        url = url_of(self._index.settings.base_path, found)
        return Destination(url + suffix, asset=found)

    def _page_at(self, path: str, suffix: str) -> Destination | None:
        """Find an address of the site itself, as /newsletter/ or /rss.xml."""
        if not path.startswith("/"):
            return None
        output = output_path(path)
        if (
            output in self._index.outputs
            or output in self._known
            or output in self._index.redirects
        ):
            return Destination(url_of(self._index.settings.base_path, output) + suffix)
        return None

    def _raw(self, target: str) -> str:
        base = self._index.settings.base_path if target.startswith("/") else ""
        return base + quote(target, safe=_SAFE + "?#")


def address_book(index: SiteIndex, known: frozenset[str]) -> Iterator[str]:
    """Yield all that the destination of any link depends on besides the link itself."""
    for entry in index.entries:
        yield f"{entry.path}\0{entry.url}\0{entry.output}"
    for hidden in index.hidden:
        yield f"{hidden.path}\0{hidden.reason}"
    yield from sorted(index.unread)
    for path, asset in index.assets.items():
        yield f"{path}\0{asset.file}\0{asset.facts}"
    yield from sorted(index.redirects)
    yield from sorted(known)


def links_of(index: SiteIndex, entry: Entry, known: frozenset[str]) -> list[Destination]:
    """Return where each address of the site in a document leads."""
    links = Links(index, entry.path, known)
    return [links.destination(target) for target in _targets(entry)]


def assets_of(index: SiteIndex, entry: Entry, known: frozenset[str]) -> Iterator[str]:
    """Yield the path of each asset that a document refers to, its messages included."""
    for destination in links_of(index, entry, known):
        if destination.asset:
            yield destination.asset
    if entry.channel_images:
        links = Links(index, entry.path, known)
        for address in entry.channel_images:
            yield links.destination(address).asset or ""


def _targets(entry: Entry) -> Iterator[str]:
    if entry.image_src is not None:
        yield entry.image_src
    for hole in entry.holes:
        if hole.kind == "candidates":
            yield from (address for address, _, _ in candidates(hole.target))
        elif hole.kind != "size":  # of a picture, which has a hole of its own
            yield hole.target


def doubtful(index: SiteIndex, document: Document, body: Body, known: frozenset[str]) -> bool:
    """Say whether anything may be wrong with the links and pictures of a document's text.

    It asks about the holes of its body, which need no places; `check_links` has the answer.
    """
    if body.nameless:
        return True
    links = Links(index, document.path, known)
    for hole in body.holes:
        if hole.kind == "candidates":
            found = [links.destination(address) for address, _, _ in candidates(hole.target)]
        else:
            found = [links.destination(hole.target)]
        for one in found:
            if one.trouble or (hole.kind == "picture" and _picture_trouble(index, one)):
                return True
    return False


def check_links(
    index: SiteIndex, document: Document, body: Body, known: frozenset[str]
) -> list[Problem]:
    """Return what is wrong with a document's links and pictures.

    The body must have the places of its links, unless it is not `doubtful`.

    Content that was written for another generator is taken as it is: what is broken there is a
    warning.
    """
    links = Links(index, document.path, known)
    worst = Severity.WARNING if index.settings.compat else Severity.ERROR
    problems: list[Problem] = []

    def note(found: Destination, line: int, column: int) -> None:
        if found.trouble:
            severity = max(found.severity, worst, key=[Severity.ERROR, Severity.WARNING].index)
            problems.append(
                document.body_problem(line, column, found.code, found.trouble, severity)
            )

    for link in body.links:
        if ELSEWHERE.match(link.target):
            continue
        note(links.destination(link.target), link.line, link.column)
    for picture in body.pictures:
        found = links.destination(picture.src)
        note(found, picture.line, picture.column)
        trouble = _picture_trouble(index, found)
        if trouble:
            problems.append(
                document.body_problem(picture.line, picture.column, "not-a-picture", trouble, worst)
            )
        if not (picture.alt or "").strip():
            problems.append(
                document.body_problem(
                    picture.line,
                    picture.column,
                    "missing-alt",
                    f"the picture '{picture.src}' has no alternative text: say what it shows, as "
                    "![Chalets lit up below the castle](…).",
                    Severity.WARNING,
                )
            )
    _check_image(index, document, links, worst, problems)
    return problems


def _picture_trouble(index: SiteIndex, found: Destination) -> str:
    asset = index.assets.get(found.asset or "")
    if asset is None:
        return ""
    if not asset.is_picture:
        return f"{asset.file} is not a picture: link to it instead."
    if asset.trouble:
        return f"{asset.file} cannot be read as a picture: {asset.trouble}. Save it again."
    return ""


def _check_image(
    index: SiteIndex,
    document: Document,
    links: Links,
    worst: Severity,
    problems: list[Problem],
) -> None:
    """Check the front matter's own picture."""
    image = document.front_matter.image
    if image is None:
        return
    place = "image.src" if "image.src" in document.places else "image"
    found = links.destination(image.src)
    trouble = found.trouble or _picture_trouble(index, found)
    if trouble:
        code = found.code or "not-a-picture"
        problems.append(document.problem(place, code, trouble, worst))
    if not (image.alt or "").strip() and not index.settings.compat:
        problems.append(
            document.problem(
                place,
                "missing-alt",
                "the picture has no alternative text: write alt: what it shows.",
                Severity.WARNING,
            )
        )
