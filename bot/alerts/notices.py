"""Notices: when a feed gives cause for one, and their words. Pure; who is told, and that it is once, is the store's.

Each says in a line what is the case, in small print what the bot does about it, and offers a button that helps.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.alerts.compose import may_repeat
from bot.chats.message import Button, Message, bold, code, note, paragraph, phrase
from bot.model import FeedState, NewNotice, NoticeKind
from bot.reasons import retold
from bot.speech import _, decimal, ngettext, number
from bot.text.urls import feed_name, registrable_domain, shown_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.chats.message import Block, Span
    from bot.model import Feed, Notice, Poll

    Facts = Mapping[str, str | int | float]

FAILING_TOLD: Final = timedelta(days=2)
FLOOD_OVER: Final = timedelta(days=1)
_FLOOD_FORGOTTEN: Final = timedelta(days=4)
_TITLE_CHARS: Final = 80
_SOME: Final = 2
"""The number whose form goes with a fraction."""

_Rows = tuple[tuple[Button, ...], ...]


# ---------------------------------------------------------------- when


def after_poll(feed: Feed, poll: Poll) -> tuple[tuple[NewNotice, ...], tuple[NoticeKind, ...]]:
    """What a poll gives cause to say to the feed's chats, and which kinds are over.

    ``feed`` is as it was before the poll.
    """
    said: list[NewNotice] = []
    if poll.state is FeedState.GONE:
        said.append(_about(NoticeKind.FEED_GONE, feed))
    elif poll.failures and feed.failing_since is not None and poll.at - feed.failing_since >= FAILING_TOLD:
        days = (poll.at - feed.failing_since).days
        said.append(_about(NoticeKind.FEED_FAILING, feed, days=days, reason=poll.error or ""))
    if poll.url is not None:
        said.append(_about(NoticeKind.FEED_MOVED, feed, to=shown_address(poll.url)))
    return tuple(said), _over(feed, poll)


def of_flood(feed: Feed, *, entries: int) -> NewNotice:
    """That a feed issued so many new entries at once that they come as a digest."""
    return _about(NoticeKind.FLOOD, feed, entries=entries)


def lost_place(topics: Sequence[str], place: str, reason: str, *, now: datetime) -> NewNotice:
    """That the place to which these topics' alerts went takes none any more. Said each time that it happens."""
    facts: dict[str, str | float] = {"topics": ", ".join(f"“{name}”" for name in topics), "reason": reason}
    return NewNotice(NoticeKind.PLACE_LOST, f"{place} {now.isoformat()}", facts)


def _over(feed: Feed, poll: Poll) -> tuple[NoticeKind, ...]:
    kinds: list[NoticeKind] = []
    if feed.failures and not poll.failures:
        kinds += [NoticeKind.FEED_FAILING, NoticeKind.FEED_GONE]
    calm = poll.at - feed.flooded_at if feed.flooded_at is not None else None
    if calm is not None and FLOOD_OVER <= calm < _FLOOD_FORGOTTEN:
        kinds.append(NoticeKind.FLOOD)
    return tuple(kinds)


def _about(kind: NoticeKind, feed: Feed, **facts: str | float) -> NewNotice:
    url = "" if feed.is_lost else shown_address(feed.url)
    known: dict[str, str | int | float] = {"feed_id": feed.id, "title": feed.title, "url": url}
    subject = f"{feed.id} {facts['to']}" if kind is NoticeKind.FEED_MOVED else str(feed.id)
    return NewNotice(kind, subject, known | facts)


# ---------------------------------------------------------------- words


def compose_notice(notice: Notice) -> Message:
    """The message of a notice; one that may repeat another says so."""
    blocks, rows = _WORDS[notice.kind](notice.facts)
    if notice.maybe_sent:
        blocks.append(may_repeat())
    return Message(tuple(blocks), rows)


def _feed_gone(facts: Facts) -> tuple[list[Block], _Rows]:
    said = _("{feed} has ended: its site says that it is gone. I do not ask for it any more.")
    return [_warning(said, feed=_name(facts)), note(_("What it brought stays."))], (_feed_row(facts),)


def _feed_failing(facts: Facts) -> tuple[list[Block], _Rows]:
    days = int(facts.get("days", 0))
    said = ngettext(
        "{feed} has not answered well for {days} day: {reason}.",
        "{feed} has not answered well for {days} days: {reason}.",
        days,
    )
    line = _warning(said, feed=_name(facts), days=number(days), reason=_reason(facts))
    return [line, note(_("I will keep trying, at least once a day, and say no more about it."))], (_feed_row(facts),)


def _feed_moved(facts: Facts) -> tuple[list[Block], _Rows]:
    # Earlier versions wrote down the whole address.
    to, url = (code(shown_address(str(facts.get(name, "")))) for name in ("to", "url"))
    line = paragraph(*phrase(_("{feed} has moved, and I follow it to {url}."), feed=_name(facts), url=to))
    return [line, note(*phrase(_("There is nothing to do. It was at {url}"), url=url))], (_feed_row(facts),)


def _flood(facts: Facts) -> tuple[list[Block], _Rows]:
    entries = int(facts.get("entries", 0))
    said = ngettext("{feed} issued {count} new entry at once.", "{feed} issued {count} new entries at once.", entries)
    line = _warning(said, feed=_name(facts), count=number(entries))
    more = note(_("That is more than a feed publishes at a time. What is on your topics comes as one digest."))
    return [line, more], ((Button(_("Digest"), "digest", command="/digest"), *_feed_row(facts)),)


def _quiet(facts: Facts) -> tuple[list[Block], _Rows]:
    topic, topic_id = str(facts.get("topic", "")), str(facts.get("topic_id", ""))
    days, usual = float(facts.get("days", 0)), _number(float(facts.get("usual_days", 0)))
    said = ngettext(
        "{topic}: quiet for {days} day (usual gap {usual}).",
        "{topic}: quiet for {days} days (usual gap {usual}).",
        int(days) if days == int(days) else _SOME,
    )
    line = paragraph(*phrase(said, topic=bold(_clip(topic, _TITLE_CHARS)), days=_number(days), usual=usual))
    failing, feeds = int(facts.get("failing", 0)), int(facts.get("feeds", 0))
    more = _("Your feeds are well: it may be calm, or told in words that the topic does not ask for.")
    if failing:
        more = _(
            "{failing} of your {feeds} feeds fail: it may be calm, or told in words that the topic does not ask for."
        ).format(failing=failing, feeds=feeds)
    name = f'"{topic}"' if "=" in topic else topic
    first = (
        Button(_("Wider"), "topic-wider", topic_id, command=f"/topics wider {name}"),
        Button(_("Test"), "topic-test", topic_id, command=f"/topics test {name}"),
    )
    return [line, note(more)], (first, _lists())


def _feeds_failing(facts: Facts) -> tuple[list[Block], _Rows]:
    failing, feeds = int(facts.get("failing", 0)), int(facts.get("feeds", 0))
    said = ngettext("{count} of {feeds} feeds is failing.", "{count} of {feeds} feeds are failing.", failing)
    lead = bold(said.format(count=failing, feeds=feeds))
    blocks: list[Block] = [paragraph("⚠ ", lead, " ", _("Silence may not mean that all is calm."))]
    if facts.get("quiet"):
        blocks.append(note(_("Without a story for longer than usual: {topics}.").format(topics=facts["quiet"])))
    blocks.append(note(*phrase(_("I will keep trying them. Which they are, and why: {line}"), line=code("/feeds"))))
    return blocks, (_lists(),)


def _place_lost(facts: Facts) -> tuple[list[Block], _Rows]:
    said = _(
        "The place for alerts on {topics} takes no messages from me any more: {reason}. They come here from now on."
    )
    line = _warning(said, topics=bold(str(facts.get("topics", ""))), reason=_reason(facts))
    place, here = code("/subscribe #CHANNEL TOPIC"), code("/subscribe TOPIC here")
    again = note(*phrase(_("To send them elsewhere: {channel} or {here}"), channel=place, here=here))
    return [line, again], ((Button(_("Topics"), "topics", command="/topics"),),)


def _warning(said: str, **parts: Span | str) -> Block:
    return paragraph("⚠ ", *phrase(said, **parts))


def _reason(facts: Facts) -> str:
    return (retold(str(facts["reason"])) if facts.get("reason") else _("no reason given")).rstrip(".")


_WORDS: Final[dict[NoticeKind, Callable[[Facts], tuple[list[Block], _Rows]]]] = {
    NoticeKind.FEED_GONE: _feed_gone,
    NoticeKind.FEED_FAILING: _feed_failing,
    NoticeKind.FEED_MOVED: _feed_moved,
    NoticeKind.FLOOD: _flood,
    NoticeKind.QUIET: _quiet,
    NoticeKind.FEEDS_FAILING: _feeds_failing,
    NoticeKind.PLACE_LOST: _place_lost,
}


def _feed_row(facts: Facts) -> tuple[Button, ...]:
    number = str(facts.get("feed_id", ""))
    drop = Button(_("Drop it"), "feed-remove", number, command=f"/feeds remove {number}")
    return drop, *_lists()


def _lists() -> tuple[Button, ...]:
    return (
        Button(_("Feeds"), "feeds", command="/feeds"),
        Button(_("Lists of feeds"), "packs", command="/feeds packs"),
    )


def _name(facts: Facts) -> Span:
    url = str(facts.get("url", ""))
    site, title = registrable_domain(url), _clip(feed_name(str(facts.get("title", "")), url), _TITLE_CHARS)
    return bold(f"{title} ({site})" if title and site and title != site else title or site)


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _number(value: float) -> str:
    """As a reader wants it: 9, 1.2."""
    return number(round(value)) if value >= 5 or value == int(value) else decimal(value)  # noqa: PLR2004 - see the docstring
