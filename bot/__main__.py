"""``python -m bot`` and the console script ``backstory``."""

from __future__ import annotations

import sys

from bot.cli import run

MIN_PYTHON = (3, 11)


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
