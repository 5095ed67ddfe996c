from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.tree import (
    Lang,
    Near,
    Node,
    Not,
    Regex,
    Same,
    Scoped,
    Words,
    asks_for_something,
    conjoin,
    disjoin,
    walk,
)
from tests.topics import reference
from tests.topics.making import a_topic, an_entry

if TYPE_CHECKING:
    from bot.model import Entry, Match


def match(entry: Entry, query: str) -> Match | None:
    matcher = Matcher(load(), [a_topic(query)])
    matches = matcher.match(entry, matcher.scan(entry))
    return matches[0] if matches else None


TALKS = an_entry(
    "Kim met Putin in Vladivostok",
    "They spoke of wheat and coal. Nobody spoke of arms.\n"
    "Shells came later, by rail from Rason. Tass had the F-16 news.",
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("near/1(kim, putin)", True, id="one word between"),
        pytest.param("near/0(kim, putin)", False, id="too far"),
        pytest.param("near/1(putin, kim)", True, id="in any order"),
        pytest.param("near/0(kim, met)", True, id="next to one another"),
        pytest.param("near/9(putin, they)", False, id="not across the title's end"),
        pytest.param("near/50(arms, shells)", False, id="not across a paragraph's end"),
        pytest.param("near/2(coal, nobody)", True, id="across a sentence's end"),
        pytest.param("near/1(wheat | arms, spok*)", True, id="alternatives, prefixes"),
        pytest.param("near/1(kim, @russia)", True, id="a concept"),
        pytest.param('near/2("by rail", rason)', True, id="a phrase"),
        pytest.param('near/0("by rail", rail)', True, id="one inside the other"),
        pytest.param("title:near/1(kim, putin)", True, id="in the title"),
        pytest.param("lead:near/1(kim, putin)", False, id="not in the lead"),
        pytest.param("same(sentence; wheat, coal)", True, id="same sentence"),
        pytest.param("same(sentence; wheat, arms)", False, id="another sentence"),
        pytest.param("same(paragraph; wheat, arms, spoke)", True, id="same paragraph"),
        pytest.param("same(paragraph; arms, shells)", False, id="another paragraph"),
        pytest.param("same(sentence; wheat, arms | coal)", True, id="same sentence, alternatives"),
        pytest.param("same(sentence; shells, arms | wheat)", False, id="alternatives, all elsewhere"),
        pytest.param("kim -near/1(kim, putin)", False, id="not near"),
        pytest.param("kim -same(sentence; kim, arms)", True, id="not in one sentence"),
        pytest.param('re:"f-\\d\\d"', True, id="a pattern, as written"),
        pytest.param('re:"(?-i)f-\\d\\d"', False, id="a pattern, with its case"),
        pytest.param('re:"^shells"', True, id="a pattern at a line's beginning"),
        pytest.param('title:re:"shells"', False, id="a pattern in the title"),
        pytest.param('near/2(tass, re:"f-\\d+")', True, id="a pattern near a word"),
    ],
)
def test_places(query: str, expected: object) -> None:
    assert (match(TALKS, query) is not None) is expected


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        pytest.param("北朝鮮がロシアに砲弾を供与", "near/4(北朝鮮, 砲弾)", False, id="ja, a character is a word"),
        pytest.param("北朝鮮がロシアに砲弾を供与", "near/5(北朝鮮, 砲弾)", True, id="ja, near enough"),
        pytest.param("북한이 러시아에 포탄 제공", "near/1(북한, 포탄)", True, id="ko, words as spaced"),
        pytest.param("북한이 러시아에 포탄 제공", "near/0(북한, 포탄)", False, id="ko, too far"),
        pytest.param("朝鲜提供弹药。俄罗斯否认。", "same(sentence; 朝鲜, 俄罗斯)", False, id="zh, two sentences"),
        pytest.param("朝鲜向俄罗斯提供弹药。", "same(sentence; 朝鲜, 俄罗斯)", True, id="zh, one sentence"),
    ],
)
def test_scripts_without_spaces(text: str, query: str, expected: object) -> None:
    assert (match(an_entry("", text), query) is not None) is expected


CAPITALS_EVERYWHERE = "TARGET CUTS 1,800 JOBS"


@pytest.mark.parametrize(
    ("title", "text", "query", "expected"),
    [
        pytest.param("Shares of Target fall", "", "=Target", True, id="the name"),
        pytest.param("Police miss target", "", "=Target", False, id="the word"),
        pytest.param("Police miss target", "", "=target", True, id="small letters may be asked for"),
        pytest.param("Shares of Target fall", "", "=target", False, id="and are not capitals"),
        pytest.param("Stores like Target's", "", "=Target", True, id="a name and its 's"),
        pytest.param("Stores like Targets", "", "=Target", False, id="a longer word"),
        pytest.param("Stores like Targets", "", "=Target*", True, id="a longer word that is asked for"),
        pytest.param("Both United Airlines jets", "", '="United Airlines"', True, id="a phrase"),
        pytest.param("Both united airlines", "", '="United Airlines"', False, id="a phrase in small letters"),
        pytest.param("Die Straße in Málaga", "", '="in Malaga"', True, id="accents do not matter"),
        pytest.param("Die Straße nach Gap", "", "=Gap", True, id="a text that folds to another length"),
        pytest.param("Target cuts jobs", "", "=Target", True, id="a headline begins with it"),
        pytest.param("Target cuts jobs", "It missed its target.", "=Target", False, id="the text has the word"),
        pytest.param(
            "Target cuts jobs", "It missed its target, and Target said so.", "=Target", True, id="the text has both"
        ),
        pytest.param("Banks: Target too high", "The target fell.", "=Target", False, id="behind a colon"),
        pytest.param(CAPITALS_EVERYWHERE, "", "=Target", True, id="a headline all in capitals"),
        pytest.param(CAPITALS_EVERYWHERE, "Jobs at Target go.", "=Target", True, id="one whose text has the name"),
        pytest.param(CAPITALS_EVERYWHERE, "The target is gone.", "=Target", False, id="one whose text has the word"),
        pytest.param("Bank Raises Price Target", "The target rose.", "=Target", False, id="each word with a capital"),
        pytest.param("Bank Raises Price Target", "", "=Target", True, id="each word with a capital, and no text"),
        pytest.param("US tariffs hit us", "", "=US", True, id="an abbreviation that begins a sentence"),
        pytest.param("Kim met Putin", "", "title:=Kim & -=PUTIN", True, id="in the title, and not"),
        pytest.param("Kim met Putin", "", "near/1(=Kim, =putin)", False, id="near"),
    ],
)
def test_capitals(title: str, text: str, query: str, expected: object) -> None:
    assert (match(an_entry(title, text), query) is not None) is expected


def test_capitals_and_any_case_are_two_questions() -> None:
    entry = an_entry("A price target", "Shares of Target fell.")
    assert match(entry, "title:target & -title:=Target & =Target & target") is not None
    found = match(entry, "=Target")
    assert found is not None
    assert [(one.concept, one.alias, one.sentence) for one in found.evidence] == [
        ("Target", "Target", "Shares of Target fell.")
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("source:post", True, id="a word of its name"),
        pytest.param('source:"kyiv post"', True, id="its name"),
        pytest.param("source:pos", False, id="half a word"),
        pytest.param("source:example.com", True, id="its site"),
        pytest.param("source:news.example.com", True, id="its host"),
        pytest.param("source:example", True, id="its site without the ending"),
        pytest.param("source:ample.com", False, id="half a host"),
        pytest.param("source:feeds.example.com", False, id="another host of the site"),
        pytest.param("feed:example.com", True, id="the feed's site"),
        pytest.param('feed:"https://feeds.example.com/rss"', True, id="the feed's address"),
        pytest.param("feed:feeds.example.com/rss", True, id="the feed's address without http"),
        pytest.param('feed:"Kyiv Post"', True, id="the feed by name"),
        pytest.param("feed:example.org", False, id="another feed"),
        pytest.param('feed:"https://[x/rss"', False, id="no address"),
        pytest.param("url:/sport/", True, id="part of the address"),
        pytest.param("url:/SPORT/", True, id="part of the address, in capitals"),
        pytest.param("url:/politics/", False, id="not in the address"),
        pytest.param("lang:pt", True, id="a language for its variants"),
        pytest.param("lang:pt-br", True, id="the variant"),
        pytest.param("lang:pt-pt", False, id="another variant"),
        pytest.param("lang:(ru | pt)", True, id="either language"),
    ],
)
def test_fields_of_the_entry(query: str, expected: object) -> None:
    entry = replace(an_entry("A match", source="Kyiv Post", lang="pt-BR"), url="https://news.example.com/sport/1")
    assert (match(entry, query) is not None) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("near/3(spoke, arms)", [("spoke", "spoke", "Nobody"), ("arms", "arms", "Nobody")], id="near"),
        pytest.param(
            "same(sentence; spoke, coal | shells)", [("spoke", "spoke", "They"), ("coal", "coal", "They")], id="same"
        ),
        pytest.param('near/2(re:"F-\\d\\d", ra*)', [], id="too far apart"),
        pytest.param('re:"f-\\d\\d"', [(r"f-\d\d", "F-16", "Tass")], id="a pattern"),
        pytest.param("shells -near/9(kim, putin | coal) | shells", [("shells", "Shells", "Shells")], id="not near"),
    ],
)
def test_evidence_is_what_stands_together(query: str, expected: list[tuple[str, str, str]]) -> None:
    found = match(TALKS, query)
    shown = found.evidence if found else ()
    assert [(one.concept, one.alias, one.sentence.split()[0]) for one in shown] == expected


def test_what_stands_together_weighs_as_both_do() -> None:
    entry = an_entry("Rain", "Nothing of note. " * 60 + "Kim met Putin.")
    asked = [match(entry, query) for query in ("same(sentence; kim, putin)", "near/1(kim, putin)", "kim & putin")]
    scores = {found.score for found in asked if found is not None}
    assert len(scores) == 1
    assert max(scores) < 0.5


def test_a_pattern_reads_a_text_that_folds_to_another_length() -> None:
    found = match(an_entry("", "Die große Straße nach Mu\u0301nchen. Su-34 und Su-35."), 're:"su-\\d\\d"')
    assert found is not None
    assert [one.alias for one in found.evidence] == ["Su-34", "Su-35"]
    assert {one.sentence for one in found.evidence} == {"Su-34 und Su-35."}


def test_half_a_character_in_a_text_stops_no_pattern() -> None:
    assert match(an_entry("", "\ud800 Su-34"), 're:"su-\\d\\d"') is not None


# ---------------------------------------------------------------- held against a slow reading of the same language

# Of two letters at least: a full stop after one letter ends no sentence.
_WORDS = ["ax", "be", "axe", "axes", "cod", "coda"]
_SENTENCES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5).map(lambda words: " ".join(words) + ".")
_PARAGRAPHS = st.lists(_SENTENCES, min_size=1, max_size=3).map(" ".join)
_TEXTS = st.lists(_PARAGRAPHS, min_size=1, max_size=3).map("\n".join)
_FINDS: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, st.sampled_from(_WORDS), st.booleans()),
    st.builds(Words, st.sampled_from(["ax be", "axe cod", "be ax be"]), st.booleans(), st.booleans()),
    st.builds(Regex, st.sampled_from([r"\bax[es]\b", r"\bbe\b|\bcod\b"])),
)
_PLACES = st.one_of(_FINDS, st.lists(_FINDS, min_size=2, max_size=3).map(disjoin))
_LEAVES = st.one_of(
    _FINDS,
    st.builds(Lang, st.sampled_from(["en", "ru"])),
    st.builds(Near, st.integers(0, 4), _PLACES, _PLACES),
    st.builds(Same, st.sampled_from(["sentence", "paragraph"]), st.lists(_PLACES, min_size=2, max_size=3).map(tuple)),
)


def _grown(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def more(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(several.map(conjoin), several.map(disjoin), inner.map(Not))

    return st.recursive(leaves, more, max_leaves=6)


def _is_allowed(root: Node) -> bool:
    patterns = sum(isinstance(node, Regex) for node, _ in walk(root))
    return asks_for_something(root) and patterns <= limits.QUERY_REGEXES


_QUERIES = _grown(st.one_of(_LEAVES, st.builds(Scoped, st.just("title"), _grown(_LEAVES)))).filter(_is_allowed)


@given(_QUERIES, _SENTENCES, _TEXTS)
def test_agrees_with_the_slow_reading(root: Node, title: str, text: str) -> None:
    entry = an_entry(title, text)
    assert (match(entry, str(root)) is not None) == reference.is_true(root, reference.words_of(title, text), "en")
