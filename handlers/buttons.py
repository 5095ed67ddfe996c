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
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.chats.message import Button
from bot.errors import CommandError
from bot.preferences import MuteKind
from handlers.grammar import parse
from handlers.sayings import (
    BlameStory,
    ChooseMute,
    Command,
    Earlier,
    EditTopic,
    FollowPack,
    Help,
    Latest,
    ListFeeds,
    ListMutes,
    ListPacks,
    ListTopics,
    MuteThing,
    PauseTopic,
    RateStory,
    RemoveFeed,
    RemoveTopic,
    Replay,
    ResumeTopic,
    SaveTopic,
    Search,
    SetZone,
    ShareTopic,
    ShowConcept,
    ShowDigest,
    ShowPack,
    ShowQuiet,
    ShowSettings,
    ShowStory,
    ShowTimeline,
    ShowTopic,
    Status,
    StricterTopic,
    Subscribe,
    TakeShared,
    TestTopic,
    TopicsPage,
    TuneTopic,
    Unmute,
    Unsubscribe,
    Why,
    WiderTopic,
)
from handlers.times import length_as_typed
from handlers.words import Problem, as_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.chats.message import Message
    from bot.model import Address, Feed, Platform, Proposal, SavedSearch, Topic
    from bot.preferences import Mute

LABEL_NAME_CHARS: Final = 30
NEW_TOPIC: Final = Button("Add a topic", "topic-new", command="/topics add NAME")
"""Asks for a new topic: by a form where there are forms, else it says what to type."""
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
    "topic-pause": PauseTopic,
    "topic-resume": ResumeTopic,
    "topic-share": ShareTopic,
    "topic-timeline": ShowTimeline,
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
    "mute-menu": ChooseMute,
    "mute-story": lambda number: MuteThing(kind=MuteKind.STORY, story_id=number),
    "mute-outlet": lambda number: MuteThing(kind=MuteKind.OUTLET, story_id=number),
    "mute-topic": lambda number: MuteThing(kind=MuteKind.TOPIC, story_id=number),
    "unmute": lambda number: Unmute(str(number)),
    "replay": Replay,
    "topics-page": TopicsPage,
    "feed-remove": lambda number: RemoveFeed(str(number)),
    "why": Why,
    "earlier": Earlier,
    "story": ShowStory,
    "timeline": lambda number: ShowTimeline(story_id=number),
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
    "digest": ShowDigest(),
    "quiet": ShowQuiet(),
    "settings": ShowSettings(),
    "mute": ListMutes(),
}
MUTED_FOR: Final = {
    MuteKind.ALL: timedelta(hours=8),
    MuteKind.TOPIC: timedelta(hours=8),
    MuteKind.STORY: timedelta(hours=24),
    MuteKind.OUTLET: timedelta(days=7),
}
"""How long a mute lasts when nobody says how long."""

PRESETS: Final = {
    "digest-off": "/digest off",
    "digest-hourly": "/digest hourly",
    "digest-daily": "/digest daily 08:00",
    "digest-weekly": "/digest weekly Mon 08:00",
    "digest-now": "/digest now",
    "quiet-off": "/quiet off",
    "quiet-night": "/quiet 22:00-07:00",
    "quiet-late": "/quiet 00:00-08:00",
    "zone": "/settings zone",
    "cap": "/settings cap",
    "cap-off": "/settings cap off",
    "cap-6": "/settings cap 6",
    "cap-12": "/settings cap 12",
    "cap-30": "/settings cap 30",
    "urgent-on": "/settings urgent on",
    "urgent-off": "/settings urgent off",
    "language": "/settings language",
    "language-en": "/settings language en",
    "language-ru": "/settings language ru",
    "language-uk": "/settings language uk",
    "language-ko": "/settings language ko",
    "language-auto": "/settings language auto",
    "show-muted": "/missed replay muted",
}
"""Choices that are always the same: unlike offers, they outlive a restart."""

_WORD_ACTIONS: Final[dict[str, Callable[[str], Command | None]]] = {
    "zone": SetZone,
    "shared": TakeShared,
    "preset": lambda name: _command(PRESETS.get(name)),
}


# ---------------------------------------------------------------- made


def why(story_id: int, label: str = "Why") -> Button:
    """Why this story alerted."""
    return Button(label, "why", str(story_id), command=f"/why {story_id}")


def earlier(story_id: int, label: str = "Earlier") -> Button:
    """The story's earlier coverage."""
    return Button(label, "earlier", str(story_id), command=f"/earlier {story_id}")


def story(story_id: int, label: str = "Story") -> Button:
    """The story at a glance."""
    return Button(label, "story", str(story_id), command=f"/story {story_id}")


def timeline(story_id: int, label: str = "Timeline") -> Button:
    """How the thread of a story went on."""
    return Button(label, "timeline", str(story_id), command=f"/timeline {story_id}")


def plain(action: str, label: str) -> Button:
    """A command without arguments: topics, feeds, latest, lexicon, status, help."""
    return Button(label, action, command="/feeds packs" if action == "packs" else f"/{action}")


def topic_latest(topic: Topic, label: str = "Latest") -> Button:
    """The topic's last stories."""
    return Button(label, "topic-latest", str(topic.id), command=f"/latest {as_typed(topic.name)}")


def topic_timeline(topic: Topic, label: str = "Timeline") -> Button:
    """How the topic went on."""
    return Button(label, "topic-timeline", str(topic.id), command=f"/timeline {_not_a_number(topic.name)}")


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


def _not_a_number(name: str) -> str:
    """The name as it must stand where a number would be a story's."""
    return f'"{name}"' if name.strip().removeprefix("#").isdecimal() else as_typed(name)


def offer(label: str, command: str) -> Button:
    """A whole command to press instead of to type."""
    digest = hashlib.sha256(command.encode()).hexdigest()[:_DIGEST_CHARS]
    return Button(label, _OFFER, digest, command=command)


def preset(name: str, label: str) -> Button:
    """A choice that is always the same, see ``PRESETS``."""
    return Button(label, "preset", name, command=PRESETS[name])


def zone(name: str) -> Button:
    """A time zone by its IANA name."""
    return Button(name.replace("_", " "), "zone", name, command=f"/settings zone {name}")


def mute(kind: MuteKind, story_id: int, label: str) -> Button:
    """Mute a story, its outlet or its topic for the usual time."""
    length = length_as_typed(MUTED_FOR[kind])
    return Button(label, f"mute-{kind.value}", str(story_id), command=f"/mute {kind.value} {story_id} {length}")


def unmute(muted: Mute, label: str) -> Button:
    """End a mute."""
    return Button(label, "unmute", str(muted.id), command=f"/unmute {muted.id}")


def replay(delivery_id: int, label: str) -> Button:
    """Send one alert that did not get through, or was held."""
    return Button(label, "replay", str(delivery_id), command=f"/missed replay {delivery_id}")


def topic_pause(topic: Topic) -> Button:
    """Pause the topic, or resume it."""
    verb = "resume" if topic.paused else "pause"
    return Button(verb.title(), f"topic-{verb}", str(topic.id), command=f"/topics {verb} {as_typed(topic.name)}")


def topic_share(topic: Topic, label: str = "Share") -> Button:
    """Offer the topic to other chats."""
    return Button(label, "topic-share", str(topic.id), command=f"/topics share {as_typed(topic.name)}")


def topics_page(page: int, label: str) -> Button:
    """A page of the list of topics."""
    return Button(label, "topics-page", str(page), command=f"/topics page {page}")


def shared(token: str, label: str) -> Button:
    """Take a topic that somebody offers."""
    return Button(label, "shared", token, command=f"/topics take {token}")


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
    if action in _WORD_ACTIONS and argument:
        return _WORD_ACTIONS[action](argument)
    searched = _SEARCH_PAGE.fullmatch(argument) if action in _SEARCH_ORDERS else None
    if searched:
        return Search(saved=int(searched[1]), best=action == "search-best", page=int(searched[2]))
    return None


def _command(text: str | None) -> Command | None:
    parsed = parse(text) if text is not None else None
    return None if isinstance(parsed, Problem) else parsed


def _offered(command: str | None) -> Command:
    parsed = _command(command)
    if parsed is None:
        raise CommandError("That button has gone stale. Please type the command instead; /help lists them all.")
    return parsed
