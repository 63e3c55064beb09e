"""Short cuts of Jinja's for pages by the ten thousand: the same text, sooner.

Everything here is told to Jinja by its own ways to be extended. `tests/render/test_jinja_speed.py`
compares what comes out with what plain Jinja makes.
"""

from __future__ import annotations

from functools import partial
from types import BuiltinMethodType, MethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup, escape

_COMMON = frozenset({BuiltinMethodType, MethodType, partial})
"""What templates call nearly always: methods of values, and functions of ours."""
_WANTS_CONTEXT = "jinja_pass_arg"
"""What Jinja notes at a function that is to be given more than a template gives."""
try:
    from markupsafe._speedups import _escape_inner as _escape_text
except ImportError:  # as it is where markupsafe was not compiled, or is another one

    def _escape_text(text: str, /) -> str:
        return str(escape(text))


def escaped(value: Any) -> str:
    """Return what `markupsafe.escape` returns, but a text as no more than a text.

    It goes between other texts: nobody asks whether it has been escaped already.
    """
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    return value if kind is Markup else escape(value)


class Joined(CodeGenerator):
    """Writes templates that yield what stands between two statements at once.

    Jinja's own yield each word of it, through as many generators as templates extend each other.
    """

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Collect the parts of an output in a list, as Jinja does in macros, and yield it."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) < 2:
            super().visit_Output(node, frame)
            return
        parts = self.temporary_identifier()
        self.writeline(f"{parts} = []")
        frame.buffer = parts
        super().visit_Output(node, frame)
        frame.buffer = None
        self.writeline(f"yield concat({parts})")


class Calling(Context):
    """A context that calls what is nearly always called without looking for what it may want."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function as a template does."""
        kind = type(called)
        if kind in _COMMON and (kind is BuiltinMethodType or not hasattr(called, _WANTS_CONTEXT)):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            try:
                return called(*args, **kwargs)
            except StopIteration:
                pass  # Jinja has words for it
        return super().call(called, *args, **kwargs)


class QuickTemplate(jinja2.Template):
    """A template whose code finds `escaped` where it asks for Jinja's `escape`."""

    @classmethod
    def _from_namespace(
        cls,
        environment: jinja2.Environment,
        namespace: Any,
        globals: Any,  # noqa: A002
    ) -> jinja2.Template:
        namespace["escape"] = escaped
        return super()._from_namespace(environment, namespace, globals)
