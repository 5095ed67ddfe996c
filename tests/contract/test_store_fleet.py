"""What several workers ask of one store: who is due, and one of them for themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.model import UNSAVED, Feed

if TYPE_CHECKING:
    from bot.store.port import Store

NOW = datetime(2024, 6, 18, tzinfo=UTC)


def feed(name: str, *, due: datetime, baselined: bool = True) -> Feed:
    return Feed(UNSAVED, f"https://{name}.example/", name, due, shared=True, baselined=baselined)


async def test_feeds_without_a_first_answer_come_first_then_the_longest_overdue(store: Store) -> None:
    late = await store.add_feed(feed("late", due=NOW - timedelta(hours=1)))
    new = await store.add_feed(feed("new", due=NOW, baselined=False))
    later = await store.add_feed(feed("later", due=NOW - timedelta(minutes=1)))
    await store.add_feed(feed("future", due=NOW + timedelta(seconds=1)))
    in_order = (new.id, late.id, later.id)
    assert await store.due_feeds(now=NOW, limit=10) == in_order
    assert await store.due_feeds(now=NOW, limit=2) == in_order[:2]
    assert tuple(one.id for one in await store.claim_due_feeds(now=NOW, lease_s=9, limit=10)) == in_order


async def test_a_feed_is_given_to_one_until_its_lease_ends(store: Store) -> None:
    known = await store.add_feed(feed("one", due=NOW))
    claimed = await store.claim_feed(known.id, now=NOW, lease_s=60)
    assert claimed is not None
    assert claimed.id == known.id
    assert await store.claim_feed(known.id, now=NOW, lease_s=60) is None
    assert await store.due_feeds(now=NOW, limit=10) == ()
    assert await store.claim_feed(known.id, now=NOW + timedelta(seconds=60), lease_s=60) is not None


async def test_a_feed_that_is_not_due_or_not_there_is_not_given(store: Store) -> None:
    known = await store.add_feed(feed("one", due=NOW + timedelta(seconds=1)))
    assert await store.claim_feed(known.id, now=NOW, lease_s=60) is None
    assert await store.claim_feed(known.id + 1, now=NOW, lease_s=60) is None
