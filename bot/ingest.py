"""An entry before it meets the archive, and the values that a plan is made from. Pure.

::

    ParsedEntry --read_entry, prepare--> Prepared --[the store is asked for candidates]--> bot.planner --> IngestPlan

Cleaning, language, credit, matching and fingerprint need no history: they may run anywhere, in any order. No I/O, no
clock, no randomness: whoever calls passes in the time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.model import UNSAVED, Entry
from bot.stories.fingerprint import fingerprint, terms_of
from bot.stories.origins import credit
from bot.text.clean import clean
from bot.text.language import detect
from bot.text.normalise import displayable
from bot.text.urls import canonical_url, outlet_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bot.model import Context, Feed, Fingerprint, Match, NextIds, ParsedEntry, PastEntry, TermStatistics, Topic
    from bot.topics.match import Matcher

_TERMS_TO_TELL: Final = 8
"""A line put up in haste has fewer: whatever it becomes, it is the same entry."""
_TITLE_KEPT: Final = 1 / 3
_TEXT_KEPT: Final = 1 / 2


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

    def rewrites(self, past: PastEntry) -> bool:
        """Whether it says anything else than the stored entry that it is."""
        return (past.entry.title, past.entry.text) != (self.entry.title, self.entry.text)

    def is_another(self, past: PastEntry) -> bool:
        """Whether it only goes by a name of a stored entry: another date, and hardly a word of headline and text.

        Feeds number their entries by their place, or call the newest "latest". An edit keeps its date or its words; one
        that keeps neither is grouped as any entry is, so that it need not be told twice.
        """
        before, after = past.entry, self.entry
        dated = before.published_at is not None and before.published_at == after.published_at
        if dated or before.lang != after.lang or not self.rewrites(past):
            return False
        titles, texts = past.fingerprint.title_terms, past.fingerprint.terms.keys()
        few = min(len(texts), len(self.fingerprint.terms)) < _TERMS_TO_TELL
        is_like = _share(titles, self.fingerprint.title_terms) > _TITLE_KEPT
        return not few and not is_like and _share(texts, self.fingerprint.terms.keys()) < _TEXT_KEPT


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
        credit=credit(title, parsed.body, lang),
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
    terms = terms_of(entry)
    return Prepared(
        entry=entry,
        keys=keys,
        fingerprint=fingerprint(entry, scan.concepts, terms),
        index_terms=terms.every,
        matches=matches,
        followed=everything or any(match.relevant for match in matches),
        dropped=dropped or {},
    )


def known_as(item: Prepared, seen: Mapping[str, int], past_of: Callable[[int], PastEntry | None]) -> int | None:
    """The entry that one of its names is known to mean; the most telling is asked first. None for a new one.

    ``past_of`` gives a stored entry, if there still is one. A name that another entry has borne says nothing.
    """
    for entry_id in dict.fromkeys(seen[key] for key in item.keys if key in seen):
        past = past_of(entry_id)
        if past is None or not item.is_another(past):
            return entry_id
    return None


def _share(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """How much of the smaller of the two the other has, 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))


def matched_anew(item: Prepared, matcher: Matcher, *, changed: Collection[int], watched: Collection[int]) -> Prepared:
    """An entry as the ``watched`` topics of now have it, of which only the ``changed`` ones are matched again.

    The others go by what they found: they may have read more of it, a summary and the article itself.
    """
    fresh = prepare(item.entry, matcher, keys=item.keys, dropped=item.dropped)
    kept = tuple(match for match in item.matches if match.topic_id in watched and match.topic_id not in changed)
    matches = kept + tuple(match for match in fresh.matches if match.topic_id in changed)
    everything = item.followed and not any(match.relevant for match in item.matches)
    return replace(fresh, matches=matches, followed=everything or any(match.relevant for match in matches))


@dataclass(frozen=True, slots=True)
class History:
    """What the store knew when the plan was made.

    ``overlooked`` are entries that no story holds though the topics of now want them as they are stored: they came
    while nobody watched those, and are past coverage.
    """

    seen: Mapping[str, int]
    known: Mapping[int, PastEntry]
    statistics: TermStatistics
    context: Context
    next_ids: NextIds
    overlooked: frozenset[int] = frozenset()

    def known_as(self, item: Prepared) -> int | None:
        """The stored entry that an item is, if any."""
        return known_as(item, self.seen, self.known.get)

    def grows(self, item: Prepared, past: PastEntry) -> bool:
        """Whether a stored entry that nobody wanted is rewritten into one that somebody does.

        What was put up as a line at first, or was about something else, is news as much as a new entry.
        """
        is_ours = past.story_id is None and past.entry.id not in self.overlooked
        return item.followed and is_ours and item.rewrites(past)


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a plan decides: the watched topics by id, and whether anybody is told at all.

    ``silent`` stores and groups without a word (a first poll, an import) all but what is dated within ``news``, both
    ends left out. An entry dated before ``stale_before`` was old when it was first seen: not a word of it either.
    ``links`` is how long a backstory may be; ``patient`` groups undated entries with caution, since a second look
    follows.
    """

    topics: Mapping[int, Topic]
    silent: bool = False
    news: tuple[datetime, datetime] | None = None
    stale_before: datetime | None = None
    links: int = limits.BACKSTORY_LINKS
    patient: bool = False
