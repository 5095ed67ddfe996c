from __future__ import annotations

from bot.model import IngestPlan
from tests.handlers.house import AWAY, FEED_URL, House, pressable, texts


async def test_start_leads_from_nothing_to_a_first_topic(house: House) -> None:
    said = await house.say("/start")
    assert "what do you want to follow?" in texts(said)
    assert "Proposal: " in texts(await house.press(pressable(said)[0].data))


async def test_start_tells_what_is_watched(house: House) -> None:
    await house.say(f"/feeds add {FEED_URL}")
    for number in range(7):
        await house.say(f"/topics save t{number} = @arms")
    said = texts(await house.say("/start"))
    assert "Watching now: “t0”, “t1”, “t2”, “t3”, “t4” and 2 more, in 1 feed." in said


async def test_an_unknown_deep_link_is_a_plain_start(house: House) -> None:
    assert await house.say("/start whatever") == await house.say("/start")


async def test_sample_mode_is_said(house: House) -> None:
    for command in ("/start", "/status"):
        assert "ample coverage" not in texts(await house.say(command))
    house.desk.sample_mode = True
    for command in ("/start", "/status"):
        assert "Sample coverage" in texts(await house.say(command))


async def test_status_counts_in_words(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say(f"/feeds add {FEED_URL}")
    await house.tell_story(await house.topic("Arms"))
    said = texts(await house.say("/status"))
    assert "All is well" in said
    assert "2 feeds, all well" in said
    assert "1 topic watched" in said
    assert "Alerts: 1 sent" in said
    assert "Newest entry: 1 h ago" in said


async def test_status_says_how_much_of_the_texts_was_left_out(house: House) -> None:
    async with house.desk.store.ingest() as unit:
        await unit.apply(IngestPlan(counters={"dropped.caption": 1200, "dropped.footer": 34, "entries": 9}))
    assert "Left out of texts as no part of the article: 1,234 characters" in texts(await house.say("/status"))


async def test_status_of_an_empty_chat(house: House) -> None:
    said = texts(await house.say("/status", AWAY))
    assert "/feeds add URL" in said
    assert "Alerts: none yet" in said
    assert "Newest entry: none yet" in said
