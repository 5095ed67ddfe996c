"""A newcomer's first day, from an empty store, as it is seen on each platform: compared with kept transcripts.

``python -m tests.golden --write`` plays it anew; look at the difference before you commit it. The doubles hold every
request against the platforms' own descriptions while it plays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.golden.scenario import SEATS, kept, transcript

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("platform", SEATS)
async def test_the_first_day_reads_as_kept(platform: str, tmp_path: Path) -> None:
    assert await transcript(platform, tmp_path) == kept(platform).read_text(encoding="utf-8")
