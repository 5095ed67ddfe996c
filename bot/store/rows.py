"""Rows to values of the vocabulary and back. Pure; must not run queries."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import zlib
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.model import (
    Action,
    Address,
    Alert,
    BackstoryLink,
    Chat,
    Delivery,
    DeliveryState,
    Entry,
    Evidence,
    Feed,
    FeedState,
    Fingerprint,
    Hold,
    Match,
    MessageRef,
    Notice,
    NoticeKind,
    Platform,
    Proposal,
    Sensitivity,
    Story,
    Subscription,
    Topic,
)
from bot.store.columns import clean_text
from bot.text.urls import feed_name

if TYPE_CHECKING:
    from collections.abc import Iterable

FINGERPRINTS_KEPT = 300
"""Some 5 MB of them: more than any one entry is compared with."""

Row = Any
"""A row of SQLAlchemy's: its columns are attributes."""


def digest(key: str) -> bytes:
    """16 bytes that stand for a text too long to index."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


# ---------------------------------------------------------------- chats, topics, feeds


def chat_of(row: Row) -> Chat:
    """A row of ``chats``."""
    address = Address(Platform(row.platform), row.address)
    gone = {"gone_at": row.gone_at, "gone_why": row.gone_why or ""}
    return Chat(row.id, address, row.title, row.created_at, active=row.active, lang=row.lang, **gone)


def topic_of(row: Row) -> Topic:
    """A row of ``topics``."""
    return Topic(
        id=row.id,
        chat_id=row.chat_id,
        name=row.name,
        query=row.query,
        created_at=row.created_at,
        sensitivity=Sensitivity(row.sensitivity),
        paused=row.paused,
    )


def topic_row(topic: Topic) -> dict[str, Any]:
    """A topic as columns, without its id."""
    return {
        "chat_id": topic.chat_id,
        "name": topic.name,
        "name_key": topic.name.casefold(),
        "query": topic.query,
        "sensitivity": topic.sensitivity.value,
        "paused": topic.paused,
        "created_at": topic.created_at,
    }


def proposal_of(row: Row) -> Proposal:
    """A row of ``proposals``."""
    return Proposal(row.id, row.chat_id, row.name, row.query, row.created_at, Sensitivity(row.sensitivity))


def proposal_row(proposal: Proposal) -> dict[str, Any]:
    """A proposal as columns, without its id."""
    return {
        "chat_id": proposal.chat_id,
        "name": proposal.name,
        "name_key": proposal.name.casefold(),
        "query": proposal.query,
        "sensitivity": proposal.sensitivity.value,
        "created_at": proposal.created_at,
    }


def subscription_of(row: Row) -> Subscription:
    """A row of ``subscriptions`` joined with its chat's platform."""
    place = None if row.to_chat is None else Address(Platform(row.platform), row.to_chat, row.to_thread)
    return Subscription(row.chat_id, row.topic_id, row.created_at, place, row.to_title or "")


def place_row(place: Address | None, title: str = "") -> dict[str, str | None]:
    """Where a subscription's alerts go, as columns; nothing for the chat itself."""
    if place is None:
        return {"to_chat": None, "to_thread": None, "to_title": None}
    return {"to_chat": place.chat, "to_thread": place.thread, "to_title": title or None}


_NOTICE_COLUMNS = tuple(field.name for field in dataclasses.fields(Notice) if field.name not in {"kind", "state"})


def notice_of(row: Row) -> Notice:
    """A row of ``notices``."""
    columns = {name: getattr(row, name) for name in _NOTICE_COLUMNS}
    return Notice(**columns, kind=NoticeKind(row.kind), state=DeliveryState(row.state))


_FEED_COLUMNS = tuple(field.name for field in dataclasses.fields(Feed) if field.name != "state")


def feed_of(row: Row) -> Feed:
    """A row of ``feeds``."""
    columns = {name: getattr(row, name) for name in _FEED_COLUMNS}
    # Earlier versions kept the address as the title of a feed that had none yet.
    columns["title"] = feed_name(row.title, row.url)
    return Feed(**columns, state=FeedState(row.state))


def feed_row(feed: Feed) -> dict[str, Any]:
    """A feed as columns, without its id."""
    columns = {name: getattr(feed, name) for name in _FEED_COLUMNS if name != "id"}
    title = feed_name(feed.title, feed.url)
    return {**columns, "title": title, "state": feed.state.value, "url_key": digest(feed.url)}


# ---------------------------------------------------------------- entries and fingerprints

_ENTRY_COLUMNS = tuple(field.name for field in dataclasses.fields(Entry))


def entry_of(row: Row) -> Entry:
    """A row of ``entries``."""
    return Entry(**{name: getattr(row, name) for name in _ENTRY_COLUMNS})


def entry_row(entry: Entry) -> dict[str, Any]:
    """An entry as columns."""
    return {name: getattr(entry, name) for name in _ENTRY_COLUMNS} | {"at": entry.at, "url_key": digest(entry.url)}


def pack_fingerprint(value: Fingerprint) -> bytes:
    """A fingerprint as compressed JSON, sets in order so that equal fingerprints are equal bytes."""
    fields = [
        dict(value.terms),
        sorted(value.title_terms),
        dict(value.concepts),
        sorted(value.names),
        sorted(value.numbers),
        sorted(value.dates),
        list(value.shingles),
        list(value.sentences),
    ]
    if value.vector:
        fields.append(base64.b85encode(value.vector).decode())
    return _compress(json.dumps(fields, ensure_ascii=False, separators=(",", ":")))


@lru_cache(maxsize=FINGERPRINTS_KEPT)
def unpack_fingerprint(data: bytes) -> Fingerprint:
    """The opposite of ``pack_fingerprint``. Entries that follow on each other meet mostly the same past ones."""
    terms, title_terms, concepts, names, numbers, dates, shingles, sentences, *rest = json.loads(zlib.decompress(data))
    return Fingerprint(
        terms=terms,
        title_terms=frozenset(title_terms),
        concepts=concepts,
        names=frozenset(names),
        numbers=frozenset(numbers),
        dates=frozenset(dates),
        shingles=tuple(shingles),
        sentences=tuple(sentences),
        vector=base64.b85decode(rest[0]) if rest else b"",
    )


def pack_terms(terms: Iterable[str]) -> bytes:
    """Index terms, which hold no newline, as compressed lines."""
    return _compress("\n".join(terms))


def unpack_terms(data: bytes) -> tuple[str, ...]:
    """The opposite of ``pack_terms``."""
    text = zlib.decompress(data).decode()
    return tuple(text.split("\n")) if text else ()


def _compress(text: str) -> bytes:
    return zlib.compress(clean_text(text).encode(), 1)


# ---------------------------------------------------------------- stories, matches, alerts


def story_of(row: Row) -> Story:
    """A row of ``stories``."""
    return Story(
        id=row.id,
        first_entry_id=row.first_entry_id,
        headline=row.headline,
        url=row.url,
        source=row.source,
        lang=row.lang,
        started_at=row.started_at,
        updated_at=row.updated_at,
        entry_count=row.entry_count,
        outlets=tuple(row.outlets),
        summary=row.summary,
        origins=tuple(row.origins),
    )


def story_row(story: Story) -> dict[str, Any]:
    """A story as columns."""
    return {field.name: getattr(story, field.name) for field in dataclasses.fields(story)}


_LINK_COLUMNS = tuple(field.name for field in dataclasses.fields(BackstoryLink))


def link_of(row: Row) -> BackstoryLink:
    """A row of ``story_links``."""
    return BackstoryLink(**{name: getattr(row, name) for name in _LINK_COLUMNS})


def link_row(link: BackstoryLink) -> dict[str, Any]:
    """A backstory link as columns."""
    return {name: getattr(link, name) for name in _LINK_COLUMNS}


def match_of(row: Row) -> Match:
    """A row of ``matches``."""
    evidence = tuple(Evidence(*parts) for parts in row.evidence)
    return Match(row.entry_id, row.topic_id, row.score, row.relevant, evidence)


def match_row(match: Match) -> dict[str, Any]:
    """A match as columns."""
    return {
        "entry_id": match.entry_id,
        "topic_id": match.topic_id,
        "score": match.score,
        "relevant": match.relevant,
        "evidence": [[part.concept, part.alias, part.where, part.sentence] for part in match.evidence],
    }


def alert_of(row: Row) -> Alert:
    """A row of ``alerts``; an alert that was written before a field came to be has that field's default."""
    content = dict(row.content)
    earlier = tuple(
        BackstoryLink(**{**link, "at": datetime.fromisoformat(link["at"])}) for link in content.pop("earlier", ())
    )
    lists: dict[str, Any] = {name: tuple(content.pop(name, ())) for name in _ALERT_LISTS}
    return Alert(
        id=row.id,
        story_id=row.story_id,
        entry_id=row.entry_id,
        action=Action(row.action),
        created_at=row.created_at,
        at=datetime.fromisoformat(content.pop("at")),
        earlier=earlier,
        **lists,
        **content,
    )


_ALERT_LISTS = ("new", "others", "why", "background", "origins")
_ALERT_COLUMNS = frozenset({"id", "story_id", "entry_id", "action", "created_at"})


def alert_row(alert: Alert) -> dict[str, Any]:
    """An alert as columns; what a reader sees of it is one JSON value."""
    fields = {field.name: getattr(alert, field.name) for field in dataclasses.fields(alert)}
    content = {name: value for name, value in fields.items() if name not in _ALERT_COLUMNS}
    content["at"] = alert.at.isoformat()
    content["earlier"] = [link_row(link) | {"at": link.at.isoformat()} for link in alert.earlier]
    columns = {name: fields[name] for name in _ALERT_COLUMNS}
    return columns | {"action": alert.action.value, "content": content}


# ---------------------------------------------------------------- deliveries


def ref_of(row: Row) -> MessageRef | None:
    """The message that a delivery became, from the ``ref_`` columns."""
    if row.ref_message is None:
        return None
    return MessageRef(Address(Platform(row.ref_platform), row.ref_chat, row.ref_thread), row.ref_message)


def ref_row(ref: MessageRef) -> dict[str, Any]:
    """A message reference as the ``ref_`` columns."""
    return {
        "ref_platform": ref.address.platform.value,
        "ref_chat": ref.address.chat,
        "ref_thread": ref.address.thread,
        "ref_message": ref.message_id,
    }


def delivery_of(row: Row) -> Delivery:
    """A row of ``deliveries``."""
    return Delivery(
        id=row.id,
        chat_id=row.chat_id,
        alert_id=row.alert_id,
        story_id=row.story_id,
        action=Action(row.action),
        topics=tuple(row.topics),
        not_before=row.not_before,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        token=row.token,
        maybe_sent=row.maybe_sent,
        ref=ref_of(row),
        error=row.error,
        sent_at=row.sent_at,
        held_for=None if row.held_for is None else Hold(row.held_for),
        bundle_id=row.bundle_id,
        bundle_place=row.bundle_place,
        asked=row.asked,
    )
