"""Topics, subscriptions, ratings, and the words of a chat's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.model import Address, Chat, ChatConcept, Proposal, Rating, Subscription, Topic, TopicChanges
    from bot.store.port.views import RatedMatch


class TopicStore(Protocol):
    """Topics, subscriptions, ratings, and the words of a chat's own."""

    async def add_topic(self, topic: Topic, *, alerts: bool = False) -> Topic:
        """Store a new topic (id UNSAVED) and return it with its id. Names are unique in a chat, ignoring case.

        With ``alerts`` its chat is subscribed to it in the same transaction, as of its creation.
        """
        ...

    async def topic_named(self, chat_id: int, name: str) -> Topic | None:
        """The chat's own or a shared topic of this name, ignoring case; its own first."""
        ...

    async def topics_of(self, chat_id: int) -> tuple[Topic, ...]:
        """The chat's own topics and the shared ones, in order of creation."""
        ...

    async def replace_topic(self, topic: Topic) -> None:
        """Change a topic's name, query, sensitivity or pause."""
        ...

    async def clear_matches(self, topic_id: int) -> None:
        """Forget what a topic matched: its query has changed."""
        ...

    async def remove_topic(self, topic_id: int) -> None:
        """Remove a topic with its matches and subscriptions; what was sent stays."""
        ...

    async def subscribe(self, subscription: Subscription) -> None:
        """Make sure that the chat gets the topic's alerts."""
        ...

    async def move_place(self, chat_id: int, place: Address, to: Address | None) -> tuple[str, ...]:
        """Let all that the chat has sent to a place go to another (None: to itself); the names of the topics."""
        ...

    async def senders_to(self, place: Address) -> tuple[int, ...]:
        """The chats that send topics to this thread or channel; with no thread, to any of the channel's."""
        ...

    async def told_at(self, place: Address, story_id: int) -> Chat | None:
        """The chat that had a story told at a place which is not its own address; merged ones are found, too.

        Threads do not count. None where nobody had, or where whoever is at the place was told it there, too.
        """
        ...

    async def send_to(self, chat_id: int, topic_id: int, place: Address | None, *, title: str = "") -> None:
        """Let the alerts of a topic that the chat is subscribed to go to a place on its platform; None: to itself.

        ``title`` is what the place is called, where that is known.
        """
        ...

    async def unsubscribe(self, chat_id: int, topic_id: int) -> bool:
        """Stop the topic's alerts for the chat; False if it had none."""
        ...

    async def subscriptions_of(self, chat_id: int) -> tuple[Subscription, ...]:
        """The chat's subscriptions."""
        ...

    async def put_proposal(self, proposal: Proposal) -> Proposal:
        """Keep a topic that a chat was offered, and return it with a new id; one of the same name gives way.

        A chat keeps some (``PROPOSALS_PER_CHAT``): the oldest goes.
        """
        ...

    async def change_proposal(self, proposal: Proposal) -> bool:
        """Give the chat's proposal of this id another query or sensitivity; False if it is gone."""
        ...

    async def proposals_of(self, chat_id: int) -> tuple[Proposal, ...]:
        """The chat's proposals, in order of id."""
        ...

    async def proposal_named(self, chat_id: int, name: str) -> Proposal | None:
        """The chat's proposal of this name, ignoring case."""
        ...

    async def remove_proposal(self, chat_id: int, proposal_id: int) -> None:
        """Forget a proposal."""
        ...

    async def put_concept(self, concept: ChatConcept) -> None:
        """Store a concept of a chat's own, or replace the one of this name."""
        ...

    async def remove_concept(self, chat_id: int, name: str) -> bool:
        """Remove a concept of a chat's own; False if it had none of this name."""
        ...

    async def concepts_of(self, chat_id: int) -> tuple[ChatConcept, ...]:
        """The chat's own concepts, by name."""
        ...

    async def all_concepts(self) -> tuple[ChatConcept, ...]:
        """Every chat's own concepts: for compiling the queries that use them."""
        ...

    async def rate(self, rating: Rating) -> None:
        """Store what a chat thought of a story; the last word counts. Of what is not there any more nothing is kept."""
        ...

    async def rated_matches(self, chat_id: int, topic_id: int) -> tuple[RatedMatch, ...]:
        """The topic's relevant matches in stories that the chat rated, newest rating first."""
        ...

    async def topics_version(self) -> int:
        """A number that grows whenever a topic or a subscription changes, in any process."""
        ...

    async def topic_changes(self, since: int) -> TopicChanges:
        """What changed after that version of the topics: read instead of all of them."""
        ...

    async def watched_topics(self) -> tuple[Topic, ...]:
        """Every topic that is not paused and has a subscriber in an active chat."""
        ...
