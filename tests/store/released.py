"""The first released schema, frozen, with something in every table: what an upgrade starts from.

Made by the released revision itself, which never changes, and filled in plain SQL, since today's code may know columns
that it did not have. Must not use ``bot.store.schema``.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import MetaData, text

from bot.store import migrate

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST: Final = "0001"
SOME: Final = ("0001", "0006", "0012")
"""Some of those that databases of released versions may have; ``tests.store.later`` goes through all of them."""

AT: Final = 1_718_785_800_000_000  # 19 June 2024, 08:30 UTC, in microseconds

_CONTENT: Final = {
    "headline": "Kim and Putin sign a treaty",
    "url": "https://harbour.example/2",
    "source": "Harbour Wire",
    "at": "2024-06-19T08:30:00+00:00",
    "summary": "They signed.",
    "new": ["a treaty"],
    "earlier": [],
    "others": ["Yonhap"],
    "why": ["dprk: Kim"],
}

ROWS: Final[tuple[tuple[str, tuple[dict[str, Any], ...]], ...]] = (
    (
        "chats",
        (
            {
                "id": 1,
                "platform": "telegram",
                "address": "7",
                "title": "Ada",
                "created_at": AT,
                "active": True,
                "lang": "en",
            },
            {
                "id": 2,
                "platform": "slack",
                "address": "C1",
                "title": "desk",
                "created_at": AT,
                "active": False,
                "lang": "en",
            },
        ),
    ),
    (
        "topics",
        (
            {
                "id": 1,
                "chat_id": 1,
                "name": "Arms",
                "name_key": "arms",
                "query": "@dprk & @arms",
                "sensitivity": "normal",
                "paused": False,
                "created_at": AT,
            },
        ),
    ),
    ("subscriptions", ({"chat_id": 1, "topic_id": 1, "created_at": AT},)),
    (
        "feeds",
        (
            {
                "id": 1,
                "url": "https://harbour.example/rss",
                "url_key": b"0123456789abcdef",
                "title": "Harbour Wire",
                "state": "active",
                "shared": True,
                "etag": 'W/"7"',
                "interval_s": 900,
                "baselined": True,
                "failures": 0,
                "last_polled_at": AT,
                "last_entry_at": AT,
                "next_poll_at": AT,
            },
        ),
    ),
    ("chat_feeds", ({"chat_id": 1, "feed_id": 1},)),
    (
        "entries",
        tuple(
            {
                "id": number,
                "feed_id": 1,
                "at": AT + number,
                "first_seen_at": AT + number,
                "published_at": AT,
                "lang": "en",
                "source": "Harbour Wire",
                "guid": f"g{number}",
                "url": f"https://harbour.example/{number}",
                "url_key": bytes([number]) * 16,
                "title": f"Kim says {number}",
                "text": f"Kim said {number}.",
            }
            for number in (1, 2)
        ),
    ),
    ("entry_keys", ({"key": b"k" * 16, "entry_id": 1, "seen_at": AT},)),
    (
        "fingerprints",
        tuple(
            {
                "entry_id": number,
                "data": zlib.compress(b'[{"kim":1},["kim"],{"dprk":1},["kim jong un"],["2"],[],[1,2],["Kim said."]]'),
                "index_terms": zlib.compress(b"kim\nsaid"),
            }
            for number in (1, 2)
        ),
    ),
    ("terms", ({"term": "kim", "entries": 2}, {"term": "said", "entries": 2})),
    (
        "stories",
        tuple(
            {
                "id": number,
                "first_entry_id": number,
                "headline": f"Kim says {number}",
                "url": f"https://harbour.example/{number}",
                "source": "Harbour Wire",
                "lang": "en",
                "started_at": AT,
                "updated_at": AT + number,
                "entry_count": 1,
                "outlets": ["Harbour Wire"],
                "summary": "Kim said.",
            }
            for number in (1, 2)
        ),
    ),
    ("story_entries", ({"entry_id": 1, "story_id": 1}, {"entry_id": 2, "story_id": 2})),
    (
        "story_links",
        (
            {
                "story_id": 2,
                "rank": 1,
                "entry_id": 1,
                "past_story_id": 1,
                "score": 0.5,
                "why": "Kim said 1.",
                "at": AT,
                "headline": "Kim says 1",
                "url": "https://harbour.example/1",
                "source": "Harbour Wire",
            },
        ),
    ),
    (
        "matches",
        (
            {
                "topic_id": 1,
                "entry_id": 2,
                "score": 0.7,
                "relevant": True,
                "evidence": [["dprk", "Kim", "title", "Kim."]],
            },
        ),
    ),
    (
        "alerts",
        tuple(
            {
                "id": number,
                "story_id": number,
                "entry_id": number,
                "action": "alert",
                "created_at": AT,
                "content": _CONTENT,
            }
            for number in (1, 2)
        ),
    ),
    (
        "deliveries",
        (
            {
                "id": 1,
                "chat_id": 1,
                "alert_id": 1,
                "story_id": 1,
                "action": "alert",
                "topics": ["Arms"],
                "not_before": AT,
                "state": "sent",
                "attempts": 1,
                "token": 1,
                "begun": True,
                "maybe_sent": False,
                "ref_platform": "telegram",
                "ref_chat": "7",
                "ref_message": "55",
                "sent_at": AT + 60_000_000,
            },
            {
                "id": 2,
                "chat_id": 1,
                "alert_id": 2,
                "story_id": 2,
                "action": "alert",
                "topics": ["Arms"],
                "not_before": AT,
                "state": "pending",
                "attempts": 0,
                "token": 0,
                "begun": False,
                "maybe_sent": False,
            },
        ),
    ),
    ("counters", ({"name": "entries", "value": 2},)),
)
_NUMBERS: Final = {"entry": 3, "story": 3, "alert": 3, "entries": 2, "topics": 4}


def make(conn: Connection) -> None:
    """Make the released schema in an empty database and fill it."""
    migrate.upgrade(conn, FIRST)
    tables = MetaData()
    tables.reflect(conn, only=[name for name, _ in ROWS])
    for name, rows in ROWS:
        for row in rows:
            as_text = {
                key: json.dumps(value) if isinstance(value, list | dict) else value for key, value in row.items()
            }
            conn.execute(tables.tables[name].insert(), as_text)
    for name, value in _NUMBERS.items():
        conn.execute(text("UPDATE sequences SET value = :value WHERE name = :name"), {"name": name, "value": value})
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO entry_search (rowid, terms) VALUES (1, 'kim said'), (2, 'kim said')"))
        return
    for number in (1, 2):
        conn.execute(
            text("INSERT INTO entry_search VALUES (:id, :at, array_to_tsvector(ARRAY['kim', 'said']))"),
            {"id": number, "at": AT + number},
        )
    for name in ("chats", "topics", "feeds", "deliveries"):
        conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 2)"))
