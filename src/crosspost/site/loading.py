"""From settings to a site index, for every command that needs one."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from crosspost import schema
from crosspost.config import Settings
from crosspost.content.reading import DocumentFile, find_files, read_bytes
from crosspost.errors import Problem, UsageError
from crosspost.site.content import Content, content_of
from crosspost.site.index import SiteIndex, make_index
from crosspost.site.reading import Reader, Record


def moment_of_run(settings: Settings, given: str | None, *, option: str = "--now") -> datetime:
    """Return the one `now` of a run: as given, else SOURCE_DATE_EPOCH, else the clock.

    `option` is how it was given. Raises `UsageError` where what is given is not a date.
    """
    if given is not None:
        try:
            return schema.moment(given, settings.zone)
        except schema.Invalid as error:
            raise UsageError(f"{option}: {error}") from None
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).astimezone(settings.zone)
    return datetime.now(settings.zone)


def read_content(settings: Settings) -> Content:
    """Read the content of a site in this process, without rendering it.

    Problems are returned, not raised: a caller reports them together with those of later steps.
    """
    files = find_files(settings)
    reader = Reader(settings)
    return content_of(files, [(found, _read(reader, found)) for found in files.documents])


def _read(reader: Reader, found: DocumentFile) -> Record:
    problems: list[Problem] = []
    data = read_bytes(found, problems)
    if data is None:
        return Record("", None, tuple(problems))
    return reader.read(found, data)[0]


def load_index(
    settings: Settings, now: datetime, *, drafts: bool = False
) -> tuple[SiteIndex, tuple[Problem, ...]]:
    """Read the content and index it; problems of both are returned beside the index."""
    content = read_content(settings)
    index, problems = make_index(settings, content, now, drafts=drafts)
    return index, (*content.problems, *problems)
