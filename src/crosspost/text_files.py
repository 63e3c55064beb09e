"""Text files as people save them: UTF-8 with or without a mark, with any line ends."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

from crosspost.errors import Problem


def read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    """Read a file as UTF-8 with any line ends, or report why it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        advice = "Run `crosspost init DIR` for a new site, or give its folder with -C DIR."
        problems.append(Problem(name, 0, 0, "missing-file", f"there is no such file. {advice}"))
        return None
    except OSError as error:
        problems.append(Problem(name, 0, 0, "unreadable", f"cannot be read: {error.strerror}."))
        return None
    return decode_text(data, name, problems)


def decode_text(data: bytes, name: str, problems: list[Problem]) -> str | None:
    """Decode UTF-8, drop a byte order mark, and give every line one kind of end."""
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = "this is UTF-16: save the file as UTF-8." if utf16 else "this is not a text file."
        problems.append(Problem(name, line, 1, "not-utf8" if utf16 else "not-text", what))
        return None
    try:
        # Python's own `utf-8-sig` is not written in C.
        text = data.decode("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - before.rfind(b"\n")
        problems.append(
            Problem(
                name,
                line,
                column,
                "not-utf8",
                f"byte 0x{data[error.start]:02x} is not UTF-8 (it may be Latin-1 or "
                "Windows-1252): save the file as UTF-8.",
            )
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
