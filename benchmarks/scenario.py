"""What happens to a site between two builds, and what the pages must hold after the second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from corpus import Post, make_post, with_body_changed, with_title_changed
from town import Town, Unfair

Words = dict[str, str]
"""What must be read on pages of the output, by their paths."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`prepare` is run before each build, is told which turn it is, and is not counted.

    It returns what the build must show. `cold`: nothing is left of earlier builds.
    """

    name: str
    title: str
    prepare: Callable[[Town, int], Words]
    cold: bool = False

    def check(self, town: Town, expected: Words) -> None:
        """Raise `Unfair` unless the pages hold the middle post and what a change has changed."""
        for path, words in {town.middle.page: town.middle.title, **expected}.items():
            if words not in town.page(path):
                raise Unfair(
                    f"{town.tool.name} did not make {path} again ({self.title}): "
                    f"it does not hold {words!r}."
                )


def _empty(town: Town, _turn: int) -> Words:
    town.empty()
    return {}


def _nothing(_town: Town, _turn: int) -> Words:
    return {}


def _body(town: Town, turn: int) -> Words:
    changed = with_body_changed(town.middle, turn)
    town.write(changed)
    return {changed.page: changed.body.rstrip("\n").rpartition("\n")[2]}


def _title(town: Town, turn: int) -> Words:
    changed = with_title_changed(town.middle, turn)
    town.write(changed)
    return {post.page: changed.title for post in (changed, *_neighbours(town))}


def _template(town: Town, turn: int) -> Words:
    words = f"Gabarit numéro {turn}."
    town.change_template(words)
    return dict.fromkeys(("index.html", town.middle.page), words)


def _checkout(town: Town, _turn: int) -> Words:
    town.check_out(with_output=True)
    return {}


def _checkout_without_output(town: Town, _turn: int) -> Words:
    town.check_out(with_output=False)
    return {}


def _neighbours(town: Town) -> list[Post]:
    """Return the posts beside the middle one: their pages show its title."""
    numbers = (town.middle.number - 1, town.middle.number + 1)
    return [make_post(number) for number in numbers if 0 <= number < town.posts]


SCENARIOS = (
    Scenario("cold", "cold", _empty, cold=True),
    Scenario("same", "nothing changed", _nothing),
    Scenario("body", "one body changed", _body),
    Scenario("title", "a title changed", _title),
    Scenario("template", "the base template changed", _template),
    Scenario("restored", "fresh checkout, output and cache restored", _checkout),
    Scenario("restored-cache", "fresh checkout, cache alone restored", _checkout_without_output),
)
GROWING = ("cold", "same")
"""The scenarios that say how costs grow with the number of posts."""
