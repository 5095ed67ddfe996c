"""Prepared entries + history -> IngestPlan: the decisions of the pipeline, as one pure function of values.

Groups each entry into a story, merges stories that prove to be one, finds the backstory and decides what is new; the
``Teller`` decides who hears of it. No I/O, no clock, no randomness: whoever calls passes in the time and everything
that the store knew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from bot.alerts.content import headline_of, summary_of
from bot.alerts.correction import correction_of, is_rewritten
from bot.alerts.decide import Telling
from bot.alerts.escalation import escalates
from bot.alerts.teller import Teller
from bot.ingest import known_as
from bot.model import (
    Action,
    BackstoryLink,
    Decision,
    IngestPlan,
    NewEntry,
    PastEntry,
    SeenKey,
    Story,
    StoryMerge,
)
from bot.stories import origins
from bot.stories.backstory import find_backstory
from bot.stories.group import find_story
from bot.stories.merge import find_twin, merged_links, merged_story
from bot.stories.news import news_beside
from bot.stories.novelty import whats_new
from bot.text.datelines import without_dateline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.ingest import Audience, History, Prepared
    from bot.model import Context, Entry, Fingerprint, Match, Poll
    from bot.stories.group import Grouping, Judged


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Where an entry belongs among what may be related to it; ``twin`` is a second story that proves to be the same."""

    pool: Sequence[PastEntry]
    found: Grouping
    twin: int | None = None

    @property
    def story(self) -> int | None:
        """The story that it joins, if any."""
        return None if self.found.same is None else self.found.same.story_id


class Planner:
    """Builds one plan, entry by entry, in the order in which the entries were published.

    Later entries see what earlier ones of the same plan led to, as if those had been stored. Of each entry it is asked
    first which stories it ``joins``: what these hold and led to has to be known (``learn``) before it is added.
    """

    def __init__(self, history: History, audience: Audience, *, now: datetime) -> None:
        self._history = history
        self._audience = audience
        self._teller = Teller(history, audience, now=now)
        self._next_entry = history.next_ids.entry
        self._next_story = history.next_ids.story
        context = history.context
        self._stories = dict(context.stories)
        self._members = {story: list(members) for story, members in context.members.items()}
        self._links = dict(context.links)
        self._planned: dict[int, PastEntry] = {}
        self._versions: dict[int, PastEntry] = {}
        self._dated: dict[int, datetime] = {}
        self._grouped: tuple[Prepared, _Grouped] | None = None
        self._entries: list[NewEntry] = []
        self._edited: list[NewEntry] = []
        self._seen = dict(history.seen)
        self._new_keys: dict[str, int] = {}
        self._matches: list[Match] = []
        self._touched: dict[int, Story] = {}
        self._new_members: list[tuple[int, int]] = []
        self._new_links: dict[int, tuple[BackstoryLink, ...]] = {}
        self._merges: list[StoryMerge] = []
        self._decisions: list[Decision] = []
        self._counters: Counter[str] = Counter()

    def joins(self, prepared: Prepared, candidates: Sequence[PastEntry] = ()) -> frozenset[int]:
        """The stories that an entry will be part of, or whose headline it corrects, and that are not known yet."""
        known_id = None if prepared.stored else self._known(prepared)
        past = self._past(prepared.entry.id if known_id is None else known_id)
        stories: set[int | None] = set()
        if known_id is not None:
            if past is None or not self._is_another_version(prepared, past):
                pass
            elif self._history.grows(prepared, past):
                grouped = self._group(prepared, candidates, _edited(prepared.entry, past.entry))
                stories = {grouped.story, grouped.twin}
            elif past.story_id is not None and is_rewritten(past, prepared.entry, prepared.fingerprint):
                stories = {past.story_id}
        elif prepared.followed and (past is None or past.story_id is None):
            grouped = self._group(prepared, candidates, prepared.entry)
            stories = {grouped.story, grouped.twin}
        return frozenset(story for story in stories if story is not None and story not in self._stories)

    def learn(self, context: Context) -> None:
        """Take in what is known of further stories, and of who is served by the feeds of further candidates."""
        self._stories |= context.stories
        self._members |= {story: list(members) for story, members in context.members.items()}
        self._links |= context.links
        self._teller.learn(context)

    def add(self, prepared: Prepared, candidates: Sequence[PastEntry] = ()) -> Decision:
        """Decide about one entry. ``candidates`` are what the archive's full-text search offers for it."""
        known_id = None if prepared.stored else self._known(prepared)
        if known_id is not None:
            return self._decided(self._add_known(prepared, known_id, candidates))
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
        grouped = self._group(prepared, candidates, entry)
        return self._decided(self._tell(PastEntry(entry, prepared.fingerprint), grouped, prepared.matches))

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
            links=tuple(link for links in self._new_links.values() for link in links),
            unlinked=tuple(story_id for story_id, links in self._new_links.items() if not links),
            alerts=self._teller.alerts,
            deliveries=self._teller.deliveries,
            decisions=tuple(self._decisions),
            counters=dict(self._counters),
            merges=tuple(self._merges),
        )

    # ------------------------------------------------------------ storing

    def _known(self, prepared: Prepared) -> int | None:
        return known_as(prepared, self._seen, self._past)

    def _store(self, prepared: Prepared) -> Entry:
        entry = replace(prepared.entry, id=self._next_entry)
        self._next_entry += 1
        self._entries.append(NewEntry(entry, prepared.keys, prepared.fingerprint, prepared.index_terms))
        # All of them: a name that another has borne is this one's from now on.
        self._seen.update(dict.fromkeys(prepared.keys, entry.id))
        self._new_keys.update(dict.fromkeys(prepared.keys, entry.id))
        self._versions[entry.id], self._dated[entry.id] = PastEntry(entry, prepared.fingerprint), entry.at
        self._counters["entries"] += 1
        self._counters.update(prepared.dropped)
        return entry

    def _add_known(self, prepared: Prepared, entry_id: int, candidates: Sequence[PastEntry]) -> Decision:
        """An entry that the feed gave before: the same, or with an edited headline or text."""
        for key in prepared.keys:
            if key not in self._seen:
                self._seen[key] = self._new_keys[key] = entry_id
        past = self._past(entry_id)
        if past is None or not self._is_another_version(prepared, past):
            return Decision(prepared.entry.guid, entry_id, Action.NONE, "seen before", past.story_id if past else None)
        entry = _edited(prepared.entry, past.entry)
        versions = self._planned if entry_id in self._planned else self._versions
        versions[entry_id] = PastEntry(entry, prepared.fingerprint, past.story_id)
        self._dated[entry_id] = prepared.entry.at
        self._edited.append(NewEntry(entry, prepared.keys, prepared.fingerprint, prepared.index_terms))
        self._matches += [replace(match, entry_id=entry_id) for match in prepared.matches]
        self._counters["edited"] += 1
        if self._history.grows(prepared, past):
            grouped = self._group(prepared, candidates, entry)
            return self._tell(PastEntry(entry, prepared.fingerprint), grouped, prepared.matches)
        action, stage = self._correct(past, entry, prepared.fingerprint)
        return Decision(entry.guid, entry_id, action, stage, past.story_id)

    def _past(self, entry_id: int) -> PastEntry | None:
        """An entry as this plan leaves it, or as it is stored."""
        past = self._planned.get(entry_id) or self._versions.get(entry_id) or self._history.known.get(entry_id)
        return None if past is None else self._today(past)

    def _is_another_version(self, prepared: Prepared, past: PastEntry) -> bool:
        """Whether a known entry says something else now.

        A document may hold several versions of it: the newest counts, and of one date the one that comes last here.
        """
        dated = self._dated.get(past.entry.id)
        return prepared.rewrites(past) and (dated is None or prepared.entry.at >= dated)

    def _correct(self, past: PastEntry, entry: Entry, fp: Fingerprint) -> tuple[Action, str]:
        """What an edit of an entry changes in its story and in what was told of it, with its name."""
        if past.story_id is None or not is_rewritten(past, entry, fp):
            return Action.NONE, "edited"
        story = self._stories.get(past.story_id)
        if story is not None and story.first_entry_id == entry.id:
            self._keep(replace(story, headline=headline_of(entry), summary=summary_of(entry) or story.summary))
        correction = correction_of(past, entry, fp)
        if correction is None:
            return Action.NONE, "edited"
        stage = "edited headline" if entry.title != past.entry.title else "edited figures"
        return self._teller.correct(correction, past.story_id), stage

    # ------------------------------------------------------------ grouping

    def _today(self, past: PastEntry) -> PastEntry:
        """A past entry with the story that its own has become by now."""
        kept = next((merge.kept for merge in reversed(self._merges) if merge.gone == past.story_id), past.story_id)
        return past if kept == past.story_id else self._today(replace(past, story_id=kept))

    def _group(self, prepared: Prepared, candidates: Sequence[PastEntry], entry: Entry) -> _Grouped:
        """Where the entry belongs, under the id and date by which it is known; worked out once."""
        if self._grouped is not None and self._grouped[0] is prepared:
            return self._grouped[1]
        me, statistics = PastEntry(entry, prepared.fingerprint), self._history.statistics
        offered = [past for past in candidates if past.entry.id not in {me.entry.id, *self._planned}]
        pool = list(map(self._today, [*self._planned.values(), *offered]))
        found = find_story(me.entry, me.fingerprint, pool, statistics, patient=self._audience.patient)
        grouped = _Grouped(pool, found)
        if grouped.story is not None:
            grouped = replace(grouped, twin=find_twin(me, grouped.story, pool, statistics))
        self._grouped = (prepared, grouped)
        return grouped

    def _tell(self, me: PastEntry, grouped: _Grouped, matches: Sequence[Match]) -> Decision:
        """Put the entry into its story, link it, and say what is due."""
        pool, same = grouped.pool, grouped.found.same
        story = self._stories.get(grouped.story) if grouped.story is not None else None
        if story is None or same is None:
            past = pool if same is None else [other for other in pool if other.entry.id != same.entry.id]
            telling, stage = self._open_story(me, past, grouped.found), "new story"
        else:
            twin = self._stories.get(grouped.twin) if grouped.twin is not None else None
            if twin is not None:
                story = self._merge(story, twin)
                pool = list(map(self._today, pool))
            past = [other for other in pool if other.story_id != story.id]
            telling = self._join_story(me, story, past, grouped.found)
            stage = "new facts" if telling.new else "same story"
            if twin is not None:
                self._teller.merge(telling.story, self._merges[-1].gone)
                stage = f"{stage}, two stories merged"
        self._planned[me.entry.id] = replace(me, story_id=telling.story.id)
        if self._teller.is_archived(me.entry):
            stage = f"{stage}, archived"
        elif self._teller.is_stale(me.entry):
            stage = f"{stage}, old when first seen"
        return Decision(
            guid=me.entry.guid,
            entry_id=me.entry.id,
            action=self._teller.announce(me.entry, telling, matches),
            stage=stage,
            story_id=telling.story.id,
            links=telling.links,
            new=telling.new,
            summary=summary_of(me.entry),
        )

    def _open_story(self, me: PastEntry, past: Sequence[PastEntry], found: Grouping) -> Telling:
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
            origins=origins.joined((), entry),
        )
        self._next_story += 1
        self._keep(story, me)
        links, earlier = self._backstory(me, story.id, past, found.judged)
        if links:
            self._relink(story.id, links)
        # With nothing earlier to compare with, everything would be new, and saying so says nothing.
        new = whats_new(entry, me.fingerprint, earlier, opens=True) if earlier else ()
        return Telling(story, entry.at, links, new, changes=True, compared=tuple(earlier))

    def _join_story(self, me: PastEntry, story: Story, past: Sequence[PastEntry], found: Grouping) -> Telling:
        entry = me.entry
        copied = found.same.entry if found.same and found.copy else None
        members = tuple(self._members.get(story.id, ()))
        news = news_beside(me, members, copied=copied is not None)
        outlets = story.outlets if entry.source in story.outlets else (*story.outlets, entry.source)
        joined = replace(
            story,
            started_at=min(story.started_at, entry.at),
            updated_at=max(story.updated_at, entry.at),
            entry_count=story.entry_count + 1,
            outlets=outlets,
            origins=origins.joined(story.origins, entry, copied=copied),
        )
        self._keep(joined, me)
        if joined.started_at < story.started_at:
            # A late joiner was there before what the story seemed to continue.
            self._relink(story.id, merged_links(joined, self._links.get(story.id, ()), limit=self._audience.links))
        links, _ = self._backstory(me, story.id, past, found.judged)
        return Telling(
            joined,
            _said_by(entry),
            links,
            news.facts,
            changes=(outlets, joined.origins) != (story.outlets, story.origins),
            compared=members,
            escalates=escalates(entry, (member.entry for member in members), news.facts),
            firsts=news.firsts,
            joins=me,
            copied=copied is not None,
        )

    def _merge(self, one: Story, other: Story) -> Story:
        """Make one story of two: the younger becomes part of the older, which everybody knows by its number."""
        kept, gone = sorted((one, other), key=lambda story: story.id)
        self._merges.append(StoryMerge(gone.id, kept.id))
        self._counters["merged"] += 1
        self._stories.pop(gone.id)
        both = merged_story(kept, gone)
        members = [*self._members.get(kept.id, ()), *self._members.pop(gone.id, ())]
        self._members[kept.id] = [self._today(each) for each in sorted(members, key=lambda each: each.entry.at)]
        self._planned = {entry_id: self._today(past) for entry_id, past in self._planned.items()}
        self._keep(both)
        links = (*self._links.pop(kept.id, ()), *self._links.pop(gone.id, ()))
        self._new_links.pop(gone.id, None)
        self._relink(kept.id, merged_links(both, links, limit=self._audience.links, inside=(kept.id, gone.id)))
        return both

    def _backstory(
        self, me: PastEntry, story_id: int, past: Sequence[PastEntry], judged: Sequence[Judged]
    ) -> tuple[tuple[BackstoryLink, ...], list[PastEntry]]:
        statistics, limit = self._history.statistics, self._audience.links
        found = find_backstory(me.entry, me.fingerprint, past, statistics, limit=limit, judged=judged)
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
                feed_id=earlier.past.entry.feed_id,
            )
            for rank, earlier in enumerate(found)
        )
        return links, [earlier.past for earlier in found]

    def _keep(self, story: Story, me: PastEntry | None = None) -> None:
        self._stories[story.id] = self._touched[story.id] = story
        if me is not None:
            self._members.setdefault(story.id, []).append(replace(me, story_id=story.id))
            self._new_members.append((story.id, me.entry.id))

    def _relink(self, story_id: int, links: tuple[BackstoryLink, ...]) -> None:
        self._links[story_id] = self._new_links[story_id] = links

    def _decided(self, decision: Decision) -> Decision:
        self._decisions.append(decision)
        return decision


def _said_by(entry: Entry) -> datetime:
    """When an entry was said at the latest: on a day without a time perhaps late, but before it was seen."""
    is_day = entry.published_at is not None and entry.at.time() == time()
    return min(max(entry.first_seen_at, entry.at), entry.at + timedelta(days=1)) if is_day else entry.at


def _edited(entry: Entry, past: Entry) -> Entry:
    """A stored entry as its feed gives it now: what it says is new, but not when it was first said."""
    return replace(
        entry, id=past.id, feed_id=past.feed_id, first_seen_at=past.first_seen_at, published_at=past.published_at
    )
