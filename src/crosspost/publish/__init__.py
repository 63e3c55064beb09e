"""Publishing: a plan from the full state, carried out one recorded step at a time."""
