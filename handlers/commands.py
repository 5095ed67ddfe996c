"""The one table of commands. Dispatch, help, usage texts, platform menus and the README's table are all drawn from it.

A new command is one dataclass and parser in ``handlers.grammar``, one handler, and one row here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.chat import CommandHint
from handlers import about, feeds, grammar, help, stories, subscriptions, topics  # noqa: A004 - named after its command
from handlers.row import Row

if TYPE_CHECKING:
    from bot.chats.message import Message
    from handlers.row import Call


async def _help(call: Call[grammar.Help]) -> Message:
    """All commands in short, or one subject at length."""
    return help.subject(COMMANDS, call.command.subject) if call.command.subject else help.overview(COMMANDS)


COMMANDS: Final[tuple[Row, ...]] = (
    Row(
        name="topics",
        usage="/topics",
        summary="List what is watched.",
        example="/topics",
        kind=grammar.ListTopics,
        handler=topics.list_topics,
    ),
    Row(
        name="topics",
        verb="add",
        usage="/topics add NAME [= QUERY]",
        summary="Watch a subject; its name alone is enough.",
        example="/topics add DPRK-Russia arms",
        kind=grammar.AddTopic,
        handler=topics.add_topic,
        changes=True,
    ),
    Row(
        name="topics",
        verb="show",
        usage="/topics show NAME",
        summary="A topic's query, state and newest stories.",
        example="/topics show DPRK-Russia arms",
        kind=grammar.ShowTopic,
        handler=topics.show_topic,
    ),
    Row(
        name="topics",
        verb="remove",
        usage="/topics remove NAME",
        summary="Stop watching it.",
        example="/topics remove DPRK-Russia arms",
        kind=grammar.RemoveTopic,
        handler=topics.remove_topic,
        changes=True,
    ),
    Row(
        name="subscribe",
        usage="/subscribe [NAME]",
        summary="Turn a topic's alerts on.",
        example="/subscribe DPRK-Russia arms",
        kind=grammar.Subscribe,
        handler=subscriptions.subscribe,
        changes=True,
    ),
    Row(
        name="unsubscribe",
        usage="/unsubscribe [NAME]",
        summary="Turn a topic's alerts off, and keep the topic.",
        example="/unsubscribe DPRK-Russia arms",
        kind=grammar.Unsubscribe,
        handler=subscriptions.unsubscribe,
        changes=True,
    ),
    Row(
        name="latest",
        usage="/latest [TOPIC]",
        summary="The last five stories.",
        example="/latest DPRK-Russia arms",
        kind=grammar.Latest,
        handler=stories.latest,
    ),
    Row(
        name="why",
        usage="/why [STORY]",
        summary="Why a story alerted; or reply to an alert with it.",
        example="/why",
        kind=grammar.Why,
        handler=stories.why,
    ),
    Row(
        name="earlier",
        usage="/earlier [STORY]",
        summary="All the earlier coverage that a story continues.",
        example="/earlier",
        kind=grammar.Earlier,
        handler=stories.earlier,
    ),
    Row(
        name="feeds",
        usage="/feeds",
        summary="List the feeds and their health.",
        example="/feeds",
        kind=grammar.ListFeeds,
        handler=feeds.list_feeds,
    ),
    Row(
        name="feeds",
        verb="add",
        usage="/feeds add URL",
        summary="Follow a feed.",
        example="/feeds add https://www.example.org/rss",
        kind=grammar.AddFeed,
        handler=feeds.add_feed,
        changes=True,
    ),
    Row(
        name="feeds",
        verb="remove",
        usage="/feeds remove NUMBER",
        summary="Drop a feed, by its number or address.",
        example="/feeds remove 3",
        kind=grammar.RemoveFeed,
        handler=feeds.remove_feed,
        changes=True,
    ),
    Row(
        name="feeds",
        verb="offer",
        usage="https://…",
        summary="A feed's address alone: I ask whether to add it.",
        example="https://www.example.org/rss",
        kind=grammar.OfferFeed,
        handler=feeds.offer_feed,
    ),
    Row(
        name="status",
        usage="/status",
        summary="How feeds, archive and alerts are doing.",
        example="/status",
        kind=grammar.Status,
        handler=about.status,
    ),
    Row(
        name="start",
        usage="/start",
        summary="What this is, and the next step.",
        example="/start",
        kind=grammar.Start,
        handler=about.start,
    ),
    Row(
        name="help",
        usage="/help [SUBJECT]",
        summary="What you can type; a command or “queries” at length.",
        example="/help queries",
        kind=grammar.Help,
        handler=_help,
    ),
)

_BY_KIND: Final = {row.kind: row for row in COMMANDS}


def row_of(command: grammar.Command) -> Row:
    """The row that a parsed command belongs to."""
    return _BY_KIND[type(command)]


def menu() -> tuple[CommandHint, ...]:
    """One hint a command word, for the platforms' menus; what several forms share is described by the first."""
    first: dict[str, Row] = {}
    for row in COMMANDS:
        first.setdefault(row.name, row)
    return tuple(CommandHint(row.name, row.summary.rstrip(".")) for row in first.values())


def as_markdown() -> str:
    """The table for the README: one line a form."""
    lines = ["| Type | What it does | In groups |", "|---|---|---|"]
    for row in COMMANDS:
        usage = row.usage.replace("|", "\\|")
        lines.append(f"| `{usage}` | {row.summary} | {'admins' if row.changes else 'anyone'} |")
    return "\n".join(lines) + "\n"
