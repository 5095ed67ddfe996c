"""/whynot URL: the exact stage at which an article stopped, for this chat.

An article that only another chat's feed brought does not exist here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from bot.chats.message import Block, Message, bold, bullets, code, heading, link, note, paragraph, phrase
from bot.errors import QueryError
from bot.model import DeliveryState, FeedState
from bot.reasons import retold
from bot.speech import N_, _, ngettext
from bot.text.dates import ago, moment
from bot.text.urls import canonical_url, registrable_domain
from bot.topics.match import BARS
from bot.topics.missing import verdict
from handlers import buttons, wording
from handlers.missed import held_because
from handlers.words import as_typed

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
    DeliveryState.PENDING: N_("its alert is waiting to be sent"),
    DeliveryState.SENDING: N_("its alert is being sent now"),
    DeliveryState.UNKNOWN: N_("its alert was perhaps sent: the platform did not say whether it arrived"),
    DeliveryState.DEAD: N_("its alert was refused by the platform and kept"),
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
    article = link(wording.clip(entry.title or entry.url, TITLE_CHARS), entry.url)
    seen = _("first seen {when}").format(when=wording.when(entry.first_seen_at, desk.now()))
    blocks: list[Block] = [
        heading(*phrase(_("Why not: {article}"), article=article)),
        note(" · ".join((entry.source, moment(entry.at), seen))),
    ]
    if repeats:
        again = ngettext(
            "It came {count} more time, by other feeds: seen before.",
            "It came {count} more times, by other feeds: seen before.",
            repeats,
        )
        blocks.append(note(wording.counted(again, repeats)))
    topics = await desk.store.topics_of(chat.id)
    if not topics:
        blocks.append(paragraph(_("Nothing is watched here, so nothing alerts.")))
        return Message(tuple(blocks), ((buttons.plain("topics"),),))
    concepts = await desk.store.concepts_of(chat.id)
    verdicts = await asyncio.to_thread(_verdicts, entry, topics, concepts, desk.lexicon)
    relevant = [each for each in verdicts if each.match is not None and each.match.relevant]
    row: tuple[Button, ...] = ()
    if relevant:
        blocks.append(paragraph(*await _relevant(call, traced, [each.topic for each in relevant])))
        row = (buttons.why(traced.story_id),) if traced.story_id is not None else ()
    blocks.append(bullets(*(_line(each) for each in verdicts[:TOPICS_SHOWN])))
    if len(verdicts) > TOPICS_SHOWN:
        left = len(verdicts) - TOPICS_SHOWN
        more = ngettext("And {count} more topic, further from it.", "And {count} more topics, further from it.", left)
        blocks.append(note(wording.counted(more, left)))
    return Message(tuple(blocks), (row,) if row else ())


async def _relevant(call: Call[WhyNot], traced: TracedEntry, topics: Sequence[Topic]) -> tuple[Span | str, ...]:
    """What became of an article that a topic wants: told, part of a told story, held back, or silent and why."""
    desk, chat, entry = call.desk, call.chat, traced.entry
    if traced.story_id is not None:
        deliveries = await desk.store.story_deliveries(chat.id, traced.story_id)
        if deliveries:
            headline = await _headline(call, traced.story_id)
            told, same = _("It is story {number}, and {fate}."), headline and headline != entry.title
            if same:
                told = _("It is the same story as {headline} (story {number}), and {fate}.")
            fate = await _fate(call, deliveries[-1])
            return phrase(told, number=str(traced.story_id), headline=wording.quoted(headline), fate=fate)
    wanted = {row.topic_id for row in await desk.store.subscriptions_of(chat.id)}
    if all(topic.paused or topic.id not in wanted for topic in topics):
        line = f"/subscribe {as_typed(topics[0].name)}"
        return (_("A topic wants it, but is off here. Turn it on: {line}").format(line=line),)
    stage = traced.stage or ""
    if "old when first seen" in stage:
        old = _("It was old when it was first seen ({when}), so it was stored without an alert.")
        return (old.format(when=moment(entry.at)),)
    if all(topic.created_at > entry.first_seen_at for topic in topics):
        return (_("It came before its topic was watched: it is in the archive, and past coverage is not told again."),)
    if "archived" in stage:
        return (_("It came with its feed's first poll or an import, which is stored silently."),)
    return (_("It was stored without an alert: its topic, or what its words mean, has changed since it came."),)


async def _headline(call: Call[WhyNot], story_id: int) -> str:
    view = await call.desk.store.story_view(call.chat.id, story_id)
    return view.story.headline if view is not None else ""


async def _fate(call: Call[WhyNot], newest: Delivery) -> tuple[Span | str, ...]:
    """What became of the story's newest alert here: when it was sent, or what it waits for."""
    desk = call.desk
    if newest.state is DeliveryState.SENT:
        sent = _("its alert was sent")
        if newest.sent_at:
            sent = _("its alert was sent {when}").format(when=wording.when(newest.sent_at, desk.now()))
        address = await desk.link_to(newest.ref) if newest.ref is not None else None
        return (sent, " (", link(_("see it"), address), ")") if address else (sent,)
    if newest.state is DeliveryState.HELD:
        why = held_because(newest, await desk.store.settings_of(call.chat.id))
        held = _("its alert is held: {reason}. Ask for it: {line}")
        return (held.format(reason=why, line=f"/missed replay {newest.id}"),)
    why = f" ({wording.clip(retold(newest.error), 160)})" if newest.error else ""
    return (f"{_(_FATES[newest.state])}{why}",)


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
        said = _("{topic}: scored {score}, below the bar of {bar} ({level})")
        if match.relevant:
            said = _("{topic}: scored {score}, at or above the bar of {bar} ({level})")
        facts = {"score": f"{match.score:.2f}", "bar": f"{BARS[topic.sensitivity]:.2f}"}
        scored = phrase(said, topic=bold(topic.name), level=wording.level(topic.sensitivity), **facts)
        passing = [] if match.relevant else _only_in_text(match)
        more = phrase(_("; only in passing: {words}"), words=_codes(passing)) if passing else ()
        return (*scored, *more)
    spans: list[Span | str] = [bold(topic.name), ": "]
    if each.lacking:
        spans += phrase(_("not in it: {words}"), words=_codes(each.lacking))
    if each.excluded:
        spans += ["; " if each.lacking else "", *phrase(_("excluded by {words}"), words=_codes(each.excluded))]
    if not each.lacking and not each.excluded:
        spans.append(_("its words are there, but not together as it asks"))
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
    blocks: list[Block] = [paragraph(_("Not polled: no feed of this chat has brought this article."))]
    if not same_site:
        none = _("None of them is of {site}. Add one: {line}")
        blocks.append(paragraph(*phrase(none, site=site or _("that site"), line=code("/feeds add URL"))))
    else:
        blocks.append(bullets(*(_feed_line(feed, now) for feed in same_site[:TOPICS_SHOWN])))
        some = _("Feeds hold only some of a site's articles; another feed of the site may hold this one.")
        blocks.append(note(some))
    return Message(tuple(blocks), ((buttons.plain("feeds"),),))


def _site(url: str) -> str:
    return registrable_domain(url).removeprefix("www.")


def _feed_line(feed: Feed, now: datetime) -> tuple[Span | str, ...]:
    if feed.state is FeedState.GONE:
        state = _("the server says that it is gone")
    elif feed.failures:
        reason = wording.clip(retold(feed.last_error) if feed.last_error else _("no reason given"), 160)
        failing = _("failing: {reason}; tried again {when}")
        state = failing.format(reason=reason, when=ago(feed.next_poll_at, now))
    elif feed.last_polled_at is None:
        state = _("not polled yet")
    else:
        last = wording.when(feed.last_polled_at, now)
        state = _("last polled {last}, and it was not in it; polled next at once").format(last=last)
        if feed.next_poll_at > now:
            state = _("last polled {last}, and it was not in it; polled next {next}")
            state = state.format(last=last, next=ago(feed.next_poll_at, now))
    return (bold(wording.clip(feed.title, 80)), f": {state}")


def _spellings(url: str) -> tuple[str, ...]:
    """The address as feeds may spell it: with or without https, www. and the last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its pair, or a letter that no host's name may hold
        return (url,)
    host = parts.netloc.removeprefix("www.")
    paths = dict.fromkeys((parts.path, parts.path.rstrip("/") or "/", f"{parts.path.rstrip('/')}/"))
    made = [
        urlunsplit((scheme, netloc, path, parts.query, parts.fragment))
        for scheme in ("https", "http")
        for netloc in (host, f"www.{host}")
        for path in paths
    ]
    return tuple(dict.fromkeys((url, *made)))
