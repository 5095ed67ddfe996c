"""A database of the first release, with data in every table, is brought up to date and goes on as it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import SettingsError
from bot.model import Address, DeliveryState, IngestPlan, MessageRef, NoticeKind, Platform
from bot.preferences import MuteKind
from bot.store import migrate, migrations, schema
from bot.store.backup import backup, restore
from bot.store.database import Database, parse_url
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store import later, released
from tests.store.stock import Stock, new_entry

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.store.postgres import PostgresServer

NOW = datetime(2024, 6, 19, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without anything."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/b.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def url(empty: str) -> str:
    """A database as the first release left it."""
    database = Database(parse_url(empty))
    async with database.write() as conn:
        await conn.run_sync(released.make)
    await database.close()
    return empty


async def test_everything_of_the_first_release_is_there_after_the_upgrade(url: str) -> None:
    store = await open_store(url)
    stock = Stock(store)
    chat = await store.chat(1)
    assert chat is not None
    assert (chat.address, chat.title, chat.active) == (Address(Platform.TELEGRAM, "7"), "Ada", True)
    assert [topic.query for topic in await store.topics_of(1)] == ["@dprk & @arms"]
    assert [row.topic_id for row in await store.subscriptions_of(1)] == [1]
    (feed,) = await store.polled_feeds()
    assert (feed.url, feed.etag, feed.baselined) == ("https://harbour.example/rss", 'W/"7"', True)
    assert [entry.title for entry in await store.archive(after_id=0, limit=9)] == ["Kim says 1", "Kim says 2"]
    assert [view.story.headline for view in await store.latest_stories(1)] == ["Kim says 2", "Kim says 1"]
    (link,) = await store.story_links(2)
    assert (link.entry_id, link.why) == (1, "Kim said 1.")
    ref = MessageRef(Address(Platform.TELEGRAM, "7"), "55")
    sent = await store.delivery_of(1, ref)
    assert sent is not None
    assert (sent.id, sent.state) == (1, DeliveryState.SENT)
    assert (await store.status()).counters == {"entries": 2}
    assert await store.faults() == ()
    async with store.ingest() as unit:
        (older, newer) = await unit.candidates(["kim"], before=NOW, limit=9)
        assert {older.entry.id, newer.entry.id} == {1, 2}
        assert dict(older.fingerprint.concepts) == {"dprk": 1}

    # It goes on: what was waiting is sent, and new rows are numbered after the old ones.
    (waiting,) = await store.claim_deliveries(now=NOW, lease_s=60, limit=9, platforms=(Platform.TELEGRAM,))
    assert (waiting.delivery.id, waiting.alert.headline) == (2, "Kim and Putin sign a treaty")
    assert await store.finish_delivery(waiting.delivery, Outcome(DeliveryState.SENT, ref=ref, at=NOW))
    await stock.apply(IngestPlan(entries=(new_entry(3, "kim", feed_id=1),)))
    assert (await stock.chat("9")).id > 2
    assert (await store.statistics(["kim"])).frequency == {"kim": 3}
    assert await store.faults() == ()
    await store.close()


async def test_what_every_release_stored_is_there_today(empty: str) -> None:
    database = Database(parse_url(empty))
    async with database.write() as conn:
        await conn.run_sync(later.make)
    await database.close()
    store = await open_store(empty)
    assert await store.faults() == ()
    database = Database(parse_url(empty))
    async with database.read() as conn:
        assert await conn.run_sync(later.missing) == []
    await database.close()

    settings = await store.settings_of(1)
    assert (settings.zone, settings.lang, settings.digest.at, settings.cap) == ("Asia/Seoul", "ko", time(7, 30), 5)
    assert not settings.dark, "pictures stay as they were"
    mutes = [(mute.kind, mute.target_id) for mute in await store.mutes_of(1, now=NOW)]
    assert mutes == [(MuteKind.TOPIC, 1), (MuteKind.STORY, 2)]
    shared, search = await store.shared_topic("shared"), await store.kept_search(1, 1)
    assert (shared is not None and shared.query, search is not None and search.words) == ("@arms", "kim lang:en")
    assert [proposal.name for proposal in await store.proposals_of(1)] == ["Oil"]
    assert [concept.aliases for concept in await store.concepts_of(1)] == [("shell*", "포탄")]
    assert {row.topic_id: row.place for row in await store.subscriptions_of(1)}[3] is not None
    assert [notice.kind for notice in await store.notices_of(1)] == [NoticeKind.FEED_FAILING]
    installed, hub = await store.installation_of("T9"), await store.hub_of(1)
    assert (installed is not None and installed.scopes, hub is not None and hub.secret) == (("chat:write",), "s")
    assert [trouble.words for trouble in await store.troubles()] == ["token_revoked"]
    assert [chat.id for chat in await store.lost_chats(limit=9)] == [3]
    assert [place.chat for place, _ in await store.waiting_chats(Platform.TELEGRAM, now=NOW)] == ["11"]
    assert await store.feed_documents([1]) == {1: b"what was remembered"}
    feeds = [await store.feed(number) for number in (3, 4, 5, 6)]
    told = [(feed.moved_times, feed.failing_since, feed.skips, feed.added_at) for feed in feeds if feed is not None]
    at = NOW - timedelta(minutes=30)
    assert told == [(2, None, 0, None), (0, at, 0, None), (0, None, 0b1010, None), (0, None, 0, at)]
    await store.close()


async def test_addresses_that_earlier_releases_copied_lose_their_passwords(url: str) -> None:
    login = "https://reader:open-sesame@wire.example/rss?token=k3y"
    moved = {"feed_id": 7, "title": login, "url": login, "to": login}
    database = Database(parse_url(url))
    async with database.write() as conn:
        await conn.run_sync(migrate.upgrade, "0013")
        put = text("UPDATE feeds SET url = :url, title = :url WHERE id = 1")
        await conn.execute(put, {"url": login})
        for change in (
            "UPDATE entries SET source = :url WHERE id = 1",
            "UPDATE stories SET source = :url, outlets = '[\"Other\",\"' || :url || '\"]' WHERE id = 1",
        ):
            await conn.execute(text(change), {"url": login})
        notice = text(
            "INSERT INTO notices (chat_id, kind, subject, facts, created_at, not_before, state, attempts, token, begun,"
            " maybe_sent) VALUES (1, :kind, :subject, :facts, 0, 0, 'sent', 1, 0, true, false)"
        )
        for kind, subject in (("feed-moved", f"7 {login}"), ("feed-moved", f"7 {login}&x=1"), ("feed-failing", "7")):
            await conn.execute(notice, {"kind": kind, "subject": subject, "facts": json.dumps(moved)})
    await database.close()
    store = await open_store(url)
    notices = await store.notices_of(1)
    await store.close()
    database = Database(parse_url(url))
    async with database.read() as conn:  # the store would hide such a title by itself
        feed = (await conn.execute(text("SELECT url, title FROM feeds WHERE id = 1"))).one()
        entry = (await conn.execute(text("SELECT source FROM entries WHERE id = 1"))).one()
        story = (await conn.execute(text("SELECT source, outlets FROM stories WHERE id = 1"))).one()
    await database.close()
    assert [(notice.kind.value, notice.subject) for notice in notices] == [
        ("feed-moved", "7 https://wire.example/rss"),
        ("feed-failing", "7"),
    ]
    bare = "https://wire.example/rss"
    assert {tuple(notice.facts.items()) for notice in notices} == {
        (("feed_id", 7), ("title", "wire.example"), ("url", bare), ("to", bare))
    }
    assert tuple(feed) == (login, "wire.example")
    assert (*entry, *story) == ("wire.example", "wire.example", '["Other","wire.example"]')


def test_no_table_or_column_is_without_what_a_release_stored_in_it() -> None:
    stored = {(name, column) for name, row in later.stored() for column, value in row.items() if value is not None}
    columns = {(table.name, column.name) for table in schema.metadata.tables.values() for column in table.columns}
    assert {name for name, _ in columns - stored} <= {"sequences", "entry_search"}
    assert tuple(later.ROWS) == migrations.REVISIONS


async def test_what_the_first_release_left_can_be_trimmed(url: str) -> None:
    store = await open_store(url)
    done = await store.trim_entries(before=NOW + timedelta(days=1000), after=None, limit=9)
    assert (done.deleted, done.then) == (0, None)  # the newest of the feed stay
    await store.close()


async def test_each_revision_can_be_reached_and_left_behind(url: str) -> None:
    database = Database(parse_url(url))
    for revision in migrations.REVISIONS[1:]:
        async with database.write() as conn:
            await conn.run_sync(migrate.upgrade, revision)
        async with database.read() as conn:
            assert (await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar() == revision
            assert (await conn.execute(text("SELECT count(*) FROM deliveries"))).scalar() == 2
    await database.close()
    store = await open_store(url)
    assert await store.faults() == ()
    await store.close()


@pytest.mark.parametrize("revision", released.SOME)
async def test_a_database_of_an_earlier_release_is_brought_up_to_date(url: str, revision: str) -> None:
    database = Database(parse_url(url))
    async with database.write() as conn:
        await conn.run_sync(migrate.upgrade, revision)
    await database.close()
    store = await open_store(url)
    assert await store.faults() == ()
    assert (await store.status()).entries == 2
    (waiting,) = await store.claim_deliveries(now=NOW, lease_s=60, limit=9, platforms=(Platform.TELEGRAM,))
    ref = MessageRef(waiting.chat.address, "56")
    assert await store.finish_delivery(waiting.delivery, Outcome(DeliveryState.SENT, ref=ref, at=NOW))
    await Stock(store).apply(IngestPlan(entries=(new_entry(3, "kim", feed_id=1),)))
    assert await store.faults() == ()
    await store.close()


@pytest.mark.parametrize("revision", released.SOME)
async def test_a_backup_of_an_earlier_release_can_be_restored(tmp_path: Path, revision: str) -> None:
    old, copy, new = (f"sqlite:///{tmp_path}/old.db", tmp_path / "copy", f"sqlite:///{tmp_path}/new.db")
    database = Database(parse_url(old))
    async with database.write() as conn:
        await conn.run_sync(released.make)
        await conn.run_sync(migrate.upgrade, revision)
    await database.close()
    backup(old, copy)
    restore(new, copy)
    store = await open_store(new)
    assert await store.faults() == ()
    assert [entry.title for entry in await store.archive(after_id=0, limit=9)] == ["Kim says 1", "Kim says 2"]
    await store.close()


async def test_an_upgrade_that_fails_changes_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = migrate.upgrade

    def breaks(conn: Connection, revision: str = "head") -> None:
        whole(conn, revision)
        conn.execute(text("INSERT INTO nowhere VALUES (1)"))

    monkeypatch.setattr(migrate, "upgrade", breaks)
    with pytest.raises(SettingsError):
        await open_store(url)
    monkeypatch.undo()
    database = Database(parse_url(url))
    async with database.read() as conn:
        assert (await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar() == released.FIRST
    await database.close()
    store = await open_store(url)
    assert await store.faults() == ()
    await store.close()
