from __future__ import annotations

import numpy as np
import pytest

from bot.stories.encoder import encoded_text, quantise
from tests.stories.build import an_entry


def test_a_vector_keeps_its_direction() -> None:
    values = np.sin(np.arange(512.0))
    kept = np.frombuffer(quantise(values.tolist()), dtype=np.int8).astype(float)
    assert len(kept) == 512
    assert values @ kept / np.linalg.norm(values) / np.linalg.norm(kept) > 0.999


@pytest.mark.parametrize("values", [pytest.param([], id="none"), pytest.param([0.0, 0.0], id="zeros")])
def test_no_direction_is_no_vector(values: list[float]) -> None:
    assert quantise(values) == b""


def test_a_title_and_the_lead_are_read() -> None:
    read = encoded_text(an_entry(1, "Treaty signed", "x" * 5000))
    assert read.startswith("Treaty signed\nxxx")
    assert len(read) == 300
    assert encoded_text(an_entry(1, "")) == ""
