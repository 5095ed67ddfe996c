from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.identity import document_keys, entry_keys
from bot.model import ParsedEntry

DATE = datetime(2024, 6, 17, 12, 0, tzinfo=UTC)
ENTRY = ParsedEntry("id-1", "https://example.com/talks", "Talks on arms", "The body of it.", DATE, "en", "The Example")
KNOWN = (
    "g:7b4ce4a5b13229902b27d679",
    "u:3c965de566372e6f2c3c69d9",
    "t:14e7db185c7bafda812d2e55",
)


def is_seen(before: ParsedEntry, after: ParsedEntry, *, feed_ids: tuple[int, int] = (1, 1)) -> bool:
    known = set(entry_keys(before, feed_id=feed_ids[0]))
    return any(key in known for key in entry_keys(after, feed_id=feed_ids[1]))


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(ENTRY, id="unchanged"),
        pytest.param(replace(ENTRY, title="Talks on arms, updated"), id="edited-headline"),
        pytest.param(replace(ENTRY, guid="id-2"), id="new-id-on-each-fetch"),
        pytest.param(replace(ENTRY, guid="id-2", title="Edited"), id="new-id-and-headline"),
        pytest.param(replace(ENTRY, guid="id-2", url="https://example.com/talks-2"), id="new-id-and-address"),
        pytest.param(replace(ENTRY, guid="", url="http://www.example.com/talks/?utm_source=rss#top"), id="same-page"),
        pytest.param(replace(ENTRY, url="", title="", published_at=None), id="only-the-id"),
        pytest.param(replace(ENTRY, guid="", url="", title="TALKS  on arms"), id="only-title-and-date"),
        pytest.param(
            replace(ENTRY, body="Longer now.", published_at=DATE + timedelta(hours=1)), id="new-body-and-date"
        ),
    ],
)
def test_the_same_entry_is_known_again(again: ParsedEntry) -> None:
    assert is_seen(ENTRY, again)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ParsedEntry("id-2", "https://example.com/2", "Other", "Body", DATE), id="nothing-shared"),
        pytest.param(
            ParsedEntry("id-2", "https://example.com/2", ENTRY.title, "Body", DATE + timedelta(days=1)),
            id="recurring-title",
        ),
        pytest.param(ParsedEntry("", "https://example.com/talks?id=2", "Other", ""), id="other-query"),
    ],
)
def test_another_entry_is_not(other: ParsedEntry) -> None:
    assert not is_seen(ENTRY, other)


def test_a_front_page_names_nothing() -> None:
    first = ParsedEntry("1", "https://example.com/", "First", "a")
    second = ParsedEntry("2", "https://example.com/", "Second", "b")
    assert not is_seen(first, second)


def test_undated_entries_go_by_headline_and_opening() -> None:
    first = ParsedEntry("", "", "Bulletin", "Rain.")
    assert is_seen(first, replace(first))
    assert not is_seen(first, replace(first, body="Sun."))


def test_no_feed_can_speak_for_another() -> None:
    assert not is_seen(ENTRY, ENTRY, feed_ids=(1, 2))


def test_names_never_change() -> None:
    # Stored for years: a change here would post every stored entry again.
    assert entry_keys(ENTRY, feed_id=7) == KNOWN


@pytest.mark.parametrize("date", [DATE, None])
@pytest.mark.parametrize("has_ids", [True, False])
def test_one_page_for_all_entries_names_none_of_them(*, has_ids: bool, date: datetime | None) -> None:
    page = "https://example.com/changes"
    ids = [str(number) if has_ids else "" for number in range(3)]
    entries = [ParsedEntry(guid, page, f"Release {number}", "x", date) for number, guid in enumerate(ids)]
    keys = document_keys(entries, feed_id=1)
    assert len({key for row in keys for key in row}) == sum(len(row) for row in keys)


@pytest.mark.parametrize("entry", [ENTRY, replace(ENTRY, guid=""), replace(ENTRY, guid="", published_at=None)])
def test_an_entry_that_stands_twice_in_a_document_is_one(entry: ParsedEntry) -> None:
    first, second = document_keys([entry, entry], feed_id=1)
    assert first == second == entry_keys(entry, feed_id=1)


def test_entries_that_share_every_name_still_have_one() -> None:
    bare = [replace(ENTRY, guid=""), replace(ENTRY, guid="x", url="")]
    assert all(document_keys(bare, feed_id=1))


_ENTRIES = st.builds(
    ParsedEntry,
    guid=st.text(max_size=20),
    url=st.one_of(
        st.text(max_size=30), st.from_regex(r"https?://[a-z]{1,9}\.com/[a-z]{0,5}(\?[a-z=&]{0,8})?", fullmatch=True)
    ),
    title=st.text(max_size=20),
    body=st.text(max_size=20),
    published_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
)


@settings(deadline=None)  # the machine may be busy
@given(_ENTRIES)
def test_every_entry_has_short_stable_names(entry: ParsedEntry) -> None:
    keys = entry_keys(entry, feed_id=1)
    assert keys
    assert keys == entry_keys(replace(entry), feed_id=1)
    assert all(key.isascii() and len(key) <= 30 for key in keys)
    assert not set(keys) & set(entry_keys(entry, feed_id=2))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(_ENTRIES, max_size=6))
def test_a_documents_entries_keep_names_of_their_own(entries: list[ParsedEntry]) -> None:
    rows = document_keys(entries, feed_id=1)
    assert len(rows) == len(entries)
    for entry, row in zip(entries, rows, strict=True):
        assert row
        assert set(row) <= set(entry_keys(entry, feed_id=1))
