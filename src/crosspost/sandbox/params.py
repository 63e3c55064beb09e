"""A request's parameters as one tree, whatever they came in: query, form, multipart or JSON.

Names with brackets are read as the real server's framework reads them: `media_ids[]` is a list,
`poll[options][]` a list in a mapping, `media_attributes[][id]` a list of mappings, in which a name
that comes a second time begins the next one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from crosspost.sandbox.refusal import Refusal

_NAME = re.compile(r"\[([^\]]*)\]")
_LARGEST_PART = 1024 * 1024
_FALSE = frozenset({"", "0", "f", "false", "off", "no", "F", "FALSE", "False", "OFF", "Off"})


class Params:
    """The tree of one request. Missing names are None, like empty ones where a string is wanted."""

    def __init__(self, tree: Mapping[str, Any], *, from_json: bool = False) -> None:
        self.tree = tree
        self.from_json = from_json

    def __contains__(self, name: str) -> bool:
        return name in self.tree

    def text(self, name: str) -> str | None:
        """Return a string, numbers and booleans of JSON written out."""
        value = self.tree.get(name)
        if value is None or isinstance(value, list | dict | UploadFile):
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def flag(self, name: str) -> bool | None:
        """Return a boolean, or None where it was not given."""
        value = self.text(name)
        return None if value is None else value not in _FALSE

    def number(self, name: str, default: int) -> int:
        """Return a whole number; one that cannot be read is 0, as on the real server."""
        value = self.text(name)
        if value is None:
            return default
        found = re.match(r"\s*[+-]?\d{1,18}", value)
        return int(found[0]) if found else 0

    def texts(self, name: str) -> list[str] | None:
        """Return a list of strings, or None where it was not given."""
        value = self.tree.get(name)
        if isinstance(value, dict):
            value = list(value.values())
        if not isinstance(value, list):
            return None
        return [str(v) for v in value if isinstance(v, str | int)]

    def mapping(self, name: str) -> Params | None:
        """Return a mapping below this one, or None."""
        value = self.tree.get(name)
        return Params(value, from_json=self.from_json) if isinstance(value, dict) else None

    def mappings(self, name: str) -> list[Params]:
        """Return a list of mappings; empty where it was not given."""
        value = self.tree.get(name)
        if isinstance(value, dict):
            value = list(value.values())
        if not isinstance(value, list):
            return []
        return [Params(v, from_json=self.from_json) for v in value if isinstance(v, dict)]

    def file(self, name: str) -> UploadFile | None:
        """Return an uploaded file, or None."""
        value = self.tree.get(name)
        return value if isinstance(value, UploadFile) else None


def nest(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the tree that names with brackets stand for; what contradicts itself is dropped."""
    tree: dict[str, Any] = {}
    for name, value in items:
        first, *rest = [name.partition("[")[0], *_NAME.findall(name)]
        _put(tree, first, rest, value)
    return tree


def _put(tree: dict[str, Any], name: str, rest: list[str], value: object) -> None:
    if not rest:
        tree[name] = value
        return
    if rest[0]:
        below = tree.setdefault(name, {})
        if isinstance(below, dict):
            _put(below, rest[0], rest[1:], value)
        return
    items = tree.setdefault(name, [])
    if not isinstance(items, list):
        return
    if len(rest) == 1:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or rest[1] in items[-1]:
        items.append({})
    _put(items[-1], rest[1], rest[2:], value)


async def read_params(request: Request) -> Params:
    """Return the parameters of `request`; raise `Refusal` (400) for a body that cannot be read."""
    query = nest(request.query_params.multi_items())
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        body = await request.body()
        try:
            tree = json.loads(body) if body.strip() else {}
        except ValueError as error:
            raise Refusal(400, "There was a problem in the JSON you submitted") from error
        if not isinstance(tree, dict):
            raise Refusal(400, "There was a problem in the JSON you submitted")
        return Params({**query, **tree}, from_json=True)
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.form(max_part_size=_LARGEST_PART)
        return Params({**query, **nest(form.multi_items())})
    return Params(query)
