"""The evaluation data beside the project: read it from there, never copy it in."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(*parts: str) -> Path:
    """A path below the shared folder; skips the test, naming the reason, where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"evaluation data is not beside the project: shared/{'/'.join(parts)}")
    return path
