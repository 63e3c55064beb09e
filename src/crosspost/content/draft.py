"""A post that begins: where its file is and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosspost.config import Settings
from crosspost.content.dialects import dialect_of, native_place
from crosspost.content.document import Kind, parse_document
from crosspost.content.quoting import quoted
from crosspost.content.slugs import slugify
from crosspost.content.uid import UidMaker
from crosspost.errors import BlockedError, Problem, UsageError, did_you_mean


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


def begin_post(
    settings: Settings,
    title: str,
    *,
    date: datetime,
    category: str | None = None,
    tags: Sequence[str] = (),
    lang: str | None = None,
) -> Draft:
    """Return a new post as of `date`, which is in the site's time zone.

    Raises `UsageError` where the title, category, tag or language cannot stand in a post.
    """
    name = " ".join(title.split())
    if not name:
        raise UsageError("the title is empty: write what the post is about.")
    if any("\ud800" <= character <= "\udfff" for character in "".join((name, *tags))):
        raise UsageError("the title holds bytes that are not UTF-8: check the terminal's encoding.")
    if category is not None and settings.categories and category not in settings.categories:
        known = ", ".join(settings.categories)
        hint = did_you_mean(category, settings.categories)
        raise UsageError(f"there is no category '{category}'.{hint} Known: {known}.")
    path = _path(settings, slugify(name), date)
    lines = _lines(name, UidMaker()(), date, category, tags, lang)
    draft = Draft(f"content/{path}", "\n".join(lines))
    _refuse_unreadable(draft, path, settings)
    return draft


def _path(settings: Settings, slug: str, date: datetime) -> str:
    """Return the path below content/, where the site's generator looks for posts."""
    dated = f"{date:%Y-%m-%d}-{slug}.md"
    native = f"posts/{date:%Y}/{slug}.md"
    return {"jekyll": f"_posts/{dated}"}.get(settings.compat or "", native)


def _lines(
    title: str,
    uid: str,
    date: datetime,
    category: str | None,
    tags: Sequence[str],
    lang: str | None,
) -> Iterator[str]:
    yield "---"
    yield f"uid: {uid}"
    yield f"title: {quoted(title)}"
    yield f"date: {date:%Y-%m-%d %H:%M}"
    if category:
        yield f"category: {quoted(category)}"
    if tags:
        yield f"tags: [{', '.join(quoted(tag, flow=True) for tag in tags)}]"
    if lang:
        yield f"lang: {quoted(lang)}"
    yield "draft: true"
    yield "---"
    yield ""
    yield ""


def _refuse_unreadable(draft: Draft, path: str, settings: Settings) -> None:
    """Read what is to be written as `build` will read it."""
    problems: list[Problem] = []
    dialect = dialect_of(settings)
    written = parse_document(draft.text.encode(), path, Kind.POST, settings.zone, problems, dialect)
    if written is None:
        raise UsageError(" ".join(problem.message for problem in problems))
    if dialect is None and native_place(path).kind is not Kind.POST:
        raise UsageError(f"{path} would not be a post.")
