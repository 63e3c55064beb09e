"""The feeds of a site, as tasks: one file a format, for the site and for each category and tag.

A new format is one file beside these, a line in `_writer`, and its name in the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial

from crosspost.config import Settings
from crosspost.render.feed import Feed, Feeds
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.views import FEED_TYPES
from crosspost.site.entry import Term
from crosspost.site.index import SiteIndex
from crosspost.site.urls import url_of

Writer = Callable[[Feed, str], bytes]
_INPUTS = ("its posts", "the texts of its posts", "its title and description")


def feed_tasks(renderer: Renderer, only: Collection[str] | None = None) -> Iterator[Task]:
    """Yield every feed of a site; with `only`, those that hold documents at these paths."""
    feeds, writers = Feeds(renderer), _Writers()
    index, most = renderer.index, renderer.settings.feeds.items
    texts: frozenset[str] | None = None
    if only is not None:
        found = (index.by_path.get(path) for path in only)
        texts = frozenset(entry.uid for entry in found if entry is not None)
    newest = feeds.newest()
    if texts is None or any(entry.uid in texts for entry in newest):
        inputs = partial(feeds.inputs, newest)
        yield from _tasks(renderer, writers, "", "the posts", feeds.site_feed, inputs)
    for term in _terms(renderer.settings, index):
        if texts is None or not texts.isdisjoint(term.uids[:most]):
            newest = feeds.of_term(term)
            made_of = f"the posts of {term.kind} '{term.label}'"
            make = partial(feeds.term_feed, term)
            inputs = partial(feeds.inputs, newest, term)
            yield from _tasks(renderer, writers, _folder(term), made_of, make, inputs)


def feed_outputs(settings: Settings, index: SiteIndex) -> frozenset[str]:
    """Return the output paths of all feeds."""
    folders = ["", *map(_folder, _terms(settings, index))]
    return frozenset(path for folder in folders for _, path in _files(settings, folder))


def _files(settings: Settings, folder: str) -> Iterator[tuple[str, str]]:
    """Yield the format and the output path of each feed below a folder."""
    for name in settings.feeds.formats:
        yield name, folder + FEED_TYPES[name][0]
    if settings.compat == "jekyll" and not folder:
        yield "atom", "feed.xml"  # where those who subscribed to the Jekyll site still look


def _tasks(
    renderer: Renderer,
    writers: _Writers,
    folder: str,
    made_of: str,
    feed: Callable[[], Feed],
    inputs: Callable[[], tuple[str, ...]],
) -> Iterator[Task]:
    for name, path in _files(renderer.settings, folder):
        url = renderer.absolute(url_of(renderer.settings.base_path, path))
        make = partial(_write, writers, name, feed, url)
        yield Task(path, made_of, "feed", make, _INPUTS, inputs)


def _write(writers: _Writers, name: str, feed: Callable[[], Feed], self_url: str) -> bytes:
    return writers[name](feed(), self_url)


class _Writers(dict[str, Writer]):
    """What writes each format; feedgen and lxml are only loaded for those that need them."""

    def __missing__(self, name: str) -> Writer:
        self[name] = writer = _writer(name)
        return writer


def load_writers(settings: Settings) -> None:
    """Load what writes the feeds of a site."""
    for name in settings.feeds.formats:
        _writer(name)


def _writer(name: str) -> Writer:
    if name == "json":
        from crosspost.render.feed_json import json_feed

        return json_feed
    from crosspost.render import feed_rss_atom

    return feed_rss_atom.Rss() if name == "rss" else feed_rss_atom.Atom()


def _terms(settings: Settings, index: SiteIndex) -> Iterator[Term]:
    for term in (*index.categories, *index.tags):
        if term.kind in settings.feeds.per:
            yield term


def _folder(term: Term) -> str:
    return term.output.removesuffix("index.html")
