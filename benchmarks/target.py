"""What crosspost's builds should cost at most. A target that is missed fails nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from bench import Samples

TOWN = (1_000, 10**9)
"""From so many posts on, ratios to other tools have a target: with fewer, the start counts most."""
STATED_FOR = (10_000, 2)
"""Posts and processor cores that the targets were stated for."""
GROWTH = 1.1
"""How much more than its share of posts a larger town may cost: four times the posts, 4.4."""
GROWTH_FROM = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """The most that a median may be: of `of`'s, or seconds where that is none.

    `measure` is "wall", "processor" or "peak memory". `aim` is better than enough. `sizes` are the
    least and the most posts that it is for.
    """

    most: float
    of: str | None = "hugo"
    measure: str = "wall"
    aim: float | None = None
    sizes: tuple[int, int] = TOWN


_ALWAYS = {
    "cold": (
        Target(0.3, of="pelican"),
        Target(0.5, measure="peak memory"),
        Target(1.0, of=None, sizes=(1, 100)),
    ),
    "same": (Target(0.05), Target(0.4, of=None, measure="processor", sizes=(1_000, 10_000))),
    "body": (Target(0.08),),
    "title": (Target(0.15),),
    "template": (Target(0.6),),
    "restored": (Target(0.15),),
}
_FLAVOURS = {"crosspost": Target(1.5, aim=1.0), "crosspost-gfm": Target(0.7, aim=0.4)}


def targets(scenario: str, tool: str, posts: int) -> list[Target]:
    """Return the targets of a tool in a scenario, by their names, with so many posts."""
    if tool not in _FLAVOURS:
        return []
    first = [_FLAVOURS[tool]] if scenario == "cold" else []
    found = [*first, *_ALWAYS.get(scenario, ())]
    return [target for target in found if target.sizes[0] <= posts <= target.sizes[1]]


def growth_target(tool: str, fewer: int, more: int) -> float | None:
    """Return how many times the cost of `fewer` posts that of `more` may be."""
    if tool not in _FLAVOURS or fewer < GROWTH_FROM:
        return None
    return GROWTH * more / fewer


def judge(target: Target, tool: str, by_tool: Mapping[str, Samples]) -> str | None:
    """Say what a target is and whether it is met; none where that was not measured."""
    own = middle(by_tool[tool], target.measure)
    whole: float | None = 1.0
    if target.of is not None:
        whole = middle(by_tool[target.of], target.measure) if target.of in by_tool else None
    if own is None or not whole:
        return None
    ratio = own / whole
    unit = "s" if target.of is None else f"× {target.of.capitalize()}"
    said = (
        f"{target.measure} {ratio:.3f}, at most {target.most:g} {unit}: {met(ratio, target.most)}"
    )
    if target.aim is not None:
        said += f" (aim {target.aim:g}: {met(ratio, target.aim)})"
    return said


def met(value: float, most: float) -> str:
    """Say whether a value is within its limit."""
    return "met" if value <= most else "**missed**"


def middle(samples: Samples, measure: str) -> float | None:
    """Return the median of a measure, in seconds or bytes; none where it was not taken."""
    if measure == "peak memory":
        return median(samples.peaks) if samples.peaks else None
    values: list[float] = [getattr(cost, measure) for cost in samples.costs]
    return median(values)
