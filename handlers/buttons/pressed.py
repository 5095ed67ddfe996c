"""Buttons as pressed: from their data to the command that they stand for, and the memory of what was offered."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from bot.errors import CommandError
from bot.preferences import MuteKind
from bot.speech import _
from handlers.buttons.made import OFFER, PRESETS
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
from handlers.words import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.chats.message import Message
    from bot.model import Address, Platform, Proposal, Topic

OFFERS_KEPT: Final = 10_000
OFFERED_CHARS: Final = 3000
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
_STORY_ACTIONS: Final = frozenset(
    {"why", "earlier", "story", "timeline", "good", "bad", "mute-menu", "mute-story", "mute-outlet", "mute-topic"}
)
"""The actions whose number is a story's."""
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
_WORD_ACTIONS: Final[dict[str, Callable[[str], Command | None]]] = {
    "zone": SetZone,
    "shared": TakeShared,
    "preset": lambda name: _command(PRESETS.get(name)),
}


class Offers:
    """The commands that were last offered to each chat, bounded; forgotten at a restart."""

    def __init__(self) -> None:
        self._commands: OrderedDict[tuple[Platform, str, str], str] = OrderedDict()

    def remember(self, address: Address, messages: Iterable[Message]) -> None:
        """Keep what the offers among these messages' buttons stand for."""
        for message in messages:
            for button in (button for row in message.buttons for button in row):
                if button.action == OFFER and button.command and len(button.command) <= OFFERED_CHARS:
                    key = (address.platform, address.chat, button.argument)
                    self._commands[key] = button.command
                    self._commands.move_to_end(key)
        while len(self._commands) > OFFERS_KEPT:
            self._commands.popitem(last=False)

    def command(self, address: Address, digest: str) -> str | None:
        """What an offer made to this chat stands for."""
        return self._commands.get((address.platform, address.chat, digest))


def story_of(data: str) -> int | None:
    """The story that a button is about; None where it is about something else."""
    action, _colon, argument = data.partition(":")
    known = action in _STORY_ACTIONS and argument.isdecimal() and len(argument) <= _ID_DIGITS
    return int(argument) if known else None


def read(
    data: str, *, topics: Sequence[Topic], proposals: Sequence[Proposal], offered: Callable[[str], str | None]
) -> Command:
    """The command that a press stands for, given what topics and proposals the chat can see. Raises CommandError."""
    action, _colon, argument = data.partition(":")
    number = int(argument) if argument.isdecimal() and len(argument) <= _ID_DIGITS else None
    if action == OFFER:
        return _offered(offered(argument))
    plain = _without_topic(action, argument, number)
    if plain is not None:
        return plain
    if action in _PROPOSAL_ACTIONS:
        meant = next((one.name for one in proposals if one.id == number), None)
        if meant is None:
            raise CommandError(
                _("That proposal is settled, or a newer one took its place. /topics lists what is watched.")
            )
        return _PROPOSAL_ACTIONS[action](meant)
    if action in _TOPIC_ACTIONS:
        name = next((topic.name for topic in topics if topic.id == number), None)
        if name is None:
            raise CommandError(_("That topic is not here any more. /topics lists what is."))
        return _TOPIC_ACTIONS[action](name)
    raise CommandError(_("That button is from another version of me. /help says what I can do."))


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
        raise CommandError(_("That button has gone stale. Please type the command instead; /help lists them all."))
    return parsed
