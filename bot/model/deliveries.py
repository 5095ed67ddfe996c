"""Alerts, chats and deliveries: what is said, to whom, and how far that came; notices, which are no alerts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model.stories import BackstoryLink
    from bot.model.topics import Topic


class Action(StrEnum):
    """What an entry leads to: one alert per event, a reply when it develops, an edit when it is only told again."""

    ALERT = "alert"
    REPLY = "reply"
    EDIT = "edit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Alert:
    """Platform-free content about a story at one moment, as a reader gets it.

    ``new`` lists what earlier coverage did not have; ``others`` the further outlets; ``why`` the matched aliases
    in the form "concept: words". ``background`` are the article's own sentences of before, where ``earlier`` is empty.
    ``origins`` are those of the story then. An alert that ``escalates`` is worth the whole channel's attention. One
    with ``same_as`` closes a message: its story proved to be that other one and was merged into it. ``amends_update``
    says that an edit changes an update, which goes on to lead back to the first alert of its story.
    """

    id: int
    story_id: int
    entry_id: int
    action: Action
    created_at: datetime
    headline: str
    url: str
    source: str
    at: datetime
    summary: str
    new: tuple[str, ...] = ()
    earlier: tuple[BackstoryLink, ...] = ()
    others: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    escalates: bool = False
    same_as: int | None = None
    amends_update: bool = False

    @property
    def is_update(self) -> bool:
        """Whether it tells how its story went on, also when it is edited."""
        return self.action is Action.REPLY or self.amends_update


class Platform(StrEnum):
    """Where a chat lives."""

    CONSOLE = "console"
    TELEGRAM = "telegram"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Address:
    """A place that messages can be sent to: the platform's own id of the chat, and of the thread within it."""

    platform: Platform
    chat: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that the platform has taken: enough to edit it, reply to it or link to it."""

    address: Address
    message_id: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation that the bot serves: topics, feeds and subscriptions belong to it and to no other.

    One that is not ``active`` takes nothing: since ``gone_at``, for the reason ``gone_why``, where those are known.
    """

    id: int
    address: Address
    title: str
    created_at: datetime
    active: bool = True
    lang: str = "en"
    gone_at: datetime | None = None
    gone_why: str = ""


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """What changed since a version of the topics, up to ``version``: what is watched now, and ids of what is not."""

    version: int
    watched: tuple[Topic, ...]
    unwatched: frozenset[int]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Chat x topic: this chat wants this topic's alerts; at ``place``, a thread or channel, rather than in the chat.

    ``place_title`` is what that channel was called when it was chosen; "" for a thread of the chat.
    """

    chat_id: int
    topic_id: int
    created_at: datetime
    place: Address | None = None
    place_title: str = ""


class DeliveryState(StrEnum):
    """The life of an outbox row.

    ::

        PENDING --claim--> SENDING --begin--> SENDING, begun --accepted--> SENT
           ^                  |                  |--429-----------> PENDING   (not before the platform's Retry-After)
           |                  |                  |--maybe sent----> PENDING   (once more, marked; the next: UNKNOWN)
           |                  |                  `--refused-------> DEAD      (kept with its reason)
           |--not written-----'                  |
           |--never begun, lease ran out         |
           `--lease ran out or holder died: treated as "maybe sent"

        UNKNOWN, DEAD --replay, by a person--> PENDING   (what may have been sent stays marked)

        SENDING --the chat does not want it now--> HELD   (why: ``Hold``; nothing of it has left)
        HELD --news of the same story--> PENDING          (decided anew, with the newest content)
        HELD --replay, by a person--> PENDING             (sent whatever the settings say)
        HELD --its time has come--> HELD, bundled: one row carries the others as a digest, PENDING like any other;
                                    they become SENT, UNKNOWN, DEAD or HELD again together with it
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    HELD = "held"


class Hold(StrEnum):
    """Why a delivery is HELD. What is MUTED comes in no digest; all else does."""

    MUTED = "muted"
    QUIET = "quiet"  # the chat's quiet hours
    DIGEST = "digest"  # the chat takes digests
    CAPPED = "capped"  # the hour's alerts are used up
    FLOOD = "flood"  # its feed issued very many entries at once: they come as one digest


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert for one chat; a row of the outbox.

    ``token`` changes with each claim, so that a worker that lost its lease cannot write its outcome. ``maybe_sent`` is
    True once an attempt may have reached the chat: the next one is marked as a possible repeat.

    A HELD row says why in ``held_for`` and until when in ``not_before``. Rows of one ``bundle_id`` go out as one
    digest, in order of ``bundle_place``; the row whose own id that is carries the others. What a person ``asked`` for
    is sent whatever the chat's settings say.
    """

    id: int
    chat_id: int
    alert_id: int
    story_id: int
    action: Action
    topics: tuple[str, ...]
    not_before: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    token: int = 0
    maybe_sent: bool = False
    ref: MessageRef | None = None
    error: str | None = None
    sent_at: datetime | None = None
    held_for: Hold | None = None
    bundle_id: int | None = None
    bundle_place: int | None = None
    asked: bool = False

    @property
    def only_edits(self) -> bool:
        """Whether it changes a message, which does no harm twice; an edit that carries a digest sends one instead."""
        return self.action is Action.EDIT and self.bundle_id is None


class NoticeKind(StrEnum):
    """What a notice speaks of."""

    FEED_GONE = "feed-gone"  # its server says that it has ended
    FEED_FAILING = "feed-failing"  # it has not answered well for days
    FEED_MOVED = "feed-moved"  # it is polled at another address from now on
    FLOOD = "flood"  # it issued very many entries at once, which were braked
    QUIET = "quiet"  # a topic has had no story for far longer than is usual, and its feeds are well
    FEEDS_FAILING = "feeds-failing"  # so many of a chat's feeds fail that silence says nothing
    PLACE_LOST = "place-lost"  # a thread or channel that alerts were sent to takes none any more


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something to be said once. ``subject`` tells those of a kind apart; ``facts`` are what the words are made of.

    One that a poll brings is for ``chats``, or where that is None for every chat that the feed serves.
    """

    kind: NoticeKind
    subject: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    chats: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice for one chat: a row that is claimed, begun and finished as a ``Delivery`` is, but never HELD."""

    id: int
    chat_id: int
    kind: NoticeKind
    subject: str
    facts: Mapping[str, str | int | float]
    created_at: datetime
    not_before: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    token: int = 0
    maybe_sent: bool = False
    error: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """A topic that alerts in a chat, since when, and when its latest stories began, oldest first."""

    topic_id: int
    name: str
    since: datetime
    stories: tuple[datetime, ...]
