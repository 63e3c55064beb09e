"""Jinja, set up for themes: strict, escaping, and with errors that name the template's line."""

from __future__ import annotations

import hashlib
import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

from crosspost.errors import Problem, SiteError, did_you_mean
from crosspost.render.i18n import UnknownText
from crosspost.render.jinja_speed import Calling, Joined, QuickTemplate
from crosspost.render.theme import Theme


class ThemeLoader(jinja2.BaseLoader):
    """Finds a template along the theme's chain; `name/post.html` names one link of it.

    The folders are listed once: a build sees one state of them.
    """

    def __init__(self, theme: Theme) -> None:
        self._folders = tuple(theme.template_folders())
        self._stamps: dict[str, str] = {}

    @cached_property
    def _places(self) -> Mapping[str, Path]:
        """Every template by each of its names; the first link that has one wins."""
        found: dict[str, Path] = {}
        for layer, folder in self._folders:
            for path in folder.rglob("*"):
                if path.is_file():
                    name = path.relative_to(folder).as_posix()
                    found.setdefault(name, path)
                    found.setdefault(f"{layer}/{name}", path)
        return found

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, the file it came from, and that it never goes stale."""
        del environment
        path = self._places.get(template)
        if path is None:
            raise jinja2.TemplateNotFound(template)
        return _read(path), str(path), lambda: True

    def stamp(self, template: str) -> str:
        """Return the stamp of what a name finds along the chain; empty where it finds nothing."""
        found = self._stamps.get(template)
        if found is None:
            path = self._places.get(template)
            data = path.read_bytes() if path else None
            found = "" if data is None else hashlib.blake2b(data, digest_size=12).hexdigest()
            self._stamps[template] = found
        return found

    def list_templates(self) -> list[str]:
        """Return the names of every template."""
        layers = tuple(f"{layer}/" for layer, _ in self._folders)
        return sorted(name for name in self._places if not name.startswith(layers))


class _Template(QuickTemplate):
    """A template whose import is carried out each time, so that each page tells what it uses."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        self._module = None
        return super()._get_default_module(ctx)


class _Environment(jinja2.Environment):
    """An environment that tells of every template that is asked for, found or not."""

    template_class = _Template
    code_generator_class = Joined
    context_class = Calling
    asked: Callable[[str], None]
    loaded: dict[str, jinja2.Template]
    measured: dict[str, tuple[int, float]] | None = None

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what every template finds; no template of ours is given more.

        Jinja's own is a chain of two, which is gone through anew for each page.
        """
        return {**self.globals, **(d or {})}

    def _load_template(self, name: str, globals: Any) -> jinja2.Template:  # noqa: A002 - Jinja's
        # Extending, including and importing all come through here, each time a page is rendered.
        self.asked(name)
        template = self.loaded.get(name)
        if template is not None and not globals:
            return template
        template = self.loaded[name] = super()._load_template(name, globals)
        if self.measured is not None and not hasattr(template, "is_measured"):
            template.root_render_func = _measured(template.root_render_func, name, self.measured)
            template.is_measured = True  # type: ignore[attr-defined]
        return template


def _measured(
    render: Callable[..., Iterator[str]], name: str, times: dict[str, tuple[int, float]]
) -> Callable[..., Iterator[str]]:
    """Return a template's function that adds up the time between its pieces."""

    def measured(*arguments: Any) -> Iterator[str]:
        seconds, start = 0.0, time.perf_counter()
        for piece in render(*arguments):
            seconds += time.perf_counter() - start
            yield piece
            start = time.perf_counter()
        count, before = times.get(name, (0, 0.0))
        times[name] = (count + 1, before + seconds + time.perf_counter() - start)

    return measured


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise jinja2.TemplateSyntaxError(
            "the file is not UTF-8: save it as UTF-8", error.start, str(path), str(path)
        ) from None


class Templates:
    """The templates of a theme, ready to render. One instance a worker."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.loader = ThemeLoader(theme)
        self._environment = _Environment(
            loader=self.loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.tell(lambda _: None)
        self._environment.loaded = {}
        self._times: dict[str, tuple[int, float]] | None = None
        # A page is the same whenever it is made.
        del self._environment.filters["random"], self._environment.globals["lipsum"]

    def tell(self, asked: Callable[[str], None]) -> None:
        """Tell `asked` from now on the name of every template that a page uses, or tries to."""
        self._environment.asked = asked

    def has(self, name: str) -> bool:
        """Say whether there is such a template."""
        self._environment.asked(name)
        return self.loader.stamp(name) != ""

    def close_to(self, name: str) -> str:
        """Suggest a template whose name is close to one that does not exist."""
        return did_you_mean(name, self.loader.list_templates())

    def render(self, name: str, context: Mapping[str, Any], made_of: str) -> str:
        """Render a template. Raises `SiteError` that names its line; `made_of` is what for."""
        try:
            return self._environment.get_template(name).render(context)
        except jinja2.TemplateError as error:
            raise SiteError([self._problem(error, name, made_of)]) from None
        except RecursionError as error:
            message = f"the template includes or extends itself without end (for {made_of})."
            place = self._loop(error) or (self._file(name), 1)
            raise SiteError([Problem(*place, 0, "template-loop", message)]) from None
        except SiteError:
            raise
        except Exception as e:  # noqa: BLE001 - a theme's own fault, whatever it is, has a place
            raise SiteError([self._problem(e, name, made_of)]) from None

    def measure(self) -> None:
        """Begin to measure how long each template takes; before any is loaded."""
        self._times = {}
        self._environment.measured = self._times
        self._environment.loaded.clear()

    def times(self) -> dict[str, tuple[int, float]]:
        """Return how often each template was used since the last call, and the seconds it took.

        What a template includes, extends or imports is part of its time.
        """
        if self._times is None:
            return {}
        found = dict(self._times)
        self._times.clear()
        return found

    def stamp(self) -> str:
        """Return the stamp of every template along the chain."""
        names = self.loader.list_templates()
        return hashlib.blake2b(
            repr([(name, self.loader.stamp(name)) for name in names]).encode(), digest_size=12
        ).hexdigest()

    def syntax_problems(self) -> list[Problem]:
        """Compile every template and return what does not compile."""
        problems = []
        for name in self.loader.list_templates():
            if name.endswith((".html", ".xml", ".txt")):
                try:
                    self._environment.get_template(name)
                except jinja2.TemplateError as error:
                    problems.append(self._problem(error, name, name))
        return problems

    def _problem(self, error: Exception, name: str, made_of: str) -> Problem:
        file, line = self._file(name), 0
        message = str(getattr(error, "message", None) or error)
        if isinstance(error, jinja2.TemplateSyntaxError):
            file, line = self._shown(error.filename) or self._file(error.name or name), error.lineno
            return Problem(file, line, 0, "template-syntax", f"{message.rstrip('.')}.")
        for frame in traceback.extract_tb(error.__traceback__):
            shown = self._shown(frame.filename)
            if shown:
                file, line = shown, frame.lineno or 0
        if isinstance(error, jinja2.TemplateNotFound):
            hint = did_you_mean(str(error.name), self.loader.list_templates())
            message = f"there is no template '{error.name}'.{hint}"
        elif isinstance(error, jinja2.UndefinedError):
            message = _undefined(message)
        elif not isinstance(error, (jinja2.TemplateError, UnknownText)):
            message = f"{type(error).__name__}: {message}"
        return Problem(file, line, 0, "template-error", f"{message.rstrip('.')} (for {made_of}).")

    def _loop(self, error: RecursionError) -> tuple[str, int] | None:
        """Return a place of the circle: in a template of the site's own where there is one."""
        frames = traceback.walk_tb(error.__traceback__)
        places = {(frame.f_code.co_filename, line) for frame, line in frames}
        root = self._theme.settings.root
        found = sorted(
            (not Path(file).is_relative_to(root), shown, line)
            for file, line in places
            if (shown := self._shown(file))
        )
        return found[0][1:] if found else None

    def _file(self, name: str) -> str:
        try:
            return self._shown(self.loader.get_source(self._environment, name)[1]) or name
        except jinja2.TemplateError:
            return name

    def _shown(self, filename: str | None) -> str | None:
        """Shorten a template's file to what is not of this machine; None if it is no template."""
        path = Path(filename or "")
        for layer, folder in self._theme.layers:
            if path.is_relative_to(folder / "templates"):
                if path.is_relative_to(self._theme.settings.root):
                    return path.relative_to(self._theme.settings.root).as_posix()
                return f"themes/{layer}/{path.relative_to(folder).as_posix()}"
        return None


def _undefined(message: str) -> str:
    match = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", message)
    if match is None:
        return message
    if match[1]:
        return f"'{match[1]}' is not defined"
    owner = re.match(r"'([^']*)'", message)
    kind = (owner[1] if owner else "").rpartition(".")[2].split(" ")[0]
    return f"{kind or 'this value'} has no '{match[2]}'"
