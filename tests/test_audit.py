"""What is made of an auditor's report."""

from __future__ import annotations

import json

import pytest

from tests.audit import verdict

FINE = {"name": "aiohttp", "version": "3.14", "vulns": []}
HOLED = {"name": "lxml", "version": "1.0", "vulns": [{"id": "PYSEC-2021-1", "fix_versions": ["1.1"], "aliases": []}]}
UNKNOWN = {"name": "yarl", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("report", "status", "says"),
    [
        pytest.param("", 0, "not asked", id="out of reach"),
        pytest.param("Traceback", 0, "not asked", id="it broke"),
        pytest.param(json.dumps({"dependencies": [FINE]}), 0, "none in 1 packages.", id="fine"),
        pytest.param(json.dumps({"dependencies": [FINE, UNKNOWN]}), 0, "of 1 the advisory", id="half known"),
        pytest.param(
            json.dumps({"dependencies": [HOLED, UNKNOWN]}), 1, "lxml 1.0: PYSEC-2021-1, mended in 1.1", id="hole"
        ),
    ],
)
def test_only_a_known_hole_fails(report: str, status: int, says: str) -> None:
    found, words = verdict(report)
    assert found == status
    assert says in words
