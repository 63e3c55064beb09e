"""The library cmark-gfm, as it is compiled into cmarkgfm: text in, HTML out.

cmarkgfm's own functions keep the tree and the HTML of every text in memory for ever (fifty times
the text's size), which a site of ten thousand documents feels. Its extension module has cmark's
arena, which asks the system for little and gives back at once all that a text needed, where the
system lets one look its functions up; elsewhere it works all the same.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple

from cmarkgfm import _cmark
from cmarkgfm.cmark import Options

_EXTENSIONS = ("table", "strikethrough", "autolink", "tasklist")
_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
_ARENA = Lock()
"""A process has one arena, and cffi lets other threads run."""


class _Memory(NamedTuple):
    """Where a text is read: `forget` gives back all that was asked for since `begin`."""

    begin: Callable[[], object]
    parser: Callable[[int], Any]
    forget: Callable[[], object]


class Cmark:
    """Renders GitHub's Markdown; holds nothing of one text when it reads the next."""

    def __init__(self) -> None:
        self._ffi: Any = _cmark.ffi
        self._lib: Any = _cmark.lib
        self._lib.cmark_gfm_core_extensions_ensure_registered()
        self._extensions = [
            self._lib.cmark_find_syntax_extension(name.encode()) for name in _EXTENSIONS
        ]
        self._memory = self._arena() or self._system()

    def html(self, text: str) -> str:
        """Return `text` (no surrogates, no NUL) as cmark's HTML, raw HTML included."""
        lib, data = self._lib, text.encode()
        begin, new_parser, forget = self._memory
        with _ARENA:
            begin()
            try:
                parser = new_parser(_OPTIONS)
                for extension in self._extensions:
                    lib.cmark_parser_attach_syntax_extension(parser, extension)
                lib.cmark_parser_feed(parser, data, len(data))
                root = lib.cmark_parser_finish(parser)
                extensions = lib.cmark_parser_get_syntax_extensions(parser)
                html = lib.cmark_render_html(root, _OPTIONS, extensions)
                return str(self._ffi.string(html).decode())
            finally:
                forget()

    def _arena(self) -> _Memory | None:
        """Return the arena, begun for good: what is asked for later lies above its first piece."""
        try:
            library = ctypes.CDLL(_cmark.__file__)
            memory_of, new_parser, push, pop = (
                self._function(library, name, signature)
                for name, signature in (
                    ("cmark_get_arena_mem_allocator", "void *(*)(void)"),
                    ("cmark_parser_new_with_mem", "cmark_parser *(*)(int, void *)"),
                    ("cmark_arena_push", "void (*)(void)"),
                    ("cmark_arena_pop", "int (*)(void)"),
                )
            )
        except (OSError, AttributeError):
            return None
        arena = memory_of()
        new_parser(_OPTIONS, arena)
        return _Memory(push, lambda options: new_parser(options, arena), pop)

    def _system(self) -> _Memory:
        """Return the system's memory, which keeps what it got: the process is a short one."""
        return _Memory(_nothing, self._lib.cmark_parser_new, _nothing)

    def _function(self, library: ctypes.CDLL, name: str, signature: str) -> Callable[..., Any]:
        """Return a function of C. Raises AttributeError where there is none of that name."""
        address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        return self._ffi.cast(signature, address)  # type: ignore[no-any-return]


def _nothing() -> None:
    """Leave memory as it is."""
