"""Values and terms come back as they went in."""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Fingerprint
from bot.store.rows import (
    alert_of,
    alert_row,
    digest,
    pack_fingerprint,
    pack_terms,
    unpack_fingerprint,
    unpack_terms,
)
from bot.store.search import TERM_CHARS, fts5_token, normal_terms
from tests.store.stock import alert, fingerprint

# What a database may hold: no NUL, no lone surrogates.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
fingerprints = st.builds(
    Fingerprint,
    terms=st.dictionaries(words, st.integers(1, 99)),
    title_terms=st.frozensets(words),
    concepts=st.dictionaries(words, st.integers(1, 99)),
    names=st.frozensets(words),
    numbers=st.frozensets(words),
    dates=st.frozensets(words),
    shingles=st.lists(st.integers(0, 2**64 - 1)).map(tuple),
    sentences=st.lists(words).map(tuple),
    vector=st.binary(max_size=600),
)


@given(fingerprints)
def test_a_fingerprint_comes_back(value: Fingerprint) -> None:
    assert unpack_fingerprint(pack_fingerprint(value)) == value


def test_equal_fingerprints_are_equal_bytes() -> None:
    names = [f"name {number}" for number in range(50)]
    one = dataclasses.replace(fingerprint(), names=frozenset(names))
    other = dataclasses.replace(fingerprint(), names=frozenset(reversed(names)))
    assert pack_fingerprint(one) == pack_fingerprint(other)


@given(st.lists(words))
def test_index_terms_come_back(terms: list[str]) -> None:
    kept = normal_terms(terms)
    assert unpack_terms(pack_terms(kept)) == kept


def test_an_alert_of_an_older_version_has_the_defaults_of_what_it_lacks() -> None:
    row = alert_row(alert(1, 2))
    content = {name: value for name, value in row["content"].items() if name not in {"new", "earlier", "others", "why"}}
    known = alert_of(SimpleNamespace(**{**row, "content": content}))
    assert known == dataclasses.replace(alert(1, 2), new=(), earlier=(), others=(), why=())


@given(words, words)
def test_different_terms_are_different_tokens(one: str, other: str) -> None:
    kept = [*normal_terms([one]), *normal_terms([other])]
    assert len({fts5_token(term) for term in kept}) == len(set(kept))


@given(words)
def test_a_token_holds_only_what_the_tokenizer_keeps(word: str) -> None:
    for term in normal_terms([word]):
        assert re.fullmatch(r"[a-z0-9_\x80-\U0010ffff]+", fts5_token(term))


@pytest.mark.parametrize(
    ("given_terms", "kept"),
    [
        pytest.param(["a", "b"], ("a", "b"), id="plain"),
        pytest.param(["", " ", "\x00", "\n"], (), id="nothing"),
        pytest.param([" a \n b "], ("a b",), id="white space"),
        pytest.param(["x" * 999], ("x" * TERM_CHARS,), id="overlong word"),
        pytest.param(["-" + "x" * 999], ("-" + "x" * (TERM_CHARS - 1),), id="overlong term"),
    ],
)
def test_terms_are_made_normal(given_terms: list[str], kept: tuple[str, ...]) -> None:
    assert normal_terms(given_terms) == kept


def test_keys_of_any_text_have_a_digest_of_their_own() -> None:
    keys = ["", "a", "A", "a\x00", "\ud800", "x" * 10_000]
    assert len({digest(key) for key in keys}) == len(keys)
    assert {len(digest(key)) for key in keys} == {16}
