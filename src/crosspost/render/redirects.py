"""Older addresses, as tasks: a page at each that leads on, and maps for servers that can do better.

A server that reads a map answers 301 where a page can only point, and 410 for what is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from markupsafe import Markup
from msgspec.structs import replace

from crosspost.render.answers import stamp_of
from crosspost.render.site import Renderer
from crosspost.render.task import Task
from crosspost.render.views import PageView
from crosspost.site.entry import Entry
from crosspost.site.redirects import gone_outputs
from crosspost.site.urls import url_of

GONE = "410"
"""Where a map says that an address leads nowhere any more."""
_INPUTS = ("what moved and what is gone",)
_GONE_INPUTS = ("its front matter", "its text", "where its links lead")


def redirect_tasks(renderer: Renderer) -> Iterator[Task]:
    """Yield a page at each older address, and the maps for servers."""
    if "html" in renderer.settings.redirects.formats:
        yield from _pages(renderer)
    moved = _moved(renderer)
    gone = _gone(renderer)
    stamp = stamp_of(sorted(moved.items()), gone)
    for name in renderer.settings.redirects.formats:
        if name in _MAPS:
            path, write = _MAPS[name]
            make = partial(write, moved, gone)
            yield Task(path, "the redirects of the site", "redirect", make, _INPUTS, (stamp,))


def gone_tasks(renderer: Renderer, only: Collection[str] | None = None) -> Iterator[Task]:
    """Yield the page of every document that is gone; with `only`, of those at these paths."""
    for entry in renderer.index.gone:
        if only is None or entry.path in only:
            inputs = (renderer.answers.card(entry), entry.body, renderer.links_stamp(entry))
            make = partial(_gone_page, renderer, entry)
            yield Task(entry.output, entry.file, "page", make, _GONE_INPUTS, inputs)


def _pages(renderer: Renderer) -> Iterator[Task]:
    """Yield a page at each older address; it leads on without JavaScript."""
    lang = renderer.settings.site.language
    for output, target in sorted(renderer.index.redirects.items()):
        url = url_of(renderer.settings.base_path, output)
        page = PageView(
            kind="redirect",
            title=target,
            url=target,
            absolute_url=renderer.absolute(target),
            lang=lang,
            description="",
            image=None,
            feeds=(),
            noindex=True,
        )
        make = partial(renderer.html, "redirect.html", page, f"the alias {url}", target=target)
        made_of = f"an alias that leads to {target}"
        yield Task(output, made_of, "redirect", make, ("where it leads",), (target,))


def _gone_page(renderer: Renderer, entry: Entry) -> bytes:
    """Make the page of a document that is gone: its own short text, else the theme's."""
    card = renderer.full_card(entry, neighbours=False)
    if not card.html.strip():
        text = renderer.text(entry.lang, "gone_text")
        card = replace(card, html=Markup("<p>{}</p>").format(text))
    page = replace(renderer.page_view(entry, card), kind="gone", noindex=True)
    return renderer.html("404.html", page, entry.file, post=card)


def _moved(renderer: Renderer) -> dict[str, str]:
    """Return the new URL of each older one, as a server sees it: not encoded, base path included.

    An address with a slash at its end is there without one too.
    """
    found: dict[str, str] = {}
    base = renderer.settings.base_path
    for output, target in renderer.index.redirects.items():
        address = f"{base}/{output.removesuffix('index.html')}"
        found[address] = target
        if len(address.rstrip("/")) > len(base):
            found.setdefault(address.rstrip("/"), target)
    return found


def _gone(renderer: Renderer) -> list[str]:
    index, base = renderer.index, renderer.settings.base_path
    outputs = gone_outputs(renderer.settings, index.gone, index.hidden)
    addresses = {f"{base}/{output.removesuffix('index.html')}" for output in outputs}
    return sorted(addresses | {one.rstrip("/") for one in addresses if len(one) > 1})


def _netlify(moved: Mapping[str, str], gone: list[str]) -> bytes:
    lines = [f"{_encoded(old)} {new} 301!" for old, new in sorted(moved.items())]
    lines += [f"{_encoded(one)} {_encoded(one)} {GONE}!" for one in gone]
    return _lines(lines)


def _nginx(moved: Mapping[str, str], gone: list[str]) -> bytes:
    lines = [f'"{_quoted(old)}" "{_quoted(new)}";' for old, new in sorted(moved.items())]
    return _lines([*lines, *(f'"{_quoted(one)}" "{GONE}";' for one in gone)])


def _apache(moved: Mapping[str, str], gone: list[str]) -> bytes:
    """Write a text map of mod_rewrite, whose keys hold no space: they are encoded."""
    lines = [f"{_encoded(old)} {new}" for old, new in sorted(moved.items())]
    return _lines([*lines, *(f"{_encoded(one)} {GONE}" for one in gone)])


_MAPS: Mapping[str, tuple[str, Callable[[Mapping[str, str], list[str]], bytes]]] = {
    "netlify": ("_redirects", _netlify),
    "nginx": ("redirects.nginx.map", _nginx),
    "apache": ("redirects.apache.txt", _apache),
}


def _encoded(address: str) -> str:
    return url_of("", address.lstrip("/")).removesuffix("index.html")


def _quoted(text: str) -> str:
    """Write a string of nginx, in which a variable has no business."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")


def _lines(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
