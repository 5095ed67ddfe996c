"""The sample topic, made from its name alone, held against headlines of our own in six languages."""

from __future__ import annotations

from functools import cache

import pytest

from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.suggest import suggest
from tests.topics.arms_headlines import ABOUT, NAME, NOT_ABOUT
from tests.topics.making import a_topic, an_entry


@cache
def matcher() -> Matcher:
    return Matcher(load(), [a_topic(suggest(NAME, load()).query)])


def relevant(title: str, lang: str) -> bool:
    entry = an_entry(title, lang=lang)
    return any(match.relevant for match in matcher().match(entry, matcher().scan(entry)))


def cases(table: dict[str, tuple[str, ...]]) -> list[object]:
    return [pytest.param(title, lang, id=f"{lang}: {title}") for lang, titles in table.items() for title in titles]


@pytest.mark.parametrize(("title", "lang"), cases(ABOUT))
def test_is_found(title: str, lang: str) -> None:
    assert relevant(title, lang)


@pytest.mark.parametrize(("title", "lang"), cases(NOT_ABOUT))
def test_is_left_alone(title: str, lang: str) -> None:
    assert not relevant(title, lang)
