"""The watched topics, compiled once and kept up with what changes in the store. Must not match anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import limits, logs
from bot.errors import QueryError
from bot.model import TopicChanges
from bot.together import Together
from bot.topics.match import Matcher
from bot.topics.own import compilable
from bot.topics.query import parse as parse_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Topic
    from bot.store.port import Store
    from bot.topics.lexicon import Lexicon

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """The watched topics, compiled. ``version`` is the store's, so that a change anywhere is noticed."""

    version: int
    topics: dict[int, Topic]
    matcher: Matcher


class Watches:
    """The watch as it is now; what changed since the last look is compiled, and nothing else."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self._store = store
        self._lexicon = lexicon
        self._watch = Watch(-1, {}, Matcher(lexicon, ()))
        self._settling: asyncio.Future[Watch] | None = None
        self._askers = Together(self._watches_now, most=limits.POLLS_CLAIMED)

    async def now(self) -> Watch:
        """Every watched topic of the store, in a matcher."""
        return await self._askers.ask(None)

    async def matcher_of(self, topics: Sequence[Topic]) -> Matcher:
        """These topics alone."""
        return Matcher(self._lexicon, await self._compilable(topics))

    async def _watches_now(self, askers: Sequence[None]) -> list[Watch]:
        if self._settling is not None and self._settling.done():
            self._watch, self._settling = self._settling.result(), None
        version = await self._store.topics_version()
        if version != self._watch.version:
            changes = await self._changes(version)
            self._watch = await asyncio.to_thread(_changed, self._watch, changes, self._lexicon)
            if self._watch.matcher.unsettled and self._settling is None:
                self._settling = asyncio.get_running_loop().run_in_executor(None, _settled, self._watch)
        return [self._watch] * len(askers)

    async def _changes(self, version: int) -> TopicChanges:
        """What the watch does not know yet: at first all topics, later those that changed."""
        if self._watch.version < 0:
            changes = TopicChanges(version, await self._store.watched_topics(), frozenset())
        else:
            changes = await self._store.topic_changes(self._watch.version)
        return replace(changes, watched=await self._compilable(changes.watched))

    async def _compilable(self, topics: Sequence[Topic]) -> tuple[Topic, ...]:
        """The topics with their chats' own concepts written out."""
        concepts = await self._store.all_concepts() if any("@" in topic.query for topic in topics) else ()
        return compilable(topics, concepts, self._lexicon)


def _changed(watch: Watch, changes: TopicChanges, lexicon: Lexicon) -> Watch:
    """The watch with these changes. A topic whose query is not understood any more is logged, and stops no other."""
    added = [topic for topic in changes.watched if watch.topics.get(topic.id) != topic]
    removed = changes.unwatched & watch.topics.keys()
    topics = {**watch.topics, **{topic.id: topic for topic in added}}
    for topic_id in removed:
        del topics[topic_id]
    try:
        matcher = watch.matcher.with_topics(added, removed)
    except QueryError:
        usable = [topic for topic in added if _is_usable(topic, lexicon)]
        matcher = watch.matcher.with_topics(usable, {*removed, *(topic.id for topic in added)})
    return Watch(changes.version, topics, matcher)


def _is_usable(topic: Topic, lexicon: Lexicon) -> bool:
    try:
        parse_query(topic.query, lexicon)
    except QueryError as error:
        log.warning("topic is not understood", topic_id=topic.id, query=topic.query, reason=str(error))
        return False
    return True


def _settled(watch: Watch) -> Watch:
    return Watch(watch.version, watch.topics, watch.matcher.settled())
