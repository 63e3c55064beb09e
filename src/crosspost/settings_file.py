"""Reading `crosspost.yaml`: what it says, and every mistake in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from msgspec.structs import replace

from crosspost import permalinks, schema
from crosspost.config import SETTINGS_FILE, Settings, SiteSettings
from crosspost.errors import Problem, SiteError, did_you_mean
from crosspost.schema import Node, Source
from crosspost.text_files import read_text


def load_settings(root: Path) -> Settings:
    """Read `crosspost.yaml` below `root`.

    Raises `SiteError` with every problem of the file, or where it does not exist.
    """
    settings, problems = read_settings(root)
    if problems:
        raise SiteError(problems)
    return settings


def read_settings(root: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """Read `crosspost.yaml` as far as it can be read, and return its problems beside it.

    What is wrong has its default, so that a build can go on and name the mistakes of the content
    in the same run. Raises `SiteError` where the file does not exist or is not YAML.
    """
    problems: list[Problem] = []
    source = Source(SETTINGS_FILE, problems)
    text = read_text(root / SETTINGS_FILE, SETTINGS_FILE, problems)
    if text is None:
        raise SiteError(problems)
    node = schema.compose(text, source)
    if problems:
        raise SiteError(problems)
    settings = schema.decode(Settings, node, source)
    permalink = _check_permalink(node, source)
    if settings is not None:
        _check_channels(settings, node, source)
    else:
        settings = _without_site(node)
    channels = {name: replace(one, name=name) for name, one in settings.channels.items()}
    settings = replace(
        settings,
        root=root,
        text=text,
        permalink=permalink,
        channels=MappingProxyType(channels),
        places=_places(node),
    )
    return settings, tuple(problems)


def _without_site(node: Node | None) -> Settings:
    """Read the settings of which `site`, which has no defaults, is missing or wrong."""
    settings = Settings(site=SiteSettings(title="?", url="https://site.invalid"))
    if not isinstance(node, schema.MappingNode):
        return settings
    stand_in = schema.compose("site: {title: '?', url: 'https://site.invalid'}", Source("", []))
    pairs = [pair for pair in node.value if pair[0].value != "site"]
    whole = schema.MappingNode(node.tag, [*getattr(stand_in, "value", ()), *pairs])
    return schema.decode(Settings, whole, Source("", [])) or settings


def _places(node: Node | None) -> Mapping[str, tuple[int, int]]:
    """Give the line and the column of each key."""
    pairs = node.value if isinstance(node, schema.MappingNode) else []
    return MappingProxyType(
        {
            name.value: (name.start_mark.line + 1, name.start_mark.column + 1)
            for name, _ in pairs
            if isinstance(name, schema.ScalarNode)
        }
    )


def _check_permalink(node: Node | None, source: Source) -> str:
    """Return the pattern of addresses; what may be written in it depends on `compat`."""
    named, value = (_child(node, name) for name in ("compat", "permalink"))
    compat = named.value if named is not None and named.value in permalinks.COMPAT else None
    if value is None:
        return permalinks.DEFAULTS[compat]
    pattern = str(value.value).strip()
    trouble = permalinks.trouble(pattern, compat)
    if trouble:
        source.report(value, "wrong-value", f"permalink: {trouble}")
        return permalinks.DEFAULTS[compat]  # a wrong one would give wrong addresses to report
    return pattern


def _check_channels(settings: Settings, node: Node | None, source: Source) -> None:
    """Report what only shows when two keys are read together."""
    speakers: dict[tuple[str, str], str] = {}
    for name, channel in settings.channels.items():
        place = _find(node, "channels", name)
        _check_choice(settings, name, place, source)
        account = (channel.account or "").casefold()
        other = speakers.setdefault((channel.type, account), name)
        if account and other != name:
            source.report(
                _find(place, "account"),
                "same-account",
                f"channels '{other}' and '{name}' are one account, which would say a post twice: "
                "make one channel of them.",
            )
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
            source.report(
                place, "wrong-value", f"'{name}' must be lower-case letters, digits, - or _."
            )
        written = {inner.value for inner, _ in getattr(place, "value", ())}
        if channel.type == "mastodon" and "account" not in written:
            source.report(place, "missing-key", f"channel '{name}' needs an account.")
        host = urlsplit(channel.instance or "").hostname
        if (
            channel.instance
            and channel.instance.startswith("http:")
            and host not in ("localhost", "127.0.0.1", "::1")
        ):
            source.report(
                place, "wrong-value", f"channel '{name}': plain http is for this machine only."
            )


def _check_choice(settings: Settings, name: str, channel: Node | None, source: Source) -> None:
    """Report a category that a channel chooses or leaves out and that the settings do not name."""
    if not settings.categories or settings.compat:
        return
    for rule in ("only", "except"):
        written = _find(channel, rule)
        found = _find(written, "categories") if written is not channel else None
        if not isinstance(written, schema.MappingNode) or found is written:
            continue
        for item in found.value if isinstance(found, schema.SequenceNode) else [found]:
            category = item.value if isinstance(item, schema.ScalarNode) else ""
            if category and category not in settings.categories:
                source.report(
                    item,
                    "unknown-category",
                    f"channel '{name}', {rule}: there is no category '{category}'."
                    f"{did_you_mean(category, settings.categories)} "
                    f"Known: {', '.join(settings.categories)}.",
                )


def _child(node: Node | None, name: str) -> schema.ScalarNode | None:
    """Return the scalar that a mapping holds under `name`."""
    if isinstance(node, schema.MappingNode):
        for key_node, value in node.value:
            if key_node.value == name and isinstance(value, schema.ScalarNode):
                return value
    return None


def _find(node: Node | None, *path: str) -> Node | None:
    """Return the node of a key, for a message that points at it."""
    for step in path:
        if not isinstance(node, schema.MappingNode):
            return node
        node = next((value for name, value in node.value if name.value == step), node)
    return node
