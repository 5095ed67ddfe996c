"""Replay: the pipeline as a black box: entries in, one line of decisions out for each, their own dates as the clock.

A user's dry run of a topic over past coverage, and how quality is judged. It runs the same ingest code as a poll does,
in a fresh in-memory store unless a database is named. What was decided of an entry (its action, links, what was new)
knows nothing that came later; its story is the one that it is part of in the end, after every merge. Stories of entries
without dates are looked at a second time, when all of the file is known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot import limits
from bot.errors import CommandError
from bot.feeds.archive import BadLine, parse_line
from bot.model import UNSAVED, Address, Feed, FeedState, Platform, Subscription, Topic
from bot.stories.second_look import final
from bot.topics.query import parse as parse_query
from bot.topics.suggest import suggest
from bot.workers.pipeline import Options, Pipeline
from bot.workers.second_look import second_look

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from bot.model import IngestPlan, ParsedEntry
    from bot.store.port import Store
    from bot.stories.encoder import Encoder
    from bot.topics.lexicon import Lexicon

_CHAT = Address(Platform.CONSOLE, "replay")
_URL = "replay:"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Request:
    """What to replay: ``topics`` as NAME or NAME=QUERY; ``everything`` groups entries that no topic wants."""

    topics: tuple[str, ...] = ()
    everything: bool = False
    links: int = limits.BACKSTORY_LINKS


def topic_from(spec: str, lexicon: Lexicon) -> tuple[str, str]:
    """Name and query of NAME or NAME=QUERY; a name alone gets the query that the lexicon suggests for it.

    Raises:
        QueryError: the query does not parse.
        CommandError: the name is empty.
    """
    name, separator, query = spec.partition("=")
    name = name.strip()
    if not name:
        raise CommandError("a topic needs a name: --topic 'DPRK-Russia arms' or --topic 'NAME=QUERY'")
    return name, str(parse_query(query, lexicon)) if separator else suggest(name, lexicon).query


class Replay:
    """One run over one file. ``lines`` gives an output line, as a dict, for each input line, in order."""

    def __init__(self, store: Store, lexicon: Lexicon, request: Request, *, encoder: Encoder | None = None) -> None:
        self._store = store
        self._lexicon = lexicon
        self._request = request
        self._pipeline = Pipeline(store, lexicon, encoder)
        self._names: dict[int, str] = {}
        self._guids: dict[int, str] = {}
        self._firsts: dict[int, str] = {}
        self._gone: dict[int, int] = {}
        self._grouped: list[int] = []
        self._latest = _BEGINNING

    async def lines(self, source: Iterable[str], *, advance: Callable[[], None] = _nothing) -> list[dict[str, Any]]:
        """Replay JSON lines. A line that cannot be used gives a line with ``error``, and the rest goes on.

        ``advance`` is called after each line that was read.
        """
        drafts = []
        async for line, story_id in self._decided(source):
            drafts.append((line, story_id))
            advance()
        looked = await second_look(self._store, self._grouped, links=self._request.links)
        self._gone |= looked.merges
        return [line if story_id is None else line | {"story": self._first(story_id)} for line, story_id in drafts]

    def _first(self, story_id: int) -> str | None:
        """The id of the line that a story began with, as stories stand now."""
        return self._firsts.get(final(self._gone, story_id))

    async def _decided(self, source: Iterable[str]) -> AsyncIterator[tuple[dict[str, Any], int | None]]:
        """Each line with what was decided when it came, and the number of its story."""
        feed = await self._set_up()
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            parsed = parse_line(line)
            if isinstance(parsed, BadLine):
                yield _failed(line, f"line {number}: {parsed.reason}"), None
                continue
            # An entry without a date happens after all that came before it: the order of the file is its clock.
            self._latest = max(self._latest, parsed.published_at or self._latest)
            now = parsed.published_at or self._latest
            plan = await self._pipeline.ingest(feed, [parsed], now=now, options=self._options())
            self._gone |= {merge.gone: merge.kept for merge in plan.merges}
            decision = plan.decisions[0] if plan.decisions else None
            if decision and decision.story_id is not None and decision.entry_id is not None:
                self._grouped.append(decision.entry_id)
            yield self._line(parsed, plan), decision.story_id if decision else None

    def _options(self) -> Options:
        return Options(everything=self._request.everything, by_id=True, links=self._request.links, patient=True)

    async def _set_up(self) -> Feed:
        chat = await self._store.chat_at(_CHAT, title="replay", now=_BEGINNING)
        for spec in self._request.topics:
            name, query = topic_from(spec, self._lexicon)
            topic = await self._store.topic_named(chat.id, name)
            if topic is None:
                topic = await self._store.add_topic(Topic(UNSAVED, chat.id, name, query, _BEGINNING))
            await self._store.subscribe(Subscription(chat.id, topic.id, _BEGINNING))
        for topic in await self._store.topics_of(chat.id):
            self._names[topic.id] = topic.name
        return await self._store.add_feed(
            Feed(UNSAVED, _URL, "replay", _BEGINNING, state=FeedState.ARCHIVE, shared=True, baselined=True)
        )

    def _line(self, parsed: ParsedEntry, plan: IngestPlan) -> dict[str, Any]:
        """The output line of one entry."""
        for new in plan.entries:
            self._guids[new.entry.id] = new.entry.guid
        for story in plan.stories:
            self._firsts[story.id] = self._guids.get(story.first_entry_id, str(story.first_entry_id))
        if not plan.decisions:
            return {"id": parsed.guid, **_NOTHING, "error": "the same entry came before"}
        decision = plan.decisions[0]
        return {
            "id": parsed.guid,
            "topics": [
                {
                    "topic": self._names[match.topic_id],
                    "score": round(match.score, 4),
                    "matched": [
                        {"concept": evidence.concept, "alias": evidence.alias, "where": evidence.where}
                        for evidence in match.evidence
                    ],
                }
                for match in plan.matches
                if match.relevant and match.topic_id in self._names
            ],
            "story": None,  # known in the end
            "backstory": [
                {
                    "id": self._guids.get(link.entry_id, str(link.entry_id)),
                    "score": round(link.score, 4),
                    "why": link.why,
                }
                for link in decision.links
            ],
            "new": list(decision.new),
            "summary": decision.summary,
            "action": decision.action.value,
        }


_NOTHING: dict[str, Any] = {
    "topics": [],
    "story": None,
    "backstory": [],
    "new": [],
    "summary": "",
    "action": "none",
}


def _failed(line: str, reason: str) -> dict[str, Any]:
    """The output line of an input line that cannot be used, with its id where it has one."""
    try:
        raw = json.loads(line)
    except ValueError:
        raw = None
    entry_id = raw.get("id") if isinstance(raw, dict) else None
    return {"id": entry_id, **_NOTHING, "error": reason}
