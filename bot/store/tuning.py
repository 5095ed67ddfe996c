"""What a chat says about its topics: proposals not yet agreed to, concepts of its own, thumbs up and down.

Every row belongs to one chat. Must not parse queries.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot import limits
from bot.model import ChatConcept
from bot.store import schema
from bot.store.base import Part, bump_topics, topic_ids_of
from bot.store.database import upsert
from bot.store.port import RatedMatch
from bot.store.rows import match_of, proposal_of, proposal_row

if TYPE_CHECKING:
    from bot.model import Proposal, Rating

_proposals = schema.proposals.c
_concepts = schema.chat_concepts.c
_ratings = schema.ratings.c
_matches = schema.matches.c
_members = schema.story_entries.c


class Tuning(Part):
    """The store's methods about proposals, a chat's own concepts and its ratings."""

    async def put_proposal(self, proposal: Proposal) -> Proposal:
        """See the port."""
        mine = _proposals.chat_id == proposal.chat_id
        kept = select(_proposals.id).where(mine).order_by(_proposals.id.desc()).limit(limits.PROPOSALS_PER_CHAT)
        async with self.database.write() as conn:
            same_name = mine & (_proposals.name_key == proposal.name.casefold())
            await conn.execute(delete(schema.proposals).where(same_name))
            statement = schema.proposals.insert().values(proposal_row(proposal)).returning(_proposals.id)
            proposal_id: int = (await conn.execute(statement)).scalar_one()
            await conn.execute(delete(schema.proposals).where(mine, _proposals.id.not_in(kept)))
        return dataclasses.replace(proposal, id=proposal_id)

    async def change_proposal(self, proposal: Proposal) -> bool:
        """See the port."""
        mine = (_proposals.id == proposal.id) & (_proposals.chat_id == proposal.chat_id)
        values = {"query": proposal.query, "sensitivity": proposal.sensitivity.value}
        async with self.database.write() as conn:
            changed = await conn.execute(update(schema.proposals).where(mine).values(**values))
        return changed.rowcount == 1

    async def proposals_of(self, chat_id: int) -> tuple[Proposal, ...]:
        """See the port."""
        query = select(schema.proposals).where(_proposals.chat_id == chat_id).order_by(_proposals.id)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(proposal_of, rows))

    async def proposal_named(self, chat_id: int, name: str) -> Proposal | None:
        """See the port."""
        query = select(schema.proposals).where(_proposals.chat_id == chat_id, _proposals.name_key == name.casefold())
        async with self.database.read() as conn:
            row = (await conn.execute(query)).first()
        return None if row is None else proposal_of(row)

    async def remove_proposal(self, chat_id: int, proposal_id: int) -> None:
        """See the port."""
        mine = (_proposals.id == proposal_id) & (_proposals.chat_id == chat_id)
        async with self.database.write() as conn:
            await conn.execute(delete(schema.proposals).where(mine))

    async def put_concept(self, concept: ChatConcept) -> None:
        """See the port. Topics that use it are compiled anew."""
        row = {"chat_id": concept.chat_id, "name": concept.name, "aliases": list(concept.aliases)}
        async with self.database.write() as conn:
            await upsert(conn, schema.chat_concepts, [row])
            await bump_topics(conn, await topic_ids_of(conn, concept.chat_id))

    async def remove_concept(self, chat_id: int, name: str) -> bool:
        """See the port."""
        both = (_concepts.chat_id == chat_id) & (_concepts.name == name)
        async with self.database.write() as conn:
            gone = await conn.execute(delete(schema.chat_concepts).where(both))
            await bump_topics(conn, await topic_ids_of(conn, chat_id))
        return gone.rowcount > 0

    async def concepts_of(self, chat_id: int) -> tuple[ChatConcept, ...]:
        """See the port."""
        return tuple(one for one in await self.all_concepts() if one.chat_id == chat_id)

    async def all_concepts(self) -> tuple[ChatConcept, ...]:
        """See the port."""
        query = select(schema.chat_concepts).order_by(_concepts.chat_id, _concepts.name)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(ChatConcept(row.chat_id, row.name, tuple(row.aliases)) for row in rows)

    async def rate(self, rating: Rating) -> None:
        """See the port."""
        chats, stories = schema.chats.c, schema.stories.c
        both = select(stories.id).join(schema.chats, chats.id == rating.chat_id).where(stories.id == rating.story_id)
        async with self.database.write() as conn:
            # Held, so that neither goes before the rating of it is there.
            if (await conn.execute(both.with_for_update(read=True, key_share=True))).first() is not None:
                await upsert(conn, schema.ratings, [dataclasses.asdict(rating)])

    async def rated_matches(self, chat_id: int, topic_id: int) -> tuple[RatedMatch, ...]:
        """See the port."""
        query = (
            select(schema.matches, _ratings.good, _ratings.story_id)
            .join(schema.story_entries, _members.entry_id == _matches.entry_id)
            .join(schema.ratings, _ratings.story_id == _members.story_id)
            .where(_ratings.chat_id == chat_id, _matches.topic_id == topic_id, _matches.relevant.is_(True))
            .order_by(_ratings.at.desc(), _matches.entry_id.desc())
        )
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(RatedMatch(match_of(row), row.good, row.story_id) for row in rows)
