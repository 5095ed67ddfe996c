"""/latest, /why and /earlier: the chat's stories, why they alerted and what they continue.

A story is shown only where the store says that this chat may see it; an id alone opens nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.alerts.compose import Before, earlier_line, outlets, story_buttons, told_by
from bot.chats.message import (
    Block,
    Message,
    Span,
    Style,
    bold,
    bullets,
    code,
    heading,
    link,
    note,
    paragraph,
    phrase,
    quote,
)
from bot.errors import CommandError
from bot.speech import N_, _, ngettext
from bot.text.dates import day, moment
from bot.topics.match import BARS
from handlers import buttons, wording
from handlers.topics import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.model import BackstoryLink, Evidence, Story
    from bot.store.port import MatchView, StoryView
    from handlers.row import Call
    from handlers.sayings import BlameStory, Earlier, Latest, RateStory, ShowStory, ShowTimeline, Why

LATEST_STORIES: Final = 5
SENTENCES_SHOWN: Final = 4
SENTENCE_CHARS: Final = 300
TOPICS_EXPLAINED: Final = 5
_WHERE: Final = {"title": N_("in the title"), "lead": N_("in the opening"), "text": N_("further down")}


async def latest(call: Call[Latest]) -> Message:
    """The last five stories, of every topic or of one, with buttons for each."""
    desk, chat = call.desk, call.chat
    topic = await named(desk, chat, call.command.topic, begun=True) if call.command.topic else None
    views = await desk.store.latest_stories(chat.id, topic_id=topic.id if topic else None, limit=LATEST_STORIES)
    if not views:
        none = _("No story on {topic} yet.").format(topic=wording.quoted(topic.name)) if topic else _("No story yet.")
        soon = " " + _("The sample coverage takes some seconds to begin.") if desk.sample_mode else ""
        return Message((paragraph(none + soon),), ((buttons.plain("topics"),),))
    lead = _("Latest stories on {topic}").format(topic=wording.quoted(topic.name)) if topic else _("Latest stories")
    blocks: list[Block] = [heading(lead)]
    for view in views:
        blocks += [paragraph(link(view.story.headline, view.story.url)), note(_facts(view, desk.now()))]
    rows = tuple(
        (
            buttons.story(view.story.id, _("Story {number}").format(number=view.story.id)),
            buttons.timeline(view.story.id),
            buttons.why(view.story.id),
        )
        for view in views
    )
    return Message(tuple(blocks), rows)


async def why(call: Call[Why]) -> Message:
    """Per topic the query, the score against its bar and the matched words marked; then the links' reasons."""
    view, aside = await story_meant(call)
    store = call.desk.store
    matches = await store.story_matches(call.chat.id, view.story.id)
    links = await store.story_links(view.story.id, chat_id=call.chat.id)
    blocks = [
        *aside,
        heading(*phrase(_("Why: {story}"), story=link(view.story.headline, view.story.url))),
        note(_dateline(view.story)),
    ]
    best = _best_by_topic(matches)
    for match in best[:TOPICS_EXPLAINED]:
        blocks += _match_blocks(match)
    if len(best) > TOPICS_EXPLAINED:
        more = len(best) - TOPICS_EXPLAINED
        blocks.append(
            note(wording.counted(ngettext("And {count} more topic.", "And {count} more topics.", more), more))
        )
    if not best:
        gone = _("None of this chat's topics matches it any more; the topic that it was sent for is gone.")
        blocks.append(paragraph(gone))
    blocks += _link_blocks(links)
    return Message(tuple(blocks), (story_buttons(view.story.id)[:2],))


async def earlier(call: Call[Earlier]) -> Message:
    """Every earlier story that this one continues, newest first, with the sentence that ties the two."""
    view, aside = await story_meant(call)
    links = await call.desk.store.story_links(view.story.id, chat_id=call.chat.id)
    lead = phrase(_("Before: {story}"), story=link(view.story.headline, view.story.url))
    head = (*aside, heading(*lead), note(_dateline(view.story)))
    if not links:
        nothing = paragraph(_("Nothing earlier is in the archive: this is the first coverage of it that I know."))
        return Message((*head, nothing), ((buttons.why(view.story.id),),))
    linked = [each.past_story_id for each in links if each.past_story_id]
    told = await call.desk.store.first_messages(call.chat.id, linked)
    own = {story_id: Before(message.at, await call.desk.link_to(message.ref)) for story_id, message in told.items()}
    blocks: list[Block] = [*head]
    for earlier_link in sorted(links, key=lambda each: each.at, reverse=True):
        blocks.append(bullets(earlier_line(earlier_link, own.get(earlier_link.past_story_id or 0))))
        if earlier_link.why:
            blocks.append(quote(wording.clip(earlier_link.why, SENTENCE_CHARS)))
    return Message(tuple(blocks), ((buttons.why(view.story.id),),))


async def story_meant(
    call: Call[Why] | Call[Earlier] | Call[RateStory] | Call[BlameStory] | Call[ShowStory] | Call[ShowTimeline],
) -> tuple[StoryView, tuple[Block, ...]]:
    """The story named by its id, else the one replied to, else the latest, with a word on which where it may surprise.

    Raises CommandError where this chat has no such story.
    """
    store, chat_id, story_id = call.desk.store, call.chat.id, call.command.story_id
    if story_id is not None:
        view = await store.story_view(chat_id, story_id)
        if view is None:
            none = _("No story here has the number {number}. /latest shows the last ones.")
            raise CommandError(none.format(number=story_id))
        return view, ()
    aside: tuple[Block, ...] = ()
    if call.inbound.replied_to is not None:
        delivery = await store.delivery_of(chat_id, call.inbound.replied_to)
        view = await store.story_view(chat_id, delivery.story_id) if delivery else None
        if view is not None:
            return view, ()
        aside = (note(_("The message that you replied to is not an alert, so this is about the latest story.")),)
    views = await store.latest_stories(chat_id, limit=1)
    if not views:
        raise CommandError(_("No story has matched a topic here yet. /topics shows what is watched."))
    return views[0], aside


# ---------------------------------------------------------------- pieces


def _facts(view: StoryView, now: datetime) -> str:
    names = outlets(view.story.outlets or (view.story.source,))
    facts = [wording.when(view.story.updated_at, now), names, ", ".join(view.topics), numbered(view.story.id)]
    return " · ".join(fact for fact in facts if fact)


def _dateline(story: Story) -> str:
    names = outlets(story.outlets or (story.source,))
    facts = [names]
    if story.entry_count > 1:
        facts.append(articles(story.entry_count))
        facts += [told_by(story.origins, names=True)] * bool(story.origins)
    return " · ".join((*facts, moment(story.started_at), numbered(story.id)))


def numbered(story_id: int) -> str:
    """The number by which a story is asked for."""
    return _("story {number}").format(number=story_id)


def articles(count: int) -> str:
    """A number of articles."""
    return wording.counted(ngettext("{count} article", "{count} articles", count), count)


def _best_by_topic(matches: Sequence[MatchView]) -> tuple[MatchView, ...]:
    """The best match of each topic, in the order given (best first)."""
    best: dict[int, MatchView] = {}
    for match in matches:
        best.setdefault(match.topic.id, match)
    return tuple(best.values())


def _match_blocks(view: MatchView) -> list[Block]:
    match, topic = view.match, view.topic
    if match.relevant:
        said = _("{topic}: scored {score} of 1; a {level} topic alerts from {bar}")
    else:
        said = _("{topic}: scored {score} of 1; a {level} topic alerts from {bar}, so this alone was not enough")
    facts = {"score": f"{match.score:.2f}", "level": wording.level(topic.sensitivity)}
    scored = phrase(said, topic=bold(topic.name), bar=f"{BARS[topic.sensitivity]:.2f}", **facts)
    blocks = [paragraph(*scored), note(*phrase(_("Query: {query}"), query=code(topic.query)))]
    sentences = _by_sentence(match.evidence)
    shown = [_sentence_line(sentence, evidence) for sentence, evidence in sentences[:SENTENCES_SHOWN]]
    if shown:
        blocks.append(bullets(*shown))
    left = len(sentences) - len(shown)
    found = _("Found in: {title} ({outlet})").format(
        title=wording.clip(view.entry.title, SENTENCE_CHARS), outlet=view.entry.source
    )
    more = ngettext("{count} more sentence", "{count} more sentences", left)
    blocks.append(note(f"{found} · {wording.counted(more, left)}" if left > 0 else found))
    return blocks


def _by_sentence(evidence: Iterable[Evidence]) -> list[tuple[str, list[Evidence]]]:
    """Evidence grouped by the sentence that it stands in, in order; what has no sentence stands for itself."""
    groups: dict[str, list[Evidence]] = {}
    for piece in evidence:
        groups.setdefault(piece.sentence or piece.alias, []).append(piece)
    return list(groups.items())


def _sentence_line(sentence: str, evidence: Sequence[Evidence]) -> tuple[Span | str, ...]:
    concepts = ", ".join(dict.fromkeys(piece.concept for piece in evidence))
    place = _(_WHERE.get(evidence[0].where, evidence[0].where))
    return (*marked(sentence, [piece.alias for piece in evidence]), f" ({concepts}, {place})")


def marked(sentence: str, words: Sequence[str]) -> tuple[Span, ...]:
    """The sentence with every occurrence of the words in bold; a long one is cut to a window around the first."""
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)
    found = [match.span() for match in re.finditer(pattern, sentence, re.IGNORECASE)] if pattern else []
    first = found[0][0] if found else 0
    start = max(0, min(first - SENTENCE_CHARS // 3, len(sentence) - SENTENCE_CHARS))
    stop = start + SENTENCE_CHARS
    spans: list[Span] = [Span("…")] if start else []
    at = start
    for begin, end in found:
        if begin < at or end > stop:
            continue
        spans += [Span(sentence[at:begin]), Span(sentence[begin:end], Style.BOLD)]
        at = end
    spans.append(Span(sentence[at:stop] + ("…" if stop < len(sentence) else "")))
    return tuple(span for span in spans if span.text)


def _link_blocks(links: Sequence[BackstoryLink]) -> list[Block]:
    if not links:
        return []
    lines = [
        (
            f"{day(each.at)}: ",
            link(each.headline, each.url),
            f" ({each.source})",
            f": {wording.quoted(_clipped(each.why))}" * bool(each.why),
        )
        for each in links
    ]
    return [paragraph(bold(_("Earlier, with the sentence that ties it:"))), bullets(*lines)]


def _clipped(sentence: str) -> str:
    return wording.clip(sentence, SENTENCE_CHARS)
