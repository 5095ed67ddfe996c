"""/digest, /quiet, /settings: forgiving input, the chat's own time, buttons that outlive a restart, each chat's own."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.model import DeliveryState, Hold
from bot.preferences import ChatSettings, Every, QuietHours, Rhythm
from bot.store.port import Outcome
from handlers import buttons, zones
from handlers.dispatch import Dispatcher
from tests.handlers.house import AWAY, House, button, pressable, texts
from tests.handlers.told import NOW, tell_story


async def chosen(house: House) -> ChatSettings:
    return await house.desk.store.settings_of((await house.chat()).id)


async def hold(house: House, reason: Hold = Hold.DIGEST, *, hours: float = 5) -> int:
    """An alert of the home chat, held; its number."""
    if not await house.desk.store.topics_of((await house.chat()).id):
        await house.say("/topics save Arms = @arms")
    outcome = Outcome(DeliveryState.HELD, held_for=reason, not_before=NOW + timedelta(hours=hours))
    await tell_story(house.desk.store, await house.chat(), await house.topic("Arms"), outcome=outcome)
    (held, *_) = await house.desk.store.deliveries((await house.chat()).id, states=[DeliveryState.HELD], limit=1)
    return held.id


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        pytest.param("/digest hourly", Rhythm(Every.HOURLY), id="hourly"),
        pytest.param("/digest daily 08:00", Rhythm(Every.DAILY, time(8)), id="daily"),
        pytest.param("/digest 8am", Rhythm(Every.DAILY, time(8)), id="an hour alone"),
        pytest.param("/digest at 18.30", Rhythm(Every.DAILY, time(18, 30)), id="at, with a dot"),
        pytest.param("/digest weekly Mon 08:00", Rhythm(Every.WEEKLY, time(8), 0), id="weekly"),
        pytest.param("/digest friday 17", Rhythm(Every.WEEKLY, time(17), 4), id="a day alone"),
        pytest.param("/digest пн 9:00", Rhythm(Every.WEEKLY, time(9), 0), id="in Russian"),
        pytest.param("/digest 월요일 9시", Rhythm(Every.WEEKLY, time(9), 0), id="in Korean"),
        pytest.param("/digest every Thurs. 9:00", Rhythm(Every.WEEKLY, time(9), 3), id="a day cut short"),
        pytest.param("/digest on Tuesdays", Rhythm(Every.WEEKLY, time(8), 1), id="days"),
        pytest.param("/digest по средам в 9 ч", Rhythm(Every.WEEKLY, time(9), 2), id="days in Russian"),
        pytest.param("/digest п’ятницю о 9", Rhythm(Every.WEEKLY, time(9), 4), id="in Ukrainian"),
        pytest.param("/digest at 20h", Rhythm(Every.DAILY, time(20)), id="at an hour"),
        pytest.param("/digest daily 20h", Rhythm(Every.DAILY, time(20)), id="daily at an hour"),
        pytest.param("/settings digest daily 7", Rhythm(Every.DAILY, time(7)), id="as a setting"),
    ],
)
async def test_a_digest_is_set_by_what_people_type(house: House, text: str, rhythm: Rhythm) -> None:
    said = texts(await house.say(text))
    assert (await chosen(house)).digest == rhythm
    assert "The next one comes" in said


async def test_the_next_digest_is_told_in_the_chats_own_time(house: House) -> None:
    await house.say("/settings zone Seoul")
    said = texts(await house.say("/digest daily 08:00"))  # it is 21:00 there
    assert "Digests: daily at 08:00" in said
    assert "The next one comes Fri 21 Jun, 08:00 (in 11 h)" in said
    assert "Times are those of Asia/Seoul" in said
    await house.say("/quiet 22-9")
    assert "Fri 21 Jun, 09:00, when the quiet hours end" in texts(await house.say("/digest"))
    assert "Digests: off" in texts(await house.say("/digest off"))


async def test_a_storys_times_are_told_in_the_chats_own_time(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    told = await house.tell_story(await house.topic("Arms"))
    card = f"/story {told.story.id}"
    assert " UTC" in texts(await house.say(card))
    await house.say("/settings zone Seoul")
    here = texts(await house.say(card))
    assert " KST" in here
    assert " UTC" not in here


@pytest.mark.parametrize(
    "text",
    [
        *("/digest sometimes", "/digest daily 25:00", "/quiet soon", "/quiet 7-7", "/settings x"),
        *("/digest monthly", "/digest sunset", "/digest friends", "/digest thunder 9:00", "/digest weekly money"),
        *("/digest 2h", "/digest every 2h", "/digest 2 h", "/digest 2 ч", "/digest средне", "/digest 일곱"),
    ],
)
async def test_what_cannot_be_read_brings_the_usage(house: House, text: str) -> None:
    answer = await house.say(text)
    assert f"/{text[1:].split(maxsplit=1)[0]} " in texts(answer)
    assert "For example" in texts(answer)
    assert await chosen(house) == ChatSettings()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        pytest.param("/quiet 22:00-07:00", QuietHours(time(22), time(7)), id="as in the usage"),
        pytest.param("/quiet 22-7", QuietHours(time(22), time(7)), id="hours"),
        pytest.param("/quiet 10pm to 6:30am", QuietHours(time(22), time(6, 30)), id="am and pm"),
        pytest.param("/quiet from 23 – 8", QuietHours(time(23), time(8)), id="a dash"),
        pytest.param("/dnd 0000-0800", QuietHours(time(0), time(8)), id="another bot's word"),
    ],
)
async def test_quiet_hours_are_set_by_what_people_type(house: House, text: str, hours: QuietHours) -> None:
    said = texts(await house.say(text))
    assert (await chosen(house)).quiet == hours
    assert f"Quiet hours: {hours.start:%H:%M}–{hours.end:%H:%M}" in said
    assert "Quiet hours: none" in texts(await house.say("/quiet off"))
    assert (await chosen(house)).quiet is None


async def test_it_says_so_when_it_is_quiet_now(house: House) -> None:
    assert "It is quiet now, until Thu 20 Jun, 13:00 (in 1 h)" in texts(await house.say("/quiet 11:00-13:00"))


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("/settings zone Berlin", "Europe/Berlin", id="a city"),
        pytest.param("/settings zone берлин", "Europe/Berlin", id="in Russian"),
        pytest.param("/settings zone 서울", "Asia/Seoul", id="in Korean"),
        pytest.param("/settings timezone Europe/Kyiv", "Europe/Kyiv", id="by its name"),
        pytest.param("/zone South Korea", "Asia/Seoul", id="a country with one"),
        pytest.param("/settings zone UTC+5:30", "Asia/Kolkata", id="half an hour"),
        pytest.param("/settings zone gmt +0545", "Asia/Kathmandu", id="three quarters"),
        pytest.param("/settings zone −9:30", "Pacific/Marquesas", id="to the west"),
    ],
)
async def test_a_zone_is_found_by_what_people_call_it(house: House, text: str, zone: str) -> None:
    assert f"Time zone: {zone}, now " in texts(await house.say(text))
    assert (await chosen(house)).zone == zone


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        pytest.param("= utc+3", "Etc/GMT-3", "UTC+3, now 15:00", id="east"),
        pytest.param("-10", "Etc/GMT+10", "UTC-10, now 02:00", id="west, in short"),
        pytest.param("GMT+00:00", "UTC", "UTC, now 12:00", id="none"),
    ],
)
async def test_an_offset_is_said_as_people_count_it(house: House, text: str, zone: str, said: str) -> None:
    assert f"Time zone: {said}" in texts(await house.say(f"/settings zone {text}"))
    assert (await chosen(house)).zone == zone


def minutes_of(zone: str) -> set[int]:
    """How many minutes a zone is ahead of UTC, in winter and in summer."""
    days = (datetime(2026, month, 1, tzinfo=zoneinfo.ZoneInfo(zone)) for month in (1, 7))
    return {(day.utcoffset() or timedelta()) // timedelta(minutes=1) for day in days}


def test_every_offset_that_is_kept_today_is_known() -> None:
    for minutes in set().union(*map(minutes_of, zoneinfo.available_timezones())):
        found = zones.find(f"utc{'-' if minutes < 0 else '+'}{abs(minutes) // 60}:{abs(minutes) % 60:02}")
        kept = set().union(*map(minutes_of, found.zones))
        assert minutes in kept
        assert not found.sure or kept == {minutes}


@pytest.mark.parametrize("text", ["UTC+3:15", "utc+25", "+5:99"])
async def test_an_offset_that_is_kept_nowhere_is_refused(house: House, text: str) -> None:
    assert "I know no time zone" in texts(await house.say(f"/settings zone {text}"))


async def test_an_offset_that_some_keep_in_summer_alone_is_asked_about(house: House) -> None:
    answer = await house.say("/settings zone UTC+10:30")
    await house.press(button(answer, "Australia/Lord Howe").data)
    assert (await chosen(house)).zone == "Australia/Lord_Howe"


async def test_of_several_zones_one_is_chosen_by_a_press(house: House) -> None:
    answer = await house.say("/settings zone Ukraine")
    assert "Which one?" in texts(answer)
    assert (await chosen(house)).zone == "UTC"
    await house.press(button(answer, "Europe/Kyiv").data)
    assert (await chosen(house)).zone == "Europe/Kyiv"


async def test_a_zone_that_is_none_is_refused_kindly(house: House) -> None:
    assert "I know no time zone for “Xyzzyxy”" in texts(await house.say("/settings zone Xyzzyxy"))
    assert "Did you mean one of these?" in texts(await house.say("/settings zone berln"))
    assert (await chosen(house)).zone == "UTC"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("/settings cap 5", {"cap": 5}, id="a cap"),
        pytest.param("/settings cap off", {"cap": 0}, id="no cap"),
        pytest.param("/settings cap 9999", {"cap": 500}, id="the most"),
        pytest.param("/settings urgent on", {"urgent": True}, id="urgent"),
        pytest.param("/settings breaking off", {"urgent": False}, id="not urgent"),
        pytest.param("/settings language auto", {"lang": None}, id="the app's language"),
        pytest.param("/settings pictures dark", {"dark": True}, id="dark pictures"),
        pytest.param("/settings theme light", {"dark": False}, id="light ones"),
    ],
)
async def test_the_other_settings(house: House, text: str, expected: dict[str, object]) -> None:
    assert "When I speak here" in texts(await house.say(text))
    assert await chosen(house) == replace(ChatSettings(), **expected)  # type: ignore[arg-type]


async def test_a_cap_of_nought_is_asked_about(house: House) -> None:
    answer = await house.say("/settings cap 0")
    assert "0 may mean three things" in texts(answer)
    assert [each.command for each in pressable(answer)] == ["/settings cap off", "/digest daily 08:00", "/mute 8h"]
    assert await chosen(house) == ChatSettings()


@pytest.mark.parametrize(
    ("text", "lang", "answer"),
    [
        pytest.param("/settings language ko", "ko", "이 채팅에 말하는 때", id="by its code"),
        pytest.param("/language українська", "uk", "Коли я тут говорю", id="by its name"),
    ],
)
async def test_a_language_is_spoken_from_the_answer_on(house: House, text: str, lang: str, answer: str) -> None:
    assert answer in texts(await house.say(text))
    assert (await chosen(house)).lang == lang


@pytest.mark.parametrize(
    "text",
    ["/settings cap", "/settings urgent", "/settings language", "/settings zone", "/settings pictures", "/digest"],
)
async def test_without_an_argument_they_show_what_holds_and_choices_that_work(house: House, text: str) -> None:
    answer = await house.say(text)
    assert ":" in texts(answer).splitlines()[0]
    choices = [each for each in pressable(answer) if each.action in ("preset", "zone")]
    assert choices
    for choice in choices:
        assert "stale" not in texts(await house.press(choice.data))


async def test_presets_outlive_a_restart(house: House) -> None:
    offered = button(await house.say("/digest"), "Daily 08:00")
    house.dispatcher = Dispatcher(house.desk, house.dispatcher._may_change)  # noqa: SLF001 - as after a restart
    await house.press(offered.data)
    assert (await chosen(house)).digest == Rhythm(Every.DAILY, time(8))


def test_every_preset_is_a_command() -> None:
    for name in buttons.PRESETS:
        made = buttons.preset(name, "x")
        assert buttons.read(made.data, topics=[], proposals=[], offered=lambda _: None)
        assert len(made.data.encode()) <= 64


@pytest.mark.parametrize("data", ["preset:nothing", "zone:", "shared:", "preset:"])
async def test_a_forged_choice_finds_nothing(house: House, data: str) -> None:
    assert "another version of me" in texts(await house.press(data))


async def test_settings_show_all_of_it(house: House) -> None:
    await house.say("/settings zone Berlin")
    await house.say("/digest daily 8")
    await house.say("/mute 2h")
    await hold(house)
    said = texts(await house.say("/settings"))
    for line in (
        "Time zone: Europe/Berlin, now 14:00",
        "Digest: daily at 08:00; next Fri 21 Jun, 08:00",
        "Quiet hours: none",
        "Breaking stories: wait like all others",
        "Cap: 12 alerts an hour, then one digest",
        "Language: as in your app",
        "Muted: 1 thing",
        "1 alert held until Thu 20 Jun, 19:00",
    ):
        assert line in said


async def test_a_language_that_is_not_spoken_is_said_to_be_none(house: House) -> None:
    said = await house.say("/settings language klingon")
    assert "I do not speak “klingon”" in texts(said)
    assert "Русский" in [button.label for button in pressable(said)]
    assert "Язык: Русский" in texts(await house.say("/settings language Russian"))


async def test_a_change_moves_what_is_held(house: House) -> None:
    await hold(house)
    await house.say("/digest daily 13:00")
    store, chat = house.desk.store, await house.chat()
    assert (await store.held_tally(chat.id)).next_at == NOW + timedelta(hours=1)
    await house.say("/digest off")
    assert (await store.held_tally(chat.id)).next_at == NOW, "it comes now, in one digest"


async def test_a_digest_now(house: House) -> None:
    assert "Nothing waits" in texts(await house.say("/digest now"))
    await hold(house)
    assert "1 alert held for you comes in a digest now" in texts(await house.say("/digest now"))
    chat = await house.chat()
    (due,) = await house.desk.store.due_digests(now=NOW, limit=9, platforms=[chat.address.platform])
    assert due.chat == chat


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("/missed", "Held: 1 of a feed that issued very many at once"),
        ("/status", "Held: 1 of a feed that issued very many at once"),
        ("/settings", "1 alert held until Thu 20 Jun, 17:00"),
        ("/digest", "1 alert held for it so far"),
        ("/unmute", "is muted"),
        ("/digest now", "1 alert held for you comes in a digest now"),
    ],
)
async def test_what_a_flood_brought_is_told_of_wherever_what_is_held_is(house: House, asked: str, words: str) -> None:
    await hold(house, Hold.FLOOD)
    assert words in texts(await house.say(asked))


async def test_two_chats_choose_each_for_itself(house: House) -> None:
    await house.say("/digest hourly")
    await house.say("/settings zone Seoul", AWAY)
    assert (await chosen(house)).zone == "UTC"
    assert "Digests: off" in texts(await house.say("/digest", AWAY))


@pytest.mark.parametrize("text", ["/digest hourly", "/digest now", "/quiet 22-7", "/settings zone Berlin", "/mute 2h"])
async def test_in_a_group_only_admins_change(house: House, text: str) -> None:
    assert "only the group's admins" in texts(await house.in_group("somebody", text))
    assert "only the group's admins" not in texts(await house.in_group("owner", text))


@pytest.mark.parametrize("text", ["/digest", "/quiet", "/settings", "/mute", "/missed"])
async def test_in_a_group_anyone_reads(house: House, text: str) -> None:
    assert "only the group's admins" not in texts(await house.in_group("somebody", text))


# ------------------------------------------------------------ what is held, in /missed and /status


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        pytest.param(Hold.DIGEST, "held for the digest of Thu 20 Jun, 17:00", id="digest"),
        pytest.param(Hold.QUIET, "quiet hours: held until Thu 20 Jun, 17:00", id="quiet"),
        pytest.param(Hold.CAPPED, "over the hour's cap: held until Thu 20 Jun, 17:00", id="capped"),
        pytest.param(Hold.FLOOD, "very many entries at once: held for a digest", id="flood"),
        pytest.param(Hold.MUTED, "(muted)", id="muted"),
    ],
)
async def test_missed_shows_what_is_held_and_why(house: House, reason: Hold, words: str) -> None:
    number = await hold(house, reason)
    answer = await house.say("/missed")
    assert "1 alert held" in texts(answer)
    assert words in texts(answer)
    assert "1 alert will be sent now" in texts(await house.press(button(answer, f"Send {number}").data))
    (waiting,) = await house.desk.store.deliveries((await house.chat()).id, states=[DeliveryState.PENDING], limit=9)
    assert (waiting.id, waiting.asked) == (number, True)


async def test_missed_groups_by_reason_and_brings_all(house: House) -> None:
    await hold(house)
    await hold(house, Hold.MUTED)
    answer = await house.say("/missed")
    assert "Held: 1 for a digest and 1 muted. The next digest comes Thu 20 Jun, 17:00 (in 5 h)" in texts(answer)
    assert "1 alert held for you" in texts(await house.press(button(answer, "Show what was muted").data))
    assert "2 alerts held for you" in texts(await house.press(button(answer, "Send all now").data))


async def test_another_chat_gets_nothing_of_it(house: House) -> None:
    number = await hold(house)
    assert "Nothing was missed" in texts(await house.say("/missed", AWAY))
    assert "No alert of this chat" in texts(await house.press(f"replay:{number}", AWAY))
    assert "No alert of this chat" in texts(await house.say("/missed replay all", AWAY))
    assert "Nothing is held here" in texts(await house.say("/missed replay muted", AWAY))


async def test_status_tells_what_is_held_and_when_the_digest_comes(house: House) -> None:
    await hold(house)
    await hold(house, Hold.MUTED)
    said = texts(await house.say("/status"))
    assert "Held: 1 for a digest and 1 muted" in said
    assert "Next digest: Thu 20 Jun, 17:00 (UTC)" in said
