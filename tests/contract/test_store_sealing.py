"""The store's contract: feeds' passwords and hubs' secrets do not stand in clear where there is a key."""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest
from sqlalchemy import create_engine, text

from bot.errors import SettingsError
from bot.model import UNSAVED, Feed, HubSubscription
from bot.store.database import parse_url
from bot.store.port import Secrets
from bot.store.sql import open_store
from tests.store.stock import START, at, poll

KEY, NEWER, OTHER = "k" * 32, "n" * 32, "o" * 32
PLAIN = "https://news.example/feed?format=rss"
LOGIN = "https://reader:open-sesame@news.example/feed"
SECRETS = ("open-sesame", "k3y-of-the-feed", "shared-with-the-hub")
MOVED = "https://news.example/?auth=k3y-of-the-feed"
TABLES = ("feeds", "hub_subscriptions")


def kept(url: str) -> str:
    """All that the tables hold, as a copy of the database would show it."""
    engine = create_engine(
        parse_url(url).set(drivername="sqlite" if url.startswith("sqlite") else "postgresql+psycopg")
    )
    try:
        with engine.connect() as conn:
            return "\n".join(str(row) for name in TABLES for row in conn.execute(text(f"SELECT * FROM {name}")))  # noqa: S608 - the names stand above
    finally:
        engine.dispose()


def feed(url: str) -> Feed:
    return Feed(UNSAVED, url, "Outlet", START, shared=True)


def hub(feed_id: int, topic: str) -> HubSubscription:
    return HubSubscription(feed_id, "https://hub.example/", topic, "token", "shared-with-the-hub", START)


async def fill(url: str, *keys: str) -> tuple[int, int]:
    """A feed with a login, which has moved once, and one without; their ids."""
    store = await open_store(url, secret_keys=keys)
    try:
        login, plain = await store.add_feed(feed(LOGIN)), await store.add_feed(feed(PLAIN))
        await store.record_poll(poll(login.id, minutes=5, moved_to=MOVED))
        await store.announce_hub(hub(login.id, MOVED))
    finally:
        await store.close()
    return login.id, plain.id


@pytest.fixture
async def filled(url: str) -> tuple[int, int]:
    return await fill(url, KEY)


async def test_without_a_key_it_stands_as_it_is(url: str) -> None:
    await fill(url)
    assert [secret for secret in SECRETS if secret not in kept(url)] == []


@pytest.mark.usefixtures("filled")
async def test_with_a_key_nothing_secret_is_kept_in_clear(url: str) -> None:
    held = kept(url)
    assert [secret for secret in SECRETS if secret in held] == []
    assert PLAIN in held


@pytest.mark.parametrize(
    "keys", [pytest.param((KEY,), id="the key"), pytest.param((NEWER, KEY), id="behind a newer one")]
)
async def test_what_is_sealed_is_read_with_its_key(url: str, filled: tuple[int, int], keys: tuple[str, ...]) -> None:
    store = await open_store(url, secret_keys=keys)
    try:
        at, by_id = await store.feed_at(LOGIN), await store.feed(filled[0])
        assert at is not None
        assert at == by_id
        assert (at.url, at.moved_to) == (LOGIN, MOVED)
        assert LOGIN in {one.url for one in await store.polled_feeds()}
        agreed = await store.hub_of(filled[0])
        assert agreed == hub(filled[0], MOVED)
        assert (await store.add_feed(feed(LOGIN))).id == filled[0]
    finally:
        await store.close()


async def test_a_hub_that_is_announced_again_keeps_what_was_agreed(url: str, filled: tuple[int, int]) -> None:
    store = await open_store(url, secret_keys=[KEY])
    try:
        await store.confirm_hub("token", until=START, ask_at=START)
        await store.announce_hub(hub(filled[0], MOVED))
        agreed = await store.hub_of(filled[0])
        assert agreed is not None
        assert agreed.lease_until == START
        await store.announce_hub(hub(filled[0], PLAIN))
        assert await store.hub_of(filled[0]) == hub(filled[0], PLAIN)
    finally:
        await store.close()


@pytest.mark.parametrize("earlier", [pytest.param((), id="clear"), pytest.param((KEY,), id="an earlier key")])
async def test_what_stood_there_is_sealed_with_the_first_key(url: str, earlier: tuple[str, ...]) -> None:
    login, plain = await fill(url, *earlier)
    for sealed in (4, 0):  # address, where it has moved to, the hub's topic and its secret
        store = await open_store(url, secret_keys=[NEWER, *earlier])
        waiting = {"stale" if earlier else "clear": sealed}
        assert await store.secrets() == Secrets(**{"clear": 0, "stale": 0, "shut": 0, **waiting})
        assert await store.seal_up() == sealed
        assert await store.secrets() == Secrets(clear=0, stale=0, shut=0)
        await store.close()
    store = await open_store(url, secret_keys=[NEWER])
    found = [await store.feed(number) for number in (login, plain)]
    assert [one and one.url for one in found] == [LOGIN, PLAIN]
    await store.close()
    held = kept(url).encode() + in_file(url)
    assert [secret for secret in SECRETS if secret.encode() in held] == []


def in_file(url: str) -> bytes:
    """All that stands on SQLite's pages, those that were freed and the log among them."""
    if not url.startswith("sqlite"):
        return b""
    return b"".join(path.read_bytes() for path in Path(url.removeprefix("sqlite:///")).parent.iterdir())


async def test_pages_that_were_freed_hold_nothing_of_it_either(url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps dead rows until it overwrites them: see SECURITY.md")
    many = [f"{LOGIN}/{number}?token=k3y-of-the-feed" for number in range(400)]
    store = await open_store(url)
    for one in many:
        await store.add_feed(feed(one))
    await store.close()
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.execute(text("PRAGMA secure_delete = OFF"))
        conn.execute(text("DELETE FROM feeds WHERE id > 20"))
    engine.dispose()
    assert many[-1].encode() in in_file(url)
    store = await open_store(url, secret_keys=[KEY])
    assert await store.seal_up() == 20
    await store.close()
    assert [secret for secret in SECRETS if secret.encode() in in_file(url)] == []


async def test_without_a_key_there_is_nothing_to_seal_with(url: str) -> None:
    await fill(url)
    store = await open_store(url)
    assert await store.seal_up() == 0
    assert await store.secrets() == Secrets(clear=4, stale=0, shut=0)
    await store.close()
    assert [secret for secret in SECRETS if secret not in kept(url)] == []


@pytest.mark.parametrize("keys", [pytest.param((), id="no key"), pytest.param((OTHER,), id="another key")])
async def test_nothing_that_is_sealed_gets_lost_without_its_key(
    url: str, filled: tuple[int, int], keys: tuple[str, ...]
) -> None:
    store = await open_store(url, secret_keys=keys)
    lost, well = [await store.feed(number) for number in filled]
    assert lost is not None
    assert well is not None
    assert (lost.is_lost, well.is_lost, well.url) == (True, False, PLAIN)
    assert await store.seal_up() == 0
    assert await store.secrets() == Secrets(clear=0, stale=0, shut=4)
    # Polls of it are written down, and no hub is told a secret that is none.
    await store.record_poll(poll(lost.id, minutes=9, moved_to=lost.moved_to))
    assert await store.claim_hubs(now=at(60 * 24), limit=9, first_s=60, most_s=600) == ()
    assert await store.hub_by_token("token") is None
    await store.close()
    store = await open_store(url, secret_keys=[KEY])
    again = await store.feed(lost.id)
    assert again is not None
    assert (again.url, again.moved_to) == (LOGIN, MOVED)
    assert await store.hub_of(lost.id) == replace(hub(lost.id, MOVED), ask_at=ANY, tries=ANY)
    await store.close()


async def test_a_feed_that_is_added_again_comes_back_where_its_key_was_lost(url: str, filled: tuple[int, int]) -> None:
    store = await open_store(url, secret_keys=[OTHER])
    await store.record_poll(poll(filled[0], minutes=9, next_poll_at=at(900), failures=3, error="cannot be read"))
    again = await store.add_feed(replace(feed(LOGIN), next_poll_at=at(10)))
    assert (again.id, again.url, again.failures, again.next_poll_at) == (filled[0], LOGIN, 0, at(10))
    assert again.moved_to is None
    # What was agreed with its hub is agreed anew, since nobody can check what that sends.
    assert await store.hub_of(filled[0]) is None
    assert await store.secrets() == Secrets(clear=0, stale=0, shut=0)
    await store.close()
    assert "open-sesame" not in kept(url)


async def test_a_process_without_any_key_leaves_a_sealed_feed_as_it_is(url: str, filled: tuple[int, int]) -> None:
    store = await open_store(url)
    again = await store.add_feed(feed(LOGIN))
    assert (again.id, again.is_lost) == (filled[0], True)
    await store.close()
    assert "open-sesame" not in kept(url)


async def test_a_database_that_cannot_be_written_is_said_in_words_without_the_secret(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/backstory.db"
    await fill(url)
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.execute(text("CREATE TRIGGER stop BEFORE UPDATE ON feeds BEGIN SELECT RAISE(ABORT, 'disk is full'); END"))
    engine.dispose()
    store = await open_store(url, secret_keys=[KEY])
    with pytest.raises(SettingsError) as raised:
        await store.seal_up()
    await store.close()
    assert "disk is full" in str(raised.value)
    assert "open-sesame" not in "".join(traceback.format_exception(raised.value))
