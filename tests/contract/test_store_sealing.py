"""The store's contract: feeds' passwords and hubs' secrets do not stand in clear where there is a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.model import UNSAVED, Feed, HubSubscription
from bot.seal import is_sealed
from bot.store.database import parse_url
from bot.store.sql import open_store
from tests.store.stock import START, poll

KEY, NEWER, OTHER = "k" * 32, "n" * 32, "o" * 32
PLAIN = "https://news.example/feed?format=rss"
LOGIN = "https://reader:open-sesame@news.example/feed"
SECRETS = ("open-sesame", "k3y-of-the-feed", "shared-with-the-hub")
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
        await store.record_poll(poll(login.id, minutes=5, moved_to="https://news.example/?auth=k3y-of-the-feed"))
        await store.announce_hub(hub(login.id, "https://news.example/?auth=k3y-of-the-feed"))
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
        assert (at.url, at.moved_to) == (LOGIN, "https://news.example/?auth=k3y-of-the-feed")
        assert LOGIN in {one.url for one in await store.polled_feeds()}
        agreed = await store.hub_of(filled[0])
        assert agreed == hub(filled[0], "https://news.example/?auth=k3y-of-the-feed")
        assert (await store.add_feed(feed(LOGIN))).id == filled[0]
    finally:
        await store.close()


async def test_a_hub_that_is_announced_again_keeps_what_was_agreed(url: str, filled: tuple[int, int]) -> None:
    store = await open_store(url, secret_keys=[KEY])
    try:
        await store.confirm_hub("token", until=START, ask_at=START)
        await store.announce_hub(hub(filled[0], "https://news.example/?auth=k3y-of-the-feed"))
        agreed = await store.hub_of(filled[0])
        assert agreed is not None
        assert agreed.lease_until == START
        await store.announce_hub(hub(filled[0], PLAIN))
        assert await store.hub_of(filled[0]) == hub(filled[0], PLAIN)
    finally:
        await store.close()


async def test_what_stood_in_clear_is_sealed_when_there_is_a_key(url: str) -> None:
    login, _ = await fill(url)
    for _ in range(2):
        store = await open_store(url, secret_keys=[KEY])
        found = await store.feed(login)
        await store.close()
        assert found is not None
        assert found.url == LOGIN
    held = kept(url).encode()
    if url.startswith("sqlite"):  # not in what was freed, either
        held += b"".join(path.read_bytes() for path in Path(url.removeprefix("sqlite:///")).parent.iterdir())
    assert [secret for secret in SECRETS if secret.encode() in held] == []


@pytest.mark.parametrize("keys", [pytest.param((), id="no key"), pytest.param((OTHER,), id="another key")])
async def test_a_lost_key_costs_the_address_and_adding_the_feed_again_heals_it(
    url: str, filled: tuple[int, int], keys: tuple[str, ...]
) -> None:
    store = await open_store(url, secret_keys=keys)
    try:
        lost, well = await store.feed(filled[0]), await store.feed(filled[1])
        assert lost is not None
        assert well is not None
        assert is_sealed(lost.url)
        assert well.url == PLAIN
        # Polls of it are written down, and nothing of what is sealed is lost by that.
        await store.record_poll(poll(filled[0], minutes=9))
        again = await store.add_feed(feed(LOGIN))
        assert (again.id, again.url) == (filled[0], LOGIN)
    finally:
        await store.close()
