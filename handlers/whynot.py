"""/whynot URL: the exact stage at which an article stopped, for this chat.

An article that only another chat's feed brought does not exist here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from bot.chats.message import Block, Message, bold, bullets, code, heading, link, note, paragraph
from bot.errors import QueryError
from bot.model import DeliveryState, FeedState
from bot.text.dates import ago, moment
from bot.text.urls import canonical_url, registrable_domain
from bot.topics.match import BARS
from bot.topics.missing import verdict
from handlers import buttons, wording
from handlers.missed import held_because

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.chats.message import Button, Span
    from bot.model import ChatConcept, Delivery, Entry, Feed, Match, Topic
    from bot.store.port import TracedEntry
    from bot.topics.lexicon import Lexicon
    from bot.topics.missing import Verdict
    from handlers.row import Call
    from handlers.sayings import WhyNot

TOPICS_SHOWN: Final = 8
TITLE_CHARS: Final = 200

_FATES: Final = {
    DeliveryState.PENDING: "its alert is waiting to be sent",
    DeliveryState.SENDING: "its alert is being sent now",
    DeliveryState.UNKNOWN: "its alert was perhaps sent: the platform did not say whether it arrived",
    DeliveryState.DEAD: "its alert was refused by the platform and kept",
}


async def whynot(call: Call[WhyNot]) -> Message:
    """Follow the article through the pipeline and say where it stopped."""
    store, chat = call.desk.store, call.chat
    found: list[TracedEntry] = []
    for url in _spellings(canonical_url(call.command.url)):
        found += [each for each in await store.entries_at(url) if await store.serves(chat.id, each.entry.feed_id)]
    if not found:
        return _not_seen(call.command.url, await store.feeds_of(chat.id), call.desk.now())
    traced = next((each for each in found if each.story_id is not None), found[0])
    return await _seen(call, traced, repeats=len(found) - 1)


async def _seen(call: Call[WhyNot], traced: TracedEntry, *, repeats: int) -> Message:
    desk, chat, entry = call.desk, call.chat, traced.entry
    blocks: list[Block] = [
        heading("Why not: ", link(wording.clip(entry.title or entry.url, TITLE_CHARS), entry.url)),
        note(f"{entry.source} · {moment(entry.at)} · first seen {wording.when(entry.first_seen_at, desk.now())}"),
    ]
    if repeats:
        blocks.append(note(f"It came {wording.count(repeats, 'more time')}, by other feeds: seen before."))
    topics = await desk.store.topics_of(chat.id)
    if not topics:
        blocks.append(paragraph("Nothing is watched here, so nothing alerts."))
        return Message(tuple(blocks), ((buttons.plain("topics", "Topics"),),))
    concepts = await desk.store.concepts_of(chat.id)
    verdicts = await asyncio.to_thread(_verdicts, entry, topics, concepts, desk.lexicon)
    relevant = [each for each in verdicts if each.match is not None and each.match.relevant]
    row: tuple[Button, ...] = ()
    if relevant:
        blocks.append(paragraph(*await _relevant(call, traced, [each.topic for each in relevant])))
        row = (buttons.why(traced.story_id),) if traced.story_id is not None else ()
    blocks.append(bullets(*(_line(each) for each in verdicts[:TOPICS_SHOWN])))
    if len(verdicts) > TOPICS_SHOWN:
        blocks.append(note(f"And {wording.count(len(verdicts) - TOPICS_SHOWN, 'more topic')}, further from it."))
    return Message(tuple(blocks), (row,) if row else ())


async def _relevant(call: Call[WhyNot], traced: TracedEntry, topics: Sequence[Topic]) -> tuple[Span | str, ...]:
    """What became of an article that a topic wants: told, part of a told story, held back, or silent and why."""
    desk, chat, entry = call.desk, call.chat, traced.entry
    if traced.story_id is not None:
        deliveries = await desk.store.story_deliveries(chat.id, traced.story_id)
        if deliveries:
            headline = await _headline(call, traced.story_id)
            told = f"It is story {traced.story_id}, and "
            if headline and headline != entry.title:
                told = f"It is the same story as {wording.quoted(headline)} (story {traced.story_id}), and "
            return (told, *await _fate(call, deliveries[-1]), ".")
    wanted = {row.topic_id for row in await desk.store.subscriptions_of(chat.id)}
    if all(topic.paused or topic.id not in wanted for topic in topics):
        return (f"A topic wants it, but is off here. Turn it on: /subscribe {topics[0].name}",)
    stage = traced.stage or ""
    if "old when first seen" in stage:
        return (f"It was old when it was first seen ({moment(entry.at)}): stored, and not told.",)
    if all(topic.created_at > entry.first_seen_at for topic in topics):
        return ("It came before its topic was watched: it is in the archive, and past coverage is not told again.",)
    if "archived" in stage:
        return ("It came with its feed's first poll or an import, which is stored silently.",)
    return ("It was stored without an alert: its topic, or what its words mean, has changed since it came.",)


async def _headline(call: Call[WhyNot], story_id: int) -> str:
    view = await call.desk.store.story_view(call.chat.id, story_id)
    return view.story.headline if view is not None else ""


async def _fate(call: Call[WhyNot], newest: Delivery) -> tuple[Span | str, ...]:
    """What became of the story's newest alert here: when it was sent, or what it waits for."""
    desk = call.desk
    if newest.state is DeliveryState.SENT:
        sent = "its alert was sent" + (f" {wording.when(newest.sent_at, desk.now())}" if newest.sent_at else "")
        address = await desk.link_to(newest.ref) if newest.ref is not None else None
        return (sent, " (", link("see it", address), ")") if address else (sent,)
    if newest.state is DeliveryState.HELD:
        why = held_because(newest, await desk.store.settings_of(call.chat.id))
        return (f"its alert is held: {why}. Ask for it: /missed replay {newest.id}",)
    why = f" ({wording.clip(newest.error, 160)})" if newest.error else ""
    return (f"{_FATES[newest.state]}{why}",)


def _verdicts(
    entry: Entry, topics: Sequence[Topic], concepts: Sequence[ChatConcept], lexicon: Lexicon
) -> list[Verdict]:
    """Each topic's verdict, the nearest first. A query that is not understood any more has none."""
    found: list[Verdict] = []
    for topic in topics:
        try:
            found.append(verdict(entry, topic, concepts, lexicon))
        except QueryError:
            continue
    return sorted(found, key=lambda each: (each.match is None, len(each.lacking) + len(each.excluded)))


def _line(each: Verdict) -> tuple[Span | str, ...]:
    topic, match = each.topic, each.match
    if match is not None:
        bar = BARS[topic.sensitivity]
        verb = "at or above" if match.relevant else "below"
        said = f": scored {match.score:.2f}, {verb} the bar of {bar:.2f} ({topic.sensitivity.value})"
        passing = [] if match.relevant else _only_in_text(match)
        return (bold(topic.name), said, *(["; only in passing: ", *_codes(passing)] if passing else []))
    spans: list[Span | str] = [bold(topic.name), ": "]
    if each.lacking:
        spans += ["not in it: ", *_codes(each.lacking)]
    if each.excluded:
        spans += ["; " if each.lacking else "", "excluded by ", *_codes(each.excluded)]
    if not each.lacking and not each.excluded:
        spans.append("its words are there, but not together as it asks")
    return tuple(spans)


def _only_in_text(match: Match) -> list[str]:
    """The words that stand neither in the title nor in the lead, nor do others of their concept: what was missing."""
    places: dict[str, set[str]] = {}
    words: dict[str, str] = {}
    for evidence in match.evidence:
        places.setdefault(evidence.concept, set()).add(evidence.where)
        words.setdefault(evidence.concept, evidence.alias)
    return [words[concept] for concept, where in places.items() if where == {"text"}]


def _codes(texts: Sequence[str]) -> list[Span | str]:
    spans: list[Span | str] = []
    for place, text in enumerate(texts):
        spans += [", " if place else "", code(wording.clip(text, 80))]
    return spans


def _not_seen(url: str, feeds: Sequence[Feed], now: datetime) -> Message:
    """No feed of this chat brought it: say which should have, if any is of that site."""
    site = _site(url)
    same_site = [feed for feed in feeds if site and _site(feed.url) == site]
    blocks: list[Block] = [paragraph("Not polled: no feed of this chat has brought this article.")]
    if not same_site:
        blocks.append(paragraph(f"None of them is of {site or 'that site'}. Add one: ", code("/feeds add URL")))
    else:
        blocks.append(bullets(*(_feed_line(feed, now) for feed in same_site[:TOPICS_SHOWN])))
        blocks.append(note("Feeds hold only some of a site's articles; another feed of the site may hold this one."))
    return Message(tuple(blocks), ((buttons.plain("feeds", "Feeds"),),))


def _site(url: str) -> str:
    return registrable_domain(url).removeprefix("www.")


def _feed_line(feed: Feed, now: datetime) -> tuple[Span | str, ...]:
    if feed.state is FeedState.GONE:
        state = "the server says that it is gone"
    elif feed.failures:
        state = f"failing: {wording.clip(feed.last_error or 'unknown', 160)}; tried again {ago(feed.next_poll_at, now)}"
    elif feed.last_polled_at is None:
        state = "not polled yet"
    else:
        state = f"last polled {wording.when(feed.last_polled_at, now)}, and it was not in it"
        state += f"; polled next {ago(feed.next_poll_at, now)}" if feed.next_poll_at > now else "; polled next at once"
    return (bold(wording.clip(feed.title, 80)), f": {state}")


def _spellings(url: str) -> tuple[str, ...]:
    """The address as feeds may spell it: with or without https, www. and the last slash."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    paths = dict.fromkeys((parts.path, parts.path.rstrip("/") or "/", f"{parts.path.rstrip('/')}/"))
    made = [
        urlunsplit((scheme, netloc, path, parts.query, parts.fragment))
        for scheme in ("https", "http")
        for netloc in (host, f"www.{host}")
        for path in paths
    ]
    return tuple(dict.fromkeys((url, *made)))
