"""A chat's own concepts, read and written out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import CommandError, QueryError
from bot.limits import ALIAS_CHARS, CONCEPT_ALIASES
from bot.model import ChatConcept, Topic
from bot.topics import lexicon
from bot.topics.match import Matcher
from bot.topics.own import checked_name, compilable, expanded, extended, read_aliases
from bot.topics.query import parse
from tests.topics.making import a_topic, an_entry

KNOWN = lexicon.load()
SHELLS = ChatConcept(1, "shells", ("shell*", "artillery round*", "포탄"))


def replace_owner(topic: Topic, chat_id: int) -> Topic:
    return replace(topic, chat_id=chat_id)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        pytest.param("@shells & @russia", '(shell* | "artillery round*" | 포탄) & @russia', id="in a conjunction"),
        pytest.param("@russia | @shells", '@russia | shell* | "artillery round*" | 포탄', id="in a choice"),
        pytest.param("@russia & -@shells", '@russia & -(shell* | "artillery round*" | 포탄)', id="left out"),
        pytest.param("title:@shells", 'title:(shell* | "artillery round*" | 포탄)', id="in the title"),
        pytest.param('@russia & "@shells"', '@russia & "@shells"', id="quoted, it is words"),
        pytest.param("@russia", "@russia", id="unused"),
    ],
)
def test_a_use_becomes_the_aliases(query: str, written: str) -> None:
    assert expanded(query, (SHELLS,), KNOWN) == written


def test_it_may_stand_in_near_and_same() -> None:
    written = expanded("near/5(@shells, @russia) | same(sentence; @shells, @dprk)", (SHELLS,), KNOWN)
    assert "@shells" not in written
    assert str(parse(written, KNOWN)) == written


def test_what_is_written_out_matches() -> None:
    (topic,) = compilable((replace_owner(a_topic("@shells"), 1),), (SHELLS,), KNOWN)
    matcher = Matcher(KNOWN, (topic,))
    for title in ("Shelling goes on", "Artillery rounds arrive", "북한 포탄"):
        entry = an_entry(title)
        assert matcher.match(entry, matcher.scan(entry)), title


def test_another_chats_topic_does_not_see_it() -> None:
    topic = replace_owner(a_topic("@shells"), 2)
    assert compilable((topic,), (SHELLS,), KNOWN) == (topic,)
    with pytest.raises(QueryError):
        parse(topic.query, KNOWN)


def test_the_shared_lexicon_never_learns_it() -> None:
    assert "shells" in extended(KNOWN, (SHELLS,)).concepts
    assert "shells" not in KNOWN.concepts


def test_a_name_of_the_lexicon_cannot_be_taken() -> None:
    with pytest.raises(CommandError, match="in my lexicon already"):
        checked_name("@DPRK", KNOWN)


def test_a_name_that_the_lexicon_learnt_later_goes_on_meaning_what_the_chat_said() -> None:
    earlier = ChatConcept(1, "dprk", ("banana",))
    assert expanded("@dprk & @russia", (earlier,), KNOWN) == "banana & @russia"
    assert expanded("@dprk & @russia", (), KNOWN) == "@dprk & @russia"


@pytest.mark.parametrize("name", ["", "@", "1st", "a b", "naïve", "x" * 41])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(CommandError):
        checked_name(name, KNOWN)


@pytest.mark.parametrize(
    ("written", "aliases"),
    [
        pytest.param("shell*, artillery round*", ("shell*", "artillery round*"), id="commas"),
        pytest.param("포탄、砲弾，炮弹; снаряд*", ("포탄", "砲弾", "炮弹", "снаряд*"), id="other commas"),
        pytest.param("=Shell, =Big Oil*", ("=Shell", "=Big Oil*"), id="capitals"),
        pytest.param('"a phrase", a phrase,,', ("a phrase",), id="quotes, repeats and gaps"),
    ],
)
def test_aliases_are_read(written: str, aliases: tuple[str, ...]) -> None:
    assert read_aliases(written, KNOWN) == aliases


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(" , ,", id="none"),
        pytest.param("!!!", id="no letters"),
        pytest.param("mis*ile", id="a star in the middle"),
        pytest.param("x" * (ALIAS_CHARS + 1), id="too long"),
        pytest.param(", ".join(f"a{number}" for number in range(CONCEPT_ALIASES + 1)), id="too many"),
    ],
)
def test_aliases_that_cannot_be(written: str) -> None:
    with pytest.raises(CommandError):
        read_aliases(written, KNOWN)


def test_a_query_that_grows_too_long_is_refused() -> None:
    many = [ChatConcept(1, f"c{n}", tuple(f"word{n}x{i}" for i in range(CONCEPT_ALIASES))) for n in range(3)]
    with pytest.raises(QueryError, match="terms"):
        expanded("@c0 & @c1 & @c2", many, KNOWN)
