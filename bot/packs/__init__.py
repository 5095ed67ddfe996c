"""Curated lists of feeds, an OPML file a pack: data files that a newcomer can edit, and the reader of them.

A pack is offered under its file's name. The addresses are the publishers' own, as they give them on their sites; one
that stops working shows as failing in /feeds. Must not fetch or store.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from bot.feeds.opml import read_opml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import FeedList

NAMES: Final = (
    "world",
    "korea",
    "russia-ukraine",
    "middle-east",
    "asia-pacific",
    "security",
    "cyber",
    "economy",
    "health",
)
"""The packs, in the order in which they are offered."""


@cache
def packs() -> Mapping[str, FeedList]:
    """Every pack by its name, in the order in which they are offered."""
    folder = resources.files(__name__)
    return {name: read_opml(folder.joinpath(f"{name}.opml").read_bytes()) for name in NAMES}
