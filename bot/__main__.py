"""``python -m bot`` and the console script ``backstory``."""

from __future__ import annotations

import gc
import sys

from bot.cli import run

MIN_PYTHON = (3, 11)


def main() -> None:
    """Run the command line and leave with its exit status."""
    # What is imported lives as long as the process: to look through it for garbage again and again, as more comes, is
    # a fifth of the start. ``loops`` lets it be collected again.
    gc.disable()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
