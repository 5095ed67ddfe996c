"""One target under atheris: ``python -m tests.fuzz.guided TARGET CORPUS OPTIONS...``. Ends its process."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["bot", "handlers", "feedparser"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Set up and fuzz; never returns."""
    name, *options = sys.argv[1:]
    target = next(one for one in TARGETS if one.name == name)
    atheris.Setup([sys.argv[0], *options], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
