"""How hypothesis works here: no test measures time, and each run tries the same examples.

`make soak` tries others, and many more.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", settings.get_profile("steady"), derandomize=False, max_examples=2000
)
settings.load_profile("steady")
