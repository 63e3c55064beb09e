"""Jinja, set up for themes: strict, escaping, and with errors that name the template's line."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2

from crosspost.errors import Problem, SiteError, did_you_mean
from crosspost.render.i18n import UnknownText
from crosspost.render.theme import Theme


class ThemeLoader(jinja2.BaseLoader):
    """Finds a template along the theme's chain; `name/post.html` names one link of it."""

    def __init__(self, theme: Theme) -> None:
        self._folders = tuple(theme.template_folders())

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, the file it came from, and that it never goes stale."""
        del environment
        layer, _, rest = template.partition("/")
        candidates = [folder / template for _, folder in self._folders]
        candidates += [folder / rest for name, folder in self._folders if name == layer and rest]
        for path in candidates:
            if ".." not in Path(template).parts and path.is_file():
                return _read(path), str(path), lambda: True
        raise jinja2.TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Return the names of every template."""
        return sorted(
            {
                path.relative_to(folder).as_posix()
                for _, folder in self._folders
                for path in folder.rglob("*")
                if path.is_file()
            }
        )


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
        self._loader = ThemeLoader(theme)
        self._environment = jinja2.Environment(
            loader=self._loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )

    def has(self, name: str) -> bool:
        """Say whether there is such a template."""
        return name in self._loader.list_templates()

    def close_to(self, name: str) -> str:
        """Suggest a template whose name is close to one that does not exist."""
        return did_you_mean(name, self._loader.list_templates())

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
        except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, UnknownText) as e:
            raise SiteError([self._problem(e, name, made_of)]) from None

    def syntax_problems(self) -> list[Problem]:
        """Compile every template and return what does not compile."""
        problems = []
        for name in self._loader.list_templates():
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
            hint = did_you_mean(str(error.name), self._loader.list_templates())
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
            return self._shown(self._loader.get_source(self._environment, name)[1]) or name
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
