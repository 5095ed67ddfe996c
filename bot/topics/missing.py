"""Why a query is not true for an entry: which of its facets are missing, which exclusions apply. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import QueryError
from bot.topics.match import Matcher
from bot.topics.own import expanded, extended
from bot.topics.query import And, Not, Or, Query, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import ChatConcept, Entry, Match, Topic
    from bot.topics.lexicon import Lexicon
    from bot.topics.query import Node


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a topic took an entry: a match, or the facets that it lacks and the exclusions that it runs into."""

    topic: Topic
    match: Match | None
    lacking: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def verdict(entry: Entry, topic: Topic, concepts: Sequence[ChatConcept], lexicon: Lexicon) -> Verdict:
    """Match one entry against one topic, and where it does not match say why. Raises QueryError."""
    own = [one for one in concepts if one.chat_id == topic.chat_id]

    def match(node: Node) -> Match | None:
        tried = replace(topic, query=expanded(str(Query(node)), own, lexicon))
        matcher = Matcher(lexicon, (tried,))
        return next(iter(matcher.match(entry, matcher.scan(entry))), None)

    root = parse(topic.query, extended(lexicon, own)).root
    whole = match(root)
    if whole is not None:
        return Verdict(topic, whole)
    lacking, excluded = [], []
    for part in root.parts if isinstance(root, And) else (root,):
        try:
            if isinstance(part, Not):
                if match(part.part) is not None:
                    excluded.append(str(part))
            elif match(part) is None:
                lacking.append(f"({part})" if isinstance(part, Or) else str(part))
        except QueryError:
            continue  # a part that asks for nothing by itself cannot be what is missing
    return Verdict(topic, None, tuple(lacking), tuple(excluded))
