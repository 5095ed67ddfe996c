"""Secrets: addresses that earlier versions copied into titles and notices lose their passwords.

From here on what is secret may be sealed, which no earlier program can read: none opens a database of this revision.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from bot.text.urls import feed_name, shown_address

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_feeds = sa.table("feeds", *map(sa.column, ("id", "url", "title")))
_notices = sa.table("notices", *map(sa.column, ("id", "chat_id", "kind", "subject", "facts")))
_ADDRESS = "%://%"


def upgrade() -> None:
    """Bring the rows from 0013 to 0014."""
    conn = op.get_bind()
    for row in conn.execute(sa.select(_feeds).where(_feeds.c.title.like(_ADDRESS))).all():
        title = feed_name(row.title, row.url)
        conn.execute(sa.update(_feeds).where(_feeds.c.id == row.id).values(title=title))
    for row in conn.execute(sa.select(_notices).where(_notices.c.facts.like(_ADDRESS))).all():
        facts = json.loads(row.facts)
        shown = facts | {key: shown_address(facts[key]) for key in ("to", "url") if key in facts}
        if "title" in facts:
            shown["title"] = feed_name(facts["title"], shown.get("url", ""))
        if shown != facts:
            _tell_again(conn, row, shown)


def _tell_again(conn: sa.Connection, row: sa.Row[tuple[object, ...]], facts: dict[str, object]) -> None:
    """Where a feed moved to stands in the subject, too, of which a chat has one notice each."""
    number, _, to = row.subject.partition(" ")
    subject = f"{number} {shown_address(to)}" if row.kind == "feed-moved" else row.subject
    same = (_notices.c.chat_id == row.chat_id) & (_notices.c.kind == row.kind) & (_notices.c.subject == subject)
    if subject != row.subject and conn.execute(sa.select(_notices.c.id).where(same)).first() is not None:
        conn.execute(sa.delete(_notices).where(_notices.c.id == row.id))
        return
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    conn.execute(sa.update(_notices).where(_notices.c.id == row.id).values(facts=text, subject=subject))
