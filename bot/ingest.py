"""Entries + history -> IngestPlan: the decisions of the pipeline as one pure function of values.

::

    ParsedEntry --prepare--> Prepared --[the store is asked for candidates]--> Planner.add --> Planner.plan

``prepare`` needs no history: it cleans, detects the language, matches, takes the fingerprint. ``Planner`` groups each
entry into a story, finds its backstory, decides what is new and who is told. No I/O, no clock, no randomness: whoever
calls passes in the time and everything that the store knew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot import limits
from bot.alerts import decide
from bot.alerts.content import content, headline_of, summary_of
from bot.alerts.decide import Telling, Told
from bot.model import (
    UNSAVED,
    Action,
    Alert,
    BackstoryLink,
    Decision,
    DeliveryState,
    Entry,
    IngestPlan,
    NewDelivery,
    NewEntry,
    PastEntry,
    SeenKey,
    Story,
)
from bot.stories.backstory import find_backstory
from bot.stories.fingerprint import fingerprint
from bot.stories.group import find_story
from bot.stories.novelty import whats_new
from bot.text.clean import clean
from bot.text.datelines import without_dateline
from bot.text.language import detect
from bot.text.normalise import displayable
from bot.text.tokens import index_terms
from bot.text.urls import canonical_url, outlet_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import Context, Feed, Fingerprint, Match, NextIds, ParsedEntry, Poll, TermStatistics, Topic
    from bot.topics.match import Matcher


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry after every step that needs no history.

    ``followed`` entries are grouped into stories: those that a topic finds relevant, or all of them in a replay of
    everything. A stored entry (``entry.id`` set) is grouped without being written again.
    """

    entry: Entry
    keys: tuple[str, ...]
    fingerprint: Fingerprint
    index_terms: tuple[str, ...]
    matches: tuple[Match, ...]
    followed: bool
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def stored(self) -> bool:
        """Whether the store has this entry already."""
        return self.entry.id != UNSAVED


def read_entry(
    parsed: ParsedEntry, feed: Feed, *, now: datetime, footers: frozenset[str] = frozenset()
) -> tuple[Entry, Counter[str]]:
    """Clean one parsed entry; also count what was dropped, by kind, in characters.

    ``footers`` are the lines that end most entries of the document that it came in.
    """
    title = displayable(parsed.title)[: limits.TITLE_CHARS]
    lang = detect(f"{title}\n{parsed.body[:2000]}", hint=parsed.lang or feed.lang)
    cleaned = clean(parsed.body[: limits.TEXT_CHARS], title=title, lang=lang, footers=footers)
    dropped: Counter[str] = Counter()
    for piece in cleaned.dropped:
        dropped[f"dropped.{piece.kind}"] += len(piece.text)
    published_at = min(parsed.published_at, now) if parsed.published_at else None
    entry = Entry(
        id=UNSAVED,
        feed_id=feed.id,
        guid=parsed.guid[: limits.GUID_CHARS],
        url=canonical_url(parsed.url)[: limits.URL_CHARS],
        title=title,
        text="\n".join(cleaned.paragraphs),
        lang=lang,
        source=displayable(outlet_name(parsed.url, parsed.source or feed.title))[: limits.TITLE_CHARS],
        first_seen_at=now,
        published_at=published_at,
    )
    return entry, dropped


def prepare(
    entry: Entry,
    matcher: Matcher,
    *,
    keys: tuple[str, ...] = (),
    everything: bool = False,
    dropped: Mapping[str, int] | None = None,
) -> Prepared:
    """Match an entry and take its fingerprint."""
    scan = matcher.scan(entry)
    matches = matcher.match(entry, scan)
    return Prepared(
        entry=entry,
        keys=keys,
        fingerprint=fingerprint(entry, scan.concepts),
        index_terms=index_terms(f"{entry.title}\n{entry.text}", entry.lang),
        matches=matches,
        followed=everything or any(match.relevant for match in matches),
        dropped=dropped or {},
    )


@dataclass(frozen=True, slots=True)
class History:
    """What the store knew when the plan was made."""

    seen: Mapping[str, int]
    known: Mapping[int, PastEntry]
    statistics: TermStatistics
    context: Context
    next_ids: NextIds


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a plan decides: the watched topics by id, and whether anybody is told at all.

    ``silent`` stores and groups without a word (a first poll, an import). An entry dated before ``stale_before`` was
    old when it was first seen: it is stored without a word too. ``links`` is how long a backstory may be.
    """

    topics: Mapping[int, Topic]
    silent: bool = False
    stale_before: datetime | None = None
    links: int = limits.BACKSTORY_LINKS


class Planner:
    """Builds one plan, entry by entry, in the order in which the entries were published.

    Later entries see what earlier ones of the same plan led to, as if those had been stored.
    """

    def __init__(self, history: History, audience: Audience, *, now: datetime) -> None:
        self._history = history
        self._audience = audience
        self._now = now
        self._next_entry = history.next_ids.entry
        self._next_story = history.next_ids.story
        self._next_alert = history.next_ids.alert
        context = history.context
        self._stories = dict(context.stories)
        self._members = {story: list(members) for story, members in context.members.items()}
        self._alerts = {story: {alert.id: alert for alert in alerts} for story, alerts in context.alerts.items()}
        self._told = {
            story: [
                Told(row.chat_id, row.action, row.alert_id, row.topics)
                for row in rows
                if row.state is not DeliveryState.DEAD
            ]
            for story, rows in context.deliveries.items()
        }
        self._planned: dict[int, PastEntry] = {}
        self._entries: list[NewEntry] = []
        self._edited: list[NewEntry] = []
        self._seen = dict(history.seen)
        self._new_keys: dict[str, int] = {}
        self._matches: list[Match] = []
        self._touched: dict[int, Story] = {}
        self._new_members: list[tuple[int, int]] = []
        self._links: list[BackstoryLink] = []
        self._new_alerts: list[Alert] = []
        self._deliveries: list[NewDelivery] = []
        self._decisions: list[Decision] = []
        self._counters: Counter[str] = Counter()

    def add(self, prepared: Prepared, candidates: Sequence[PastEntry] = ()) -> Decision:
        """Decide about one entry. ``candidates`` are what the archive's full-text search offers for it."""
        known_id = None if prepared.stored else self._known(prepared.keys)
        if known_id is not None:
            return self._decided(self._add_known(prepared, known_id))
        entry = prepared.entry if prepared.stored else self._store(prepared)
        self._matches += [replace(match, entry_id=entry.id) for match in prepared.matches]
        if not prepared.followed:
            stage = "below the bar" if prepared.matches else "no topic"
            return self._decided(Decision(entry.guid, entry.id, Action.NONE, stage))
        here = self._history.known.get(entry.id)
        if here is not None and here.story_id is not None:
            return self._decided(Decision(entry.guid, entry.id, Action.NONE, "in a story", here.story_id))
        if prepared.stored and prepared.fingerprint.vector:
            # Stored before a topic wanted it, so without a vector: later entries are to find it with one.
            self._edited.append(NewEntry(entry, (), prepared.fingerprint, prepared.index_terms))
        me = PastEntry(entry, prepared.fingerprint)
        pool = list(self._planned.values())
        pool += [past for past in candidates if past.entry.id != entry.id and past.entry.id not in self._planned]
        return self._decided(self._tell(me, pool, prepared.matches))

    def plan(self, poll: Poll | None = None) -> IngestPlan:
        """The finished plan, with how the poll went where there was one."""
        return IngestPlan(
            poll=poll,
            entries=tuple(self._entries),
            edited=tuple(self._edited),
            seen=tuple(SeenKey(key, entry_id) for key, entry_id in self._new_keys.items()),
            matches=tuple(self._matches),
            stories=tuple(self._touched.values()),
            members=tuple(self._new_members),
            links=tuple(self._links),
            alerts=tuple(self._new_alerts),
            deliveries=tuple(self._deliveries),
            decisions=tuple(self._decisions),
            counters=dict(self._counters),
        )

    # ------------------------------------------------------------ storing

    def _known(self, keys: Sequence[str]) -> int | None:
        return next((self._seen[key] for key in keys if key in self._seen), None)

    def _remember(self, keys: Sequence[str], entry_id: int) -> None:
        for key in keys:
            if key not in self._seen:
                self._seen[key] = self._new_keys[key] = entry_id

    def _store(self, prepared: Prepared) -> Entry:
        entry = replace(prepared.entry, id=self._next_entry)
        self._next_entry += 1
        self._entries.append(NewEntry(entry, prepared.keys, prepared.fingerprint, prepared.index_terms))
        self._remember(prepared.keys, entry.id)
        self._counters["entries"] += 1
        self._counters.update(prepared.dropped)
        return entry

    def _add_known(self, prepared: Prepared, entry_id: int) -> Decision:
        """An entry that the feed gave before: the same, or with an edited headline or text."""
        self._remember(prepared.keys, entry_id)
        past = self._history.known.get(entry_id)
        if past is None or (past.entry.title, past.entry.text) == (prepared.entry.title, prepared.entry.text):
            return Decision(prepared.entry.guid, entry_id, Action.NONE, "seen before", past.story_id if past else None)
        entry = replace(
            prepared.entry,
            id=entry_id,
            feed_id=past.entry.feed_id,
            first_seen_at=past.entry.first_seen_at,
            published_at=past.entry.published_at,
        )
        self._edited.append(NewEntry(entry, prepared.keys, prepared.fingerprint, prepared.index_terms))
        self._matches += [replace(match, entry_id=entry_id) for match in prepared.matches]
        self._counters["edited"] += 1
        if past.story_id is None or entry.title == past.entry.title:
            return Decision(entry.guid, entry_id, Action.NONE, "edited", past.story_id)
        return self._correct_headline(entry, past.story_id)

    def _correct_headline(self, entry: Entry, story_id: int) -> Decision:
        """An alert that this entry led shows the corrected headline; nobody is told anew."""
        story = self._stories.get(story_id)
        if story is not None and story.first_entry_id == entry.id:
            self._stories[story_id] = self._touched[story_id] = replace(story, headline=entry.title)
        action = Action.NONE
        shown = {told.chat_id: told for told in self._told.get(story_id, ())}
        for told in () if self._audience.silent else shown.values():
            base = self._alerts.get(story_id, {}).get(told.alert_id)
            if base is not None and base.entry_id == entry.id:
                corrected = decide.edited(base, others=base.others, headline=entry.title)
                self._say(self._number(corrected), told.chat_id, told.topics)
                action = Action.EDIT
        return Decision(entry.guid, entry.id, action, "edited headline", story_id)

    # ------------------------------------------------------------ telling

    def _tell(self, me: PastEntry, pool: Sequence[PastEntry], matches: Sequence[Match]) -> Decision:
        """Group the entry, link it, and say what is due."""
        grouping = find_story(me.entry, me.fingerprint, pool, self._history.statistics)
        same = grouping.same
        story = self._stories.get(same.story_id) if same and same.story_id is not None else None
        past = [
            other
            for other in pool
            if (same is None or other.entry.id != same.entry.id) and (story is None or other.story_id != story.id)
        ]
        telling = self._open_story(me, past) if story is None else self._join_story(me, story, past, copy=grouping.copy)
        self._planned[me.entry.id] = replace(me, story_id=telling.story.id)
        stage = "new story" if story is None else "new facts" if telling.new else "same story"
        if self._audience.silent:
            stage = f"{stage}, archived"
        elif self._is_stale(me.entry):
            stage = f"{stage}, old when first seen"
        return Decision(
            guid=me.entry.guid,
            entry_id=me.entry.id,
            action=self._announce(me, telling, matches),
            stage=stage,
            story_id=telling.story.id,
            links=telling.links,
            new=telling.new,
            summary=summary_of(me.entry),
        )

    def _open_story(self, me: PastEntry, past: Sequence[PastEntry]) -> Telling:
        entry = me.entry
        story = Story(
            id=self._next_story,
            first_entry_id=entry.id,
            headline=headline_of(entry),
            url=entry.url,
            source=entry.source,
            lang=entry.lang,
            started_at=entry.at,
            updated_at=entry.at,
            entry_count=1,
            outlets=(entry.source,),
            summary=summary_of(entry),
        )
        self._next_story += 1
        self._keep(story, me)
        links, earlier = self._backstory(me, story.id, past)
        self._links += links
        # With nothing earlier to compare with, everything would be new, and saying so says nothing.
        new = whats_new(entry, me.fingerprint, earlier, opens=True) if earlier else ()
        return Telling(story, entry.at, links, new, changes=True)

    def _join_story(self, me: PastEntry, story: Story, past: Sequence[PastEntry], *, copy: bool) -> Telling:
        entry = me.entry
        members = self._members.get(story.id, [])
        new = () if copy else whats_new(entry, me.fingerprint, members)
        outlets = story.outlets if entry.source in story.outlets else (*story.outlets, entry.source)
        joined = replace(
            story, updated_at=max(story.updated_at, entry.at), entry_count=story.entry_count + 1, outlets=outlets
        )
        self._keep(joined, me)
        links, _ = self._backstory(me, story.id, past)
        return Telling(joined, entry.at, links, new, changes=outlets != story.outlets)

    def _backstory(
        self, me: PastEntry, story_id: int, past: Sequence[PastEntry]
    ) -> tuple[tuple[BackstoryLink, ...], list[PastEntry]]:
        found = find_backstory(me.entry, me.fingerprint, past, self._history.statistics, limit=self._audience.links)
        links = tuple(
            BackstoryLink(
                story_id=story_id,
                entry_id=earlier.past.entry.id,
                past_story_id=earlier.past.story_id,
                rank=rank,
                score=earlier.score,
                why=without_dateline(earlier.why),
                at=earlier.past.entry.at,
                headline=headline_of(earlier.past.entry),
                url=earlier.past.entry.url,
                source=earlier.past.entry.source,
            )
            for rank, earlier in enumerate(found)
        )
        return links, [earlier.past for earlier in found]

    def _keep(self, story: Story, me: PastEntry) -> None:
        self._stories[story.id] = self._touched[story.id] = story
        self._members.setdefault(story.id, []).append(replace(me, story_id=story.id))
        self._new_members.append((story.id, me.entry.id))

    def _is_stale(self, entry: Entry) -> bool:
        before = self._audience.stale_before
        return before is not None and entry.published_at is not None and entry.published_at < before

    def _announce(self, me: PastEntry, telling: Telling, matches: Sequence[Match]) -> Action:
        """Write the alerts and deliveries that each chat is due; the strongest action stands for the entry."""
        if self._audience.silent or self._is_stale(me.entry):
            return Action.NONE
        context = self._history.context
        story = telling.story
        chats = decide.audience(matches, context.subscribers, context.followers)
        written: dict[object, Alert] = {}
        actions: set[Action] = set()
        for chat_id, mine in chats.items():
            names = tuple(dict.fromkeys(self._audience.topics[match.topic_id].name for match in mine))
            heard = [row for row in self._told.get(story.id, ()) if row.chat_id == chat_id]
            due = decide.due(names, telling, heard, self._alerts.get(story.id, {}))
            if due is None:
                continue
            # Chats share an alert where it would say the same; one chat's topics never show in another's.
            same = (due.action, due.base.id if due.base else tuple(match.topic_id for match in mine))
            if same not in written:
                written[same] = self._number(content(due, me.entry, telling, mine, self._now))
            self._say(written[same], chat_id, due.topics)
            actions.add(due.action)
        if not chats:
            actions.add(decide.told_to_everybody(me.entry, telling))
        return next((action for action in (Action.ALERT, Action.REPLY, Action.EDIT) if action in actions), Action.NONE)

    def _number(self, content: Alert) -> Alert:
        alert = replace(content, id=self._next_alert)
        self._next_alert += 1
        self._new_alerts.append(alert)
        self._alerts.setdefault(alert.story_id, {})[alert.id] = alert
        return alert

    def _say(self, alert: Alert, chat_id: int, topics: tuple[str, ...]) -> None:
        self._deliveries.append(NewDelivery(chat_id, alert.id, alert.story_id, alert.action, topics, self._now))
        self._told.setdefault(alert.story_id, []).append(Told(chat_id, alert.action, alert.id, topics))

    def _decided(self, decision: Decision) -> Decision:
        self._decisions.append(decision)
        return decision
