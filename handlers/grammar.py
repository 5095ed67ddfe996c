"""What a person typed, as one of a few dataclasses: pure, and total over every text.

``parse`` turns text into a command, or into a ``Problem`` that says what is missing or what was probably meant. It
knows the words, not the answers: usage texts stand in the table (``handlers.commands``), and whether a topic of that
name exists is a handler's business. This module must not touch the store, a platform or the clock, and never raises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.model import Hold, Sensitivity
from handlers import timing_words
from handlers.sayings import (
    AddConcept,
    AddFeed,
    AddTopic,
    BlameStory,
    Command,
    Earlier,
    EditTopic,
    Export,
    FollowPack,
    Help,
    Import,
    Latest,
    ListFeeds,
    ListPacks,
    ListTopics,
    Missed,
    OfferFeed,
    PauseTopic,
    PlaceTopic,
    RateStory,
    RemoveConcept,
    RemoveFeed,
    RemoveTopic,
    RenameTopic,
    Replay,
    ResumeTopic,
    SaveTopic,
    Search,
    SetTopic,
    ShareTopic,
    ShowConcept,
    ShowPack,
    ShowStory,
    ShowTimeline,
    ShowTopic,
    Start,
    Status,
    StricterTopic,
    Subscribe,
    TakeShared,
    TestTopic,
    TopicsPage,
    TuneTopic,
    Unsubscribe,
    Why,
    WhyNot,
    WiderTopic,
)
from handlers.words import (
    URL,
    Problem,
    ProblemKind,
    address_in,
    bare_address,
    nearest,
    number_in,
    second_word,
    split_at_equals,
    straightened,
    tidy,
    unquoted,
)

if TYPE_CHECKING:
    from collections.abc import Callable


# ---------------------------------------------------------------- words

ALIASES: Final = {
    "h": "help",
    "topic": "topics",
    "list": "topics",
    "add": "topics add",
    "new": "topics add",
    "watch": "topics add",
    "del": "topics remove",
    "delete": "topics remove",
    "remove": "topics remove",
    "sub": "subscribe",
    "unsub": "unsubscribe",
    "stop": "unsubscribe",
    "backtest": "topics test",
    "concept": "lexicon",
    "feed": "feeds",
    "packs": "feeds packs",
    "opml": "export feeds",
    "find": "search",
    "last": "latest",
    "news": "latest",
    "mutes": "mute",
    "silence": "mute",
    "snooze": "mute",
    "sleep": "quiet",
    "dnd": "quiet",
    "digests": "digest",
    "timezone": "settings zone",
    "zone": "settings zone",
    "language": "settings language",
    "lang": "settings language",
    "config": "settings",
    "options": "settings",
    "pause": "topics pause",
    "resume": "topics resume",
    "rename": "topics rename",
    "share": "topics share",
    "subs": "topics",
    "subscriptions": "topics",
}
"""What users of other bots type, and what it means here. With an address, the add and remove words are about feeds."""

_TOPIC_VERBS: Final = ("add", "save", "show", "test", "edit", "set", "stricter", "wider", "tune", "remove", "list",
                       "rename", "pause", "resume", "share", "take", "page")  # fmt: skip
# "text" and "seat" are no slips of the short ones: a topic may be called so.
_MISSPELT_VERBS: Final = ("add", "show", "remove", "list", "stricter", "wider", "rename", "pause", "resume", "share")
_LEXICON_VERBS: Final = ("add", "remove", "list")
_BY_NAME: Final[dict[str, Callable[[str], Command]]] = {
    "show": ShowTopic,
    "test": TestTopic,
    "stricter": StricterTopic,
    "wider": WiderTopic,
    "tune": TuneTopic,
    "remove": RemoveTopic,
    "pause": PauseTopic,
    "resume": ResumeTopic,
    "share": ShareTopic,
    "take": lambda token: TakeShared(token.removeprefix(SHARE_PREFIX)),
}
SHARE_PREFIX: Final = "share-"
"""What a deep link's payload begins with when it offers a topic."""

_FEED_LISTS: Final[dict[str, Callable[[], Command]]] = {"list": ListFeeds, "packs": ListPacks, "pack": ListPacks}
_FEED_VERBS: Final = ("add", "remove", "list", "packs", "pack", "follow")

# "Good morning" is no command.
_EVERYDAY_WORDS: Final = frozenset(("good", "bad"))
_PLACE: Final = re.compile(r"@\w{4,32}|#[\w-]{1,80}|-100\d{5,15}")
_SEARCHED: Final = re.compile(r"#(?P<id>\d{1,18}) (?P<order>newest|best) (?P<page>\d{1,6})")
_FIRST_WORD: Final = re.compile(r"(?P<slash>/?)(?P<word>[^\s@/]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)

# ---------------------------------------------------------------- parsing


def parse(text: str) -> Command | Problem:
    """Read one text. The slash is optional before a known word; case does not matter in command words."""
    text = tidy(text)
    address = address_in(text)
    if address is not None and URL.fullmatch(bare_address(text)):
        return OfferFeed(address)
    head = _FIRST_WORD.fullmatch(text)
    if head is None or (head["word"].casefold() in _EVERYDAY_WORDS and not head["slash"]):
        return Problem(ProblemKind.CHATTER)
    word, rest = head["word"].casefold(), (head["rest"] or "").strip()
    if word in ALIASES:
        name, _, verb = ALIASES[word].partition(" ")
        return _about_address(name, verb, rest) or _PARSERS[name](f"{verb} {rest}".strip())
    if word in _PARSERS:
        return _about_address(word, "", rest) or _PARSERS[word](rest)
    if not head["slash"]:
        return Problem(ProblemKind.CHATTER)
    meant = dict.fromkeys(ALIASES.get(known, known) for known in nearest(word, (*_PARSERS, *ALIASES)))
    near = tuple(f"/{known} {rest}".strip() for known in meant)
    return Problem(ProblemKind.UNKNOWN, name=word, near=near)


def _about_address(name: str, verb: str, rest: str) -> Command | None:
    """Other bots' ``/sub URL``, ``/add URL`` and ``/del URL`` are about feeds."""
    bare = bare_address(rest)
    address = address_in(rest) if URL.fullmatch(bare) else None
    if address is None or name not in {"topics", "subscribe", "unsubscribe"}:
        return None
    return RemoveFeed(address) if name == "unsubscribe" or verb == "remove" else AddFeed(address)


def _parse_topics(rest: str) -> Command | Problem:
    verb, after = second_word(rest, _TOPIC_VERBS)
    if verb in {"add", "save", "edit"}:
        return _parse_add_topic(after) if verb == "add" else _parse_topic_with_query(verb, after)
    if verb == "list" or not rest:
        return ListTopics()
    if verb in _TOPIC_FORMS:
        return _TOPIC_FORMS[verb](after)
    name = unquoted(after)
    if verb and name:
        return _BY_NAME[verb](name)
    if verb:
        return Problem(ProblemKind.MISSING, "topics", verb, "The topic's name is missing.")
    return _misspelt("topics", rest, _MISSPELT_VERBS) or ShowTopic(name)


def _parse_add_topic(rest: str) -> Command | Problem:
    """A topic to propose. An address is a feed in the wrong place."""
    address = address_in(rest)
    if address is not None and URL.fullmatch(bare_address(rest)):
        return AddFeed(address)
    return _parse_topic_with_query("add", rest)


def _parse_topic_with_query(verb: str, rest: str) -> Command | Problem:
    """``NAME`` or ``NAME = QUERY``; a quoted name may hold an equals sign."""
    name, equals, written = split_at_equals(rest)
    if not name:
        return Problem(ProblemKind.MISSING, "topics", verb, "The topic's name is missing.")
    if equals and not written:
        return Problem(ProblemKind.MISSING, "topics", verb, "The query after the equals sign is missing.")
    query = straightened(written) or None
    match verb:
        case "save":
            return SaveTopic(name, query)
        case "edit":
            return EditTopic(name, query)
        case _:
            return AddTopic(name, query)


def _parse_rename_topic(rest: str) -> Command | Problem:
    """``A = B``, or ``A to B``."""
    name, equals, to = split_at_equals(rest)
    if not equals:
        name, _, to = rest.rpartition(" to ")
    name, to = unquoted(name), unquoted(to)
    if name and to:
        return RenameTopic(name, to)
    return Problem(ProblemKind.MISSING, "topics", "rename", "Say the old and the new name, with “=” between the two.")


def _parse_topics_page(rest: str) -> Command | Problem:
    number = number_in(rest)
    return TopicsPage(number) if number else ListTopics()


def _parse_set_topic(rest: str) -> Command | Problem:
    """``NAME strict|normal|wide``."""
    name, _, word = rest.rpartition(" ")
    name, word = unquoted(name), word.casefold()
    if word not in set(Sensitivity):
        return Problem(ProblemKind.MISSING, "topics", "set", "Say how sensitive: strict, normal or wide.")
    if not name:
        return Problem(ProblemKind.MISSING, "topics", "set", "The topic's name is missing.")
    return SetTopic(name, Sensitivity(word))


_TOPIC_FORMS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "set": _parse_set_topic,
    "rename": _parse_rename_topic,
    "page": _parse_topics_page,
}


def _parse_feeds(rest: str) -> Command | Problem:
    verb, after = second_word(rest, _FEED_VERBS)
    address = address_in(after)
    if not rest or (verb in _FEED_LISTS and not after):
        return _FEED_LISTS.get(verb, ListFeeds)()
    if verb in {"pack", "follow"} and address is None:
        return _parse_pack(verb, after)
    if not verb and address is None:
        first, _, after = rest.partition(" ")
        near = tuple(f"/feeds {known} {after}".strip() for known in nearest(first, _FEED_VERBS))
        return Problem(ProblemKind.UNUSABLE, "feeds", "", f"/feeds does not know “{first}”.", near)
    if verb == "remove":
        return _parse_remove_feed(after, address)
    return AddFeed(address) if address is not None else _no_address("feeds", "add", after)


def _no_address(name: str, verb: str, rest: str) -> Problem:
    what = "article" if name == "whynot" else "feed"
    if rest:
        return Problem(ProblemKind.UNUSABLE, name, verb, "That is no web address.")
    return Problem(ProblemKind.MISSING, name, verb, f"The {what}'s address is missing.")


def _parse_pack(verb: str, rest: str) -> Command | Problem:
    name = unquoted(rest).casefold()
    if not name:
        return Problem(ProblemKind.MISSING, "feeds", verb, "The pack's name is missing: /feeds packs lists them.")
    return FollowPack(name) if verb == "follow" else ShowPack(name)


def _parse_export(rest: str) -> Command | Problem:
    what = {"": None, "feeds": "feeds", "feed": "feeds", "opml": "feeds", "topics": "topics", "topic": "topics"}
    word = rest.casefold()
    if word in what:
        return Export(what[word])
    detail = f"/export does not know “{rest}”."
    return Problem(ProblemKind.UNUSABLE, "export", "", detail, ("/export feeds", "/export topics"))


def _parse_remove_feed(rest: str, address: str | None) -> Command | Problem:
    number = number_in(rest)
    if number is not None:
        return RemoveFeed(str(number))
    if address is not None:
        return RemoveFeed(address)
    if rest:
        return Problem(ProblemKind.UNUSABLE, "feeds", "remove", "That is neither a web address nor a feed's number.")
    return Problem(ProblemKind.MISSING, "feeds", "remove", "The feed's address or number is missing.")


def _parse_whynot(rest: str) -> Command | Problem:
    address = address_in(rest)
    return WhyNot(address) if address is not None else _no_address("whynot", "", rest)


def _parse_search(rest: str) -> Command | Problem:
    """Words to look for; or ``#12 best 3``, a page of an earlier search, as its buttons have it."""
    again = _SEARCHED.fullmatch(rest)
    if again is not None:
        return Search(saved=int(again["id"]), best=again["order"] == "best", page=max(1, int(again["page"])))
    if not rest:
        return Problem(ProblemKind.MISSING, "search", "", "Say what to look for.")
    return Search(rest)


def _parse_lexicon(rest: str) -> Command | Problem:
    verb, after = second_word(rest, _LEXICON_VERBS)
    if verb == "add":
        name, equals, aliases = after.partition("=")
        if not name.strip():
            return Problem(ProblemKind.MISSING, "lexicon", "add", "The concept's name is missing.")
        if not equals or not aliases.strip():
            return Problem(ProblemKind.MISSING, "lexicon", "add", "The aliases after the equals sign are missing.")
        return AddConcept(name.strip(), straightened(aliases.strip()))
    if verb == "remove":
        if not after:
            return Problem(ProblemKind.MISSING, "lexicon", "remove", "The concept's name is missing.")
        return RemoveConcept(after)
    return ShowConcept(unquoted(rest) or None) if not verb else ShowConcept()


def _misspelt(name: str, rest: str, verbs: tuple[str, ...]) -> Problem | None:
    """``/topics ad x`` means add; a topic may all the same be called "shows"."""
    first, _, after = rest.partition(" ")
    near = nearest(first, verbs) if after else ()
    if not near:
        return None
    texts = tuple(f"/{name} {verb} {after}" for verb in near)
    return Problem(ProblemKind.UNUSABLE, name, "", f"/{name} does not know “{first}”.", texts)


def _story_parser(name: str, make: Callable[[int | None], Command]) -> Callable[[str], Command | Problem]:
    def parse_story(rest: str) -> Command | Problem:
        number = number_in(rest)
        if rest and number is None:
            return Problem(ProblemKind.UNUSABLE, name, "", "A story is named by its number.")
        return make(number)

    return parse_story


def _parse_timeline(rest: str) -> Command:
    """A number is a story's; a topic that is called by one can be quoted."""
    number = number_in(rest)
    return ShowTimeline(story_id=number) if number is not None else ShowTimeline(topic=unquoted(rest) or None)


def _parse_missed(rest: str) -> Command | Problem:
    """``/missed``, ``/missed replay all`` or ``/missed replay NUMBER``."""
    verb, after = second_word(rest, ("replay", "list"))
    number = number_in(after)
    if verb == "list" or not rest:
        return Missed()
    if verb == "replay" and (number is not None or after.casefold() == "all"):
        return Replay(number)
    if verb == "replay" and after.casefold() in set(Hold):
        return Replay(held_for=Hold(after.casefold()))
    if verb and not after:
        return Problem(ProblemKind.MISSING, "missed", verb, "Say which: its number in /missed, or “all”.")
    detail = f"/missed does not know “{rest}”."
    return Problem(ProblemKind.UNUSABLE, "missed", "", detail, ("/missed", "/missed replay all"))


def _timed(name: str) -> Callable[[str], Command | Problem]:
    """A command about times: what cannot be read becomes a problem."""

    def parse_timed(rest: str) -> Command | Problem:
        parsed = timing_words.PARSERS[name](rest)
        if isinstance(parsed, timing_words.Fault):
            kind = ProblemKind.MISSING if parsed.missing else ProblemKind.UNUSABLE
            return Problem(kind, name, parsed.verb, parsed.detail)
        return parsed

    return parse_timed


def _parse_start(rest: str) -> Command:
    """``/start``, and what a deep link carries: a topic that somebody offers."""
    if rest.startswith(SHARE_PREFIX):
        return TakeShared(rest.removeprefix(SHARE_PREFIX))
    return Start(rest or None)


def _parse_subscribe(rest: str) -> Command | Problem:
    """``NAME``, ``NAME here``, ``@channel NAME``, ``#channel NAME`` or ``-100... NAME``."""
    first, _, after = rest.partition(" ")
    if _PLACE.fullmatch(first):
        if not after.strip():
            return Problem(ProblemKind.MISSING, "subscribe", "place", "Say which topic's alerts shall go there.")
        return PlaceTopic(unquoted(after), first)
    before, _, last = rest.rpartition(" ")
    if before and last.casefold() == "here":
        return PlaceTopic(unquoted(before), "here")
    return Subscribe(unquoted(rest) or None)


def _parse_help(rest: str) -> Command:
    return Help(unquoted(rest).removeprefix("/").casefold() or None)


_PARSERS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "start": _parse_start,
    "topics": _parse_topics,
    "subscribe": _parse_subscribe,
    "unsubscribe": lambda rest: Unsubscribe(unquoted(rest) or None),
    "latest": lambda rest: Latest(unquoted(rest) or None),
    "why": _story_parser("why", Why),
    "whynot": _parse_whynot,
    "search": _parse_search,
    "earlier": _story_parser("earlier", Earlier),
    "story": _story_parser("story", ShowStory),
    "timeline": _parse_timeline,
    "good": _story_parser("good", RateStory),
    "bad": _story_parser("bad", BlameStory),
    "lexicon": _parse_lexicon,
    "feeds": _parse_feeds,
    "export": _parse_export,
    "import": lambda rest: Import(unquoted(rest) or None),
    "status": lambda _: Status(),
    "missed": _parse_missed,
    **{name: _timed(name) for name in timing_words.PARSERS},
    "help": _parse_help,
}

NAMES: Final = tuple(_PARSERS)
"""Every command word, without the aliases."""
