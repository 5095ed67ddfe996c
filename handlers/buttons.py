"""Buttons, both ways: made for an answer, and read back when pressed.

A button's data is ``action:argument`` and the argument is an id, which is checked against the chat that the press came
from: a forged or forwarded id of another chat finds nothing. Where a press stands for a whole command (an offer), the
argument is a digest of that command, and the commands last offered are remembered; after a restart such a button says
that it went stale.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from bot.chats.message import Button
from bot.errors import CommandError
from handlers.grammar import (
    BlameStory,
    Command,
    Earlier,
    EditTopic,
    FollowPack,
    Help,
    Latest,
    ListFeeds,
    ListPacks,
    ListTopics,
    Problem,
    RateStory,
    RemoveFeed,
    RemoveTopic,
    SaveTopic,
    Search,
    ShowConcept,
    ShowPack,
    ShowTopic,
    Status,
    StricterTopic,
    Subscribe,
    TestTopic,
    TuneTopic,
    Unsubscribe,
    Why,
    WiderTopic,
    as_typed,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.chats.message import Message
    from bot.model import Address, Feed, Platform, Proposal, SavedSearch, Topic

LABEL_NAME_CHARS: Final = 30
_CHANGES: Final = {
    "save": "Save",
    "stricter": "Stricter",
    "wider": "Wider",
    "edit": "Edit",
    "tune": "Propose a change",
}
OFFERS_KEPT: Final = 10_000
OFFERED_CHARS: Final = 3000
_OFFER: Final = "do"
_DIGEST_CHARS: Final = 20
_ID_DIGITS: Final = 18

_SEARCH_ORDERS: Final = frozenset({"search-newest", "search-best"})
_SEARCH_PAGE: Final = re.compile(r"(\d{1,18})\.([1-9]\d{0,5})")

_TOPIC_ACTIONS: Final[dict[str, Callable[[str], Command]]] = {
    "topic-show": ShowTopic,
    "topic-test": TestTopic,
    "topic-stricter": StricterTopic,
    "topic-wider": WiderTopic,
    "topic-edit": EditTopic,
    "topic-tune": TuneTopic,
    "topic-remove": RemoveTopic,
    "topic-latest": Latest,
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
}
_PROPOSAL_ACTIONS: Final[dict[str, Callable[[str], Command]]] = {
    "save": SaveTopic,
    "stricter": StricterTopic,
    "wider": WiderTopic,
    "edit": EditTopic,
}
_NUMBER_ACTIONS: Final[dict[str, Callable[[int], Command]]] = {
    "feed-remove": lambda number: RemoveFeed(str(number)),
    "why": Why,
    "earlier": Earlier,
    "good": RateStory,
    "bad": BlameStory,
}
_PACK_ACTIONS: Final[dict[str, Callable[[str], Command]]] = {"pack": ShowPack, "follow-pack": FollowPack}
_PLAIN_ACTIONS: Final[dict[str, Command]] = {
    "topics": ListTopics(),
    "feeds": ListFeeds(),
    "packs": ListPacks(),
    "latest": Latest(),
    "lexicon": ShowConcept(),
    "status": Status(),
    "help": Help(),
}


# ---------------------------------------------------------------- made


def why(story_id: int, label: str = "Why") -> Button:
    """Why this story alerted."""
    return Button(label, "why", str(story_id), command=f"/why {story_id}")


def earlier(story_id: int, label: str = "Earlier") -> Button:
    """The story's earlier coverage."""
    return Button(label, "earlier", str(story_id), command=f"/earlier {story_id}")


def plain(action: str, label: str) -> Button:
    """A command without arguments: topics, feeds, latest, lexicon, status, help."""
    return Button(label, action, command="/feeds packs" if action == "packs" else f"/{action}")


def topic_latest(topic: Topic, label: str = "Latest") -> Button:
    """The topic's last stories."""
    return Button(label, "topic-latest", str(topic.id), command=f"/latest {as_typed(topic.name)}")


def topic_show(topic: Topic, label: str = "Show") -> Button:
    """The topic at length."""
    return Button(label, "topic-show", str(topic.id), command=f"/topics show {as_typed(topic.name)}")


def topic_test(topic: Topic, label: str = "Test") -> Button:
    """What the topic would have found."""
    return Button(label, "topic-test", str(topic.id), command=f"/topics test {as_typed(topic.name)}")


def topic_change(action: str, topic: Topic) -> Button:
    """Propose a change of the topic: stricter, wider, edit, tune."""
    command = f"/topics {action} {as_typed(topic.name)}"
    return Button(_CHANGES[action], f"topic-{action}", str(topic.id), command=command)


def proposal(action: str, offered: Proposal) -> Button:
    """What to do with a proposal: save, stricter, wider, edit."""
    command = f"/topics {action} {as_typed(offered.name)}"
    return Button(_CHANGES[action], action, str(offered.id), command=command)


def topic_remove(topic: Topic, label: str = "Remove") -> Button:
    """Stop watching the topic."""
    return Button(label, "topic-remove", str(topic.id), command=f"/topics remove {as_typed(topic.name)}")


def subscribe(topic: Topic, label: str = "Turn on") -> Button:
    """Get the topic's alerts."""
    return Button(label, "subscribe", str(topic.id), command=f"/subscribe {as_typed(topic.name)}")


def unsubscribe(topic: Topic, label: str = "Turn off") -> Button:
    """Stop the topic's alerts."""
    return Button(label, "unsubscribe", str(topic.id), command=f"/unsubscribe {as_typed(topic.name)}")


def pack(name: str, label: str) -> Button:
    """What a curated list of feeds holds."""
    return Button(label, "pack", name, command=f"/feeds pack {name}")


def follow_pack(name: str, label: str) -> Button:
    """Follow a curated list of feeds."""
    return Button(label, "follow-pack", name, command=f"/feeds follow {name}")


def feed_remove(feed: Feed, label: str = "Remove") -> Button:
    """Stop the feed for this chat."""
    return Button(label, "feed-remove", str(feed.id), command=f"/feeds remove {feed.id}")


def search(label: str, saved: SavedSearch, *, best: bool, page: int = 1) -> Button:
    """A page of what a chat searched for."""
    order = "best" if best else "newest"
    return Button(label, f"search-{order}", f"{saved.id}.{page}", command=f"/search #{saved.id} {order} {page}")


def offer(label: str, command: str) -> Button:
    """A whole command to press instead of to type."""
    digest = hashlib.sha256(command.encode()).hexdigest()[:_DIGEST_CHARS]
    return Button(label, _OFFER, digest, command=command)


# ---------------------------------------------------------------- pressed


class Offers:
    """The commands that were last offered to each chat, bounded; forgotten at a restart."""

    def __init__(self) -> None:
        self._commands: OrderedDict[tuple[Platform, str, str], str] = OrderedDict()

    def remember(self, address: Address, messages: Iterable[Message]) -> None:
        """Keep what the offers among these messages' buttons stand for."""
        for message in messages:
            for button in (button for row in message.buttons for button in row):
                if button.action == _OFFER and button.command and len(button.command) <= OFFERED_CHARS:
                    key = (address.platform, address.chat, button.argument)
                    self._commands[key] = button.command
                    self._commands.move_to_end(key)
        while len(self._commands) > OFFERS_KEPT:
            self._commands.popitem(last=False)

    def command(self, address: Address, digest: str) -> str | None:
        """What an offer made to this chat stands for."""
        return self._commands.get((address.platform, address.chat, digest))


TOPIC_CHOICES: Final[dict[str, Callable[[Topic, str], Button]]] = {
    "show": topic_show,
    "test": topic_test,
    "remove": topic_remove,
}
"""What a command about a topic offers where the name was left out."""


def read(
    data: str, *, topics: Sequence[Topic], proposals: Sequence[Proposal], offered: Callable[[str], str | None]
) -> Command:
    """The command that a press stands for, given what topics and proposals the chat can see. Raises CommandError."""
    action, _, argument = data.partition(":")
    number = int(argument) if argument.isdecimal() and len(argument) <= _ID_DIGITS else None
    if action == _OFFER:
        return _offered(offered(argument))
    plain = _without_topic(action, argument, number)
    if plain is not None:
        return plain
    if action in _PROPOSAL_ACTIONS:
        meant = next((one.name for one in proposals if one.id == number), None)
        if meant is None:
            raise CommandError(
                "That proposal is settled, or a newer one took its place. /topics lists what is watched."
            )
        return _PROPOSAL_ACTIONS[action](meant)
    if action in _TOPIC_ACTIONS:
        name = next((topic.name for topic in topics if topic.id == number), None)
        if name is None:
            raise CommandError("That topic is not here any more. /topics lists what is.")
        return _TOPIC_ACTIONS[action](name)
    raise CommandError("That button is from another version of me. /help says what I can do.")


def _without_topic(action: str, argument: str, number: int | None) -> Command | None:
    """The command of a button that names no topic and no proposal; None for any other."""
    if action in _PLAIN_ACTIONS:
        return _PLAIN_ACTIONS[action]
    if action in _PACK_ACTIONS and argument:
        return _PACK_ACTIONS[action](argument)
    if number is not None and action in _NUMBER_ACTIONS:
        return _NUMBER_ACTIONS[action](number)
    searched = _SEARCH_PAGE.fullmatch(argument) if action in _SEARCH_ORDERS else None
    if searched:
        return Search(saved=int(searched[1]), best=action == "search-best", page=int(searched[2]))
    return None


def _offered(command: str | None) -> Command:
    parsed = parse(command) if command is not None else None
    if parsed is None or isinstance(parsed, Problem):
        raise CommandError("That button has gone stale. Please type the command instead; /help lists them all.")
    return parsed
