from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.model import Sensitivity
from handlers.grammar import ALIASES, NAMES, parse
from handlers.sayings import (
    AddConcept,
    AddFeed,
    AddTopic,
    BlameStory,
    Command,
    Earlier,
    EditTopic,
    Help,
    Latest,
    ListFeeds,
    ListTopics,
    OfferFeed,
    PlaceTopic,
    RateStory,
    RemoveConcept,
    RemoveFeed,
    RemoveTopic,
    SaveTopic,
    SetTopic,
    ShowConcept,
    ShowTopic,
    Start,
    Status,
    StricterTopic,
    Subscribe,
    TestTopic,
    TuneTopic,
    Unsubscribe,
    Why,
    WhyNot,
    WiderTopic,
)
from handlers.words import Problem, ProblemKind, as_typed

URL = "https://www.example.org/rss?x=1"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        pytest.param("/start", Start(), id="start"),
        pytest.param("/start shared-12", Start("shared-12"), id="start by deep link"),
        pytest.param("/help", Help(), id="help"),
        pytest.param("/help /Topics", Help("topics"), id="help on a subject, with its slash"),
        pytest.param("/topics", ListTopics(), id="topics alone"),
        pytest.param("/topics list", ListTopics(), id="topics list"),
        pytest.param("/topics add DPRK-Russia arms", AddTopic("DPRK-Russia arms"), id="add by name"),
        pytest.param("/topics add Arms = @dprk & @arms", AddTopic("Arms", "@dprk & @arms"), id="add with a query"),
        pytest.param('/topics add "a = b" = c', AddTopic("a = b", "c"), id="an equals sign in a quoted name"),
        pytest.param('/topics add "DPRK arms"', AddTopic("DPRK arms"), id="straight quotes"),
        pytest.param("/topics add “DPRK arms”", AddTopic("DPRK arms"), id="curly quotes"),
        pytest.param("/topics add «КНДР и Россия»", AddTopic("КНДР и Россия"), id="guillemets"),
        pytest.param("/topics add „Waffen“", AddTopic("Waffen"), id="German quotes"),
        pytest.param("/topics add '90s music", AddTopic("'90s music"), id="an apostrophe is no quote"),
        pytest.param('/topics add "Kim" and "Putin"', AddTopic('"Kim" and "Putin"'), id="quotes inside stay"),
        pytest.param("/topics add X = “a b” | c", AddTopic("X", '"a b" | c'), id="a telephone's quotes in a query"),
        pytest.param("/topics add X = a = b", AddTopic("X", "a = b"), id="only the first equals sign divides"),
        pytest.param("/TOPICS Add Mixed Case", AddTopic("Mixed Case"), id="case of command words"),
        pytest.param("/topics@SomeBot add x", AddTopic("x"), id="addressed to a bot"),
        pytest.param("  /topics   add\n two  lines ", AddTopic("two lines"), id="white space"),
        pytest.param("/topics add a\u202eb\u200bc", AddTopic("abc"), id="hidden characters"),
        pytest.param("topics add x", AddTopic("x"), id="no slash"),
        pytest.param("/topics show Arms", ShowTopic("Arms"), id="show"),
        pytest.param("/topics save Arms", SaveTopic("Arms"), id="save what was proposed"),
        pytest.param("/topics save Arms = “a b”", SaveTopic("Arms", '"a b"'), id="save at once"),
        pytest.param("/topics edit Arms", EditTopic("Arms"), id="edit, asking"),
        pytest.param('/topics edit "a = b" = @dprk', EditTopic("a = b", "@dprk"), id="edit"),
        pytest.param("/topics stricter Arms", StricterTopic("Arms"), id="stricter"),
        pytest.param("/topics wider “Arms”", WiderTopic("Arms"), id="wider"),
        pytest.param("/topics test Arms", TestTopic("Arms"), id="test"),
        pytest.param("/backtest Arms", TestTopic("Arms"), id="backtest"),
        pytest.param("/topics tune Arms", TuneTopic("Arms"), id="tune"),
        pytest.param("/topics set Big Arms Wide", SetTopic("Big Arms", Sensitivity.WIDE), id="set a level"),
        pytest.param("/topics seat belts", ShowTopic("seat belts"), id="a name that is near a short verb"),
        pytest.param("/good", RateStory(), id="a thumb up"),
        pytest.param("/bad #12", BlameStory(12), id="a thumb down"),
        pytest.param(f"/whynot {URL}", WhyNot(URL), id="why not"),
        pytest.param("/whynot example.org/a", WhyNot("https://example.org/a"), id="why not, without a scheme"),
        pytest.param("/lexicon", ShowConcept(), id="the lexicon"),
        pytest.param("/lexicon @dprk", ShowConcept("@dprk"), id="a concept"),
        pytest.param("/lexicon North Korea", ShowConcept("North Korea"), id="a word's concepts"),
        pytest.param("/lexicon add @x = a, b*", AddConcept("@x", "a, b*"), id="add a concept"),
        pytest.param("/lexicon remove @x", RemoveConcept("@x"), id="remove a concept"),
        pytest.param("/topics Arms and men", ShowTopic("Arms and men"), id="a bare name shows"),
        pytest.param("/topics remove Arms", RemoveTopic("Arms"), id="remove"),
        pytest.param("/topics rm Arms", RemoveTopic("Arms"), id="rm"),
        pytest.param("/subscribe", Subscribe(), id="subscribe, asking"),
        pytest.param("/subscribe 'Arms'", Subscribe("Arms"), id="subscribe"),
        pytest.param("/unsubscribe Arms", Unsubscribe("Arms"), id="unsubscribe"),
        pytest.param("/latest", Latest(), id="latest"),
        pytest.param("/latest Arms", Latest("Arms"), id="latest of a topic"),
        pytest.param("/why", Why(), id="why"),
        pytest.param("/why 12", Why(12), id="why with a number"),
        pytest.param("/why #12", Why(12), id="why with a marked number"),
        pytest.param("/earlier 12", Earlier(12), id="earlier"),
        pytest.param("/status", Status(), id="status"),
        pytest.param("/feeds", ListFeeds(), id="feeds"),
        pytest.param("/feeds list", ListFeeds(), id="feeds list"),
        pytest.param(f"/feeds add {URL}", AddFeed(URL), id="add a feed"),
        pytest.param(f"/topics add {URL}", AddFeed(URL), id="add a feed as if it were a topic"),
        pytest.param(f"/feeds {URL}", AddFeed(URL), id="add a feed without the verb"),
        pytest.param("/feeds add example.org/rss", AddFeed("https://example.org/rss"), id="a feed without a scheme"),
        pytest.param("/feeds add feed://example.org/rss", AddFeed("https://example.org/rss"), id="the feed scheme"),
        pytest.param(f"/feeds add <{URL}|example.org>", AddFeed(URL), id="an address as Slack wraps it"),
        pytest.param(f"/feeds remove {URL}", RemoveFeed(URL), id="remove a feed by address"),
        pytest.param("/feeds remove #3", RemoveFeed("3"), id="remove a feed by number"),
        pytest.param(URL, OfferFeed(URL), id="an address alone"),
        pytest.param(f"/{URL}", OfferFeed(URL), id="an address after a mention"),
        pytest.param("/list", ListTopics(), id="other bots' list"),
        pytest.param("/sub Arms", Subscribe("Arms"), id="other bots' sub"),
        pytest.param(f"/sub {URL}", AddFeed(URL), id="other bots' sub with an address"),
        pytest.param("/unsub Arms", Unsubscribe("Arms"), id="other bots' unsub"),
        pytest.param(f"/unsub {URL}", RemoveFeed(URL), id="other bots' unsub with an address"),
        pytest.param("/add Arms", AddTopic("Arms"), id="other bots' add"),
        pytest.param("/new Arms", AddTopic("Arms"), id="other bots' new"),
        pytest.param("new Arms = @arms", AddTopic("Arms", "@arms"), id="new, with a query"),
        pytest.param(f"new {URL}", AddFeed(URL), id="new, with an address"),
        pytest.param(f"/add {URL}", AddFeed(URL), id="other bots' add with an address"),
        pytest.param("/del Arms", RemoveTopic("Arms"), id="other bots' del"),
        pytest.param(f"/del {URL}", RemoveFeed(URL), id="other bots' del with an address"),
    ],
)
def test_reads_what_was_typed(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        pytest.param("", ProblemKind.CHATTER, ("", ""), id="nothing"),
        pytest.param("/", ProblemKind.CHATTER, ("", ""), id="a slash alone"),
        pytest.param("good morning", ProblemKind.CHATTER, ("", ""), id="chatter"),
        pytest.param("New Zealand", ProblemKind.CHATTER, ("", ""), id="a place that is called new"),
        pytest.param("/topics save", ProblemKind.MISSING, ("topics", "save"), id="save nothing"),
        pytest.param("/topics edit X =", ProblemKind.MISSING, ("topics", "edit"), id="edit to nothing"),
        pytest.param("/topics set Arms", ProblemKind.MISSING, ("topics", "set"), id="set to nothing"),
        pytest.param("/topics set strict", ProblemKind.MISSING, ("topics", "set"), id="set nothing"),
        pytest.param("/whynot", ProblemKind.MISSING, ("whynot", ""), id="why not what?"),
        pytest.param("/whynot this", ProblemKind.UNUSABLE, ("whynot", ""), id="why not, no address"),
        pytest.param("/lexicon add @x", ProblemKind.MISSING, ("lexicon", "add"), id="a concept without aliases"),
        pytest.param("/lexicon add = x", ProblemKind.MISSING, ("lexicon", "add"), id="a concept without a name"),
        pytest.param("/lexicon remove", ProblemKind.MISSING, ("lexicon", "remove"), id="remove no concept"),
        pytest.param("look at https://example.org", ProblemKind.CHATTER, ("", ""), id="an address among words"),
        pytest.param("example.org", ProblemKind.CHATTER, ("", ""), id="a bare domain is not an address alone"),
        pytest.param("/weather Seoul", ProblemKind.UNKNOWN, ("weather", ""), id="another bot's command"),
        pytest.param("/topics add", ProblemKind.MISSING, ("topics", "add"), id="add nothing"),
        pytest.param("/topics add = @dprk", ProblemKind.MISSING, ("topics", "add"), id="a query without a name"),
        pytest.param("/topics add Arms =", ProblemKind.MISSING, ("topics", "add"), id="an equals sign without a query"),
        pytest.param('/topics add ""', ProblemKind.MISSING, ("topics", "add"), id="an empty quoted name"),
        pytest.param("/topics show", ProblemKind.MISSING, ("topics", "show"), id="show nothing"),
        pytest.param("/topics remove", ProblemKind.MISSING, ("topics", "remove"), id="remove nothing"),
        pytest.param("/feeds add", ProblemKind.MISSING, ("feeds", "add"), id="add no feed"),
        pytest.param("/feeds add my feed", ProblemKind.UNUSABLE, ("feeds", "add"), id="no address"),
        pytest.param("/feeds add ftp://example.org/rss", ProblemKind.UNUSABLE, ("feeds", "add"), id="another scheme"),
        pytest.param("/feeds remove", ProblemKind.MISSING, ("feeds", "remove"), id="remove no feed"),
        pytest.param("/feeds remove it", ProblemKind.UNUSABLE, ("feeds", "remove"), id="remove what?"),
        pytest.param("/feeds polish", ProblemKind.UNUSABLE, ("feeds", ""), id="an unknown second word"),
        pytest.param("/why this", ProblemKind.UNUSABLE, ("why", ""), id="no number"),
        pytest.param("/why 9999999999999999999", ProblemKind.UNUSABLE, ("why", ""), id="a number past any database"),
        pytest.param("/why ²", ProblemKind.UNUSABLE, ("why", ""), id="a digit that is no number"),
    ],
)
def test_names_what_is_wrong(text: str, kind: ProblemKind, where: tuple[str, str]) -> None:
    problem = parse(text)
    assert isinstance(problem, Problem)
    assert (problem.kind, (problem.name, problem.verb)) == (kind, where)
    assert bool(problem.detail) == (kind in {ProblemKind.MISSING, ProblemKind.UNUSABLE})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("/tpics add Arms", "/topics add Arms", id="a slip in the command"),
        pytest.param("/subscibe Arms", "/subscribe Arms", id="a letter left out"),
        pytest.param("/topics ad Arms", "/topics add Arms", id="a slip in the second word"),
        pytest.param("/topics remvoe Arms", "/topics remove Arms", id="letters swapped"),
        pytest.param("/feeds ad my.feed", "/feeds add my.feed", id="a slip before an address"),
    ],
)
def test_offers_what_was_probably_meant(text: str, meant: str) -> None:
    problem = parse(text)
    assert isinstance(problem, Problem)
    assert problem.near[0] == meant
    assert not isinstance(parse(problem.near[0]), Problem)


@given(st.one_of(st.text(), st.from_regex(r"/?(topics|feeds|why|sub|add|help) ?(add|show|rm)? ?[\"«“=<#/a ]{0,6}.*")))
def test_no_text_raises(text: str) -> None:
    assert isinstance(parse(text), Command | Problem)


@given(st.text(alphabet="aé한 \"'=“”«»|@#-", min_size=1, max_size=20))
@example('"Nord Stream" sabotage')
@example("#MeToo protests")
@example("@dprk watch")
def test_a_name_survives_being_typed(name: str) -> None:
    """What /topics add stored can be named again as the answers spell it."""
    added = parse(f"/topics add {name}")
    if not isinstance(added, AddTopic):
        return
    typed = as_typed(added.name)
    assert parse(f"/topics show {typed}") == ShowTopic(added.name)
    assert parse(f"/topics save {typed} = x") == SaveTopic(added.name, "x")
    assert parse(f"/subscribe {typed}") == Subscribe(added.name)
    assert parse(f"/subscribe {typed} here") == PlaceTopic(added.name, "here")


def test_every_alias_is_a_command_and_hides_none() -> None:
    assert not set(ALIASES) & set(NAMES)
    assert {meant.partition(" ")[0] for meant in ALIASES.values()} <= set(NAMES)
