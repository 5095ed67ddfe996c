"""Past coverage in: the five articles, broken files, and topics that are there before or after."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import settings
from bot.errors import ImportFileError, SettingsError
from bot.importing import import_paths
from bot.model import UNSAVED, Address, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.store.topics import Topics
from bot.topics import lexicon
from bot.topics.suggest import suggest
from bot.workers.pipeline import Pipeline
from tests.pipeline.conftest import NOW
from tests.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from bot.store.port import Store

NAME = "DPRK-Russia arms"


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    given = {"BACKSTORY_DATA_DIR": str(tmp_path / "data"), "BACKSTORY_ENCODER": "off"}
    return settings.load(given, folder=tmp_path)


async def watch(store: Store, *, query: str | None = None) -> Topic:
    chat = await store.chat_at(Address(Platform.CONSOLE, "console"), title="console", now=NOW)
    query = query or suggest(NAME, lexicon.load()).query
    topic = await store.add_topic(Topic(UNSAVED, chat.id, NAME, query, NOW))
    await store.subscribe(Subscription(chat.id, topic.id, NOW))
    return topic


async def outlets_by_story(store: Store, topic: Topic) -> dict[tuple[str, ...], set[str]]:
    """Each story's outlets, with the outlets that its backstory links to."""
    assert topic.chat_id is not None
    views = await store.latest_stories(topic.chat_id, limit=20)
    return {
        tuple(sorted(view.story.outlets)): {link.source for link in await store.story_links(view.story.id)}
        for view in views
    }


FIVE = {
    ("ctn",): set(),
    ("pentagon",): {"ctn"},
    ("oreanda", "ticker"): {"pentagon", "ctn"},
}


def check(stories: dict[tuple[str, ...], set[str]]) -> None:
    last = stories.pop(("unn",))
    assert stories == FIVE
    assert last >= {"pentagon", "ctn"}
    assert last & {"oreanda", "ticker"}


async def test_a_topic_by_name_alone_finds_all_five_articles_and_links_them(configured: Settings) -> None:
    report = await import_paths(configured, [shared("data", "articles")])
    assert (report.entries_new, report.entries_known, report.relevant) == (5, 0, 0)
    store = await open_store(configured.database_url)
    topic = await watch(store)
    found = await Pipeline(store, lexicon.load()).backfill((topic,), now=NOW)
    assert (found.entries, found.stories) == (5, 4)
    check(await outlets_by_story(store, topic))
    await store.close()


async def test_a_link_that_leads_nowhere_is_reported_and_the_other_files_are_read(
    configured: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "past"
    folder.mkdir()
    (folder / "good_2024-06-19.txt").write_text("North Korea ships munitions to Russia\nContainers left Rajin.")
    for name in ("moved.jsonl", "moved.txt"):
        (folder / name).symlink_to(tmp_path / "gone")
    report = await import_paths(configured, [folder])
    assert (report.entries_new, report.files_read, report.files_failed) == (1, 1, 2)
    assert "moved.jsonl: cannot be read (No such file or directory)" in capsys.readouterr().err


async def test_an_import_serves_the_topics_that_are_watched_already(configured: Settings) -> None:
    store = await open_store(configured.database_url)
    topic = await watch(store)
    await store.close()
    report = await import_paths(configured, [shared("data", "articles")])
    assert (report.relevant, report.stories) == (5, 4)
    assert "5 of them, in 4 stories" in report.as_text()
    store = await open_store(configured.database_url)
    check(await outlets_by_story(store, topic))
    await store.close()


async def test_importing_twice_adds_nothing_twice(configured: Settings) -> None:
    await import_paths(configured, [shared("data", "articles")])
    again = await import_paths(configured, [shared("data", "articles")])
    assert (again.entries_new, again.entries_known) == (0, 5)


async def test_what_an_interrupted_import_stored_is_matched_by_the_next(
    configured: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def interrupted(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    store = await open_store(configured.database_url)
    await watch(store, query="treaty")
    await store.close()
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"id": "1", "title": "A treaty is signed", "date": "2024-06-17"}\n', "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Pipeline, "backfill", interrupted)
        with pytest.raises(asyncio.CancelledError):
            await import_paths(configured, [lines])
    assert "goes on from there" in capsys.readouterr().err
    again = await import_paths(configured, [lines])
    assert (again.entries_new, again.entries_known, again.relevant) == (0, 1, 1)
    third = await import_paths(configured, [lines])
    assert (third.entries_known, third.relevant) == (1, 0)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_of_two_imports_at_once_the_second_is_refused(
    kind: str, configured: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The end of one would hide what the other has stored and not matched yet."""
    if kind == "postgresql":
        configured = replace(configured, database_url=request.getfixturevalue("postgres").new_database())
    await (await open_store(configured.database_url)).close()
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"id": "1", "title": "A treaty is signed", "date": "2024-06-17"}\n', "utf-8")
    stored, may_end = asyncio.Event(), asyncio.Event()
    watched = Topics.watched_topics

    async def slowly(store: Topics) -> tuple[Topic, ...]:
        stored.set()
        await may_end.wait()
        return await watched(store)

    with monkeypatch.context() as patch:
        patch.setattr(Topics, "watched_topics", slowly)
        first = asyncio.create_task(import_paths(configured, [lines]))
        await stored.wait()
        with pytest.raises(SettingsError, match="Another import"):
            await import_paths(configured, [lines])
        may_end.set()
        assert (await first).entries_new == 1
    assert (await import_paths(configured, [lines])).entries_known == 1


async def test_bad_lines_and_files_are_reported_and_the_rest_goes_on(
    configured: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "lines.jsonl"
    one, undated = '{"id": "1", "title": "One", "date": "2024-06-17"}', '{"id": "3", "title": "Three"}'
    two = '{"id": "2", "title": "Two", "datetime": "2024-06-17"}'
    lines.write_text(f"{one}\n{{broken\n{two}\n{undated}\n", "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    report = await import_paths(configured, [lines, tmp_path / "empty.txt"])
    assert report == replace(report, files_read=1, files_failed=1, lines_failed=2, entries_new=2)
    errors = capsys.readouterr().err
    assert "lines.jsonl, line 2" in errors
    assert "lines.jsonl, line 4: no date" in errors
    assert "empty.txt" in errors


async def test_a_path_that_is_not_there_is_said_so(configured: Settings, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="nowhere"):
        await import_paths(configured, [tmp_path / "nowhere"])
