"""A story with one earlier link, as the pipeline would have stored it, and its alert sent to a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.model import (
    UNSAVED,
    Action,
    Alert,
    BackstoryLink,
    DeliveryState,
    Entry,
    Evidence,
    Feed,
    Fingerprint,
    IngestPlan,
    Match,
    MessageRef,
    NewDelivery,
    NewEntry,
    Poll,
    Story,
)
from bot.store.port import Outcome

if TYPE_CHECKING:
    from bot.model import Address, Chat, Topic
    from bot.store.port import NextIds, Store

NOW = datetime(2024, 6, 20, 12, 0, tzinfo=UTC)
PAST = datetime(2023, 9, 13, 8, 0, tzinfo=UTC)
SCORE = 0.62

_NO_FINGERPRINT = Fingerprint({}, frozenset(), {}, frozenset(), frozenset(), frozenset(), (), ())
_EVIDENCE = (
    Evidence("dprk", "North Korea", "lead", "North Korea sent arms to Russia."),
    Evidence("russia", "Russia", "lead", "North Korea sent arms to Russia."),
    Evidence("arms", "Arms", "title", "Arms shipped to Russia"),
)


@dataclass(frozen=True)
class ToldStory:
    """A story that a chat was alerted of, the one that it continues, and the message that told it."""

    story: Story
    past: Story
    ref: MessageRef


async def tell_story(
    store: Store,
    chat: Chat,
    topic: Topic,
    *,
    relevant: bool = True,
    outcome: Outcome | None = None,
    at: Address | None = None,
) -> ToldStory:
    """Store it, deliver it (or let that end in ``outcome``), and say under which message the chat got it, ``at``."""
    feed = await store.add_feed(Feed(UNSAVED, "https://outlet.example/feed", "Outlet", NOW, shared=True))
    async with store.ingest() as unit:
        ids = await unit.next_ids()
        past = _story(ids, 0, "Kim meets Putin", PAST)
        story = _story(ids, 1, "Arms shipped to Russia", NOW - timedelta(hours=1))
        alert = _alert(ids, story)
        await unit.apply(
            IngestPlan(
                poll=Poll(feed.id, NOW, NOW + timedelta(minutes=15), 900),
                entries=(_entry(feed, past), _entry(feed, story)),
                matches=(Match(story.first_entry_id, topic.id, SCORE, relevant=relevant, evidence=_EVIDENCE),),
                stories=(past, story),
                members=((past.id, past.first_entry_id), (story.id, story.first_entry_id)),
                links=(_link(story, past),),
                alerts=(alert,),
                deliveries=(NewDelivery(chat.id, alert.id, story.id, Action.ALERT, (topic.name,), NOW),),
            )
        )
    ref = MessageRef(at or chat.address, f"m{story.id}")
    claimed = await store.claim_deliveries(now=NOW, lease_s=60, limit=50, platforms=[chat.address.platform])
    mine = next(claim.delivery for claim in claimed if claim.delivery.story_id == story.id)
    assert await store.finish_delivery(mine, outcome or Outcome(DeliveryState.SENT, ref=ref, at=NOW))
    return ToldStory(story, past, ref)


def _story(ids: NextIds, number: int, headline: str, at: datetime) -> Story:
    story_id = ids.story + number
    return Story(
        id=story_id,
        first_entry_id=ids.entry + number,
        headline=headline,
        url=f"https://outlet.example/{story_id}",
        source="Outlet",
        lang="en",
        started_at=at,
        updated_at=at,
        entry_count=1,
        outlets=("Outlet",),
        summary="",
    )


def _entry(feed: Feed, story: Story) -> NewEntry:
    entry = Entry(
        id=story.first_entry_id,
        feed_id=feed.id,
        guid=f"guid-{story.id}",
        url=story.url,
        title=story.headline,
        text="North Korea sent arms to Russia. More text.",
        lang="en",
        source="Outlet",
        first_seen_at=story.started_at,
        published_at=story.started_at,
    )
    return NewEntry(entry, (f"key-{story.id}",), _NO_FINGERPRINT, ())


def _link(story: Story, past: Story) -> BackstoryLink:
    return BackstoryLink(
        story_id=story.id,
        entry_id=past.first_entry_id,
        past_story_id=past.id,
        rank=1,
        score=0.8,
        why="They spoke of arms.",
        at=past.started_at,
        headline=past.headline,
        url=past.url,
        source="Outlet",
    )


def _alert(ids: NextIds, story: Story) -> Alert:
    return Alert(
        id=ids.alert,
        story_id=story.id,
        entry_id=story.first_entry_id,
        action=Action.ALERT,
        created_at=NOW,
        headline=story.headline,
        url=story.url,
        source="Outlet",
        at=story.started_at,
        summary="",
    )
