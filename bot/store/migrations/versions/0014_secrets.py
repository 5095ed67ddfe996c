"""Secrets: addresses that earlier versions copied into titles, names of outlets and notices lose their passwords.

From here on what is secret may be sealed, which no earlier program can read: none opens a database of this revision.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.text.urls import feed_name, registrable_domain, shown_address

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_feeds = sa.table("feeds", *map(sa.column, ("id", "url", "title")))
_notices = sa.table("notices", *map(sa.column, ("id", "chat_id", "kind", "subject", "facts")))
_ADDRESS = "http%://%"
_SOURCES = ("entries", "stories", "story_links")
_LISTS = (("stories", "outlets"), ("alerts", "content"))


def upgrade() -> None:
    """Bring the rows from 0013 to 0014."""
    conn = op.get_bind()
    for row in conn.execute(sa.select(_feeds).where(_feeds.c.title.ilike(f"%{_ADDRESS}"))).all():
        title = feed_name(row.title, row.url)
        conn.execute(sa.update(_feeds).where(_feeds.c.id == row.id).values(title=title))
    _rename_outlets(conn)
    for row in conn.execute(sa.select(_notices).where(_notices.c.facts.ilike(f"%{_ADDRESS}"))).all():
        facts = json.loads(row.facts)
        shown = facts | {key: shown_address(str(facts[key])) for key in ("to", "url") if key in facts}
        if "title" in facts:
            shown["title"] = feed_name(str(facts["title"]), shown.get("url", ""))
        if shown != facts:
            _tell_again(conn, row, shown)


def _rename_outlets(conn: sa.Connection) -> None:
    """An outlet was called by its feed's title, and so by an address where that was one."""
    names: dict[str, str] = {}
    for name in _SOURCES:
        source: sa.ColumnClause[str] = sa.column("source")
        table = sa.table(name, source)
        for old in conn.scalars(sa.select(source).where(source.ilike(_ADDRESS)).select_from(table).distinct()).all():
            names[old] = registrable_domain(old)
            conn.execute(sa.update(table).where(source == old).values(source=names[old]))
    for name, listed in _LISTS:
        column: sa.ColumnClause[str] = sa.column(listed)
        table = sa.table(name, column)
        for old, new in names.items():
            quoted = json.dumps(old, ensure_ascii=False)
            renamed = sa.func.replace(column, quoted, json.dumps(new, ensure_ascii=False))
            conn.execute(sa.update(table).where(column.contains(quoted, autoescape=True)).values({listed: renamed}))


def _tell_again(conn: sa.Connection, row: sa.Row[Any], facts: dict[str, object]) -> None:
    """Where a feed moved to stands in the subject, too, of which a chat has one notice each."""
    number, _, to = row.subject.partition(" ")
    subject = f"{number} {shown_address(to)}" if row.kind == "feed-moved" else row.subject
    same = (_notices.c.chat_id == row.chat_id) & (_notices.c.kind == row.kind) & (_notices.c.subject == subject)
    if subject != row.subject and conn.execute(sa.select(_notices.c.id).where(same)).first() is not None:
        conn.execute(sa.delete(_notices).where(_notices.c.id == row.id))
        return
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    conn.execute(sa.update(_notices).where(_notices.c.id == row.id).values(facts=text, subject=subject))
