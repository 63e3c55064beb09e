"""What stands in output/, by what the disk says of it."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence

import msgspec

from crosspost.build.signatures import Signature, looks_of, name_of_looks


class Standing(msgspec.Struct, frozen=True):
    """Files of output/ and their signatures, in one order: four numbers for each."""

    paths: Sequence[str]
    looks: array[int]

    @classmethod
    def of(cls, paths: Sequence[str], signatures: Sequence[Signature | None]) -> Standing:
        """Return what stands there by what the disk has just said of these files."""
        return cls(paths, looks_of(signatures))

    @property
    def name(self) -> str:
        """The hash of all signatures."""
        return name_of_looks(self.looks)

    def amended(self, fresh: Mapping[str, Signature | None], gone: Collection[str]) -> Standing:
        """Return what stands there after these files were written and those removed."""
        paths, looks = list(self.paths), array("q", self.looks)
        place = {path: number for number, path in enumerate(paths)}
        for path in fresh.keys() & place.keys():
            number = place[path]
            looks[4 * number : 4 * number + 4] = looks_of([fresh[path]])
        new = [path for path in fresh if path not in place]
        paths += new
        looks += looks_of(fresh[path] for path in new)
        if gone:
            kept = [number for number, path in enumerate(paths) if path not in gone]
            looks = array("q", [one for n in kept for one in looks[4 * n : 4 * n + 4]])
            paths = [paths[number] for number in kept]
        return Standing(paths, looks)
