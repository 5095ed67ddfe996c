from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.limits import QUERY_CHARS, QUERY_DEPTH, QUERY_NEAR_WORDS, QUERY_REGEX_CHARS, QUERY_REGEXES, QUERY_TERMS
from bot.speech import speaking
from bot.topics.lexicon import build
from bot.topics.query import parse
from bot.topics.tree import (
    And,
    ConceptTerm,
    FromFeed,
    Lang,
    Near,
    Node,
    Not,
    Or,
    Query,
    Regex,
    Same,
    Scoped,
    Source,
    Url,
    Words,
    asks_for_something,
    conjoin,
    disjoin,
    walk,
)

LEXICON = build({
    "countries.yaml": "dprk:\n  label: North Korea\n  en: dprk\nrussia:\n  en: russia\n",
    "subjects.yaml": "arms:\n  en: arms\n",
})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param("@dprk & @russia & @arms", "@dprk & @russia & @arms", id="concepts"),
        pytest.param("@DPRK russia*", "@dprk & russia*", id="side by side"),
        pytest.param('@dprk AND (a OR "b c") NOT d', '@dprk & (a | "b c") & -d', id="spelt-out operators"),
        pytest.param("a | b c", "a | b & c", id="and binds more than or"),
        pytest.param("AT&T merger -(S&P)", '"AT&T" & merger & -"S&P"', id="a name with an ampersand"),
        pytest.param("near/5(H&M, x) | source:P＆G", 'near/5("H&M", x) | source:"P&G"', id="such a name in its places"),
        pytest.param("US&UK a&b", "US & UK & a & b", id="words with an ampersand between them"),
        pytest.param("A&B&C", "A & B & C", id="letters with ampersands between them"),
        pytest.param("title:(a|b) -c", "title:(a | b) & -c", id="title of a group"),
        pytest.param("title: kim lead:putin", "title:kim & lead:putin", id="space after a field"),
        pytest.param("c -(a b)", "c & -(a & b)", id="not a group"),
        pytest.param("--a", "a", id="twice not"),
        pytest.param("((a))", "a", id="idle brackets"),
        pytest.param("a a | a", "a", id="repeats"),
        pytest.param("lang:RU source:tass.com", "lang:ru & source:tass.com", id="fields of the entry"),
        pytest.param('source:"The Example"', 'source:"The Example"', id="a source of two words"),
        pytest.param('"OR" ORE', '"OR" & ORE', id="operators as words"),
        pytest.param('"10:30"', '"10:30"', id="a colon in quotes"),
        pytest.param("anti-tank F-16", "anti-tank & F-16", id="hyphens inside words"),
        pytest.param('"arms deal*"', '"arms deal*"', id="a phrase with a prefix"),
        pytest.param("朝鮮 러시아*", "朝鮮 & 러시아*", id="other scripts"),
        pytest.param('=Target -="Arms Deal*"', '=Target & -="Arms Deal*"', id="capitals"),
        pytest.param("title: =Gap* ＝“A:B”", 'title:=Gap* & ="A:B"', id="capitals in a field, full-width"),
        pytest.param('"=Gap" url:=5 ==a', '"=Gap" & url:=5 & "==a"', id="a sign that is no asking for capitals"),
        pytest.param("near/20 ( kim,putin | @russia )", "near/20(kim, putin | @russia)", id="near"),
        pytest.param("NEAR/0(a, b)", "near/0(a, b)", id="near, next to one another"),
        pytest.param("same(Sentence; a, b | c, @dprk)", "same(sentence; a, b | c, @dprk)", id="same sentence"),
        pytest.param("title:same(paragraph; a, b)", "title:same(paragraph; a, b)", id="same paragraph, in a part"),
        pytest.param("near & same (a|b)", "near & same & (a | b)", id="near and same as words"),
        pytest.param('re:"su-\\d\\d" | lead: re:"(a|b)c"', 're:"su-\\d\\d" | lead:re:"(a|b)c"', id="patterns"),
        pytest.param("feed:tass.com Url:/sport/", "feed:tass.com & url:/sport/", id="addresses"),
        pytest.param("lang:(ru | UK) a", "(lang:ru | lang:uk) & a", id="several languages"),
        pytest.param('source:("Kyiv Post" OR tass)', 'source:"Kyiv Post" | source:tass', id="several sources"),
        pytest.param("Title:a", "title:a", id="fields in any case"),
        pytest.param('"10,000" "a;b"', '"10,000" & "a;b"', id="commas in quotes"),
        pytest.param("“arms deal” «b c» @dprk", '"arms deal" & "b c" & @dprk', id="quotes as keyboards make them"),
        pytest.param('"a “b” c" “d" "e，f"', '"a “b” c" & d & "e，f"', id="plain quotes keep what they hold"),
        pytest.param("near/5（金，普京）｜title：金", "near/5(金, 普京) | title:金", id="full-width signs"),
        pytest.param("-(-a & -b)", "-(-a & -b)", id="one of two must be there"),
    ],
)
def test_prints_its_canonical_form(text: str, canonical: str) -> None:
    query = parse(text, LEXICON)
    assert str(query) == canonical
    assert parse(canonical, LEXICON) == query


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param("war & and & peace", id="and"),
        pytest.param("(iran | or | @dprk) & -not", id="or, not"),
        pytest.param("title:And & near/3(not, a | or)", id="in a title, in near"),
        pytest.param("And", id="alone"),
        pytest.param("kim & NEAR/5 & putin", id="near without brackets"),
        pytest.param("AT & T & merger", id="a name that was two words"),
    ],
)
def test_queries_saved_while_operators_were_words_still_parse(saved: str) -> None:
    query = parse(saved, LEXICON)
    assert parse(str(query), LEXICON) == query
    assert {"and", "or", "not", "near/5", "t"} & {term.key for term in query.terms()}


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        pytest.param("  ", 0, "empty", id="nothing"),
        pytest.param("a & @dprl", 4, "Did you mean @dprk?", id="a concept misspelt"),
        pytest.param("@north_korea", 0, "Did you mean @dprk?", id="a concept by its label"),
        pytest.param("@zzzz", 0, "Write the plain word zzzz", id="a concept unheard of"),
        pytest.param("a @", 2, "name must follow the @", id="a bare at"),
        pytest.param("titel:x", 5, "Did you mean title:", id="a field misspelt"),
        pytest.param("http://x", 4, "in quotes", id="an address"),
        pytest.param("a |", 3, "stops too early", id="an open end"),
        pytest.param("a AND", 5, "stops too early", id="an open end spelt out"),
        pytest.param("| a", 0, "each side of |", id="an open beginning"),
        pytest.param("a & & b", 4, "each side of &", id="two operators"),
        pytest.param("OR a", 0, "each side of OR", id="OR in front"),
        pytest.param("a ()", 3, "hold nothing", id="empty brackets"),
        pytest.param("a (b", 2, "never closed", id="an open bracket"),
        pytest.param("a)b", 1, "closes nothing", id="a closing bracket"),
        pytest.param('a "b', 2, "nothing closes", id="an open quote"),
        pytest.param("a “b", 2, "nothing closes", id="an open curly quote"),
        pytest.param("mis*le", 3, "only stand at the end", id="a star inside"),
        pytest.param('"***"', 0, "no letters", id="only stars"),
        pytest.param("title:-x", 6, "belongs", id="a field of a minus"),
        pytest.param("title:(a lead:b)", 0, "side by side", id="a field in a field"),
        pytest.param("@dprk & @dpr", 8, "Did you mean @dprk?", id="the misspelt concept, not the one that begins so"),
        pytest.param('"@dprx" @dprx', 8, "Did you mean @dprk?", id="not what stands in quotes"),
        pytest.param("-a", 0, "name something to look for", id="nothing but a minus"),
        pytest.param("-a -b", 0, "name something to look for", id="nothing but minuses"),
        pytest.param("NOT a", 0, "name something to look for", id="nothing but a NOT"),
        pytest.param("a | -b", 4, "One side of the |", id="nearly everything"),
        pytest.param("a | b -c | (-d -e)", 12, "One side of the |", id="nearly everything, in brackets"),
        pytest.param("-(a & -b)", 0, "name something to look for", id="not only a, so nearly everything"),
        pytest.param("near(a, b)", 0, "how many words", id="near without a number"),
        pytest.param("near/(a, b)", 0, "how many words", id="near with half a number"),
        pytest.param("near/5000(a, b)", 5, "too far", id="near from afar"),
        pytest.param("near/5(a)", 0, "Here are 1", id="near nothing"),
        pytest.param("near/5(a, b, c)", 0, "Here are 3", id="near of three"),
        pytest.param("near/5(a,)", 9, "follow the comma", id="near with an open end"),
        pytest.param("x near/5(a & b, c)", 2, "does not take &", id="near of both"),
        pytest.param("near/5(title:a, c)", 0, "Put title: in front of near", id="a field in near"),
        pytest.param("near/5(-a, c)", 0, "goes behind it", id="not in near"),
        pytest.param("near/5(near/2(a, b), c)", 0, "another of its kind", id="near in near"),
        pytest.param("near/5(lang:ru, c)", 0, "about the entry", id="a language in near"),
        pytest.param("same(a, b)", 6, "sentence; or paragraph;", id="same without a unit"),
        pytest.param("same(@dprk, b)", 5, "sentence; or paragraph;", id="same of concepts without a unit"),
        pytest.param("same(page; a, b)", 5, "same(paragraph; ...)", id="same page"),
        pytest.param("same(sentence; a)", 0, "two things or more", id="same of one"),
        pytest.param("same(sentence; a & b, c)", 0, "commas instead of &", id="same of both"),
        pytest.param("a, b", 1, "belongs only into near", id="a comma"),
        pytest.param("a; b", 1, "belongs only into near", id="a semicolon"),
        pytest.param("re:abc", 3, "in quotes", id="a pattern without quotes"),
        pytest.param("re:", 3, "in quotes", id="no pattern"),
        pytest.param('re:"ab(c"', 4, "missing )", id="a pattern with an open bracket"),
        pytest.param('x re:"ab[z-a]"', 9, "invalid character class range (z-a)", id="a pattern with a faulty range"),
        pytest.param('re:"a(?=b)"', 5, "look ahead or behind", id="a pattern that looks ahead"),
        pytest.param('re:"(a)\\1"', 7, "nor refer back", id="a pattern that looks back"),
        pytest.param('re:"((a{100}){100}){100}"', 7, "repetition", id="a pattern that grows"),
        pytest.param('re:"\\p{L}{3,30}"', 4, "too large", id="a pattern that grows within its counts"),
        pytest.param('re:"a*"', 4, "no letters at all", id="a pattern of nothing"),
        pytest.param('re:"\\b"', 4, "no letters at all", id="a pattern of an edge"),
        pytest.param('re:""', 4, "no letters at all", id="an empty pattern"),
        pytest.param("kim && putin", 5, "One & is enough", id="an operator of programmers"),
        pytest.param("kim not football", 4, 'or "not" in quotes', id="an operator in small letters"),
        pytest.param("not football & kim", 0, 'or "not" in quotes', id="one that begins the query"),
        pytest.param("kim (war or peace)", 9, 'or "or" in quotes', id="one in brackets"),
        pytest.param("kim !football", 4, "Write -football", id="an exclamation mark"),
        pytest.param("kim + putin", 4, "Write & between", id="a plus"),
        pytest.param("kim NEAR/5 putin", 4, "near/5(kim, putin)", id="near between its words"),
        pytest.param("@dprk & (kim w/10 putin)", 13, "near/10(kim, putin)", id="near as databases write it"),
        pytest.param("near/x(kim, putin)", 10, "takes a number", id="near without a number"),
        pytest.param("site:tass.com", 4, "Did you mean source:", id="a field of a search engine"),
        pytest.param("date:2024", 4, "There is no field date:", id="a field that nothing is like"),
        pytest.param("lang:russian", 5, "Did you mean lang:ru?", id="a language by its name"),
        pytest.param("lang:r", 5, "short code", id="no language"),
        pytest.param("source:", 7, "takes a word", id="no source"),
        pytest.param("source:@dprk", 7, "takes a word", id="a concept as a source"),
        pytest.param("fed:x", 3, "Did you mean feed:", id="another field misspelt"),
        pytest.param("(titel:x)", 6, "There is no field titel:", id="a field misspelt, in brackets"),
    ],
)
def test_says_where_and_what_would_be_right(text: str, column: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, LEXICON)
    assert caught.value.column == column
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "text", ["near(a, b)", "same(x; a, b)", "title:(lead:a)", 're:"a(?=b)"', "a*b", "lang:russian"]
)
def test_complains_in_the_language_of_the_chat(text: str) -> None:
    with speaking("ru"), pytest.raises(QueryError) as caught:
        parse(text, LEXICON)
    assert re.search("[а-я]{4}", str(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * (QUERY_CHARS + 1), id="characters"),
        pytest.param("(" * (QUERY_DEPTH + 1) + "a" + ")" * (QUERY_DEPTH + 1), id="brackets"),
        pytest.param("(a|-" * (QUERY_DEPTH - 1) + "b" + ")" * (QUERY_DEPTH - 1), id="nesting"),
        pytest.param(" ".join(f"w{number}" for number in range(QUERY_TERMS + 1)), id="terms"),
        pytest.param(" ".join(f're:"x{number}"' for number in range(QUERY_REGEXES + 1)), id="patterns"),
        pytest.param(f're:"{"a" * (QUERY_REGEX_CHARS + 1)}"', id="a pattern's characters"),
        pytest.param('re:"' + "[a-z]{1000}" * 15 + '"', id="a pattern's memory"),
    ],
)
def test_caps(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text, LEXICON)


def test_names_its_terms_once_each() -> None:
    assert parse("@dprk (a | -@dprk) title:a*", LEXICON).terms() == (
        ConceptTerm("dprk"),
        Words("a"),
        Words("a", prefix=True),
    )


def _negated(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


_WORD = st.from_regex(r"[a-zа-я가-힣0-9][a-zA-Z'&(,;-]{0,6}", fullmatch=True)
_FINDS = st.one_of(
    st.builds(ConceptTerm, st.sampled_from(["dprk", "russia", "arms"])),
    st.builds(Words, _WORD, prefix=st.booleans(), exact=st.booleans()),
    st.builds(
        Words,
        st.sampled_from(["OR", "AND NOT", "a:b", "-x1", "two words", "near", "same", "金，普", "（x）", "a“b”", "=a"]),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(Regex, st.sampled_from(["a|b", r"su-\d\d", "(x, y; z)", "(?-i)NK"])),
)
_VALUES = st.sampled_from(["tass.com", "Kyiv Post", "OR", "https://x.example/a?b=c,d"])
_FIELDS = st.one_of(
    st.builds(Lang, st.sampled_from(["ru", "en", "pt-br"])),
    st.builds(Source, _VALUES),
    st.builds(FromFeed, _VALUES),
    st.builds(Url, _VALUES),
)
_PLACES = st.one_of(_FINDS, st.lists(_FINDS, min_size=2, max_size=3).map(disjoin))
_TOGETHER = st.one_of(
    st.builds(Near, st.integers(0, QUERY_NEAR_WORDS), _PLACES, _PLACES),
    st.builds(Same, st.sampled_from(["sentence", "paragraph"]), st.lists(_PLACES, min_size=2, max_size=3).map(tuple)),
)


def _grown(leaves: st.SearchStrategy[Node], size: int) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(conjoin),
            st.lists(inner, min_size=2, max_size=4).map(disjoin),
            inner.map(_negated),
        ),
        max_leaves=size,
    )


_PARTS = _grown(st.one_of(_FINDS, _FIELDS, _TOGETHER), 4)
_NODES = _grown(
    st.one_of(_FINDS, _FIELDS, _TOGETHER, st.builds(Scoped, st.sampled_from(["title", "lead"]), _PARTS)), 12
).filter(lambda root: asks_for_something(root) and sum(isinstance(node, Regex) for node, _ in walk(root)) <= 5)


@given(_NODES)
def test_what_is_printed_parses_to_the_same(root: Node) -> None:
    query = Query(root)
    assert parse(str(query), LEXICON) == query


@given(
    st.one_of(
        st.text(alphabet='ab@dprk()|&-=":*,; ORANDT\n朝', max_size=40),
        st.lists(
            st.sampled_from([
                "near/3(", "same(sentence;", "same(", ",", ")", "(", "re:", '"a|b"', '"(?"', "title:", "lang:", "url:",
                "-", "|", "a", "@dprk", "x*", "OR", "NOT ", " ", "“", "”", "（", "\ud800",
            ]),
            max_size=12,
        ).map("".join),
        st.text(max_size=30),
        st.text(max_size=12).map(lambda text: f're:"{text}"'),
    )
)  # fmt: skip
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    query, error = None, None
    try:
        query = parse(text, LEXICON)
    except QueryError as raised:
        error = raised
    assert query is None or parse(str(query), LEXICON) == query
    assert error is None or (str(error) and 0 <= error.column <= len(text))


def test_nested_kinds_are_flat() -> None:
    assert parse("a (b (c d))", LEXICON).root == And((Words("a"), Words("b"), Words("c"), Words("d")))
    assert parse("a | (b | c)", LEXICON).root == Or((Words("a"), Words("b"), Words("c")))
