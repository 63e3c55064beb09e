"""Reading a site's files, as few of them as can be: the rest is known from earlier builds."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from crosspost.build.ahead import Ahead
from crosspost.build.environment import SiteNames, site_names
from crosspost.build.memory import Memory
from crosspost.build.signatures import Signature, settled, signature
from crosspost.build.states import Listing
from crosspost.build.workers import as_they_come, run
from crosspost.config import Settings
from crosspost.content.assets import Asset, Facts
from crosspost.content.body import Body
from crosspost.content.dialects import dialect_of, native_place
from crosspost.content.reading import (
    DocumentFile,
    Files,
    changed_meanwhile,
    find_files,
    read_bytes,
)
from crosspost.digests import digest_of
from crosspost.errors import Problem
from crosspost.settings_file import read_settings
from crosspost.site.content import Content, content_of
from crosspost.site.entry import Entry
from crosspost.site.reading import Reader, Record

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Record).decode
Jobs = Callable[[int], int]
"""Returns how many processes are to do so many items."""
Begin = Callable[[Sequence[str]], Callable[[int], None]]
"""Is told which files are to be read, and returns what is told how many have been."""


class _Read(msgspec.Struct, array_like=True):
    """What a worker says of a file: the hash of its bytes; no record where it is known already."""

    digest: str
    record: bytes = b""
    seconds: float = 0.0


class ReadAhead(msgspec.Struct, array_like=True):
    """A file that another process has read: its record, and its body by the name that it has.

    Its `signature` was taken before; None where the file might change and keep it.
    """

    signature: Signature | None
    digest: str
    record: msgspec.Raw
    name: str
    body: Body | None
    seconds: float


class _AllReadAhead(msgspec.Struct, array_like=True):
    names: SiteNames
    parts: list[msgspec.Raw]
    """What each process has read, by the file's path below content/."""


class Reading(msgspec.Struct, frozen=True):
    """The content of a site, and what is to be remembered of it."""

    content: Content
    files: Files
    records: dict[str, tuple[str, msgspec.Raw]]
    seconds: dict[str, float]
    """How long each document took that had to be parsed, by its file."""


def read_site(
    settings: Settings,
    memory: Memory,
    names: SiteNames,
    jobs: Jobs,
    begin: Begin,
    listing: Listing | None = None,
    ahead: Ahead | None = None,
) -> Reading:
    """Read the content of a site; bodies are rendered into the store.

    `listing` is what stands in folders that were just looked through; `ahead` reads some files
    already; `begin` is told the files that have to be read, and gives what is told of each.
    Problems of files are in the content. Raises what `workers.run` raises.
    """
    files = find_files(settings, listing or {})
    _tell_facts(tuple(files.assets.values()), memory, jobs)
    records: dict[str, tuple[str, msgspec.Raw]] = {}
    todo = []
    for found in files.documents:
        digest = memory.digest(found)
        known = memory.record(found.path, digest) if digest else None
        if known is None:
            todo.append(found)
        else:
            records[found.path] = (digest, known)
    done = begin([found.file for found in todo])
    decoded = {path: _decode(record) for path, (_, record) in records.items()}
    seconds = {}
    if todo and ahead is not None:
        taken = _taken(ahead, names, todo, memory)
        for path, told in taken.items():
            kept = memory.record(path, told.digest)
            if kept is None:
                seconds[f"content/{path}"] = told.seconds
            record = kept or told.record
            records[path], decoded[path] = (told.digest, record), _decode(record)
        done(len(taken))
        todo = [found for found in todo if found.path not in taken]
    memory.bodies.close()
    work = _Reading(settings, memory, todo, names.bodies)
    decoder = msgspec.msgpack.Decoder(list[_Read])
    for numbers, answer in as_they_come(work, len(todo), jobs(len(todo)), done):
        there = todo[numbers.start : numbers.stop]
        for found, one in zip(there, decoder.decode(answer), strict=True):
            data = memory.record(found.path, one.digest) if not one.record else None
            if one.record:
                data, seconds[found.file] = msgspec.Raw(one.record), one.seconds
            data = data or msgspec.Raw()
            records[found.path], decoded[found.path] = (one.digest, data), _decode(data)
    in_order = [(found, decoded[found.path]) for found in files.documents]
    return Reading(content_of(files, in_order), files, records, seconds)


def read_ahead(root: Path, files: Sequence[str], jobs: int = 1) -> bytes:
    """Read documents of a site, and say all that a build has to know to take what was read.

    What is no document, or cannot be read, is left to the build.
    """
    settings, _ = read_settings(root)
    names = site_names(settings)
    dialect, reader = dialect_of(settings), Reader(settings).load()

    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        del begins
        read = {}
        for number in numbers:
            start = time.perf_counter()
            file = files[number]
            path, location = file.removeprefix("content/"), root / file
            kind = (dialect.place(path, location) if dialect else native_place(path)).kind
            if kind is None:
                continue
            with suppress(OSError):
                now, stat = time.time_ns(), location.stat()
                found = signature(stat)
                known = found if settled(found, now) else None
                data = location.read_bytes()
                document = DocumentFile(path, file, kind, str(location), stat)
                record, text = reader.read(document, data)
                entry = record.entry
                name = body_name(names.bodies, entry, text) if entry is not None else ""
                record, body = reader.render(record, text)
                packed = msgspec.Raw(_encode(_with_body(record, name, body)))
                seconds = time.perf_counter() - start
                read[path] = ReadAhead(known, digest_of(data), packed, name, body, seconds)
        return _encode(read)

    parts = run(work, len(files), jobs, lambda _: None)
    return _encode(_AllReadAhead(names, [msgspec.Raw(part) for part in parts]))


def read_again(settings: Settings, path: str, digest: str) -> Entry:
    """Read a document of which nothing is kept. Raises `SiteError` where it is not what it was."""
    file = f"content/{path}"
    told = what_was_read(read_ahead(settings.root, [file])).get(path)
    entry = _decode(told.record).entry if told is not None and told.digest == digest else None
    if entry is None:
        raise changed_meanwhile(file)
    return entry


def what_was_read(ahead: bytes, names: SiteNames | None = None) -> Mapping[str, ReadAhead]:
    """Return each file that `read_ahead` has read, by its path.

    There are none where it was lost, or where it read a site of other `names`.
    """
    if not ahead:
        return {}
    found = msgspec.msgpack.decode(ahead, type=_AllReadAhead)
    if names is not None and found.names != names:
        return {}  # the settings were changed meanwhile
    parts = (msgspec.msgpack.decode(part, type=dict[str, ReadAhead]) for part in found.parts)
    return {path: one for part in parts for path, one in part.items()}


def _taken(
    ahead: Ahead, names: SiteNames, todo: Sequence[DocumentFile], memory: Memory
) -> Mapping[str, ReadAhead]:
    """Return what was read ahead of files that have to be read, and keep its bodies.

    A file that was changed since is read again: what is kept of it is kept by its signature.
    """
    found = what_was_read(ahead.result(), names)
    read = {
        one.path: told
        for one in todo
        if (told := found.get(one.path)) is not None and told.signature == signature(one.stat)
    }
    memory.bodies.put([(one.name, one.body) for one in read.values() if one.body is not None])
    return read


def _with_body(record: Record, name: str, body: Body | None) -> Record:
    """Return the record of a document with the name of its body and what that asks for."""
    if body is None or record.entry is None:
        return record
    return replace(record, entry=replace(record.entry, body=name, holes=body.holes))


def body_name(names: str, entry: Entry, text: str) -> str:
    """Return the name of a body: the hash of all that it is made from.

    It is not as long as the stamp of a card, so that nobody takes it for one.
    """
    try:
        encoding, data = "latin-1", text.encode("latin-1")  # a copy, and no more, of most texts
    except UnicodeEncodeError:
        encoding, data = "utf-8", text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(f"{names}\0{entry.lang}\0{encoding}\0".encode())
    digest.update(data)
    return digest.hexdigest()[:30]


class _Reading(msgspec.Struct):
    """The work of reading documents: in a worker, or here."""

    settings: Settings
    memory: Memory
    todo: Sequence[DocumentFile]
    names: str

    def __call__(self, numbers: range, begins: Callable[[int], None]) -> bytes:
        reader = Reader(self.settings)
        answers: list[_Read] = []
        parsed: list[tuple[int, Record, str]] = []
        for number in numbers:
            begins(number)
            found = self.todo[number]
            problems: list[Problem] = []
            data = read_bytes(found, problems)
            if data is None:
                unread = Record("", None, tuple(problems))
                answers.append(_Read("", _encode(unread)))
                continue
            start = time.perf_counter()
            digest = digest_of(data)
            if self.memory.record(found.path, digest) is None:
                parsed.append((len(answers), *reader.read(found, data, digest)))
            answers.append(_Read(digest, seconds=time.perf_counter() - start))
        self._render(reader, parsed, answers, numbers, begins)
        return msgspec.msgpack.encode(answers)

    def _render(
        self,
        reader: Reader,
        parsed: list[tuple[int, Record, str]],
        answers: list[_Read],
        numbers: range,
        begins: Callable[[int], None],
    ) -> None:
        """Render the bodies that the store does not have yet."""
        names = {
            place: body_name(self.names, record.entry, text)
            for place, record, text in parsed
            if record.entry is not None
        }
        stored = self.memory.bodies.get(names.values())
        new: list[tuple[str, Body]] = []
        for place, record, text in parsed:
            begins(numbers[place])
            start = time.perf_counter()
            name = names.get(place, "")
            body, whole = stored.get(name), record
            if body is None:
                whole, body = reader.render(record, text)
                new += [(name, body)] if body is not None else []
            answers[place].record = _encode(_with_body(whole, name, body))
            answers[place].seconds += time.perf_counter() - start
        self.memory.bodies.put(new)


def _tell_facts(assets: Sequence[Asset], memory: Memory, jobs: Jobs) -> None:
    """Give each asset its facts, as far as its bytes are not known already by reading them."""
    unknown = []
    for asset in assets:
        facts = memory.facts(asset)
        if facts is None:
            unknown.append(asset)
        else:
            asset.remember(facts)

    def work(numbers: range, begins: Callable[[int], None]) -> bytes:
        found = []
        for number in numbers:
            begins(number)
            found.append(unknown[number].facts)
        return msgspec.msgpack.encode(found)

    decoder = msgspec.msgpack.Decoder(list[Facts])
    answers = run(work, len(unknown), jobs(len(unknown)), lambda _: None)
    facts_of_all = (facts for answer in answers for facts in decoder.decode(answer))
    for asset, facts in zip(unknown, facts_of_all, strict=True):
        asset.remember(facts)
