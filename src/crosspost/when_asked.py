"""Sequences and mappings whose values are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
N = TypeVar("N")


class Each(Sequence[T], Generic[N, T]):
    """What is made of each name, when it is asked for."""

    def __init__(self, names: Sequence[N], make: Callable[[N], T]) -> None:
        self._names = names
        self._make = make

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(map(self._make, self._names[place]))
        return self._make(self._names[place])

    def __len__(self) -> int:
        return len(self._names)


class Found(Mapping[str, T]):
    """What is made of each of some names, once, when it is asked for."""

    def __init__(self, names: Mapping[str, object] | frozenset[str], make: Callable[[str], T]):
        self._names = names
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        found = self._made.get(name)
        if found is None:
            if name not in self._names:
                raise KeyError(name)
            found = self._made[name] = self._make(name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
