"""What people in the chats do during a simulated day: mute, take digests, sleep, drop topics and take up new ones.

Keeps for each chat since when it wished for which subject, so that it can be asked what it must have been told. A
command is carried out as a handler would: by calls of the store, each of which may fail or be the process' last.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.alerts import timing
from bot.model import UNSAVED, Address, Hold, Subscription, Topic
from bot.preferences import Every, Mute, MuteKind, QuietHours, Rhythm

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from bot.store.port import Store
    from tests.simulation.chats import Platforms

GRACE: Final = timedelta(hours=48)
"""How long a wish must last after an event for its not being told to be a fault: the longest back-off, and more."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass
class Wish:
    """A chat's interest in a subject.

    ``ended_at`` is set when it is given up, or when the chat went away: nobody can rely on it any more. ``over_at`` is
    set once the store has taken that: nobody is to hear of what happens later.
    """

    subject: str
    since: datetime
    ended_at: datetime | None = None
    over_at: datetime | None = None


@dataclass
class Person:
    """A chat and who sits in it. ``held`` is True once anything may have been held for it."""

    chat_id: int
    name: str
    platform: Platforms
    wishes: list[Wish] = field(default_factory=list)
    held: bool = False

    @property
    def address(self) -> Address:
        """Where the chat is now."""
        return self.platform.address(self.name)

    def must_hear(self, subject: str, at: datetime, end: datetime) -> bool:
        """Whether the chat wished for it then, and for long enough after."""
        return any(
            one.subject == subject and one.since <= at and (one.ended_at is None or one.ended_at > min(end, at + GRACE))
            for one in self.wishes
        )

    def may_hear(self, subject: str, at: datetime) -> bool:
        """Whether the chat wished for it at some time since then."""
        return any(one.subject == subject and (one.over_at is None or one.over_at > at) for one in self.wishes)

    def end_wishes(self, now: datetime, subject: str | None = None) -> None:
        """Nothing from now on must be told of a subject, or of any."""
        for wish in self.wishes:
            if wish.ended_at is None and subject in (None, wish.subject):
                wish.ended_at = now

    def over(self, now: datetime, subject: str) -> None:
        """The store knows that nothing more is wanted of a subject."""
        for wish in self.wishes:
            if wish.subject == subject and wish.over_at is None:
                wish.over_at = now


@dataclass
class People:
    """Everybody. ``act`` lets one of them do something. ``now`` is the bot's clock, ``truth`` the world's."""

    everybody: list[Person]
    random: Random
    now: Callable[[], datetime]
    truth: Callable[[], datetime]
    subjects: int

    async def act(self, store: Store) -> str:
        """Somebody does something; returns what. Raises what the store raises."""
        person = self.random.choice(self.everybody)
        if person.name in person.platform.blocked:
            return await self._come_back(store, person)
        actions = (
            self._mute,
            self._unmute,
            self._digest,
            self._quiet,
            self._drop,
            self._take_up,
            self._block,
            self._move,
        )
        return await self.random.choice(actions)(store, person)

    async def return_all(self, store: Store) -> None:
        """Everybody who went away comes back."""
        for person in self.everybody:
            if person.name in person.platform.blocked:
                await self._come_back(store, person)

    async def _mute(self, store: Store, person: Person) -> str:
        now = self.now()
        until = now + timedelta(minutes=self.random.randrange(10, 240))
        person.held = True
        await store.put_mute(Mute(UNSAVED, person.chat_id, MuteKind.ALL, "", until, now))
        return "mutes"

    async def _unmute(self, store: Store, person: Person) -> str:
        await store.remove_mutes(person.chat_id)
        await store.summon_held(person.chat_id, reasons=[Hold.MUTED], now=self.now())
        return "unmutes"

    async def _digest(self, store: Store, person: Person) -> str:
        rhythm = self.random.choice((Rhythm(), Rhythm(Every.HOURLY), Rhythm(Every.DAILY, time(7, 30))))
        await self._choose(store, person, digest=rhythm)
        return "digests chosen"

    async def _quiet(self, store: Store, person: Person) -> str:
        hours = self.random.choice((None, QuietHours(time(22), time(7)), QuietHours(time(13), time(14, 30))))
        await self._choose(store, person, quiet=hours)
        return "quiet hours chosen"

    async def _choose(self, store: Store, person: Person, **changes: object) -> None:
        person.held = True
        before, now = await store.settings_of(person.chat_id), self.now()
        settings = replace(before, **changes)  # type: ignore[arg-type]
        held_until = timing.releases(before, settings, now)
        await store.put_settings(person.chat_id, settings, held_until=held_until, now=now)

    async def _drop(self, store: Store, person: Person) -> str:
        topics = await store.topics_of(person.chat_id)
        if not topics:
            return "nothing to drop"
        topic = self.random.choice(topics)
        # Whether the store takes it or not: from now on nobody can rely on it.
        person.end_wishes(self.truth(), topic.query)
        if self.random.random() < 0.5:
            await store.unsubscribe(person.chat_id, topic.id)
            did = "topics paused"
        else:
            await store.remove_topic(topic.id)
            did = "topics removed"
        person.over(self.truth(), topic.query)
        return did

    async def _take_up(self, store: Store, person: Person) -> str:
        number, now = self.random.randrange(self.subjects), self.now()
        subject = f"subject{number}"
        wish = Wish(subject, _NEVER)  # it may be heard of from now on, and must be once it is stored
        person.wishes.append(wish)
        topic = await store.topic_named(person.chat_id, f"s{number}")
        if topic is None:
            topic = await store.add_topic(Topic(UNSAVED, person.chat_id, f"s{number}", subject, now))
        await store.subscribe(Subscription(person.chat_id, topic.id, now))
        wish.since = self.truth()
        return "topics added"

    async def _block(self, store: Store, person: Person) -> str:
        del store
        person.platform.blocked.add(person.name)
        person.end_wishes(self.truth())
        return "chats blocked"

    async def _come_back(self, store: Store, person: Person) -> str:
        person.platform.blocked.discard(person.name)
        # A word from the chat is what makes it active again.
        await store.chat_at(person.address, title="", now=self.now())
        for subscription in await store.subscriptions_of(person.chat_id):
            topics = {topic.id: topic.query for topic in await store.topics_of(person.chat_id)}
            person.wishes.append(Wish(topics[subscription.topic_id], self.truth()))
        return "chats back"

    async def _move(self, store: Store, person: Person) -> str:
        del store
        person.platform.moved.add(person.name)
        return "chats moved"
