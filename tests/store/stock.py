"""Building blocks for tests that need a stocked store: short names, sensible values, times in minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.model import (
    UNSAVED,
    Action,
    Address,
    Alert,
    BackstoryLink,
    Chat,
    Delivery,
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
    Platform,
    Poll,
    Story,
    Subscription,
    Topic,
)
from bot.store.port import ClaimedDelivery, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.port import Store, StoreStatus

START = datetime(2024, 6, 19, 8, 30, 0, 123457, tzinfo=UTC)
LEASE_S = 60.0


def at(minutes: float) -> datetime:
    """A moment, counted in minutes from the start of the test."""
    return START + timedelta(minutes=minutes)


def fingerprint(*sentences: str) -> Fingerprint:
    """A fingerprint with something in every field."""
    return Fingerprint(
        terms={"kim": 2, "북한": 1},
        title_terms=frozenset({"kim"}),
        concepts={"dprk": 3},
        names=frozenset({"kim jong un"}),
        numbers=frozenset({"2024"}),
        dates=frozenset({"2024-06-19"}),
        shingles=(1, 2**63, 2**64 - 1),
        sentences=sentences or ("One.", "二。"),
    )


def new_entry(entry_id: int, *terms: str, keys: Sequence[str] = (), minutes: float = 0, **fields: object) -> NewEntry:
    """An entry to store, first seen at ``minutes``."""
    values: dict[str, Any] = {
        "feed_id": 1,
        "guid": f"guid-{entry_id}",
        "url": f"https://example.org/{entry_id}",
        "title": f"Title {entry_id}",
        "text": f"Text {entry_id}.",
        "lang": "en",
        "source": "Example",
        "first_seen_at": at(minutes),
        **fields,
    }
    return NewEntry(Entry(id=entry_id, **values), tuple(keys), fingerprint(), terms)


def story(story_id: int, first_entry_id: int, *, minutes: float = 0, **fields: object) -> Story:
    """A story, last updated at ``minutes``."""
    values: dict[str, Any] = {
        "headline": f"Headline {story_id}",
        "url": f"https://example.org/s{story_id}",
        "source": "Example",
        "lang": "en",
        "started_at": at(0),
        "updated_at": at(minutes),
        "entry_count": 1,
        "outlets": ("Example", "연합뉴스"),
        "summary": "It happened.",
        **fields,
    }
    return Story(story_id, first_entry_id, **values)


def link(story_id: int, rank: int, *, entry_id: int = 1) -> BackstoryLink:
    """A link to an earlier entry."""
    return BackstoryLink(
        story_id=story_id,
        entry_id=entry_id,
        past_story_id=None,
        rank=rank,
        score=0.75,
        why="Because.",
        at=at(-1000),
        headline="Earlier",
        url="https://example.org/earlier",
        source="Example",
    )


def alert(alert_id: int, story_id: int, entry_id: int | None = None, *, action: Action = Action.ALERT) -> Alert:
    """An alert with something in every field; an entry of the same number leads it, unless another is said."""
    return Alert(
        id=alert_id,
        story_id=story_id,
        entry_id=alert_id if entry_id is None else entry_id,
        action=action,
        created_at=at(0),
        headline=f"Alert {alert_id}",
        url="https://example.org/a",
        source="Example",
        at=at(-5),
        summary="It happened.",
        new=("a number: 17",),
        earlier=(link(story_id, 1),),
        others=("Yonhap",),
        why=("dprk: North Korea",),
    )


def match(entry_id: int, topic_id: int, *, score: float = 0.5, relevant: bool = True) -> Match:
    """A match with one piece of evidence."""
    evidence = (Evidence("dprk", "КНДР", "title", "КНДР заявила."),)
    return Match(entry_id, topic_id, score, relevant, evidence)


def poll(feed_id: int, *, minutes: float = 0, **fields: object) -> Poll:
    """A poll at ``minutes``; the next one is due a quarter of an hour later."""
    values: dict[str, Any] = {"next_poll_at": at(minutes + 15), "interval_s": 900, **fields}
    return Poll(feed_id, at(minutes), **values)


def message(number: int | str, *, chat: str = "1", platform: Platform = Platform.TELEGRAM) -> MessageRef:
    """A message that a platform took."""
    return MessageRef(Address(platform, chat), str(number))


class Stock:
    """A store with helpers that put things in and act as a sender."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def chat(self, name: str = "1", *, platform: Platform = Platform.TELEGRAM) -> Chat:
        """The chat at an address."""
        return await self.store.chat_at(Address(platform, name), title=f"Chat {name}", now=START)

    async def topic(self, chat: Chat | None, name: str = "Arms", *, subscribed: bool = True) -> Topic:
        """A topic of the chat (None: a shared one), subscribed to by its owner."""
        owner = chat.id if chat else None
        topic = await self.store.add_topic(Topic(UNSAVED, owner, name, "@dprk & @arms", at(0)))
        if chat and subscribed:
            await self.store.subscribe(Subscription(chat.id, topic.id, at(0)))
        return topic

    async def feed(self, name: str = "a", *, shared: bool = True, minutes: float = 0, **fields: Any) -> Feed:  # noqa: ANN401 - whatever a feed has
        """A feed that is due at ``minutes``."""
        url = f"https://feeds.example.org/{name}"
        return await self.store.add_feed(Feed(UNSAVED, url, f"Feed {name}", at(minutes), shared=shared, **fields))

    async def apply(self, plan: IngestPlan) -> None:
        """Ingest a plan."""
        async with self.store.ingest() as unit:
            await unit.apply(plan)

    async def told(self, *chats: Chat, story_id: int = 1, action: Action = Action.ALERT, minutes: float = 0) -> int:
        """Write an alert about a story to the outbox of these chats, the story too if it is new; returns its id.

        An edit is about the story's newest alert or update.
        """
        async with self.store.ingest() as unit:
            context = await unit.context(feed_id=1, topic_ids=(), story_ids=(story_id,))
            ids = await unit.next_ids()
            fresh = story_id not in context.stories
            said = [each for each in context.alerts.get(story_id, ()) if each.action is not Action.EDIT]
            led_by = said[-1].entry_id if said and action is Action.EDIT else None
            await unit.apply(
                IngestPlan(
                    stories=(story(story_id, ids.entry),) if fresh else (),
                    alerts=(alert(ids.alert, story_id, led_by, action=action),),
                    deliveries=tuple(
                        NewDelivery(chat.id, ids.alert, story_id, action, ("Arms",), at(minutes)) for chat in chats
                    ),
                )
            )
        return ids.alert

    async def claim(self, minutes: float = 0, *, limit: int = 50) -> tuple[ClaimedDelivery, ...]:
        """Claim what is due at ``minutes``."""
        platforms = (Platform.TELEGRAM, Platform.SLACK)
        return await self.store.claim_deliveries(now=at(minutes), lease_s=LEASE_S, limit=limit, platforms=platforms)

    async def begin(self, minutes: float = 0) -> ClaimedDelivery:
        """Claim the only delivery that is due, and begin it."""
        (claimed,) = await self.claim(minutes)
        assert await self.store.begin_delivery(claimed.delivery, now=at(minutes), lease_s=LEASE_S)
        return claimed

    async def send(self, minutes: float = 0) -> list[Delivery]:
        """Send all that is due, one a chat; each becomes the message with the delivery's number."""
        sent = []
        for claimed in await self.claim(minutes):
            one = claimed.delivery
            ref = claimed.target if one.action is Action.EDIT and claimed.target else message(one.id)
            assert await self.store.finish_delivery(one, Outcome(DeliveryState.SENT, ref=ref, at=at(minutes)))
            sent.append(one)
        return sent

    async def status(self, chat: Chat | None = None) -> StoreStatus:
        """Figures."""
        return await self.store.status(chat.id if chat else None)
