"""``python -m bot`` and the console script ``backstory``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    # What is imported lives as long as the process. Looking through it for garbage again and again takes a fifth of the
    # start; ``loops`` turns collection on again.
    gc.disable()
    try:
        from bot.cli import run  # noqa: PLC0415 - this takes a moment, and Ctrl-C in it must end quietly, too

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
