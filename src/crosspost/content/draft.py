"""A document that begins: where its file is and what stands in it.

A site may have its own beginnings, `templates/new/post.md`, `page.md` and `edition.md`: documents
like any other, whose front matter and text a new one takes over. What is known of the new one (its
identity, its title, its date, that it is a draft) stands in the place of what the template says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crosspost import schema
from crosspost.config import Settings
from crosspost.content.dialects import dialect_of, native_place
from crosspost.content.document import Document, Kind, parse_document, yaml_parts
from crosspost.content.quoting import quoted
from crosspost.content.slugs import slugify
from crosspost.content.uid import UidMaker
from crosspost.errors import BlockedError, Problem, SiteError, UsageError, did_you_mean
from crosspost.text_files import read_text

TEMPLATES = "templates/new"
"""Where a site's own beginnings are, relative to the site."""
_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that does not exist yet. `file` is relative to the site, with forward slashes."""

    file: str
    text: str

    def write(self, root: Path) -> None:
        """Write it. Raises `UsageError` where the file exists: nothing is ever overwritten."""
        path = root / self.file
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(self.text)
        except FileExistsError:
            message = f"{self.file} exists already. Give another title, or write in that file."
            raise UsageError(message) from None
        except OSError as error:
            raise BlockedError(f"{self.file} cannot be written: {error.strerror}.") from None


def begin(
    kind: Kind,
    settings: Settings,
    title: str,
    *,
    date: datetime | None,
    category: str | None = None,
    tags: Sequence[str] = (),
    lang: str | None = None,
) -> Draft:
    """Return a new document as of `date`, which is in the site's time zone; a page needs none.

    Raises `UsageError` where the title, category, tag or language cannot stand in a document, and
    `SiteError` with the mistakes of the site's template.
    """
    name = " ".join(title.split())
    if not name:
        raise UsageError(f"the title is empty: write what the {kind} is about.")
    if any("\ud800" <= character <= "\udfff" for character in "".join((name, *tags))):
        raise UsageError("the title holds bytes that are not UTF-8: check the terminal's encoding.")
    if category is not None and settings.categories and category not in settings.categories:
        known = ", ".join(settings.categories)
        hint = did_you_mean(category, settings.categories)
        raise UsageError(f"there is no category '{category}'.{hint} Known: {known}.")
    path = _path(kind, settings, slugify(name), date)
    keys = {"uid": UidMaker()(), "title": quoted(name)}
    if date is not None:
        keys["date"] = f"{date:%Y-%m-%d %H:%M}"
    if category:
        keys["category"] = quoted(category)
    if tags:
        keys["tags"] = f"[{', '.join(quoted(tag, flow=True) for tag in tags)}]"
    if lang:
        keys["lang"] = quoted(lang)
    keys["draft"] = "true"
    file, front, body = _template(kind, settings)
    if kind is Kind.EDITION and date is not None and not front.keys() & {"period", "posts"}:
        keys["period"] = _next_period(settings, date)
    lines = ["---", *_merged(keys, front), "---", *body]
    draft = Draft(f"content/{path}", "\n".join(lines))
    _refuse_unreadable(draft, path, kind, settings, file)
    return draft


def _path(kind: Kind, settings: Settings, slug: str, date: datetime | None) -> str:
    """Return the path below content/, where the site's generator looks for its kind."""
    compat = settings.compat or ""
    if kind is Kind.EDITION:
        if compat:
            raise UsageError(f"a site with compat: {compat} has no editions.")
        return f"newsletters/{slug}.md"
    if kind is Kind.PAGE:
        return f"{slug}.md" if compat in ("jekyll", "hugo") else f"pages/{slug}.md"
    dated = f"{date:%Y-%m-%d}-{slug}.md" if date else f"{slug}.md"
    native = f"posts/{date:%Y}/{slug}.md" if date else f"posts/{slug}.md"
    return {"jekyll": f"_posts/{dated}"}.get(compat, native)


def _template(kind: Kind, settings: Settings) -> tuple[str, Mapping[str, list[str]], list[str]]:
    """Return the site's own beginning: its file, the lines of each of its keys, and its text.

    The lines above the first key, comments as a rule, belong to the key "".
    """
    file = f"{TEMPLATES}/{kind}.md"
    if not (settings.root / file).exists():
        return "", {}, ["", ""]
    problems: list[Problem] = []
    text = read_text(settings.root / file, file, problems)
    source = schema.Source(file, problems, line_offset=1, zone=settings.zone)
    parts = yaml_parts(text, source) if text is not None else None
    node = parts.node if parts else None
    if node is not None and not isinstance(node, schema.MappingNode):
        source.report(node, "wrong-type", "a template begins with keys and values.")
    if problems or parts is None or text is None:
        raise SiteError(problems)
    lines = text.split("\n")[1 : parts.body_line - 2]
    starts = [(key.value, key.start_mark.line) for key, _ in node.value] if node else []
    if isinstance(node, schema.MappingNode) and node.flow_style and starts:
        message = "write one key a line, without the braces."
        raise SiteError([Problem(file, 2, 1, "wrong-type", message)])
    ends = [line for _, line in starts[1:]] + [len(lines)]
    front = {"": lines[: starts[0][1] if starts else len(lines)]}
    front |= {name: lines[at:end] for (name, at), end in zip(starts, ends, strict=True)}
    return file, front, parts.body.split("\n")


def _merged(keys: Mapping[str, str], front: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the lines of the front matter: what is known, then what only the template says."""
    yield from front.get("", ())
    for name, value in keys.items():
        yield f"{name}: {value}"
    for name, lines in front.items():
        if name and name not in keys:
            yield from lines


def _next_period(settings: Settings, date: datetime) -> str:
    """Return the days of a new edition: from the day after the last one's, else a fortnight."""
    ends = [
        document.front_matter.period.to
        for document in _editions(settings)
        if document.front_matter.period is not None and document.front_matter.period.to < date
    ]
    last = date - timedelta(days=1)
    first = max(ends) + timedelta(days=1) if ends else date - _FORTNIGHT
    return f"{{from: {min(first, last):%Y-%m-%d}, to: {last:%Y-%m-%d}}}"


def _editions(settings: Settings) -> Iterator[Document]:
    folder = settings.root / "content"
    for path in sorted((folder / "newsletters").rglob("*.md")):
        name = path.relative_to(folder).as_posix()
        try:
            data = path.read_bytes()
        except OSError:
            continue  # `build` says why it cannot be read
        written = parse_document(data, name, Kind.EDITION, settings.zone, [])
        if written is not None:
            yield written.document


def _refuse_unreadable(
    draft: Draft, path: str, kind: Kind, settings: Settings, template: str
) -> None:
    """Read what is to be written as `build` will read it."""
    problems: list[Problem] = []
    dialect = dialect_of(settings)
    written = parse_document(draft.text.encode(), path, kind, settings.zone, problems, dialect)
    if written is None:
        said = " ".join(problem.message for problem in problems)
        raise UsageError(f"{template}: {said}" if template else said)
    if dialect is None and native_place(path).kind is not kind:
        raise UsageError(f"{path} would not be a {kind}.")
