"""The preview's own pages: templates, and the policy that they are served under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders the preview's own pages."""

    POLICY = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    )
    """Nothing that is not of this server, and nothing that stands in the page itself."""

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment as Jinja
        from jinja2 import FileSystemLoader, StrictUndefined

        environment = Jinja(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["quoted"] = quote
        return environment

    def render(self, name: str, context: Mapping[str, object]) -> tuple[str, str]:
        """Return a page, and what it is recognised by."""
        html = self._environment.get_template(f"{name}.html").render(context)
        etag = hashlib.blake2b(html.encode(), digest_size=9).hexdigest()
        return html.replace("@etag@", f"{etag}-{etag}"), f"{etag}-{etag}"

    def broken(self) -> str:
        """Return what stands behind the errors of a page that never could be made."""
        return self._environment.get_template("broken.html").render()
