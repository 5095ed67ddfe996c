"""The vocabulary, as frozen dataclasses: one meaning each, the same word in code, tables, docs and chat.

Nothing here does anything: no I/O, no clock, no defaults that depend on the machine. All datetimes are
timezone-aware and in UTC; all texts are plain text (never HTML) unless a field says otherwise.
"""

from __future__ import annotations

from bot.model.deliveries import (
    Action,
    Address,
    Alert,
    Chat,
    Delivery,
    DeliveryState,
    Hold,
    MessageRef,
    NewNotice,
    Notice,
    NoticeKind,
    Platform,
    Subscription,
    TopicChanges,
    TopicCoverage,
)
from bot.model.feeds import Entry, Feed, FeedLink, FeedList, FeedState, ParsedEntry
from bot.model.plan import Context, Decision, IngestPlan, NewDelivery, NewEntry, NextIds, Poll, SeenKey, StoryMerge
from bot.model.push import HubSubscription
from bot.model.stories import BackstoryLink, Fingerprint, PastEntry, SavedSearch, Story, TermQuery, TermStatistics
from bot.model.topics import ChatConcept, Evidence, Match, Proposal, Rating, Sensitivity, Topic
from bot.model.workspaces import TEAM_MARK, Installation, Trouble

__all__ = [
    "TEAM_MARK",
    "UNSAVED",
    "Action",
    "Address",
    "Alert",
    "BackstoryLink",
    "Chat",
    "ChatConcept",
    "Context",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Entry",
    "Evidence",
    "Feed",
    "FeedLink",
    "FeedList",
    "FeedState",
    "Fingerprint",
    "Hold",
    "HubSubscription",
    "IngestPlan",
    "Installation",
    "Match",
    "MessageRef",
    "NewDelivery",
    "NewEntry",
    "NewNotice",
    "NextIds",
    "Notice",
    "NoticeKind",
    "ParsedEntry",
    "PastEntry",
    "Platform",
    "Poll",
    "Proposal",
    "Rating",
    "SavedSearch",
    "SeenKey",
    "Sensitivity",
    "Story",
    "StoryMerge",
    "Subscription",
    "TermQuery",
    "TermStatistics",
    "Topic",
    "TopicChanges",
    "TopicCoverage",
    "Trouble",
]

UNSAVED = 0
"""The id of a value that the store has not numbered yet."""
