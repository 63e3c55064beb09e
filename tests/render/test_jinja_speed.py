"""Pages are what plain Jinja makes of their templates, and so is what is said of a mistake."""

from __future__ import annotations

import datetime
from functools import partial

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.runtime import Context
from markupsafe import Markup, escape

from crosspost.render.jinja_speed import Calling, Joined, QuickTemplate, escaped

TEMPLATES = {
    "base.html": "<html>{{ title }}{% block main %}{{ none }}{% endblock %} {{ html }}</html>",
    "inside.html": "[{{ title }}{{ html }}]",
    "macros.html": "{% macro m(a, b=2) %}<{{ a }}|{{ b }}|{{ caller() if caller }}>{% endmacro %}",
}
PIECES = [
    "{{ title }}",
    "a{{ title }}b{{ html }}c",
    "{{ title ~ html }} {{ html ~ title }}",
    "{% for one in some %}{{ loop.index }}{{ one }}{{ loop.cycle('a', '<') }}{% endfor %}",
    "{% for one in some recursive %}{{ one }}{{ loop([]) }}{% else %}0{{ title }}{% endfor %}",
    "{% for a in some if a %}{{ a }}{% set n = a %}{{ n }}{% endfor %}{{ n is defined }}",
    "{% set text %}<b>{{ title }}</b>{{ html }}{% endset %}{{ text }}{{ text|upper }}",
    "{% filter upper %}{{ title }}<i>{{ html }}{% endfilter %}",
    "{% from 'macros.html' import m %}{{ m(title) }}{% call m(html) %}{{ title }}!{% endcall %}",
    "{% import 'macros.html' as ms %}{{ ms.m('<', b=html) }}",
    "{% include 'inside.html' %}{% with title = html %}{% include 'inside.html' %}{% endwith %}",
    "{{ day.strftime('%d/%m') }} {{ day.isoformat() }} {{ title.replace('a', '<') }}",
    "{{ add(1, 2) }}{{ add(b=2, a=html) }}{{ wants() }}{{ next() }}",
    "{{ html.format(title) }}{{ '%s'|format(title) }}{{ some|join(',') }}",
    "{{ 1 }}{{ 2.5 }}{{ true }}{{ none }}{{ ['<'] }}{{ day }}",
    "{% autoescape false %}{{ title }}{{ html }}{% endautoescape %}{{ title|safe }}",
    "{% set n = namespace(n=0) %}{% for a in some %}{% set n.n = n.n + 1 %}{% endfor %}{{ n.n }}",
    "{% macro here(x) %}{{ x }}{{ title }}{% endmacro %}{{ here(html) }}{{ here('<') }}",
    "{{ title\n}}\n{{ unknown\n}} {{ html }}",
    "{{ title }}{{ title.unknown }}",
    "\n{{ title }}\n{{ 1 / 0 }}\n{{ html }}",
    "{{ unknown() }}{{ title }}",
]


@jinja2.pass_context
def wants(context: Context) -> object:
    return context["title"]


def environment(*, quick: bool) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.DictLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    if quick:
        made.template_class = QuickTemplate
        made.code_generator_class = Joined
        made.context_class = Calling
    return made


def made(environment: jinja2.Environment, source: str, title: str, html: str) -> tuple[str, ...]:
    """Return a page; or what is wrong, and in which line."""
    values = {
        "title": title,
        "html": Markup(html),
        "some": [title, Markup(html), 1],
        "day": datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC),
        "add": partial(lambda a, b: a + b),
        "wants": wants,
        "next": iter(()).__next__,
    }
    try:
        return ("page", environment.from_string(source).render(values))
    except Exception as error:  # noqa: BLE001 - both are to raise the same
        trace, line = error.__traceback__, 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<template>":
                line = trace.tb_lineno
            trace = trace.tb_next
        return ("error", type(error).__name__, str(error), str(line))


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    "frame", ["{}", "{{% extends 'base.html' %}}{{% block main %}}{}{{% endblock %}}"]
)
def test_each_kind_of_template_is_as_plain_jinja_makes_it(piece: str, frame: str) -> None:
    source = frame.format(piece)
    found = made(environment(quick=True), source, 'L\'<été> & "b"', "<i>à</i>&amp;")
    assert found == made(environment(quick=False), source, 'L\'<été> & "b"', "<i>à</i>&amp;")


PLAIN, QUICK = environment(quick=False), environment(quick=True)


@given(
    st.lists(st.sampled_from(PIECES[:18]) | st.text("a<&\"'é \n"), max_size=5).map("".join),
    st.text(max_size=8),
    st.text(max_size=8),
)
def test_templates_of_any_pieces_are_as_plain_jinja_makes_them(source, title, html) -> None:
    assert made(QUICK, source, title, html) == made(PLAIN, source, title, html)


@given(st.text() | st.text().map(Markup) | st.integers() | st.none() | st.lists(st.text()))
def test_values_are_escaped_as_ever(value) -> None:
    assert escaped(value) == escape(value)
