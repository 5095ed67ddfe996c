"""What a query would have found: hits, stories and alerts over past entries, and what makes it noisy or narrow.

::

    Tally(trial, lexicon).take(entries) ... -> finish(statistics, span) = Backtest

The entries are matched and grouped into stories by the code that runs live, so that the figures are those of a dry
run, not of another search. Pure: reading the archive is the caller's work.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.model import PastEntry, Sensitivity, Topic
from bot.stories.fingerprint import candidate_terms, fingerprint
from bot.stories.group import find_story
from bot.text.normalise import displayable
from bot.topics.match import BARS, Matcher
from bot.topics.own import expanded, extended
from bot.topics.query import And, ConceptTerm, Not, Regex, Words, conjoin, parse
from bot.topics.tree import asks_for_something, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import ChatConcept, Entry, Match, TermStatistics
    from bot.topics.lexicon import Lexicon
    from bot.topics.match import Scan
    from bot.topics.query import Node

EXAMPLES: Final = 5
GROUPED: Final = 200
"""How many hits are grouped into stories; the rest are taken to be grouped alike."""

_WHOLE: Final = 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WINDOW: Final = timedelta(days=5)
_WEEK_DAYS: Final = 7
_SPARKS: Final = "▁▂▃▄▅▆▇█"
_NO_HIT: Final = "·"
_CHART_SIGNS: Final = 45


@dataclass(frozen=True, slots=True)
class Trial:
    """A query to try, with the chat's own concepts that it may use."""

    query: str
    sensitivity: Sensitivity = Sensitivity.NORMAL
    concepts: tuple[ChatConcept, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The time that was looked at. ``archive_ended`` says that it lies in the past because the archive ends there.

    ``capped`` is True where there were more entries than are read: then ``since`` is where reading stopped.
    """

    since: datetime
    until: datetime
    archive_ended: bool = False
    capped: bool = False

    @property
    def days(self) -> float:
        """Its length in days, at least one."""
        return max((self.until - self.since) / timedelta(days=1), 1.0)


@dataclass(frozen=True, slots=True)
class Example:
    """An entry that would have alerted."""

    title: str
    url: str
    source: str
    at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class NearMiss:
    """How many more entries the query would find without one of its facets."""

    facet: str
    more: int


@dataclass(frozen=True, slots=True)
class Noise:
    """Words on which ``entries`` mentions in passing rest alone: without them, they would not have matched."""

    concept: str
    alias: str
    entries: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came out. ``hits`` would have alerted, ``passing`` were true but below the bar; ``by_day`` are the hits."""

    span: Span
    read: int
    hits: int
    passing: int
    stories: int
    by_day: tuple[int, ...]
    noise: Noise | None
    near: tuple[NearMiss, ...]
    examples: tuple[Example, ...]

    @property
    def hits_a_day(self) -> float:
        """Hits a day on average."""
        return self.hits / self.span.days

    @property
    def alerts_a_week(self) -> float:
        """One story is one alert."""
        return self.stories * _WEEK_DAYS / self.span.days


def sparkline(counts: Sequence[int]) -> str:
    """A chart of one line, a sign a day (or as many days as make it fit); a dot is none at all."""
    width = max(-(-len(counts) // _CHART_SIGNS), 1)
    counts = [sum(counts[start : start + width]) for start in range(0, len(counts), width)]
    top = max(counts, default=0)
    return "".join(_SPARKS[(count * len(_SPARKS) - 1) // top] if count else _NO_HIT for count in counts)


def without_one(query: str, lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """For each facet of a conjunction: the facet, and the query without it. Only what still asks for something."""
    root = parse(query, lexicon).root
    if not isinstance(root, And):
        return ()
    found = []
    for index, part in enumerate(root.parts):
        rest: Node = conjoin([*root.parts[:index], *root.parts[index + 1 :]])
        if not isinstance(part, Not) and _looks_for_words(rest):
            found.append((str(part), str(rest)))
    return tuple(found)


def _looks_for_words(node: Node) -> bool:
    """Whether it asks for something in the text: what only asks for a language or an outlet finds nearly all."""
    parts = node.parts if isinstance(node, And) else (node,)
    wanted = (part for part in parts if not isinstance(part, Not) and asks_for_something(part))
    return any(isinstance(inner, (ConceptTerm, Words, Regex)) for part in wanted for inner, _ in walk(part))


class Tally:
    """Counts while entries are shown to it, in any order."""

    def __init__(self, trial: Trial, lexicon: Lexicon) -> None:
        """Compile the query and its shortened forms. Raises QueryError."""
        known = extended(lexicon, trial.concepts)
        self._shorter = without_one(trial.query, known)
        queries = (trial.query, *(rest for _, rest in self._shorter))
        topics = [
            Topic(number, None, "", expanded(query, trial.concepts, lexicon), _EPOCH, trial.sensitivity)
            for number, query in enumerate(queries, start=_WHOLE)
        ]
        self._matcher = Matcher(lexicon, topics)
        self._bar = BARS[trial.sensitivity]
        self._dates: list[datetime] = []
        self._newest: list[tuple[datetime, int, PastEntry, float]] = []
        self._passing = 0
        self._more: Counter[str] = Counter()
        self._noise: Counter[tuple[str, str]] = Counter()
        self.read = 0
        self.oldest: datetime | None = None

    def take(self, entries: Sequence[Entry]) -> None:
        """Match some entries."""
        for entry in entries:
            self.read += 1
            self.oldest = min(entry.at, self.oldest or entry.at)
            scan = self._matcher.scan(entry)
            by_topic = {match.topic_id: match for match in self._matcher.match(entry, scan)}
            whole = by_topic.get(_WHOLE)
            if whole is not None and whole.relevant:
                self._dates.append(entry.at)
                self._keep(entry, scan, whole.score)
            elif whole is not None:
                self._passing += 1
                self._noise.update(_resting_on(whole))
            else:
                for number, (facet, _) in enumerate(self._shorter, start=_WHOLE + 1):
                    shorter = by_topic.get(number)
                    if shorter is not None and shorter.relevant:
                        self._more[facet] += 1

    def terms(self) -> tuple[str, ...]:
        """The index terms whose statistics ``finish`` needs."""
        return tuple(sorted({term for _, _, past, _ in self._newest for term in candidate_terms(past.fingerprint)}))

    def finish(self, statistics: TermStatistics, span: Span) -> Backtest:
        """Group the hits and sum up."""
        newest = sorted(self._newest)
        firsts = _stories([past for _, _, past, _ in newest], statistics)
        share = len(firsts) / len(newest) if newest else 0.0
        score_of = {entry_id: score for _, entry_id, _, score in newest}
        shown = sorted(firsts, key=lambda past: (past.entry.at, past.entry.id), reverse=True)[:EXAMPLES]
        return Backtest(
            span=span,
            read=self.read,
            hits=len(self._dates),
            passing=self._passing,
            stories=len(firsts) + round(share * (len(self._dates) - len(newest))),
            by_day=_by_day(self._dates, span),
            noise=next((Noise(*key, entries) for key, entries in self._noise.most_common(1)), None),
            near=tuple(NearMiss(facet, self._more[facet]) for facet, _ in self._shorter if self._more[facet]),
            examples=tuple(_example(past.entry, score_of[past.entry.id]) for past in shown),
        )

    def _keep(self, entry: Entry, scan: Scan, score: float) -> None:
        """Only the newest hits are grouped: all of them would take a hundred megabytes."""
        place = (entry.at, entry.id)
        full = len(self._newest) == GROUPED
        if full and place < self._newest[0][:2]:
            return
        hit = (*place, PastEntry(entry, fingerprint(entry, scan.concepts)), score)
        (heapq.heappushpop if full else heapq.heappush)(self._newest, hit)


def _resting_on(match: Match) -> set[tuple[str, str]]:
    """The (concept, words) of a match which were all that spoke for their concept."""
    words: dict[str, set[str]] = {}
    for evidence in match.evidence:
        words.setdefault(evidence.concept, set()).add(evidence.alias.casefold())
    return {(concept, next(iter(aliases))) for concept, aliases in words.items() if len(aliases) == 1}


def _stories(hits: Sequence[PastEntry], statistics: TermStatistics) -> list[PastEntry]:
    """The first entry of each story, given the hits from the oldest on."""
    grouped: list[PastEntry] = []
    firsts: list[PastEntry] = []
    for number, hit in enumerate(hits, start=1):
        pool = [past for past in grouped if hit.entry.at - past.entry.at <= _WINDOW]
        same = find_story(hit.entry, hit.fingerprint, pool, statistics).same
        story_id = same.story_id if same is not None else number
        here = PastEntry(hit.entry, hit.fingerprint, story_id)
        grouped.append(here)
        if same is None:
            firsts.append(here)
    return firsts


def _by_day(moments: Sequence[datetime], span: Span) -> tuple[int, ...]:
    """Hits on each calendar day (UTC) of the span."""
    first = span.since.astimezone(UTC).date()
    counts = [0] * ((span.until.astimezone(UTC).date() - first).days + 1)
    for at in moments:
        place = (at.astimezone(UTC).date() - first).days
        counts[min(max(place, 0), len(counts) - 1)] += 1
    return tuple(counts)


def _example(entry: Entry, score: float) -> Example:
    title = entry.title or displayable(entry.text.partition("\n")[0])
    return Example(title or entry.url, entry.url, entry.source, entry.at, score)
