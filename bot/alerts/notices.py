"""Notices: when a feed gives cause for one, and their words. Pure; who is told, and that it is once, is the store's.

Each says in a line what is the case, in small print what the bot does about it, and offers a button that helps.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.chats.message import Button, Message, bold, code, note, paragraph
from bot.model import FeedState, NewNotice, NoticeKind
from bot.text.urls import registrable_domain

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
        said.append(_about(NoticeKind.FEED_MOVED, feed, to=poll.url))
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
    known: dict[str, str | int | float] = {"feed_id": feed.id, "title": feed.title, "url": feed.url}
    subject = f"{feed.id} {facts['to']}" if kind is NoticeKind.FEED_MOVED else str(feed.id)
    return NewNotice(kind, subject, known | facts)


# ---------------------------------------------------------------- words


def compose_notice(notice: Notice) -> Message:
    """The message of a notice; one that may repeat another says so."""
    blocks, rows = _WORDS[notice.kind](notice.facts)
    if notice.maybe_sent:
        blocks.append(note("↻ This may repeat a message: the platform did not say whether it arrived."))
    return Message(tuple(blocks), rows)


def _feed_gone(facts: Facts) -> tuple[list[Block], _Rows]:
    line = paragraph("⚠ ", _name(facts), " has ended: its site says that it is gone. I do not ask for it any more.")
    return [line, note("What it brought stays.")], (_feed_row(facts),)


def _feed_failing(facts: Facts) -> tuple[list[Block], _Rows]:
    reason = str(facts.get("reason") or "no reason given").rstrip(".")
    days = _days(float(facts.get("days", 0)))
    line = paragraph("⚠ ", _name(facts), f" has not answered well for {days}: {reason}.")
    return [line, note("I go on asking, at least once a day, and say no more about it.")], (_feed_row(facts),)


def _feed_moved(facts: Facts) -> tuple[list[Block], _Rows]:
    line = paragraph(_name(facts), " has moved, and I follow it to ", code(str(facts.get("to", ""))), ".")
    return [line, note("Nothing is to be done. It was at ", code(str(facts.get("url", ""))))], (_feed_row(facts),)


def _flood(facts: Facts) -> tuple[list[Block], _Rows]:
    line = paragraph("⚠ ", _name(facts), f" issued {facts.get('entries', 'very many')} new entries at once.")
    more = note("That is more than a feed publishes at a time. What is on your topics comes as one digest.")
    return [line, more], ((Button("Digest", "digest", command="/digest"), *_feed_row(facts)),)


def _quiet(facts: Facts) -> tuple[list[Block], _Rows]:
    topic, topic_id = str(facts.get("topic", "")), str(facts.get("topic_id", ""))
    lasted, usual = _number(float(facts.get("days", 0))), _number(float(facts.get("usual_days", 0)))
    line = paragraph(bold(_clip(topic, _TITLE_CHARS)), f": quiet for {lasted} days (usual gap {usual}).")
    failing, feeds = int(facts.get("failing", 0)), int(facts.get("feeds", 0))
    state = "your feeds are well" if not failing else f"{failing} of your {feeds} feeds fail"
    more = note(f"{state.capitalize()}: it may be calm, or told in words that the topic does not ask for.")
    name = f'"{topic}"' if "=" in topic else topic
    first = (
        Button("Wider", "topic-wider", topic_id, command=f"/topics wider {name}"),
        Button("Test", "topic-test", topic_id, command=f"/topics test {name}"),
    )
    return [line, more], (first, _lists())


def _feeds_failing(facts: Facts) -> tuple[list[Block], _Rows]:
    failing, feeds = int(facts.get("failing", 0)), int(facts.get("feeds", 0))
    verb = "is" if failing == 1 else "are"
    line = paragraph(
        "⚠ ", bold(f"{failing} of {feeds} feeds {verb} failing."), " Silence may not mean that all is calm."
    )
    blocks: list[Block] = [line]
    if facts.get("quiet"):
        blocks.append(note(f"Without a story for longer than usual: {facts['quiet']}."))
    blocks.append(note("I go on asking them. Which they are, and why: ", code("/feeds")))
    return blocks, (_lists(),)


def _place_lost(facts: Facts) -> tuple[list[Block], _Rows]:
    reason = str(facts.get("reason") or "no reason given").rstrip(".")
    line = paragraph(
        "⚠ The place for alerts on ",
        bold(str(facts.get("topics", ""))),
        " takes no messages from me any more: ",
        f"{reason}. They come here from now on.",
    )
    again = note("To send them elsewhere: ", code("/subscribe #CHANNEL TOPIC"), " or ", code("/subscribe TOPIC here"))
    return [line, again], ((Button("Topics", "topics", command="/topics"),),)


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
    drop = Button("Drop it", "feed-remove", number, command=f"/feeds remove {number}")
    return drop, *_lists()


def _lists() -> tuple[Button, ...]:
    return (
        Button("Feeds", "feeds", command="/feeds"),
        Button("Lists of feeds", "packs", command="/feeds packs"),
    )


def _name(facts: Facts) -> Span:
    site = registrable_domain(str(facts.get("url", "")))
    title = _clip(str(facts.get("title", "")), _TITLE_CHARS)
    return bold(f"{title} ({site})" if title and site and title != site else title or site)


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _days(days: float) -> str:
    return "a day" if days == 1 else f"{_number(days)} days"


def _number(value: float) -> str:
    """As a reader wants it: 9, 1.2."""
    return f"{value:.0f}" if value >= 5 or value == int(value) else f"{value:.1f}"  # noqa: PLR2004 - see the docstring
