"""What every release stored in the tables and columns that it brought, from the first on (``tests.store.released``).

Each step is made by the released revision itself and filled in plain SQL, as the release would have. Must not use
``bot.store.schema``. A new revision that brings a table or a column has its rows here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import MetaData, Table, and_, select, text

from bot.store import migrate
from tests.store import released

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    Row = dict[str, Any]

AT: Final = released.AT
_SOON: Final = AT + 3_600_000_000
_FEED: Final = {
    "state": "active",
    "shared": False,
    "interval_s": 900,
    "baselined": True,
    "failures": 0,
    "next_poll_at": _SOON,
}
_STORY: Final = {
    "first_entry_id": 3,
    "headline": "Kim says 3",
    "url": "https://harbour.example/3",
    "source": "Harbour Wire",
    "lang": "en",
    "started_at": AT,
    "updated_at": AT,
    "outlets": ["Harbour Wire"],
    "summary": "Kim said.",
}
_CHAT: Final = {"platform": "telegram", "created_at": AT, "lang": "uk"}
_TOPIC: Final = {"chat_id": 1, "query": "@dprk", "sensitivity": "wide", "paused": True, "created_at": AT}


def _feed(number: int, **rest: object) -> Row:
    url = f"https://wire{number}.example/rss"
    return {"id": number, "url": url, "url_key": bytes([number]) * 16, "title": f"Wire {number}"} | _FEED | rest


ROWS: Final[dict[str, tuple[tuple[str, Row], ...]]] = {
    "0001": (
        ("proposals", {"id": 1, "chat_id": 1, "name": "Oil", "name_key": "oil", "query": "oil", "sensitivity": "strict"}
            | {"created_at": AT}),
        ("chat_concepts", {"chat_id": 1, "name": "shells", "aliases": ["shell*", "포탄"]}),
        ("ratings", {"chat_id": 1, "story_id": 1, "good": True, "at": AT}),
        ("entry_stages", {"entry_id": 1, "stage": "stored"}),
        ("feeds", _feed(2, lang="ko", last_modified="yesterday", last_error="answered 500", lease_until=AT)),
    ),
    "0002": (
        ("chat_settings", {"chat_id": 1, "zone": "Asia/Seoul", "lang": "ko", "digest": "daily 07:30 0"}
            | {"quiet": "22:00-07:00", "urgent": True, "cap": 5}),
        ("mutes", {"id": 1, "chat_id": 1, "kind": "topic", "key": "1", "name": "Arms", "topic_id": 1, "until": _SOON}
            | {"created_at": AT}),
        ("mutes", {"id": 2, "chat_id": 1, "kind": "story", "key": "2", "name": "Kim", "story_id": 2, "until": None}
            | {"created_at": AT}),
        ("topic_shares", {"token": "shared", "chat_id": 1, "name": "Arms", "query": "@arms", "sensitivity": "normal"}
            | {"created_at": AT}),
        ("deliveries", {"id": 3, "chat_id": 2, "alert_id": 1, "story_id": 1, "action": "alert", "topics": ["Arms"]}
            | {"not_before": _SOON, "state": "held", "held_for": "digest", "asked": True, "attempts": 0, "token": 0}
            | {"begun": False, "maybe_sent": False}),
        ("deliveries", {"id": 4, "chat_id": 2, "alert_id": 2, "story_id": 2, "action": "alert", "topics": ["Arms"]}
            | {"not_before": AT, "state": "sent", "held_for": "quiet", "bundle_id": 4, "bundle_place": 0}
            | {"asked": False, "attempts": 1, "token": 2, "begun": True, "maybe_sent": True, "lease_until": AT}
            | {"error": "late"}
            | {"ref_platform": "slack", "ref_chat": "C1", "ref_thread": "1.5", "ref_message": "1.7", "sent_at": AT}),
    ),
    "0003": (
        ("entries", {"id": 3, "feed_id": 1, "at": AT + 3, "first_seen_at": AT + 3, "published_at": None, "lang": "en"}
            | {"source": "Harbour Wire", "guid": "g3", "url": "https://harbour.example/3", "url_key": b"\3" * 16}
            | {"title": "Kim says 3", "text": "Kim said 3.", "credit": "Yonhap"}),
        ("stories", _STORY | {"id": 3, "entry_count": 1, "origins": ["Yonhap"]}),
        ("stories", _STORY | {"id": 4, "entry_count": 0, "merged_into": 3}),
        ("story_entries", {"entry_id": 3, "story_id": 3}),
        ("story_links", {"story_id": 2, "rank": 2, "entry_id": 2, "past_story_id": 1, "score": 0.25, "why": "Kim."}
            | {"at": AT, "headline": "Kim", "url": "https://harbour.example/2", "source": "Wire", "feed_id": 1}),
        ("searches", {"id": 1, "chat_id": 1, "words": "kim lang:en", "created_at": AT}),
        ("wordings", {"entry_id": 1, "said": b"s" * 16, "lang": "uk", "summary": "Кім сказав."}),
    ),
    "0004": (
        ("feeds", _feed(3, moved_to="https://new.example/rss", moved_times=2, flooded_at=AT)),
        ("feed_documents", {"feed_id": 1, "data": b"what was remembered"}),
    ),
    "0005": (("topic_changes", {"topic_id": 1, "version": 7}),),
    "0006": (
        ("feeds", _feed(4, failures=9, failing_since=AT)),
        ("topics", {"id": 2, "name": "Sent on", "name_key": "sent on"} | _TOPIC),
        ("subscriptions", {"chat_id": 1, "topic_id": 2, "created_at": AT, "to_chat": "-100", "to_thread": "5"}),
        ("notices", {"id": 1, "chat_id": 1, "kind": "feed-failing", "subject": "4", "created_at": AT, "token": 0}
            | {"facts": {"feed_id": 4, "title": "Wire 4", "url": "https://wire4.example/rss", "days": 2}}
            | {"not_before": AT, "state": "sent", "attempts": 1, "begun": True, "maybe_sent": False, "said_at": AT}
            | {"lease_until": AT, "error": "late"}),
    ),
    "0007": (
        ("chats", {"id": 3, "address": "T9/C9", "title": "away", "active": False} | _CHAT
            | {"platform": "slack", "gone_at": AT, "gone_why": "uninstalled"}),
        ("installations", {"team": "T9", "name": "Nine", "token": "sealed", "bot_user": "U9", "bot": "B9"}
            | {"installer": "U1", "installed_at": AT, "app": "A9", "enterprise": "E9", "scopes": ["chat:write"]}
            | {"bare": False}),
        ("oauth_states", {"state": b"o" * 16, "until": _SOON}),
        ("troubles", {"platform": "slack", "subject": "T9", "words": "token_revoked", "since": AT}),
    ),
    "0008": (("tallies", {"id": 1, "entries": 0, "terms": {}, "counters": {"pages.fetched": 1}}),),
    "0009": (
        ("hub_subscriptions", {"feed_id": 1, "hub": "https://hub.example/", "topic": "https://harbour.example/rss"}
            | {"token": "t", "secret": "s", "ask_at": _SOON, "tries": 1, "lease_until": _SOON, "pushed_at": AT}),
    ),
    "0010": (
        ("topics", {"id": 3, "name": "Sent afar", "name_key": "sent afar"} | _TOPIC),
        ("subscriptions", {"chat_id": 1, "topic_id": 3, "created_at": AT, "to_chat": "-101", "to_title": "Ours"}),
    ),
    "0011": (
        ("chats", {"id": 4, "address": "11", "title": "slow", "active": True, "wait_until": _SOON} | _CHAT),
        ("heard", {"event": b"h" * 16, "at": AT}),
    ),
    "0012": (("feeds", _feed(5, skips=0b1010)),),
    "0013": (("feeds", _feed(6, added_at=AT)),),
    "0014": (),
    "0015": (
        ("chat_settings", {"chat_id": 2, "zone": "UTC", "lang": None, "digest": "off 08:00 0", "quiet": None}
            | {"urgent": False, "cap": 12, "dark": True}),
    ),
}  # fmt: skip
"""By revision: a table, and what is put into it as soon as the revision is there."""

_IN_THE_INDEX: Final = 3
_NUMBERED: Final = ("chats", "topics", "feeds", "deliveries", "proposals", "mutes", "searches", "notices", "tallies")


def make(conn: Connection) -> None:
    """Take an empty database through every release, each of which stores what it can."""
    for revision, rows in ROWS.items():
        if revision == released.FIRST:
            released.make(conn)
        else:
            migrate.upgrade(conn, revision)
        tables = _tables(conn, {name for name, _ in rows})
        for name, row in rows:
            conn.execute(tables[name].insert(), _as_stored(row))
    _index_the_third(conn)


def stored() -> Iterator[tuple[str, Row]]:
    """Every row of every release, with its table."""
    for name, rows in released.ROWS:
        yield from ((name, row) for row in rows)
    for brought in ROWS.values():
        yield from brought


def missing(conn: Connection) -> list[tuple[str, Row]]:
    """The rows that are not there any more as they were stored; how often a term stands is counted on."""
    tables = _tables(conn, {name for name, _ in stored()})

    def is_there(name: str, row: Row) -> bool:
        columns = tables[name].c
        wanted = and_(*(columns[key].is_not_distinct_from(value) for key, value in _as_stored(row).items()))
        return conn.execute(select(tables[name]).where(wanted)).first() is not None

    return [(name, row) for name, row in stored() if name != "terms" and not is_there(name, row)]


def _tables(conn: Connection, names: set[str]) -> dict[str, Table]:
    found = MetaData()
    found.reflect(conn, only=sorted(names))
    return {name: found.tables[name] for name in names}


def _as_stored(row: Row) -> Row:
    return {key: json.dumps(value) if isinstance(value, list | dict) else value for key, value in row.items()}


def _index_the_third(conn: Connection) -> None:
    """What is kept beside an entry, and where the numbers go on."""
    number = {"id": _IN_THE_INDEX, "at": AT + _IN_THE_INDEX}
    conn.execute(text("UPDATE sequences SET value = value + 1 WHERE name IN ('entry', 'entries')"))
    conn.execute(text("UPDATE sequences SET value = value + 2 WHERE name = 'story'"))
    conn.execute(text("UPDATE terms SET entries = entries + 1"))
    copied = "INSERT INTO fingerprints SELECT :id, data, index_terms FROM fingerprints WHERE entry_id = 2"
    conn.execute(text(copied), number)
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO entry_search (rowid, terms) VALUES (:id, 'kim said')"), number)
        return
    conn.execute(text("INSERT INTO entry_search VALUES (:id, :at, array_to_tsvector(ARRAY['kim', 'said']))"), number)
    for name in _NUMBERED:
        conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 9)"))
