"""Whatever was done to a site before, its build is that of a fresh clone with one worker.

The history of edits, the number of workers, the order of folders, the time zone, the locale, the
hash seed, the umask, the working directory and the state of the cache must not show: not in a byte
of output/, not in the exit status, not in a message.
"""

from __future__ import annotations

import pytest
from builders import HOME, ODD
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from site_life import Build, Life
from site_machine import SiteMachine
from tour import TOUR


@pytest.mark.slow
def test_after_each_kind_of_step_a_build_is_that_of_a_fresh_clone(builders, jobs_known, tally):
    class Machine(SiteMachine):
        def new_life(self):
            return Life(builders, jobs_known, tally)

    machine = Machine()
    try:
        for how in (Build(drafts=True), Build(), Build(strict=True), Build(drafts=True), Build()):
            machine.life.compare(how)
        for number, (name, given) in enumerate(TOUR):
            how = Build(
                jobs=(None, 1, 3)[number % 3],
                where=ODD.name if number % 5 == 4 else HOME.name,
                many=2 * (number % 8 == 0),
            )
            try:
                getattr(machine, name)(then=how, **given)
            except AssertionError as error:
                error.add_note(f"after step {number} of the tour, {name}({given})")
                raise
    finally:
        machine.life.close()


def test_the_tour_has_every_step():
    steps = {
        name for name, one in vars(SiteMachine).items() if hasattr(one, "hypothesis_stateful_rule")
    }
    assert steps - {name for name, _ in TOUR} == set()


@pytest.mark.hypothesis
@pytest.mark.slow
def test_a_build_is_that_of_a_fresh_clone_whatever_happened_before(
    builders, jobs_known, tally, soak
):
    class Machine(SiteMachine):
        def new_life(self):
            return Life(builders, jobs_known, tally)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=100_000 if soak else 4,
            stateful_step_count=40 if soak else 12,
            phases=[Phase.generate, Phase.shrink, *[Phase.reuse] * soak],
            suppress_health_check=list(HealthCheck),
        ),
    )
