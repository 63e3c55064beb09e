"""The library cmark-gfm, as it is compiled into cmarkgfm: text in, HTML out.

cmarkgfm's own functions keep the tree and the HTML of every text in memory for ever (fifty times
the text's size), which a site of ten thousand documents feels. Its extension module has the C
functions that give both back, where the system lets one look them up; elsewhere it works all the
same.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from cmarkgfm import _cmark
from cmarkgfm.cmark import Options

_EXTENSIONS = ("table", "strikethrough", "autolink", "tasklist")
_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES


class Cmark:
    """Renders GitHub's Markdown; holds nothing of one text when it reads the next."""

    def __init__(self) -> None:
        self._ffi: Any = _cmark.ffi
        self._lib: Any = _cmark.lib
        self._lib.cmark_gfm_core_extensions_ensure_registered()
        self._extensions = [
            self._lib.cmark_find_syntax_extension(name.encode()) for name in _EXTENSIONS
        ]
        self._free_node, self._free = self._ways_to_free()

    def html(self, text: str) -> str:
        """Return `text` (no surrogates, no NUL) as cmark's HTML, raw HTML included."""
        lib, data = self._lib, text.encode()
        parser = lib.cmark_parser_new(_OPTIONS)
        root = html = None
        try:
            for extension in self._extensions:
                lib.cmark_parser_attach_syntax_extension(parser, extension)
            lib.cmark_parser_feed(parser, data, len(data))
            root = lib.cmark_parser_finish(parser)
            extensions = lib.cmark_parser_get_syntax_extensions(parser)
            html = lib.cmark_render_html(root, _OPTIONS, extensions)
            return str(self._ffi.string(html).decode())
        finally:
            if html is not None:
                self._free(html)
            if root is not None:
                self._free_node(int(self._ffi.cast("uintptr_t", root)))
            lib.cmark_parser_free(parser)

    def _ways_to_free(self) -> tuple[Callable[[int], object], Callable[[Any], object]]:
        """Return what frees a tree, by its address, and what frees a string."""
        try:
            library = ctypes.CDLL(_cmark.__file__)
            free_node, allocator = library.cmark_node_free, library.cmark_get_default_mem_allocator
        except (OSError, AttributeError):
            return _keep, _keep
        free_node.argtypes, free_node.restype = [ctypes.c_void_p], None
        allocator.argtypes, allocator.restype = [], ctypes.c_void_p
        return free_node, self._ffi.cast("cmark_mem *", allocator()).free


def _keep(_address: object) -> None:
    """Leave memory as it is: the process is a short one."""
