"""Rows of the command table: feeds, files and the lexicon."""

from __future__ import annotations

from typing import Final

from bot.speech import N_
from handlers import exchange, feeds, lexicon, packs, sayings
from handlers.row import Row

ROWS: Final[tuple[Row, ...]] = (
    Row(
        name="feeds",
        usage="/feeds",
        summary=N_("List the feeds and their health."),
        example="/feeds",
        kind=sayings.ListFeeds,
        handler=feeds.list_feeds,
    ),
    Row(
        name="feeds",
        verb="add",
        usage="/feeds add URL",
        summary=N_("Follow a feed."),
        example="/feeds add https://www.example.org/rss",
        kind=sayings.AddFeed,
        handler=feeds.add_feed,
        changes=True,
    ),
    Row(
        name="feeds",
        verb="remove",
        usage="/feeds remove NUMBER",
        summary=N_("Drop a feed, by its number or address."),
        example="/feeds remove 3",
        kind=sayings.RemoveFeed,
        handler=feeds.remove_feed,
        changes=True,
    ),
    Row(
        name="feeds",
        verb="offer",
        usage="https://…",
        summary=N_("A feed's address alone: I ask whether to add it."),
        example="https://www.example.org/rss",
        kind=sayings.OfferFeed,
        handler=feeds.offer_feed,
    ),
    Row(
        name="feeds",
        verb="packs",
        usage="/feeds packs",
        summary=N_("Curated lists of feeds: world, Korea, security and more."),
        example="/feeds packs",
        kind=sayings.ListPacks,
        handler=packs.list_packs,
    ),
    Row(
        name="feeds",
        verb="pack",
        usage="/feeds pack LIST",
        summary=N_("What a list holds."),
        example="/feeds pack korea",
        kind=sayings.ShowPack,
        handler=packs.show_pack,
        edits=True,
    ),
    Row(
        name="feeds",
        verb="follow",
        usage="/feeds follow LIST",
        summary=N_("Follow every feed of a list."),
        example="/feeds follow korea",
        kind=sayings.FollowPack,
        handler=packs.follow_pack,
        changes=True,
    ),
    Row(
        name="export",
        usage="/export [feeds | topics]",
        summary=N_("Feeds as OPML and topics as a file, to keep or to share."),
        example="/export",
        kind=sayings.Export,
        handler=exchange.export,
    ),
    Row(
        name="import",
        usage="/import (with a file)",
        summary=N_("Take in an OPML list of feeds, or a file of topics."),
        example="/import",
        kind=sayings.Import,
        handler=exchange.take_in,
        changes=True,
    ),
    Row(
        name="lexicon",
        usage="/lexicon [@CONCEPT or WORD]",
        summary=N_("The names that a concept stands for."),
        example="/lexicon @dprk",
        kind=sayings.ShowConcept,
        handler=lexicon.show_concept,
    ),
    Row(
        name="lexicon",
        verb="add",
        usage="/lexicon add @NAME = WORD, WORD*",
        summary=N_("A concept for this chat alone."),
        example="/lexicon add @shells = shell*, artillery round*, 포탄",
        kind=sayings.AddConcept,
        handler=lexicon.add_concept,
        changes=True,
    ),
    Row(
        name="lexicon",
        verb="remove",
        usage="/lexicon remove @NAME",
        summary=N_("Remove a concept of this chat."),
        example="/lexicon remove @shells",
        kind=sayings.RemoveConcept,
        handler=lexicon.remove_concept,
        changes=True,
    ),
)
