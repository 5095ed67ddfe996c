"""The promises, looked after all along: each message when it arrives, each plan when it is made, the rest at the end.

Knows nothing of how the bot works: only what happened, who wished to hear of it, what arrived, and which crashes and
time-outs excuse a repeat.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.alerts.decide import DEVELOPMENT_AFTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.model import IngestPlan
    from tests.simulation.chats import Arrived, Platforms
    from tests.simulation.outlets import Event
    from tests.simulation.people import Person

_OWN_WORD: Final = re.compile(r"\b[A-Z][a-z]+\d+\b")
"""How the word looks that only one event has."""


@dataclass
class _Heard:
    """What one chat was told: events by their word, and how often without a mark."""

    words: set[str] = field(default_factory=set)
    unmarked: Counter[str] = field(default_factory=Counter)
    deliveries: set[int] = field(default_factory=set)
    last_delivery: int = 0
    marked: int = 0


@dataclass(frozen=True, slots=True)
class _Stored:
    """When an event was stored, counted in plans, and how the bot dated it."""

    turn: int
    at: datetime


@dataclass
class Watch:
    """Remembers and compares. ``violations`` says what was broken, and when; ``truth`` is the world's clock."""

    seed: int
    events: dict[str, Event]
    truth: Callable[[], datetime]
    violations: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    lags_s: list[float] = field(default_factory=list)
    _people: dict[str, Person] = field(default_factory=dict)
    _stored: dict[str, _Stored] = field(default_factory=dict)
    _heard: defaultdict[str, _Heard] = field(default_factory=lambda: defaultdict(_Heard))

    def know(self, person: Person) -> None:
        """Somebody whose chat is to be looked after."""
        self._people[person.name] = person

    def arrived(self, platform: Platforms, message: Arrived) -> None:
        """A message that a chat truly got: who may hear it, a repeat that has no excuse, one out of order."""
        heard = self._heard[message.chat]
        heard.words.update(_OWN_WORD.findall(message.text))
        self.figures["messages"] += 1
        if message.edits is not None:
            return
        if message.marked:
            self._repeated(platform, message, heard)
        else:
            self._told(message, heard)
        if platform.readable:
            words = f"{message.chat}: repeated although it could be looked up"
            self.expect(message.delivery_id not in heard.deliveries, words)
        if message.delivery_id is not None:
            heard.deliveries.add(message.delivery_id)

    def planned(self, plan: IngestPlan) -> None:
        """What one poll leads to: no story continues what came after it."""
        self.figures["plans"] += 1
        for new in plan.entries:
            for word in _OWN_WORD.findall(new.entry.title):
                first = self._stored.get(word)
                if first is None or first.at > new.entry.at:
                    self._stored[word] = _Stored(self.figures["plans"], new.entry.at)
        began = {story.id: story.started_at for story in plan.stories}
        for link in plan.links:
            if link.story_id in began:
                self.figures["backlinks"] += 1
                self.expect(link.at <= began[link.story_id], f"a link of story {link.story_id} leads to the future")

    def too_soon(self, who: str) -> None:
        """Somebody was asked again before the time that he had named."""
        self.expect(False, f"{who} was asked before Retry-After was over")  # noqa: FBT003 - a condition

    def must_have_heard(self, person: Person, listed: Iterable[str]) -> None:
        """Each event that was wished for was told, or is listed by /missed."""
        known = self._heard[person.name].words.union(*(_OWN_WORD.findall(headline) for headline in listed))
        for one in self.events.values():
            if person.must_hear(one.subject, one.at, self.truth()) and self._is_news(one):
                self.figures["events due"] += 1
                self.expect(one.word in known, f"{person.name} was never told of {one.word} ({one.headline})")

    def _is_news(self, one: Event) -> bool:
        """Whether an event must be told by itself: not where its development came first, nor one that came too soon."""
        mine = self._stored.get(one.word)
        later = next((each.word for each in self.events.values() if each.goes_on == one.word), None)
        if later in self._stored and mine is not None and self._stored[later].turn < mine.turn:
            return False
        began = self._stored.get(one.goes_on) if one.goes_on else None
        if began is None or mine is None:
            return True
        is_news = began.turn < mine.turn and mine.at - began.at >= DEVELOPMENT_AFTER
        self.figures["developments due"] += is_news
        return is_news

    def expect(self, holds: bool, words: str) -> None:  # noqa: FBT001 - a condition
        """Note what was broken, and when."""
        if not holds:
            self.violations.append(f"seed {self.seed}, {self.truth():%d %b %H:%M}: {words}")

    def _repeated(self, platform: Platforms, message: Arrived, heard: _Heard) -> None:
        heard.marked += 1
        self.figures["marked repeats"] += 1
        doubts = platform.doubts[message.chat]
        words = f"{message.chat}: {heard.marked} marked repeats, {doubts} crashes and time-outs"
        self.expect(heard.marked <= doubts, words)

    def _told(self, message: Arrived, heard: _Heard) -> None:
        person = self._people[message.chat]
        head = message.text.partition("Earlier")[0]
        for word in dict.fromkeys(_OWN_WORD.findall(head)):
            one = self.events.get(word)
            if one is None or one.headline not in head:
                continue
            heard.unmarked[word] += 1
            self.expect(heard.unmarked[word] == 1, f"{message.chat}: told again of {word}, which was seen, unmarked")
            self.expect(person.may_hear(one.subject, one.at), f"{message.chat}: told of {word} unasked")
            if not person.held:
                self.lags_s.append((message.at - one.at).total_seconds())
        if message.delivery_id is not None:
            # What was held comes later than what was not, and that is what holding is for.
            ordered = person.held or message.delivery_id > heard.last_delivery
            self.expect(ordered, f"{message.chat}: {message.delivery_id} came after {heard.last_delivery}")
            heard.last_delivery = max(heard.last_delivery, message.delivery_id)
