"""The full-text index over entries' index terms, and how often each term stands in the archive.

SQLite has FTS5, PostgreSQL a tsvector with a GIN index; both hold each term verbatim, whatever its letters, and rank by
the summed rarity of the shared terms. Must not decide which terms are worth asking for.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Float, bindparam, or_, select, text

from bot import limits
from bot.store import schema
from bot.store.columns import UtcDateTime, clean_text
from bot.store.database import select_in

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import TermQuery

TERM_CHARS: Final = 200
"""A longer index term is cut: PostgreSQL takes lexemes of up to 2,046 bytes."""

DDL: Final[Mapping[str, tuple[str, ...]]] = {
    # Contentless: the words stand in `fingerprints.index_terms`, compressed.
    "sqlite": ("CREATE VIRTUAL TABLE entry_search USING fts5(terms, content='', tokenize=\"ascii tokenchars '_'\")",),
    "postgresql": (
        (
            "CREATE TABLE entry_search (entry_id BIGINT NOT NULL PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,"
            " at BIGINT NOT NULL, terms TSVECTOR NOT NULL)"
        ),
        "CREATE INDEX ix_entry_search_terms ON entry_search USING gin (terms)",
    ),
}
"""What makes the index in an empty database."""

_ODD_ASCII: Final = re.compile(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]")
_ODD_IN_LINES: Final = re.compile(r"[\x00-\x09\x0b-\x2f\x3a-\x60\x7b-\x7f]")
_SPACES: Final = re.compile(r"\s+")
_SPARE_ROWS: Final = 40
_SUMMED_RARITY: Final = text(
    "WITH asked(query, weight) AS MATERIALIZED"
    " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:asked))"
    " SELECT s.rowid AS id, sum(asked.weight) AS score"
    " FROM asked CROSS JOIN entry_search AS s"  # in this order: one search for each query
    " WHERE s.entry_search MATCH asked.query GROUP BY s.rowid"
).columns(id=BigInteger, score=Float)
_BEYOND: Final = 5  # times as many are found by the rarest terms alone as are asked for


def normal_terms(terms: Iterable[str]) -> tuple[str, ...]:
    """Terms as they are kept: clean, no white space but single blanks, none empty, none overlong."""
    # Nearly every term is a plain word already.
    return tuple(kept for term in terms if (kept := term[:TERM_CHARS] if term.isalnum() else _normal(term)))


def _normal(term: str) -> str:
    return _SPACES.sub(" ", clean_text(term)).strip()[:TERM_CHARS].strip()


def fts5_token(term: str) -> str:
    """A term spelt so that FTS5's ascii tokenizer takes it as one token, different for each different term.

    That tokenizer keeps a-z, 0-9, the underscore and everything beyond ASCII, and folds capitals: any other character
    becomes an underscore and its two hexadecimal digits.
    """
    return _ODD_ASCII.sub(_spelt, term)


def _spelt(odd: re.Match[str]) -> str:
    return f"_{ord(odd[0]):02x}"


def document(terms: Iterable[str]) -> str:
    """Terms, which hold no newline, as the text that FTS5 tokenizes back into them."""
    return _ODD_IN_LINES.sub(_spelt, "\n".join(terms)).replace("\n", " ")


async def frequencies(conn: AsyncConnection, terms: Iterable[str]) -> dict[str, int]:
    """In how many entries each term stands; terms that stand in none are left out."""
    normal = {term: kept[0] for term in terms if (kept := normal_terms((term,)))}
    column = schema.terms.c
    rows = await select_in(
        conn,
        set(normal.values()),
        lambda chunk: select(column.term, column.entries).where(column.term.in_(chunk), column.entries > 0),
    )
    known = {row.term: row.entries for row in rows}
    return {term: known[kept] for term, kept in normal.items() if kept in known}


async def count_terms(conn: AsyncConnection, changes: Counter[str]) -> None:
    """Add to the number of entries that hold each term."""
    rows = sorted((term, change) for term, change in changes.items() if change)
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        await conn.exec_driver_sql(
            "INSERT INTO terms (term, entries) VALUES (?, ?)"
            " ON CONFLICT (term) DO UPDATE SET entries = terms.entries + excluded.entries",
            rows,
        )
        return
    await conn.execute(
        text(
            "INSERT INTO terms (term, entries)"
            " SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:changes AS bigint[]))"
            " ON CONFLICT (term) DO UPDATE SET entries = terms.entries + excluded.entries"
        ),
        {"terms": [term for term, _ in rows], "changes": [change for _, change in rows]},
    )


async def add_to_index(conn: AsyncConnection, rows: Sequence[tuple[int, datetime, tuple[str, ...]]]) -> None:
    """Index entries: each with its id, its date and its normal terms."""
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        documents = await asyncio.to_thread(lambda: [(entry_id, document(terms)) for entry_id, _, terms in rows])
        await conn.exec_driver_sql("INSERT INTO entry_search (rowid, terms) VALUES (?, ?)", documents)
        return
    statement = text(
        "INSERT INTO entry_search (entry_id, at, terms) VALUES (:id, :at, array_to_tsvector(CAST(:terms AS text[])))"
        " ON CONFLICT (entry_id) DO UPDATE SET at = excluded.at, terms = excluded.terms"
    ).bindparams(bindparam("at", type_=UtcDateTime))
    await conn.execute(statement, [{"id": entry_id, "at": at, "terms": list(terms)} for entry_id, at, terms in rows])


async def take_from_index(conn: AsyncConnection, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    """Take entries out of the index; FTS5 has to be told the very terms that went in."""
    if conn.dialect.name == "sqlite":
        await conn.exec_driver_sql(
            "INSERT INTO entry_search (entry_search, rowid, terms) VALUES ('delete', ?, ?)",
            [(entry_id, document(terms)) for entry_id, terms in rows],
        )
        return
    await conn.execute(
        text("DELETE FROM entry_search WHERE entry_id = :id"), [{"id": entry_id} for entry_id, _ in rows]
    )


async def ranked(conn: AsyncConnection, terms: Sequence[str], *, before: datetime, limit: int) -> list[int]:
    """The ids of entries that hold any of the terms and are not dated after ``before``, best first.

    An entry without a date of its own may be of any day, however late it was seen.
    """
    asked = sorted(set(normal_terms(terms)))
    if not asked or limit <= 0:
        return []
    if conn.dialect.name == "sqlite":
        return await _ranked_by_fts5(conn, asked, before=before, limit=limit)
    return await _ranked_by_tsvector(conn, asked, before=before, limit=limit)


def match_expression(query: TermQuery, *, sqlite: bool) -> str:
    """A query in the index's own words: FTS5's on SQLite, a tsquery's on PostgreSQL; "" where nothing is asked for."""
    word: Callable[[str], str] = _fts5_word if sqlite else _tsquery_word
    any_of, both, without = (" OR ", " AND ", " NOT ") if sqlite else (" | ", " & ", " & !")
    groups = [f"({any_of.join(map(word, kept))})" for group in query.all_of if (kept := normal_terms(group))]
    if not groups:
        return ""
    return without.join([f"({both.join(groups)})", *map(word, normal_terms(query.none_of))])


def _fts5_word(term: str) -> str:
    return f'"{fts5_token(term)}"'


async def _ranked_by_fts5(conn: AsyncConnection, terms: list[str], *, before: datetime, limit: int) -> list[int]:
    documents = await _documents(conn)
    frequency = await frequencies(conn, terms)
    rare = _rarest(frequency)
    # A common term is only looked up in the entries that hold a rare one.
    any_rare = " OR ".join(map(_fts5_word, sorted(rare)))
    asked = [
        (_fts5_word(term) if term in rare else f"({any_rare}) AND {_fts5_word(term)}", _rarity(entries, documents))
        for term, entries in frequency.items()
    ]
    scored = _SUMMED_RARITY.bindparams(asked=json.dumps(asked)).subquery("scored")
    best = select(scored.c.id).order_by(scored.c.score.desc(), scored.c.id.desc())
    # Nearly always everything stored is older than the entry at hand: then the best few can be had without the dates
    # of all that match.
    most = limit + _SPARE_ROWS
    found = list((await conn.scalars(best.limit(most))).all())
    in_time = await _in_time(conn, found, before=before)
    usable = [entry_id for entry_id in found if entry_id in in_time]
    if len(usable) >= limit or len(found) < most:
        return usable[:limit]
    dated = best.join_from(scored, schema.entries, schema.entries.c.id == scored.c.id).where(_not_after(before))
    return list((await conn.scalars(dated.limit(limit))).all())


async def _in_time(conn: AsyncConnection, entry_ids: Iterable[int], *, before: datetime) -> set[int]:
    """Those of the entries that are not dated after ``before``."""
    column, not_after = schema.entries.c, _not_after(before)
    rows = await select_in(conn, entry_ids, lambda chunk: select(column.id).where(column.id.in_(chunk), not_after))
    return {row.id for row in rows}


def _not_after(before: datetime) -> ColumnElement[bool]:
    column = schema.entries.c
    return or_(column.at <= before, column.published_at.is_(None))


async def _ranked_by_tsvector(conn: AsyncConnection, terms: list[str], *, before: datetime, limit: int) -> list[int]:
    documents = await _documents(conn)
    frequency = await frequencies(conn, terms)
    known = [term for term in terms if term in frequency]
    statement = text(
        "WITH asked AS MATERIALIZED (SELECT CAST(word AS tsquery) AS word, weight, rare"
        "  FROM unnest(CAST(:words AS text[]), CAST(:weights AS float8[]), CAST(:rare AS bool[]))"
        "   AS given (word, weight, rare)),"
        # The first so many by the rarest terms; by all terms, their order is better.
        " found AS MATERIALIZED (SELECT s.entry_id, sum(asked.weight) AS score"
        "  FROM asked JOIN entry_search s ON s.terms @@ asked.word"
        "  WHERE asked.rare AND (s.at <= :before OR EXISTS"
        "   (SELECT FROM entries e WHERE e.id = s.entry_id AND e.published_at IS NULL))"
        "  GROUP BY s.entry_id ORDER BY score DESC, s.entry_id DESC LIMIT :most)"
        " SELECT found.entry_id FROM found JOIN entry_search s ON s.entry_id = found.entry_id"
        " LEFT JOIN asked ON NOT asked.rare AND s.terms @@ asked.word"
        " GROUP BY found.entry_id, found.score"
        " ORDER BY found.score + coalesce(sum(asked.weight), 0) DESC, found.entry_id DESC LIMIT :limit"
    ).bindparams(bindparam("before", type_=UtcDateTime))
    rare = _rarest(frequency)
    values: dict[str, Any] = {
        "words": [_tsquery_word(term) for term in known],
        "weights": [_rarity(frequency[term], documents) for term in known],
        "rare": [term in rare for term in known],
        "before": before,
        "most": _BEYOND * limit if len(rare) < len(known) else limit,
        "limit": limit,
    }
    return list((await conn.scalars(statement, values)).all())


async def _documents(conn: AsyncConnection) -> int:
    count = select(schema.sequences.c.value).where(schema.sequences.c.name == "entries")
    documents: int = (await conn.execute(count)).scalar_one()
    return documents


def _rarest(frequency: Mapping[str, int]) -> set[str]:
    """The rarest of the terms, as many as stand in ``RARE_TERM_ROWS`` entries together, and at least one.

    In a large archive the others stand in tens of thousands, each of which would have to be read to be counted.
    """
    chosen: set[str] = set()
    rows = 0
    for term in sorted(frequency, key=lambda term: (frequency[term], term)):
        rows += frequency[term]
        if chosen and rows > limits.RARE_TERM_ROWS:
            break
        chosen.add(term)
    return chosen


def _tsquery_word(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _rarity(entries: int, documents: int) -> float:
    """bm25's inverse document frequency (Robertson and Zaragoza 2009), kept above 0."""
    return math.log1p((documents - entries + 0.5) / (entries + 0.5))
