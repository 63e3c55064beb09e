"""How hypothesis works here: no test measures time, and `make soak` tries more."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("steady"), max_examples=2000)
settings.load_profile("steady")
