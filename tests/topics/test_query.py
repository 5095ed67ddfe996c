from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.limits import QUERY_CHARS, QUERY_DEPTH, QUERY_TERMS
from bot.topics.lexicon import build
from bot.topics.query import (
    And,
    ConceptTerm,
    Lang,
    Node,
    Not,
    Or,
    Query,
    Scoped,
    Source,
    Words,
    conjoin,
    disjoin,
    parse,
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
        pytest.param("title:(a|b) -c", "title:(a | b) & -c", id="title of a group"),
        pytest.param("title: kim lead:putin", "title:kim & lead:putin", id="space after a field"),
        pytest.param("-(a b)", "-(a & b)", id="not a group"),
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
    ],
)
def test_prints_its_canonical_form(text: str, canonical: str) -> None:
    query = parse(text, LEXICON)
    assert str(query) == canonical
    assert parse(canonical, LEXICON) == query


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
        pytest.param("mis*le", 3, "only stand at the end", id="a star inside"),
        pytest.param('"***"', 0, "no letters", id="only stars"),
        pytest.param("title:-x", 6, "belongs", id="a field of a minus"),
    ],
)
def test_says_where_and_what_would_be_right(text: str, column: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, LEXICON)
    assert caught.value.column == column
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * (QUERY_CHARS + 1), id="characters"),
        pytest.param("(" * (QUERY_DEPTH + 1) + "a" + ")" * (QUERY_DEPTH + 1), id="brackets"),
        pytest.param("(a|-" * (QUERY_DEPTH - 1) + "b" + ")" * (QUERY_DEPTH - 1), id="nesting"),
        pytest.param(" ".join(f"w{number}" for number in range(QUERY_TERMS + 1)), id="terms"),
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


def _scoped(part: Node) -> Node:
    return Scoped("title", part)


def _negated(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


_WORD = st.from_regex(r"[a-zа-я가-힣0-9][a-zA-Z'&(-]{0,6}", fullmatch=True)
_LEAVES = st.one_of(
    st.builds(ConceptTerm, st.sampled_from(["dprk", "russia", "arms"])),
    st.builds(Words, _WORD, prefix=st.booleans()),
    st.builds(Words, st.sampled_from(["OR", "AND NOT", "a:b", "-x1", "two words"]), prefix=st.booleans()),
    st.builds(Lang, st.sampled_from(["ru", "en"])),
    st.builds(Source, st.sampled_from(["tass.com", "Kyiv Post", "OR"])),
)
_NODES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(conjoin),
        st.lists(inner, min_size=2, max_size=4).map(disjoin),
        inner.map(_negated),
        inner.map(_scoped),
    ),
    max_leaves=12,
)


@given(_NODES)
def test_what_is_printed_parses_to_the_same(root: Node) -> None:
    query = Query(root)
    assert parse(str(query), LEXICON) == query


@given(st.text(alphabet='ab@dprk()|&-":* ORANDT\n朝', max_size=40))
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
