"""``python -m tests.golden --write`` draws all golden files anew; without ``--write`` it names those that differ."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.drawing import DRAWINGS, golden
from tests.golden.messages import MESSAGES
from tests.golden.scenario import SEATS, kept, transcript


def main(arguments: list[str]) -> int:
    differing = 0
    for name, message in MESSAGES.items():
        for kind, draw in DRAWINGS.items():
            path, drawn = golden(name, kind), draw(message)
            if path.exists() and path.read_text(encoding="utf-8") == drawn:
                continue
            differing += 1
            sys.stdout.write(f"{path.name}\n")
            if "--write" in arguments:
                path.write_text(drawn, encoding="utf-8")
    differing += asyncio.run(first_days(write="--write" in arguments))
    return 0 if "--write" in arguments else min(differing, 1)


async def first_days(*, write: bool) -> int:
    """Play the first day on each platform; how many transcripts differ from those that are kept."""
    differing = 0
    for platform in SEATS:
        path = kept(platform)
        with TemporaryDirectory() as folder:
            played = await transcript(platform, Path(folder))
        if not path.exists() or path.read_text(encoding="utf-8") != played:
            differing += 1
            sys.stdout.write(f"{path.name}\n")
            if write:
                path.write_text(played, encoding="utf-8")
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
