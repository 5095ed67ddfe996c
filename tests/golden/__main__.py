"""``python -m tests.golden --write`` draws all golden files anew; without ``--write`` it names those that differ."""

from __future__ import annotations

import sys

from tests.golden.drawing import DRAWINGS, golden
from tests.golden.messages import MESSAGES


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
    return 0 if "--write" in arguments else min(differing, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
