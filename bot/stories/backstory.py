"""Finds the earlier stories that an entry continues, best first, with the sentence that ties each.

Past entries only, one of each event, never another telling of the entry's own, whatever its language. Candidates come
from the archive; here they are weighed by what they share (wording, names, concepts; between languages meaning), a
little by how near they lie in time, and by each other's company: what belongs to the same thread resembles its other
members too. What no topic ever wanted is a look-alike more often than not, and must tie in much better; what names
others throughout must tie in better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.limits import BACKSTORY_LINKS
from bot.stories.background import tells_of_before
from bot.stories.boilerplate import (
    is_attribution,
    is_background,
    is_complete,
    is_definition,
    is_invitation,
    is_leaning,
    is_question,
    is_quotation,
)
from bot.stories.group import by_story, judge, tell_the_same
from bot.stories.likeness import Bag, Comparer, cosine, overlap, resemblance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry, Fingerprint, PastEntry, TermStatistics
    from bot.stories.group import Judged
    from bot.stories.likeness import Likeness

FLOOR: Final = 0.16
"""Below this a candidate shares words with the entry, but no story: links that a reader sees must pass it."""
RANKING_FLOOR: Final = 0.04
"""The floor where more links are asked for than an alert shows: a ranking, to be read as one."""
STRANGENESS: Final = 0.12
"""How much more two entries must share that name none of the same: a dam gives way elsewhere, in the same words."""
NAMES_SHARED: Final = 0.2
"""From this overlap of their names on, two entries are no strangers."""
NAMES_TOLD: Final = 10
"""Where one has fewer names than this, they tell less: a line or two may well name others of the same thread."""
CONCEPTS_SHARED: Final = 2
"""Between languages a single concept is the kind of event, an earthquake: one thread takes where it was, too."""
NAMES_ABROAD: Final = 0.1
"""From this overlap of names by their sound on, two languages name the same."""
HALF_LIFE_DAYS: Final = 180.0
UNFOLLOWED: Final = 0.4
"""What the tie of an entry is worth that belongs to no story, because no topic wanted it."""
COMPANY: Final = 10
COMPANY_WEIGHT: Final = 0.3
TWIN_BAR: Final = 0.75
OF_BEFORE: Final = 0.7
"""What a sentence's likeness is worth as a reason where it tells what was before the earlier event itself."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier story: one entry of it, how well it ties in (0 to 1), and the sentence of that entry that shows why.

    The entry is the one that ties in best among those in the new entry's language, or else of all.
    """

    past: PastEntry
    score: float
    why: str


def find_backstory(
    entry: Entry,
    fp: Fingerprint,
    candidates: Sequence[PastEntry],
    statistics: TermStatistics,
    *,
    limit: int,
    judged: Sequence[Judged] = (),
) -> tuple[Earlier, ...]:
    """At most ``limit`` earlier stories, best first.

    Up to the number of links of an alert only clear ties are given; a greater ``limit`` asks for a ranking and gets
    every plausible one. ``judged`` are these candidates, and perhaps others, as grouping judged them, if it did.
    """
    earlier = [past for past in candidates if past.entry.at <= entry.at]
    known = {each.past.entry.id: each for each in judged}
    if all(past.entry.id in known for past in earlier):
        judged = [replace(known[past.entry.id], past=past) for past in earlier]  # its story may be another by now
    else:
        judged = judge(entry, fp, earlier, statistics)
    judged = _other_events(judged)
    alone = [_tie(candidate) for candidate in judged]
    shown = limit <= BACKSTORY_LINKS
    floors = [_floor(fp, candidate) if shown else RANKING_FLOOR for candidate in judged]
    scores = _with_company(judged, alone, floors)
    ranked = sorted(
        scores,
        key=lambda index: (-scores[index], -judged[index].past.entry.at.timestamp(), judged[index].past.entry.id),
    )
    nearest = [judged[index].past for index in sorted(range(len(judged)), key=lambda index: -alone[index])]
    comparer = Comparer(entry, fp, statistics)
    links: list[Earlier] = []
    stories: set[int] = set()
    for index in ranked:
        past = judged[index].past
        if len(links) == limit:
            break
        if past.story_id in stories or any(_twins(past, link.past) for link in links):
            continue
        if past.story_id is not None:
            stories.add(past.story_id)
        told = _in_language(entry.lang, past, nearest)
        links.append(Earlier(told, min(1.0, scores[index]), _why(comparer, told)))
    return tuple(links)


def _in_language(lang: str, past: PastEntry, nearest: Sequence[PastEntry]) -> PastEntry:
    """What a reader of this language is shown of a past entry's story: the first of ``nearest`` that tells it so."""
    if past.entry.lang == lang or past.story_id is None:
        return past
    return next((other for other in nearest if other.story_id == past.story_id and other.entry.lang == lang), past)


def _other_events(judged: Sequence[Judged]) -> list[Judged]:
    """The candidates that do not tell the entry's own event, nor belong to a story that does.

    A story is asked as a whole, as in grouping: that one of its entries looks the same makes it near, not the same.
    """
    same = [each for members in by_story(judged) if tell_the_same(members) for each in members]
    own_stories = {each.past.story_id for each in same if each.past.story_id is not None}
    own_entries = {each.past.entry.id for each in same}
    return [each for each in judged if each.past.entry.id not in own_entries and each.past.story_id not in own_stories]


def _tie(candidate: Judged) -> float:
    """How strongly one candidate ties in, 0 to about 1.5, by itself."""
    likeness = candidate.likeness
    nearness: float = 0.5 ** ((likeness.gap_days or 0.0) / HALF_LIFE_DAYS)
    worth = 1.0 if candidate.past.story_id is not None else UNFOLLOWED
    shared = _shared_abroad(likeness) if likeness.foreign else _shared(likeness)
    return shared * (0.6 + 0.4 * nearness) * worth


def _shared(likeness: Likeness) -> float:
    return likeness.text + 0.3 * likeness.names + 0.15 * likeness.concepts + 0.1 * likeness.title


def _shared_abroad(likeness: Likeness) -> float:
    """The same for two languages: they have hardly a word in common, so what they mean and are about must do."""
    meaning = 0.3 * max(0.0, likeness.meaning or 0.0) + 0.4 * max(0.0, likeness.nuance or 0.0)
    return meaning + 0.3 * likeness.concepts + 0.2 * likeness.names


def _floor(fp: Fingerprint, candidate: Judged) -> float:
    """What a tie that is shown must reach: more where both name others.

    Names tell little between languages; there nothing will do where both could share several concepts and do not.
    """
    likeness = candidate.likeness
    if likeness.foreign:
        mine, theirs = fp.concepts.keys(), candidate.past.fingerprint.concepts.keys()
        could = min(len(mine), len(theirs)) >= CONCEPTS_SHARED
        strange = could and len(mine & theirs) < CONCEPTS_SHARED and likeness.names < NAMES_ABROAD
        return math.inf if strange else FLOOR
    told = min(len(fp.names), len(candidate.past.fingerprint.names), NAMES_TOLD) / NAMES_TOLD
    lacking = max(0.0, 1 - likeness.names / NAMES_SHARED)
    return FLOOR + STRANGENESS * lacking * told


def _with_company(judged: Sequence[Judged], alone: Sequence[float], floors: Sequence[float]) -> dict[int, float]:
    """Each tie from its floor on, by index, raised by how much the best other candidates resemble it."""
    best = sorted(range(len(judged)), key=lambda index: -alone[index])[:COMPANY]
    total = sum(alone[index] for index in best) or 1.0
    worthy = [index for index, own in enumerate(alone) if own >= floors[index]]
    bags = {index: Bag(judged[index].past.fingerprint.terms) for index in {*best, *worthy}}

    def kinship(one: int, other: int) -> float:
        names = overlap(judged[one].past.fingerprint.names, judged[other].past.fingerprint.names)
        return bags[one].cosine(bags[other]) + 0.3 * names

    scores = {}
    for index in worthy:
        company = sum(alone[other] * kinship(index, other) for other in best if other != index)
        scores[index] = alone[index] + COMPANY_WEIGHT * company / total
    return scores


def _twins(left: PastEntry, right: PastEntry) -> bool:
    """Whether two earlier entries tell one event, without the archive having grouped them."""
    if resemblance(left.fingerprint.shingles, right.fingerprint.shingles) >= TWIN_BAR / 2:
        return True
    return cosine(left.fingerprint.terms, right.fingerprint.terms) >= TWIN_BAR


def _why(comparer: Comparer, past: PastEntry) -> str:
    """The earlier entry's sentence that says most of what the new one is about; its headline if it has no sentence.

    A reader sees it by itself: one that stands alone is taken wherever there is one that has to do with the entry, and
    of these rather one that tells the earlier event than what was before that.
    """
    whole = [each for each in past.fingerprint.sentences if is_complete(each) and not is_definition(each)]
    if not whole:
        return past.entry.title or next(iter(past.fingerprint.sentences), "")
    ties = {sentence: comparer.sentence_likeness(sentence, past.entry.lang) for sentence in whole}
    alone = [sentence for sentence in whole if ties[sentence] > 0 and _stands_alone(sentence)]
    for each in alone:
        ties[each] *= OF_BEFORE if is_background(each) or tells_of_before(each, past.entry.at) else 1.0
    return max(alone or whole, key=lambda sentence: ties[sentence])


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence says what it says without those around it, in the outlet's own words."""
    empty = is_attribution(sentence) or is_invitation(sentence) or is_question(sentence)
    return not (empty or is_quotation(sentence) or is_leaning(sentence))
