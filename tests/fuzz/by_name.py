"""Attacks on a target by its name, for other processes: those cannot ask the module that was started for a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz.measured import Tally, attack, flood
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from tests.fuzz.targets import Target


def target_of(name: str) -> Target:
    """The target of that name."""
    return next(target for target in TARGETS if target.name == name)


def attack_by_name(name: str, runs: int, seed: int) -> Tally:
    """As ``attack``."""
    return attack(target_of(name), runs=runs, seed=seed)


def flood_by_name(name: str) -> Tally:
    """As ``flood``."""
    return flood(target_of(name))
