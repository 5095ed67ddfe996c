"""The reference page of the query language: all of it parses, and nothing of the grammar is left out."""

from __future__ import annotations

import re
from importlib import resources
from typing import get_args

import pytest

from bot import limits
from bot.errors import QueryError
from bot.topics.lexicon import load
from bot.topics.query import parse
from bot.topics.tree import Node, walk

PACKAGE = resources.files("bot.topics")
PAGE = PACKAGE.joinpath("QUERIES.md").read_text("utf-8")
EXAMPLES = [found.replace(r"\|", "|") for found in re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)]


@pytest.mark.parametrize("query", EXAMPLES)
def test_every_example_parses(query: str) -> None:
    assert parse(str(parse(query, load())), load()) == parse(query, load())


def test_the_command_at_the_top_parses() -> None:
    (query,) = re.findall(r"^/topics add .* = (.*)$", PAGE, re.MULTILINE)
    parse(query, load())


def test_every_kind_of_node_has_an_example() -> None:
    shown = {type(node).__name__ for query in EXAMPLES for node, _ in walk(parse(query, load()).root)}
    assert shown == {kind.__name__ for kind in get_args(Node)}


def test_every_operator_of_the_grammar_has_an_example() -> None:
    """What the grammar spells out in its terminals, ``title`` and ``NOT`` for instance, stands in some example."""
    grammar = PACKAGE.joinpath("query.lark").read_text("utf-8")
    terminals = re.findall(r"^_?[A-Z]+(?:\.\d)?: (.*)$", grammar, re.MULTILINE)
    spelt = {word for terminal in terminals for word in re.findall(r"\b(?:[A-Z]{2,}|[a-z]{2,})\b", terminal)}
    spelt |= {sign for terminal in terminals for sign in re.findall(r'^"(.)"', terminal)}
    assert spelt >= {
        "AND",
        "OR",
        "NOT",
        "title",
        "lead",
        "lang",
        "source",
        "feed",
        "url",
        "re",
        "near",
        "same",
        "|",
        "&",
        "-",
    }
    assert {word for word in spelt if not any(word in query for query in EXAMPLES)} == set()
    assert any(" " in query and not set(query) & set('&|"(') for query in EXAMPLES), "side by side"


def test_the_limits_are_those_that_hold() -> None:
    for number in (limits.QUERY_CHARS, limits.QUERY_TERMS, limits.QUERY_DEPTH, limits.QUERY_REGEX_CHARS):
        assert f"{number:,} " in PAGE
    assert limits.QUERY_REGEXES == 5
    assert "five patterns" in PAGE
    assert f"reaches {limits.QUERY_NEAR_WORDS} words" in PAGE


@pytest.mark.parametrize("query", ["-football", "football | -cup"])
def test_what_is_said_to_be_refused_is(query: str) -> None:
    with pytest.raises(QueryError, match="absent"):
        parse(query, load())
