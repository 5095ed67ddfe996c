"""👍 and 👎: stored a story each, and read together as one piece of advice. Nothing changes without a yes.

The advice is the mildest change that spares what was disliked and keeps what was liked: leave out words that only the
disliked alerts rest on; ask for the subject in the title; or be stricter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, note, paragraph
from bot.errors import QueryError
from bot.model import Rating, Sensitivity
from bot.speech import _, ngettext
from bot.topics.own import extended
from bot.topics.query import And, Not, Scoped, Words, conjoin, parse
from handlers import buttons, wording
from handlers.stories import story_meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Topic
    from bot.store.port import RatedMatch
    from bot.topics.lexicon import Lexicon
    from handlers.row import Call
    from handlers.sayings import BlameStory, RateStory

ENOUGH: Final = 2
"""How many stories must be disliked before anything is proposed."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A change that the ratings speak for, and why."""

    query: str
    sensitivity: Sensitivity
    reason: str


async def good(call: Call[RateStory]) -> Message:
    """A thumb up."""
    return await _rate(call, good=True)


async def bad(call: Call[BlameStory]) -> Message:
    """A thumb down."""
    return await _rate(call, good=False)


async def _rate(call: Call[RateStory] | Call[BlameStory], *, good: bool) -> Message:
    view, aside = await story_meant(call)
    desk, chat = call.desk, call.chat
    await desk.store.rate(Rating(chat.id, view.story.id, good, desk.now()))
    headline = wording.quoted(wording.clip(view.story.headline, 100))
    said = paragraph("👍 " if good else "👎 ", _("Noted: {headline}").format(headline=headline))
    if good:
        return Message((*aside, said))
    known = extended(desk.lexicon, await desk.store.concepts_of(chat.id))
    topics = [topic for topic in await desk.store.topics_of(chat.id) if topic.name in view.topics]
    ready = [
        topic
        for topic in topics
        if topic.chat_id == chat.id
        and advice(topic, await desk.store.rated_matches(chat.id, topic.id), known) is not None
    ]
    if not ready:
        left = note(_("A few more of these, and I can propose a change of the topic."))
        return Message((*aside, said, left), ((buttons.why(view.story.id),),))
    row = tuple(buttons.topic_change("tune", topic) for topic in ready[:3])
    return Message((*aside, said, note(_("There is enough to propose a change of the topic."))), (row,))


def advice(topic: Topic, rated: Sequence[RatedMatch], lexicon: Lexicon) -> Advice | None:
    """What the ratings of a topic's matches speak for; None while too few are disliked."""
    disliked = _first_of_each_story(each for each in rated if not each.good)
    liked = [each for each in rated if each.good]
    if len(disliked) < ENOUGH:
        return None
    found = _leave_out(topic, disliked, liked, lexicon) or _ask_for_title(topic, disliked, liked, lexicon)
    if found is not None:
        return found
    stricter = {Sensitivity.WIDE: Sensitivity.NORMAL, Sensitivity.NORMAL: Sensitivity.STRICT}.get(topic.sensitivity)
    if stricter is None:
        return None
    reason = ngettext(
        "You disliked {count} story of it: {level} would let through less.",
        "You disliked {count} stories of it: {level} would let through less.",
        len(disliked),
    )
    reason = wording.counted(reason, len(disliked), level=wording.level(stricter))
    return Advice(topic.query, stricter, reason)


def _first_of_each_story(rated: Iterable[RatedMatch]) -> list[RatedMatch]:
    """One thumb is one, however many entries its story has: the first of them is what the alert told."""
    firsts: dict[int, RatedMatch] = {}
    for each in rated:
        known = firsts.get(each.story_id)
        if known is None or each.match.entry_id < known.match.entry_id:
            firsts[each.story_id] = each
    return list(firsts.values())


def _leave_out(
    topic: Topic, disliked: Sequence[RatedMatch], liked: Sequence[RatedMatch], lexicon: Lexicon
) -> Advice | None:
    """Exclude the words that most of the disliked share and none of the liked holds."""
    kept = {words for each in liked for words in _aliases(each)}
    shared = Counter(words for each in disliked for words in _aliases(each) if words not in kept)
    for words, times in shared.most_common():
        if times < ENOUGH or 2 * times < len(disliked):
            break
        if not liked and times == len(disliked) and _is_all_of_a_facet(words, disliked):
            continue  # without anything liked, this would be to leave out the subject itself
        query = _with(topic.query, Not(Words(words)), lexicon)
        if query is not None:
            reason = _("{times} of the {count} that you disliked hold {words}, none that you liked.")
            said = reason.format(times=times, count=len(disliked), words=wording.quoted(words))
            return Advice(query, topic.sensitivity, said)
    return None


def _ask_for_title(
    topic: Topic, disliked: Sequence[RatedMatch], liked: Sequence[RatedMatch], lexicon: Lexicon
) -> Advice | None:
    """Ask for a facet in the title, where the liked have it there and the disliked do not."""
    root = parse(topic.query, lexicon).root if _parses(topic.query, lexicon) else None
    facets = root.parts if isinstance(root, And) else (root,) if root is not None else ()
    for part in facets:
        if isinstance(part, (Not, Scoped)):
            continue
        name = str(part).removeprefix("@")
        with_it = [each for each in liked if _in_title(each, name)]
        spared = [each for each in disliked if not _in_title(each, name)]
        if liked and len(with_it) == len(liked) and len(spared) == len(disliked):
            rest = [each for each in facets if each != part]
            query = str(parse(str(conjoin([Scoped("title", part), *rest])), lexicon))
            reason = _("All that you liked have {part} in the title, none that you disliked has.")
            return Advice(query, topic.sensitivity, reason.format(part=part))
    return None


def _aliases(each: RatedMatch) -> set[str]:
    return {evidence.alias.casefold() for evidence in each.match.evidence if evidence.alias}


def _in_title(each: RatedMatch, concept: str) -> bool:
    return any(evidence.concept == concept and evidence.where == "title" for evidence in each.match.evidence)


def _is_all_of_a_facet(words: str, disliked: Iterable[RatedMatch]) -> bool:
    """Whether these words are all that speaks for their concept in each of the disliked."""
    for each in disliked:
        concepts = {piece.concept for piece in each.match.evidence if piece.alias.casefold() == words}
        others = {piece.concept for piece in each.match.evidence if piece.alias.casefold() != words}
        if concepts <= others:
            return False
    return True


def _with(query: str, part: Not, lexicon: Lexicon) -> str | None:
    try:
        return str(parse(str(conjoin([parse(query, lexicon).root, part])), lexicon))
    except QueryError:
        return None


def _parses(query: str, lexicon: Lexicon) -> bool:
    try:
        parse(query, lexicon)
    except QueryError:
        return False
    return True
