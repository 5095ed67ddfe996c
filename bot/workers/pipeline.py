"""The edge around the pure pipeline: asks the store what a plan needs, has it made, applies it in one transaction.

``Pipeline`` is what polling, import, replay and backfill share, so that all of them run the same code.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot import bulk, limits, logs
from bot.alerts.flood import braked, is_flood
from bot.alerts.notices import of_flood
from bot.feeds.identity import document_keys
from bot.ingest import Audience, History, Prepared, matched_anew, prepare, read_entry
from bot.model import TermStatistics
from bot.planner import Planner
from bot.stories.encoder import encoded_text
from bot.text.clean import repeated_footers
from bot.together import Together
from bot.workers.history import NO_CONTEXT, candidates_of, context_of, history_of, keys_of, known_among
from bot.workers.watches import Watches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.model import Entry, Feed, IngestPlan, ParsedEntry, Poll, Topic
    from bot.store.port import Store
    from bot.stories.encoder import Encoder
    from bot.topics.lexicon import Lexicon
    from bot.topics.match import Matcher
    from bot.workers.articles import Articles
    from bot.workers.watches import Watch

log = logs.get(__name__)

STALE_AFTER = timedelta(days=3)
"""An entry dated this long before the newest that its feed had is an old one that came back: stored, but not told.

It is measured on the feed's own time line, not on the clock, so that a machine which slept for a week, or a feed whose
dates are off by years, loses nothing.
"""


NO_FEED = 0
"""The feed id of entries that come from the archive rather than from a poll: it serves nobody."""

FOOTER_BODIES = 30
"""How many of a document's entries are looked at for what ends them all."""
_ARCHIVE_BATCH = 500
_PLAN_BATCH = 25  # a plan holds the candidates of all its entries
_MATCHED_ANEW = 3  # times at most: topics may change all the time, and what was read is to be stored


@dataclass(frozen=True, slots=True)
class Options:
    """How entries are taken in.

    ``silent`` tells nobody, but of what is dated within ``news``; ``everything`` groups entries that no topic wants
    (replay); ``links`` caps a backstory. ``by_id`` knows an entry by its id alone: a file of past coverage holds
    many outlets, and two of them may print one headline on one day, which within a feed would be one entry with a
    changed id. ``footers`` are the lines that end most of the document's entries (None: to be found);
    ``document_entries`` says how many it holds, for the brake on floods (None: no brake). ``patient`` groups
    undated entries with caution. Who ``asked`` waits for no burst.
    """

    silent: bool = False
    news: tuple[datetime, datetime] | None = None
    by_id: bool = False
    footers: frozenset[str] | None = None
    document_entries: int | None = None
    everything: bool = False
    links: int = limits.BACKSTORY_LINKS
    patient: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came beside the entries and is stored with them: how the poll went, what else to count.

    ``watch`` is what they were matched with.
    """

    poll: Poll | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    document_entries: int | None = None
    feed: Feed | None = None
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look through the archive found: relevant entries, in how many stories."""

    entries: int
    stories: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is new of a feed's document, each entry with its keys, to be prepared."""

    feed: Feed
    document: Sequence[ParsedEntry]
    unseen: Sequence[tuple[ParsedEntry, tuple[str, ...]]]
    matcher: Matcher
    now: datetime
    options: Options


@dataclass(frozen=True, slots=True)
class _Ready:
    """The new entries of a draft, prepared, and the lines that end most of the document's."""

    entries: Sequence[Prepared]
    footers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Arrived:
    """Prepared entries of one feed, oldest first, for whom their plan decides, and what came beside them."""

    feed_id: int
    entries: Sequence[Prepared]
    audience: Audience
    now: datetime
    beside: Arrival
    matched_anew: int = 0

    @property
    def numbered(self) -> int:
        """How many ids its plan needs at most."""
        return sum(not item.stored for item in self.entries)

    def is_outdated(self, version: int) -> bool:
        """Whether they were matched with the topics of another version, and may be matched with those of now."""
        watch = self.beside.watch
        may_be = bool(self.entries) and self.matched_anew < _MATCHED_ANEW
        return may_be and watch is not None and watch.version != version


class Pipeline:
    """Takes entries in: one transaction for each call of ``ingest``, or for several of them where no story is touched.

    ``articles`` lengthens short entries, where given.
    """

    def __init__(
        self, store: Store, lexicon: Lexicon, encoder: Encoder | None = None, articles: Articles | None = None
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._articles = articles
        self._watches = Watches(store, lexicon)
        self._seen = Together(self._seen_of_each, most=limits.POLLS_CLAIMED)
        self._prepared = Together(_prepare_together, most=limits.DOCUMENTS_TOGETHER)
        self._quiet = Together(self._take_in_quietly, most=limits.PLANS_TOGETHER)

    async def watch(self) -> Watch:
        """The watched topics as they are now; what changed since the last call is compiled, and nothing else."""
        return await self._watches.now()

    async def unseen(
        self, feed: Feed, parsed: Sequence[ParsedEntry], *, by_id: bool = False
    ) -> list[tuple[ParsedEntry, tuple[str, ...]]]:
        """The entries that are new or changed, each with its keys; what is known word for word is left out."""
        keys = document_keys(parsed, feed_id=feed.id)
        if by_id:
            # The first name of an entry that has an id is that id.
            keys = tuple(names[:1] if entry.guid else names for entry, names in zip(parsed, keys, strict=True))
        versions = [_version_key(entry, feed.id) for entry in parsed]
        known = await self._seen.ask(versions)
        return [
            (entry, (*names, version))
            for entry, names, version in zip(parsed, keys, versions, strict=True)
            if version not in known
        ]

    async def ingest(
        self,
        feed: Feed,
        parsed: Sequence[ParsedEntry],
        *,
        now: datetime,
        poll: Callable[[int, frozenset[str]], Poll] | None = None,
        options: Options,
    ) -> IngestPlan:
        """Take in what a feed (or a file) holds: clean, match, group, link, decide, store.

        ``poll`` says how the poll went, given how many of the entries are new or changed and which footers the
        document has; it is stored with them.
        """
        watch = await self.watch()
        unseen = await self.unseen(feed, parsed, by_id=options.by_id)
        draft = _Draft(feed, parsed, unseen, watch.matcher, now, options)
        # Where nothing is new and nothing is to be found out, there is no turn to wait for.
        if not unseen and options.footers is not None:
            read = _Ready((), options.footers)
        else:
            read = await (asyncio.to_thread(_prepare_all, draft) if options.asked else self._prepared.ask(draft))
        prepared = read.entries
        counters: Counter[str] = Counter()
        if self._articles is not None and not options.silent:
            drafts = [(entry, item) for (entry, _), item in zip(unseen, prepared, strict=True)]
            prepared, counters = await self._articles.lengthen(feed, drafts, watch.matcher, now=now)
        if self._encoder is not None and any(item.followed for item in prepared):
            encode = asyncio.to_thread if options.asked else bulk.run
            prepared = await encode(list, map(self._encoded, prepared))
        stale_before = feed.last_entry_at - STALE_AFTER if feed.last_entry_at else None
        audience = Audience(
            watch.topics,
            silent=options.silent,
            news=options.news,
            stale_before=stale_before,
            links=options.links,
            patient=options.patient,
        )
        went = poll(len(unseen), read.footers) if poll else None
        arrival = Arrival(went, counters, options.document_entries, feed, watch)
        return await self.apply(feed.id, prepared, audience, now=now, arrival=arrival)

    async def backfill(
        self,
        topics: Sequence[Topic],
        *,
        now: datetime,
        after_id: int = 0,
        advance: Callable[[int], None] = lambda _: None,
    ) -> Found:
        """Match the archive against these topics and group what they find into stories, telling nobody.

        Only entries with an id above ``after_id`` are looked at; ``advance`` is told how many at a time. They are
        grouped in the order in which they happened, whatever the order in which they were stored.
        """
        matcher = await self._watches.matcher_of(topics)
        async with self._store.ingest():
            pass  # what is being stored without these topics is in the archive from here on; all else knows of them
        # A topic may want the whole archive: ids have room, and their entries are read again, a few at a time.
        found: list[tuple[datetime, int]] = []
        while batch := await self._store.archive(after_id=after_id, limit=_ARCHIVE_BATCH):
            after_id = batch[-1].id
            found += await asyncio.to_thread(_matched, batch, matcher)
            advance(len(batch))
        found.sort()
        audience = Audience({topic.id: topic for topic in topics}, silent=True)
        followed, stories = 0, set[int]()
        for start in range(0, len(found), _PLAN_BATCH):
            read = [await self._store.entry(entry_id) for _, entry_id in found[start : start + _PLAN_BATCH]]
            items = await asyncio.to_thread(self._made_ready, [entry for entry in read if entry is not None], matcher)
            plan = await self.apply(NO_FEED, items, audience, now=now)
            followed += sum(item.followed for item in items)
            stories |= {decision.story_id for decision in plan.decisions if decision.story_id is not None}
        return Found(followed, len(stories))

    async def apply(
        self,
        feed_id: int,
        prepared: Sequence[Prepared],
        audience: Audience,
        *,
        now: datetime,
        arrival: Arrival | None = None,
    ) -> IngestPlan:
        """Plan and store prepared entries, oldest first, in one transaction.

        Their topics may have changed while pages were fetched, or while others were stored: a topic that is new by then
        did not find them in the archive. So they are matched with it before they are stored.
        """
        in_order = _oldest_first(prepared)
        arrived = _Arrived(feed_id, in_order, audience, now, arrival or Arrival())
        while (plan := await self._take_in(arrived)) is None:
            arrived = await self._matched_anew(arrived)
        return plan

    async def _take_in(self, arrived: _Arrived) -> IngestPlan | None:
        """Store what arrived, together with others where that can be. None if their topics are others by now."""
        plan = None
        if not any(item.followed for item in arrived.entries):
            plan = await self._quiet.ask(arrived)
        return await self._take_in_alone(arrived) if plan is None else plan

    async def _matched_anew(self, arrived: _Arrived) -> _Arrived:
        """What arrived, as the topics of now have it."""
        watch = await self.watch()
        before = arrived.beside.watch.topics if arrived.beside.watch else {}
        changed = {topic_id for topic_id, topic in watch.topics.items() if before.get(topic_id) != topic}
        entries = arrived.entries
        if changed or before.keys() - watch.topics.keys():
            again = partial(matched_anew, matcher=watch.matcher, changed=changed, watched=watch.topics)
            entries = await asyncio.to_thread(lambda: [self._encoded(again(item)) for item in entries])
        audience = replace(arrived.audience, topics=watch.topics)
        return replace(
            arrived,
            entries=entries,
            audience=audience,
            beside=replace(arrived.beside, watch=watch),
            matched_anew=arrived.matched_anew + 1,
        )

    async def _take_in_quietly(self, arrivals: Sequence[_Arrived]) -> list[IngestPlan | None]:
        """Store entries that nobody follows, of many feeds in one transaction. None for those that must be alone.

        Such are by far the most frequent: no story is touched and nobody is told.
        """
        feeds = [arrived.feed_id for arrived in arrivals]
        numbered = sum(arrived.numbered for arrived in arrivals)
        async with self._store.ingest(feed_ids=feeds, entries=numbered, alone=False) as unit:
            version = await unit.topics_version()
            seen = await unit.seen([key for arrived in arrivals for key in keys_of(arrived.entries)])
            wanted = sorted(set[int]().union(*(known_among(arrived.entries, seen) for arrived in arrivals)))
            known = {past.entry.id: past for past in await unit.past_entries(wanted)}
            ids = await unit.next_ids()
            plans: list[IngestPlan | None] = []
            for place, arrived in enumerate(arrivals):
                mine = known_among(arrived.entries, seen)
                in_story = any(past.story_id is not None for entry_id, past in known.items() if entry_id in mine)
                # Of two that came from one feed, the later must know what the earlier has brought.
                if in_story or arrived.feed_id in feeds[:place] or arrived.is_outdated(version):
                    plans.append(None)
                    continue
                # A key names its feed: what is seen of others does no harm here.
                history = History(seen, known, TermStatistics(0, {}), NO_CONTEXT, ids)
                planner = Planner(history, arrived.audience, now=arrived.now)
                for item in arrived.entries:
                    planner.add(item)
                plan = _finished(planner, arrived, history)
                ids = replace(ids, entry=ids.entry + len(plan.entries))
                plans.append(plan)
            await unit.apply(*(plan for plan in plans if plan is not None))
        return plans

    async def _take_in_alone(self, arrived: _Arrived) -> IngestPlan | None:
        """Store entries that may touch stories, while nobody else does so. None if their topics are others by now."""
        async with self._store.ingest(feed_ids=(arrived.feed_id,), entries=arrived.numbered) as unit:
            if arrived.is_outdated(await unit.topics_version()):
                return None
            matcher = arrived.beside.watch.matcher if arrived.beside.watch else None
            history = await history_of(unit, arrived.entries, feed_id=arrived.feed_id, matcher=matcher)
            planner = Planner(history, arrived.audience, now=arrived.now)
            for item in arrived.entries:
                candidates = await candidates_of(unit, item, history)
                stories = planner.joins(item, candidates)
                if candidates or stories:
                    planner.learn(await context_of(unit, stories, candidates, feed_id=arrived.feed_id))
                planner.add(item, candidates)
            plan = _finished(planner, arrived, history)
            await unit.apply(plan)
        _log_alerts(plan, arrived.feed_id)
        return plan

    async def _seen_of_each(self, keys: Sequence[Sequence[str]]) -> list[Mapping[str, int]]:
        """What is known of each of these lists; a key names its feed, so they share none."""
        known = await self._store.seen([key for one in keys for key in one])
        return [known] * len(keys)

    def _made_ready(self, entries: Sequence[Entry], matcher: Matcher) -> list[Prepared]:
        """Entries of the archive, ready to be grouped; runs in a thread, too."""
        return [self._encoded(prepare(entry, matcher)) for entry in entries]

    def _encoded(self, item: Prepared) -> Prepared:
        """An entry that is followed, with its vector; others are not worth the time."""
        if self._encoder is None or not item.followed:
            return item
        vector = self._encoder.vector(encoded_text(item.entry))
        return replace(item, fingerprint=replace(item.fingerprint, vector=vector))


def _oldest_first(prepared: Sequence[Prepared]) -> list[Prepared]:
    """In order of time. Of those that have the same or none a document gives the newest first, unless it ascends."""
    dated = [item.entry.published_at for item in prepared if item.entry.published_at is not None]
    ascends = dated == sorted(dated) and len(set(dated)) > 1
    in_order = prepared if ascends else prepared[::-1]
    return sorted(in_order, key=lambda item: (item.entry.at, item.entry.id))


def _matched(entries: Sequence[Entry], matcher: Matcher) -> list[tuple[datetime, int]]:
    """Those of the archive's entries that the matcher's topics match: when each happened, and its id."""
    return [(entry.at, entry.id) for entry in entries if matcher.match(entry, matcher.scan(entry))]


async def _prepare_together(drafts: Sequence[_Draft]) -> list[_Ready]:
    """Documents are prepared together so that they are stored together: a transaction costs much the same for all."""
    return await bulk.run(list, map(_prepare_all, drafts))


def _prepare_all(draft: _Draft) -> _Ready:
    """The part that only burns CPU: runs in the bulk lane, so that commands are answered meanwhile."""
    # What ends most entries of the document is the outlet's, though only one of them is new. It is looked for right
    # before they are cleaned, while the bodies that were taken apart for it are still at hand.
    footers = draft.options.footers
    if footers is None:
        footers = footers_of(draft.document)
    prepared = []
    for parsed, keys in draft.unseen:
        entry, dropped = read_entry(parsed, draft.feed, now=draft.now, footers=footers)
        everything = draft.options.everything
        prepared.append(prepare(entry, draft.matcher, keys=keys, everything=everything, dropped=dropped))
    return _Ready(prepared, footers)


def footers_of(document: Sequence[ParsedEntry]) -> frozenset[str]:
    """The lines that end most entries of a document."""
    return repeated_footers([entry.body for entry in document[:FOOTER_BODIES]])


def _finished(planner: Planner, arrived: _Arrived, history: History) -> IngestPlan:
    """The plan for what arrived, with what came beside it; a flood is braked."""
    came = arrived.beside
    plan = planner.plan(came.poll)
    plan = replace(plan, counters=Counter(plan.counters) + Counter(came.counters))
    new = _new(arrived.entries, history)
    if came.document_entries is not None and is_flood(new, of=came.document_entries):
        plan = braked(plan, of_flood(came.feed, entries=new) if came.feed else None)
    return plan


def _log_alerts(plan: IngestPlan, feed_id: int) -> None:
    """What chats are told of, by numbers alone: what people wrote does not belong into a log."""
    deliveries = Counter(row.alert_id for row in plan.deliveries)
    for alert in plan.alerts:
        log.info(
            "story alerted",
            story_id=alert.story_id,
            feed_id=feed_id,
            entry_id=alert.entry_id,
            action=alert.action.value,
            deliveries=deliveries[alert.id],
        )


def _new(prepared: Sequence[Prepared], history: History) -> int:
    """How many of the entries were never seen before, under any of their names."""
    return sum(not item.stored and history.known_as(item) is None for item in prepared)


def _version_key(entry: ParsedEntry, feed_id: int) -> str:
    """The name of one wording of an entry: known means that nothing about it has changed."""
    wording = "\0".join((str(feed_id), entry.guid, entry.url, entry.title, entry.body))
    return "v:" + hashlib.blake2b(wording.encode("utf-8", "replace"), digest_size=12).hexdigest()
