"""The one table of commands. Dispatch, help, usage texts, platform menus and the README's table are all drawn from it.

A new command is one dataclass and parser in ``handlers.grammar``, one handler, and one row here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.chat import CommandHint
from handlers import (
    about,
    exchange,
    feedback,
    feeds,
    grammar,
    help,  # noqa: A004 - named after its command
    lexicon,
    missed,
    packs,
    proposals,
    search,
    stories,
    subscriptions,
    topics,
    whynot,
)
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
        summary="Propose a topic, with what it would have found; with a query, watch it at once.",
        example="/topics add DPRK-Russia arms",
        kind=grammar.AddTopic,
        handler=proposals.add_topic,
        changes=True,
    ),
    Row(
        name="topics",
        verb="save",
        usage="/topics save NAME [= QUERY]",
        summary="Watch what was proposed; or at once, without asking.",
        example="/topics save DPRK-Russia arms",
        kind=grammar.SaveTopic,
        handler=proposals.save_topic,
        changes=True,
        edits=True,
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
        verb="test",
        usage="/topics test NAME",
        summary="What it would have found in the last 30 days.",
        example="/topics test DPRK-Russia arms",
        kind=grammar.TestTopic,
        handler=proposals.test_topic,
    ),
    Row(
        name="topics",
        verb="edit",
        usage="/topics edit NAME = QUERY",
        summary="Propose another query, with the difference.",
        example="/topics edit DPRK-Russia arms = @dprk & @russia",
        kind=grammar.EditTopic,
        handler=proposals.edit_topic,
        changes=True,
    ),
    Row(
        name="topics",
        verb="stricter",
        usage="/topics stricter NAME",
        summary="Propose to let through less.",
        example="/topics stricter DPRK-Russia arms",
        kind=grammar.StricterTopic,
        handler=proposals.stricter_topic,
        changes=True,
        edits=True,
    ),
    Row(
        name="topics",
        verb="wider",
        usage="/topics wider NAME",
        summary="Propose to let through more.",
        example="/topics wider DPRK-Russia arms",
        kind=grammar.WiderTopic,
        handler=proposals.wider_topic,
        changes=True,
        edits=True,
    ),
    Row(
        name="topics",
        verb="set",
        usage="/topics set NAME LEVEL",
        summary="Alert on less or more: strict, normal or wide.",
        example="/topics set DPRK-Russia arms strict",
        kind=grammar.SetTopic,
        handler=proposals.set_topic,
        changes=True,
    ),
    Row(
        name="topics",
        verb="tune",
        usage="/topics tune NAME",
        summary="Propose a change from your 👍 and 👎.",
        example="/topics tune DPRK-Russia arms",
        kind=grammar.TuneTopic,
        handler=proposals.tune_topic,
        changes=True,
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
        name="whynot",
        usage="/whynot URL",
        summary="Why an article led to no alert.",
        example="/whynot https://www.example.org/article",
        kind=grammar.WhyNot,
        handler=whynot.whynot,
    ),
    Row(
        name="search",
        usage="/search WORDS",
        summary='Search the archive: words, a "phrase", -word, lang:ru, source:tass.',
        example='/search munitions "North Korea"',
        kind=grammar.Search,
        handler=search.search,
        edits=True,
    ),
    Row(
        name="good",
        usage="/good [STORY]",
        summary="👍: more like this.",
        example="/good",
        kind=grammar.RateStory,
        handler=feedback.good,
    ),
    Row(
        name="bad",
        usage="/bad [STORY]",
        summary="👎: less like this.",
        example="/bad",
        kind=grammar.BlameStory,
        handler=feedback.bad,
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
        name="feeds",
        verb="packs",
        usage="/feeds packs",
        summary="Curated lists of feeds: world, Korea, security and more.",
        example="/feeds packs",
        kind=grammar.ListPacks,
        handler=packs.list_packs,
    ),
    Row(
        name="feeds",
        verb="pack",
        usage="/feeds pack LIST",
        summary="What a list holds.",
        example="/feeds pack korea",
        kind=grammar.ShowPack,
        handler=packs.show_pack,
        edits=True,
    ),
    Row(
        name="feeds",
        verb="follow",
        usage="/feeds follow LIST",
        summary="Follow every feed of a list.",
        example="/feeds follow korea",
        kind=grammar.FollowPack,
        handler=packs.follow_pack,
        changes=True,
    ),
    Row(
        name="export",
        usage="/export [feeds | topics]",
        summary="Feeds as OPML and topics as a file, to keep or to share.",
        example="/export",
        kind=grammar.Export,
        handler=exchange.export,
    ),
    Row(
        name="import",
        usage="/import (with a file)",
        summary="Take in an OPML list of feeds, or a file of topics.",
        example="/import",
        kind=grammar.Import,
        handler=exchange.take_in,
        changes=True,
    ),
    Row(
        name="lexicon",
        usage="/lexicon [@CONCEPT or WORD]",
        summary="The names that a concept stands for.",
        example="/lexicon @dprk",
        kind=grammar.ShowConcept,
        handler=lexicon.show_concept,
    ),
    Row(
        name="lexicon",
        verb="add",
        usage="/lexicon add @NAME = WORD, WORD*",
        summary="A concept for this chat alone.",
        example="/lexicon add @shells = shell*, artillery round*, 포탄",
        kind=grammar.AddConcept,
        handler=lexicon.add_concept,
        changes=True,
    ),
    Row(
        name="lexicon",
        verb="remove",
        usage="/lexicon remove @NAME",
        summary="Remove a concept of this chat.",
        example="/lexicon remove @shells",
        kind=grammar.RemoveConcept,
        handler=lexicon.remove_concept,
        changes=True,
    ),
    Row(
        name="missed",
        usage="/missed",
        summary="Alerts that did not get through, and why.",
        example="/missed",
        kind=grammar.Missed,
        handler=missed.missed,
    ),
    Row(
        name="missed",
        verb="replay",
        usage="/missed replay NUMBER | all",
        summary="Send them again, marked if they may have arrived.",
        example="/missed replay all",
        kind=grammar.Replay,
        handler=missed.replay,
        changes=True,
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
