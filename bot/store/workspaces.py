"""Installed workspaces with their chats, and troubles. Must not know how a token is sealed, or what a state is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, union, update

from bot.model import TEAM_MARK, Installation, Platform, Trouble
from bot.store import schema
from bot.store.base import Part, bump_topics
from bot.store.database import insert, upsert
from bot.store.rows import chat_of, digest

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Chat

UNINSTALLED: Final = "the app was removed from the workspace"
"""Why a chat went that comes back when the app is installed again."""

_rows = schema.installations.c
_states = schema.oauth_states.c
_troubles = schema.troubles.c
_chats = schema.chats.c


class Workspaces(Part):
    """The store's methods about workspaces and troubles."""

    async def put_installation(self, installation: Installation) -> None:
        """See the port."""
        went = {"active": False, "gone_why": UNINSTALLED}
        came = {"active": True, "gone_at": None, "gone_why": None}
        async with self.database.write() as conn:
            await upsert(conn, schema.installations, [_row(installation)])
            await _turn(conn, installation, went, came)

    async def installation_of(self, team: str) -> Installation | None:
        """See the port."""
        async with self.database.read() as conn:
            return await _of(conn, team)

    async def installations(self) -> tuple[Installation, ...]:
        """See the port."""
        async with self.database.read() as conn:
            rows = await conn.execute(select(schema.installations).order_by(_rows.installed_at, _rows.team))
        return tuple(map(_installation, rows))

    async def remove_installation(self, team: str, *, now: datetime) -> Installation | None:
        """See the port."""
        async with self.database.write() as conn:
            found = await _of(conn, team)
            if found is not None:
                await conn.execute(delete(schema.installations).where(_rows.team == team))
                went = {"active": False, "gone_at": now, "gone_why": UNINSTALLED}
                await _turn(conn, found, {"active": True}, went)
        return found

    async def put_state(self, state: str, *, now: datetime, until: datetime) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await conn.execute(delete(schema.oauth_states).where(_states.until <= now))
            await conn.execute(insert(conn, schema.oauth_states).values(state=digest(state), until=until))

    async def take_state(self, state: str, *, now: datetime) -> bool:
        """See the port."""
        taken = delete(schema.oauth_states).where(_states.state == digest(state)).returning(_states.until)
        async with self.database.write() as conn:
            until = (await conn.execute(taken)).scalar()
        return until is not None and until > now

    async def note_trouble(self, trouble: Trouble) -> bool:
        """See the port."""
        row = {"platform": trouble.platform.value, "subject": trouble.subject, "words": trouble.words}
        same = (_troubles.platform == row["platform"]) & (_troubles.subject == row["subject"])
        async with self.database.write() as conn:
            known = update(schema.troubles).where(same).values(words=trouble.words)
            if (await conn.execute(known)).rowcount:
                return False
            new = insert(conn, schema.troubles).values(**row, since=trouble.since)
            written = await conn.execute(new.on_conflict_do_nothing().returning(_troubles.since))
            return written.first() is not None

    async def end_trouble(self, platform: Platform, subject: str) -> bool:
        """See the port."""
        same = (_troubles.platform == platform.value) & (_troubles.subject == subject)
        async with self.database.write() as conn:
            return (await conn.execute(delete(schema.troubles).where(same))).rowcount > 0

    async def troubles(self) -> tuple[Trouble, ...]:
        """See the port."""
        query = select(schema.troubles).order_by(_troubles.since, _troubles.platform, _troubles.subject)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(Trouble(Platform(row.platform), row.subject, row.words, row.since) for row in rows)

    async def lost_chats(self, *, limit: int) -> tuple[Chat, ...]:
        """See the port."""
        gone = select(schema.chats).where(_chats.active.is_(False), _chats.gone_at.is_not(None))
        async with self.database.read() as conn:
            rows = await conn.execute(gone.order_by(_chats.gone_at.desc(), _chats.id.desc()).limit(limit))
        return tuple(map(chat_of, rows))


async def _of(conn: AsyncConnection, team: str) -> Installation | None:
    row = (await conn.execute(select(schema.installations).where(_rows.team == team))).first()
    return None if row is None else _installation(row)


async def _turn(
    conn: AsyncConnection, installation: Installation, those: dict[str, Any], values: dict[str, Any]
) -> None:
    """Change the team's chats that are as ``those`` say, and let every process know whose topics are watched now."""
    condition = _of_team(installation)
    for name, value in those.items():
        condition &= _chats[name] == value
    changed = update(schema.chats).where(condition).values(**values).returning(_chats.id)
    chat_ids = list(await conn.scalars(changed))
    if chat_ids:
        own = select(schema.topics.c.id).where(schema.topics.c.chat_id.in_(chat_ids))
        watched = select(schema.subscriptions.c.topic_id).where(schema.subscriptions.c.chat_id.in_(chat_ids))
        await bump_topics(conn, list((await conn.execute(union(own, watched))).scalars()))


def _of_team(installation: Installation) -> ColumnElement[bool]:
    on_slack = _chats.platform == Platform.SLACK.value
    prefix = installation.prefix
    if not prefix:
        return on_slack & _chats.address.not_like(f"%{TEAM_MARK}%")
    # Not LIKE, which ignores case on SQLite.
    return on_slack & (func.substr(_chats.address, 1, len(prefix)) == prefix)


def _installation(row: Any) -> Installation:  # noqa: ANN401 - a row of SQLAlchemy's: its columns are attributes
    return Installation(
        team=row.team,
        name=row.name,
        token=row.token,
        bot_user=row.bot_user,
        bot=row.bot,
        installer=row.installer,
        installed_at=row.installed_at,
        app=row.app,
        enterprise=row.enterprise,
        scopes=tuple(row.scopes),
        bare=row.bare,
    )


def _row(installation: Installation) -> dict[str, Any]:
    return {
        "team": installation.team,
        "name": installation.name,
        "token": installation.token,
        "bot_user": installation.bot_user,
        "bot": installation.bot,
        "installer": installation.installer,
        "installed_at": installation.installed_at,
        "app": installation.app,
        "enterprise": installation.enterprise,
        "scopes": list(installation.scopes),
        "bare": installation.bare,
    }
