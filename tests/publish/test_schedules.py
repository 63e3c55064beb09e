"""Whatever is done to publishing, wherever it is killed: each message is there once and whole."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schedules import Schedules

SOAK = settings.get_current_profile_name() == "soak"


@pytest.mark.hypothesis
@pytest.mark.slow
def test_after_any_schedule_each_message_is_there_once_and_whole(new_world):
    class Machine(Schedules):
        def new_world(self, profile, backend):
            return new_world(profile, backend)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=100_000 if SOAK else 3,
            stateful_step_count=20 if SOAK else 12,
            phases=[Phase.generate],  # played on a server: to make one smaller takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
