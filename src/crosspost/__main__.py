"""`python -m crosspost`."""

from crosspost.cli import run

run(prog_name="crosspost")
