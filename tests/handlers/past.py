"""Past coverage for a house: taken in by the real pipeline, silently, as an import would."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import UNSAVED, Feed, ParsedEntry
from bot.workers.pipeline import Options, Pipeline
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from tests.handlers.house import House

SITE = "https://harbour.example"
SHELLS = "North Korea ships artillery shells to Russia"
FISH = "Seoul and Moscow agree on pollock quotas"
PARADE = "Kim Jong Un and Putin discuss weapons in Moscow"


async def past(house: House, *titles: str, feed: str = f"{SITE}/rss", shared: bool = True, silent: bool = True) -> Feed:
    """One entry a title, the first the newest, a day apart; the address is the site and the title's place."""
    store = house.desk.store
    known = await store.add_feed(Feed(UNSAVED, feed, "Harbour Wire", NOW, shared=shared))
    root = feed.rpartition("/")[0]
    rows = [
        ParsedEntry(
            guid=f"{root}/{place}",
            url=f"{root}/{place}",
            title=title,
            body=f"{title}. Officials told reporters so.",
            published_at=NOW - timedelta(days=place, hours=1),
        )
        for place, title in enumerate(titles)
    ]
    await Pipeline(store, house.desk.lexicon).ingest(known, rows, now=NOW, options=Options(silent=silent))
    return known
