"""Entries and stories: taking in, looking up, searching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.model import BackstoryLink, Delivery, Entry, SavedSearch, Story, TermQuery, TermStatistics
    from bot.store.port.ingest import IngestUnit
    from bot.store.port.views import FoundPage, MatchView, StoryView, Strand, Title, ToldMessage, TracedEntry


class StoryStore(Protocol):
    """Entries and stories: taking in, looking up, searching."""

    async def seen(self, keys: Sequence[str]) -> Mapping[str, int]:
        """As ``IngestUnit.seen``, outside a unit: a first sieve, so that what is known is not prepared again."""
        ...

    def ingest(
        self, *, feed_ids: Sequence[int] = (), entries: int = 0, alone: bool = True
    ) -> AbstractAsyncContextManager[IngestUnit]:
        """Begin a write transaction; waits for any other to end.

        Not ``alone``, it may be under way beside those of other feeds, as far as the database can: for what touches no
        story. Never two of one feed. ``entries`` is how many the plans may number (ids may be left out).
        """
        ...

    async def archive(self, *, after_id: int, limit: int) -> tuple[Entry, ...]:
        """Stored entries with an id above ``after_id``, in order of id."""
        ...

    async def begin_import(self) -> int:
        """Note that entries stored from now on are not matched yet; ``end_import`` says that all of them are.

        Returns the least id of those that are not: an import that did not end has noted an earlier one.
        """
        ...

    async def end_import(self) -> None:
        """Forget what ``begin_import`` noted."""
        ...

    async def archive_dates(self, chat_id: int | None = None) -> tuple[datetime, datetime] | None:
        """The dates of the oldest and the newest entry that the chat may see (None: of all)."""
        ...

    async def span(
        self, chat_id: int | None, *, since: datetime, until: datetime, below: tuple[datetime, int] | None, limit: int
    ) -> tuple[Entry, ...]:
        """Entries dated from ``since`` to ``until`` that the chat may see (None: all of them), newest first.

        ``below`` is the date and id of the last one that was given, to go on from.
        """
        ...

    async def search(self, chat_id: int, query: TermQuery, *, best: bool, below: int, limit: int) -> FoundPage:
        """Entries that the chat may see and that a query is true for, from the place ``below`` on.

        Newest first, or the ``best`` by the full-text index's own rank. A query that asks for nothing finds nothing.
        """
        ...

    async def keep_search(self, chat_id: int, words: str, *, now: datetime) -> SavedSearch:
        """What a chat searches for, under an id of its own; the same words keep theirs. A chat's oldest goes."""
        ...

    async def kept_search(self, chat_id: int, search_id: int) -> SavedSearch | None:
        """The chat's search of this id."""
        ...

    async def statistics(self, terms: Sequence[str]) -> TermStatistics:
        """As ``IngestUnit.statistics``, outside a unit."""
        ...

    async def entries_at(self, url: str) -> tuple[TracedEntry, ...]:
        """Every entry with this (canonical) address, whatever feed brought it, first seen first."""
        ...

    async def serves(self, chat_id: int, feed_id: int) -> bool:
        """Whether the feed's entries are for this chat."""
        ...

    async def story_deliveries(self, chat_id: int, story_id: int) -> tuple[Delivery, ...]:
        """The chat's deliveries about a story, oldest first."""
        ...

    async def entry(self, entry_id: int) -> Entry | None:
        """The entry with this id."""
        ...

    async def story_view(self, chat_id: int, story_id: int) -> StoryView | None:
        """A story, if one of the chat's topics matched an entry of it or the chat was sent it."""
        ...

    async def latest_stories(
        self, chat_id: int, *, topic_id: int | None = None, limit: int = 5
    ) -> tuple[StoryView, ...]:
        """The chat's stories, last updated first."""
        ...

    async def story_entries(self, story_id: int) -> tuple[Entry, ...]:
        """A story's entries, oldest first."""
        ...

    async def first_messages(self, chat_id: int, story_ids: Sequence[int]) -> Mapping[int, ToldMessage]:
        """The message in which the chat was first told each of these stories; merged ones are found, too."""
        ...

    async def story_links(self, story_id: int, *, chat_id: int | None = None) -> tuple[BackstoryLink, ...]:
        """A story's backstory by rank."""
        ...

    async def topic_strand(self, chat_id: int, topic_id: int, *, limit: int) -> Strand:
        """The newest stories that a topic of the chat's matched, with the links between them."""
        ...

    async def story_strand(self, chat_id: int, story_id: int, *, limit: int) -> Strand:
        """A story, what it continues and what continues it, over any number of steps, at most ``limit`` each way.

        Links to articles of no story are those of the story itself. Empty where the chat may not see the story.
        """
        ...

    async def titles_in(self, chat_id: int, story_ids: Sequence[int], lang: str) -> Mapping[int, Title]:
        """Stories as their first article in a language has them; those that no article in it tells are left out."""
        ...

    async def later_stories(self, chat_id: int, story_id: int, *, limit: int) -> tuple[Story, ...]:
        """The stories that continue this one directly and that the chat may see, newest first."""
        ...

    async def story_matches(self, chat_id: int, story_id: int) -> tuple[MatchView, ...]:
        """The matches of the chat's topics in a story, best first."""
        ...

    async def wording(self, entry_id: int, said: str, lang: str) -> str | None:
        """What stands for ``said``, an entry's summary, in this language.

        "" where only the summary's own words do, None where nobody was asked yet.
        """
        ...

    async def keep_wording(self, entry_id: int, said: str, lang: str, summary: str, *, counter: str) -> str:
        """Keep what stands for a summary, and count it; returns what was kept first, which is never replaced."""
        ...
