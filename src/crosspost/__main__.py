"""The command `crosspost`, and `python -m crosspost`."""

import gc
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line."""
    gc.disable()  # what is imported lives as long as the process: until then nothing is garbage
    from crosspost.cli import run as command_line

    command_line()


if __name__ == "__main__":
    run()
