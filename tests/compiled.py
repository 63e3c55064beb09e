"""What Jinja made of a template, kept by its name and its text: here are a thousand builds of it.

Every build compiles its theme, and every test has its theme in a folder of its own. The folder is
no part of what is compiled, but where tracebacks look: it is put in when the code is taken out.
"""

from __future__ import annotations

import marshal
import os
from contextlib import suppress
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from crosspost.render.templates import Templates


class Compiled(BytecodeCache):
    """Code by name and text, in this process, and in a folder if processes that it forks add to it.

    Whoever may not read or write the folder compiles.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._codes: dict[str, CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the file that the code is to have; the name is in the checksum."""
        return filename or name

    def get_bucket(self, environment, name, filename, source) -> Bucket:
        """Find the code of a template, as if it had been compiled where this one is."""
        bucket = Bucket(environment, self.get_cache_key(name, filename), "")
        bucket.checksum = self.get_source_checksum(f"{name}\n{source}")
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code out."""
        code = self._codes.get(bucket.checksum)
        if code is None and self._folder is not None:
            with suppress(OSError):
                code = marshal.loads((self._folder / bucket.checksum).read_bytes())
                self._codes[bucket.checksum] = code
        bucket.code = code and _moved(code, bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put the code in: a file is there whole, or not at all."""
        assert bucket.code is not None
        self._codes[bucket.checksum] = bucket.code
        if self._folder is not None:
            unfinished = self._folder / f"{bucket.checksum}.{os.getpid()}"
            with suppress(OSError):
                unfinished.write_bytes(marshal.dumps(bucket.code))
                unfinished.replace(self._folder / bucket.checksum)

    def use(self) -> None:
        """Give this to all templates of this process."""
        begin = Templates.__init__

        def begun(templates, *arguments, **options) -> None:
            begin(templates, *arguments, **options)
            templates._environment.bytecode_cache = self

        Templates.__init__ = begun


def _moved(code: CodeType, file: str) -> CodeType:
    """Return code, and all code in it, as that of another file."""
    if code.co_filename == file:
        return code
    inner = (_moved(one, file) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=file, co_consts=tuple(inner))
