"""Short cuts of Jinja's for pages by the ten thousand: the same text, sooner.

Everything here is told to Jinja by its own ways to be extended. `tests/render/test_jinja_speed.py`
compares what comes out with what plain Jinja makes.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    And they ask Python itself for an attribute, which nearly always has it, before they ask Jinja.
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

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Look an attribute up; where there is none, Jinja finds an item, or its words."""
        owner, value = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({value} if ({value} := getattr(({owner} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing")
        self.write(f" else environment.getattr({owner}, {node.attr!r}))")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Call a function; one that is given nothing by name, without a dictionary of names."""
        if forward_caller or node.kwargs or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        loop = "_loop_vars" if frame.loop_frame else None
        block = "_block_vars" if frame.block_frame else None
        self.write(f"context.call_soon({loop}, {block}, ")
        for part in (node.node, *node.args):
            self.visit(part, frame)
            self.write(", ")
        self.write(")")


class Calling(Context):
    """A context that calls what is nearly always called without looking for what it may want."""

    def call_soon(self, loop: Any, block: Any, called: Any, /, *args: Any) -> Any:
        """Call a function as `call` does, which is given the variables of a loop and a block."""
        kind = type(called)
        if kind in _COMMON and (kind is BuiltinMethodType or not hasattr(called, _WANTS_CONTEXT)):
            try:
                return called(*args)
            except StopIteration:
                pass  # Jinja has words for it
        more = {"_loop_vars": loop, "_block_vars": block}
        known = {name: value for name, value in more.items() if value is not None}
        return super().call(called, *args, **known)

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function as a template does."""
        kind = type(called)
        if kind in _COMMON and (kind is BuiltinMethodType or not hasattr(called, _WANTS_CONTEXT)):
            try:
                if not kwargs:
                    return called(*args)
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
                return called(*args, **kwargs)
            except StopIteration:
                pass  # Jinja has words for it
        return super().call(called, *args, **kwargs)


class QuickTemplate(jinja2.Template):
    """A template whose code finds `escaped` where it asks for Jinja's `escape`."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja's
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - Jinja's
    ) -> Context:
        """Put what every template finds before what it is given.

        Jinja's own way to do so passes all of it as arguments by name.
        """
        if not shared:
            vars = {**self.globals, **(vars or {})}  # noqa: A001
        return super().new_context(vars, shared=True, locals=locals)

    @classmethod
    def _from_namespace(
        cls,
        environment: jinja2.Environment,
        namespace: Any,
        globals: Any,  # noqa: A002
    ) -> jinja2.Template:
        namespace["escape"] = escaped
        return super()._from_namespace(environment, namespace, globals)
