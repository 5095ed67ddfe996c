"""One message a story and chat, on both platforms' doubles: outlets edit it, developments hang under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.chats import telegram as telegram_chat
from bot.chats.pacing import Rate
from bot.chats.slack import HttpMode, SlackChat
from bot.chats.telegram import TelegramChat
from bot.limits import EDIT_DELAY_S
from bot.model import Action, Address, IngestPlan, Platform
from bot.workers.deliver import Deliverer
from tests.doubles.bot_api import TOKEN, BotApi, bad_request
from tests.doubles.slack_api import SIGNING_SECRET, Refusal, SlackApi, web_api
from tests.pipeline.conftest import NOW, World, actions, post
from tests.pipeline.test_ingest import PACT_AGAIN, SHELLS, pact
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.chats.chat import ChatPort
    from bot.model import Chat, ParsedEntry

GROUP = -1001234567
NEWS = (
    "Vladimir Putin and Kim Jong Un signed a treaty in Pyongyang on Wednesday that binds North Korea and Russia to "
    "help each other if either is attacked. Lawmakers in Moscow ratified the treaty on Thursday by 397 votes to none. "
    "President Yoon Suk Yeol of South Korea said that Seoul would send 155 mm shells to Ukraine in answer."
)
ARRIVAL = (
    "Vladimir Putin landed in Pyongyang at three in the morning, nine hours late, and was met on a red carpet by Kim "
    "Jong Un. The two rode into the city in one limousine past portraits and flags, and crowds with balloons filled "
    "the square by noon."
)
EVENING = (
    "At the guest house on the river they exchanged a car, a tea set, an old sword and two hunting dogs that Kim had "
    "bred himself. In the evening they walked in the garden with two interpreters and without their ministers, and a "
    "choir of children sang for them at a dinner of noodles and beef."
)
PROMISE = (
    "Russia and North Korea will send each other troops and arms if either of them is attacked, says article four of "
    "their new pact. Lawyers in Seoul traced its wording back to the alliance of 1961, which lapsed with the Soviet "
    "Union."
)


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """A chat on a platform, the topic that it watches, and a sender."""

    world: World
    chat: Chat
    port: ChatPort
    clock: Clock

    @property
    def deliverer(self) -> Deliverer:
        return Deliverer(self.world.store, {self.port.platform: self.port}, self.clock)

    async def tell(self, outlet: str, *entries: ParsedEntry, hours: float = 0.0) -> IngestPlan:
        """Take in what an outlet publishes so many hours later, and send all that is due when edits are, too."""
        self.clock.at = NOW + timedelta(hours=hours)
        plan = await self.world.publish(outlet, *entries, now=self.clock.at)
        await self.send()
        return plan

    async def send(self, wait_s: float = EDIT_DELAY_S) -> None:
        self.clock.at += timedelta(seconds=wait_s)
        deliverer = self.deliverer
        while jobs := await deliverer.claim(10):
            for job in jobs:
                await job


async def desk_at(world: World, address: Address, port: ChatPort) -> Desk:
    chat = await world.store.chat_at(address, title="desk", now=NOW)
    await world.watch("Arms", "@dprk & @russia", chat)
    return Desk(world, chat, port, Clock())


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    spec = SHARED / "specs" / "telegram-bot-api.json"
    async with BotApi(spec if spec.exists() else None) as running:
        running.add_group(GROUP)
        yield running
        assert running.violations == []


@pytest.fixture
async def telegram(world: World, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    # Three seconds a message are tested where pacing is; the double still counts the twenty that a minute may hold.
    monkeypatch.setattr(telegram_chat, "_GROUP_RATE", Rate(0.01))
    port = TelegramChat(TOKEN, base_url=api.base_url, timeout_s=2)
    yield await desk_at(world, Address(Platform.TELEGRAM, str(GROUP)), port)
    await port.stop()


@pytest.fixture
async def slack_api() -> AsyncIterator[SlackApi]:
    schemas = SHARED / "specs" / "slack"
    with web_api() as server:
        async with SlackApi(server, schemas if schemas.exists() else None) as running:
            yield running
            assert running.violations == []


@pytest.fixture
async def slack(world: World, slack_api: SlackApi) -> AsyncIterator[Desk]:
    port = SlackChat(slack_api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=slack_api.base_url)
    yield await desk_at(world, Address(Platform.SLACK, slack_api.channel), port)
    await port.stop()


def again(hours: float = 1.0) -> ParsedEntry:
    return post("again", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN, NOW + timedelta(hours=hours))


def news(hours: float = 5.0) -> ParsedEntry:
    return post("news", "Moscow ratifies defence treaty of Putin and Kim", NEWS, NOW + timedelta(hours=hours))


async def two_that_are_one(desk: Desk) -> None:
    """Two outlets tell two ends of a visit, which are two alerts; then a third tells all of it: they are one."""
    first = post("arrival", "Putin arrives in Pyongyang for talks with Kim", f"{ARRIVAL} {EVENING}")
    second = post("promise", "Russia and North Korea promise each other arms", f"{EVENING} {PROMISE}")
    whole = post("whole", "Putin and Kim: two dogs and a pact", f"{ARRIVAL} {EVENING} {PROMISE}")
    told = [
        await desk.tell(outlet, replace(entry, published_at=NOW + timedelta(hours=hour)), hours=hour)
        for hour, (outlet, entry) in enumerate(
            {"Harbour Wire": first, "Meridian Post": second, "Third Sheet": whole}.items()
        )
    ]
    assert [actions(plan) for plan in told] == [[Action.ALERT], [Action.ALERT], [Action.EDIT]]
    assert [len(plan.merges) for plan in told] == [0, 0, 1]


async def test_outlets_edit_one_message(telegram: Desk, api: BotApi) -> None:
    await telegram.tell("Harbour Wire", pact())
    await telegram.tell("Meridian Post", again(), hours=1)
    (sent,) = api.sent
    assert sent.edits == 1
    assert "Harbour Wire, Meridian Post · 2 origins" in sent.text


async def test_an_alert_that_was_refused_and_its_edit_have_told_nothing(telegram: Desk, api: BotApi) -> None:
    await telegram.world.publish("Harbour Wire", pact(), now=NOW)
    await telegram.world.publish("Meridian Post", again(), now=NOW)
    api.fault("sendMessage", bad_request("message is too long"))
    await telegram.send()
    assert api.sent == []
    third = replace(again(2), guid="third")
    assert actions(await telegram.tell("Third Sheet", third, hours=2)) == [Action.ALERT]
    assert len(api.sent) == 1


async def test_after_an_update_that_was_refused_further_outlets_stand_in_the_alert_itself(
    telegram: Desk, api: BotApi
) -> None:
    await telegram.tell("Harbour Wire", pact())
    await telegram.world.publish("Meridian Post", news(), now=NOW + timedelta(hours=5))
    await telegram.world.publish("Third Sheet", replace(news(), guid="third"), now=NOW + timedelta(hours=5))
    api.fault("sendMessage", bad_request("message is too long"))
    telegram.clock.at = NOW + timedelta(hours=5)
    await telegram.send()
    await telegram.tell("Fourth Star", replace(news(6), guid="fourth"), hours=6)
    (alert,) = api.sent
    assert alert.edits == 1
    assert not alert.text.startswith("Update")


async def test_a_figure_that_changes_within_hours_corrects_the_message(telegram: Desk, api: BotApi) -> None:
    first = post(
        "twelve",
        "North Korea ships 12 rocket launchers to Russia, Seoul says",
        "North Korea shipped 12 rocket launchers to Russia this week aboard the Lady Vostok, the intelligence service"
        " in Seoul said. The launchers left the port of Rajin and reached Vladivostok two days later.",
    )
    corrected = post(
        "fourteen",
        "Correction: 14 rocket launchers went from North Korea to Russia, Seoul says",
        "North Korea shipped 14 rocket launchers to Russia this week aboard the Lady Vostok, the intelligence service"
        " in Seoul said. The launchers left the port of Rajin and reached Vladivostok two days later.",
        NOW + timedelta(hours=1),
    )
    await telegram.tell("Harbour Wire", first)
    assert actions(await telegram.tell("Harbour Wire", corrected, hours=1)) == [Action.EDIT]
    (sent,) = api.sent
    assert "14 rocket launchers" in sent.text
    assert "(earlier: 12 rocket launchers)" in sent.text


async def test_the_outlets_of_one_minute_come_in_one_edit(telegram: Desk, api: BotApi) -> None:
    await telegram.tell("Harbour Wire", pact())
    telegram.clock.at = NOW + timedelta(hours=1)
    for number, outlet in enumerate(("Meridian Post", "Third Sheet", "Fourth Sheet")):
        one = replace(again(), guid=f"again-{number}")
        await telegram.world.publish(outlet, one, now=telegram.clock.at)
        await telegram.send(wait_s=1)
    assert api.sent[0].edits == 0
    await telegram.send()
    assert [sent.edits for sent in api.sent] == [1]
    assert "Harbour Wire, Meridian Post +2" in api.sent[0].text


async def test_a_development_hangs_under_the_alert_quotes_and_leads_back(telegram: Desk, api: BotApi) -> None:
    await telegram.tell("Harbour Wire", pact())
    plan = await telegram.tell("Meridian Post", news(), hours=5)
    assert actions(plan) == [Action.REPLY]
    first, reply = api.sent
    assert reply.reply_to == first.message_id
    assert reply.text.startswith("Update: ")
    back = [each["url"] for each in reply.entities if each["type"] == "text_link" and "t.me" in each["url"]]
    assert back == [f"https://t.me/c/1234567/{first.message_id}"]
    assert any(each["type"] in {"blockquote", "expandable_blockquote"} for each in reply.entities)


async def test_where_the_first_message_is_gone_the_development_stands_alone(telegram: Desk, api: BotApi) -> None:
    await telegram.tell("Harbour Wire", pact())
    api.forget(api.sent[0])
    await telegram.tell("Meridian Post", again(), hours=1)
    assert len(api.sent) == 1, "an edit of a message that somebody deleted is no new message"
    await telegram.tell("Meridian Post", news(), hours=5)
    assert (len(api.sent), api.sent[1].reply_to) == (2, None)
    assert "Follows your alert" in api.sent[1].text


async def test_a_story_that_continues_one_of_this_chat_links_its_alert(telegram: Desk, api: BotApi) -> None:
    day = timedelta(days=20)
    shells = post("shells", "North Korea shipped munitions to Russia, White House says", SHELLS, NOW)
    await telegram.tell("Harbour Wire", shells)
    await telegram.tell("Harbour Wire", replace(pact(), published_at=NOW + day), hours=480)
    first, second = api.sent
    assert "Earlier:" in second.text
    assert "your alert" in second.text
    assert any(each.get("url", "").endswith(f"/c/1234567/{first.message_id}") for each in second.entities)


async def test_of_two_alerts_that_prove_to_be_one_the_younger_leads_to_the_older(telegram: Desk, api: BotApi) -> None:
    await two_that_are_one(telegram)
    older, younger = api.sent
    assert (older.edits, younger.edits) == (1, 1)
    assert "Harbour Wire, Meridian Post" in older.text
    assert "Same story as Putin arrives in Pyongyang for talks with Kim" in younger.text
    assert f"https://t.me/c/1234567/{older.message_id}" in [each.get("url") for each in younger.entities]
    ratified = f"Lawmakers in Moscow ratified the pact on Thursday by 397 votes to none. {PROMISE}"
    more = post("more", "Moscow ratifies pact of Russia and North Korea", ratified, NOW + timedelta(hours=5))
    await telegram.tell("Meridian Post", more, hours=5)
    assert [sent.reply_to for sent in api.sent[2:]] == [older.message_id], "what follows hangs under the older"


@pytest.mark.parametrize(
    ("group", "link"),
    [
        pytest.param({"username": "desk_news"}, "https://t.me/desk_news/", id="public"),
        pytest.param({}, "https://t.me/c/1234567/", id="private"),
    ],
)
async def test_a_group_that_is_public_is_linked_by_its_name(
    telegram: Desk, api: BotApi, group: dict[str, str], link: str
) -> None:
    api._groups[GROUP] |= group  # noqa: SLF001 - the double's own record of the group
    await telegram.tell("Harbour Wire", pact())
    plan = await telegram.world.store.first_messages(telegram.chat.id, [1])
    assert await telegram.port.link_to(plan[1].ref) == f"{link}{api.sent[0].message_id}"


async def test_slack_edits_answers_in_the_thread_and_links(slack: Desk, slack_api: SlackApi) -> None:
    await slack.tell("Harbour Wire", pact())
    await slack.tell("Meridian Post", again(), hours=1)
    await slack.tell("Meridian Post", news(), hours=5)
    first, reply = slack_api.posts()
    (edit,) = slack_api.posts("chat.update")
    told = await slack.world.store.first_messages(slack.chat.id, [1])
    assert edit.body["ts"] == reply.body["thread_ts"] == told[1].ref.message_id
    assert "2 origins" in str(edit.body["blocks"])
    assert "reply_broadcast" not in reply.body, "a development is for those who follow the thread"
    link = await slack.port.link_to(told[1].ref)
    assert link is not None
    assert link in str(reply.body["blocks"])
    assert "thread_ts" not in first.body


async def test_slack_points_from_the_younger_of_two_alerts_that_prove_to_be_one(
    slack: Desk, slack_api: SlackApi
) -> None:
    await two_that_are_one(slack)
    older, younger = slack_api.posts()
    edits = {edit.body["ts"]: str(edit.body["blocks"]) for edit in slack_api.posts("chat.update")}
    assert set(edits) == {older.answer["ts"], younger.answer["ts"]}
    assert "Meridian Post" in edits[older.answer["ts"]]
    assert "Same story as" in edits[younger.answer["ts"]]
    link = await slack.port.link_to((await slack.world.store.first_messages(slack.chat.id, [1]))[1].ref)
    assert link is not None
    assert link in edits[younger.answer["ts"]]


async def test_slack_shows_an_escalation_to_the_whole_channel(slack: Desk, slack_api: SlackApi) -> None:
    await slack.tell("Harbour Wire", pact())
    for number, outlet in enumerate(("A Post", "B Post", "C Post", "D Post")):
        one = replace(again(4.5), guid=f"again-{number}", body=f"{PACT_AGAIN} The {outlet} was there.")
        await slack.world.publish(outlet, one, now=NOW + timedelta(hours=4.5))
    await slack.tell("Meridian Post", news(), hours=5)
    reply = slack_api.posts()[-1]
    assert str(reply.body["reply_broadcast"]).lower() in {"true", "1"}


async def test_slack_tells_a_development_anew_where_the_first_message_is_deleted(
    slack: Desk, slack_api: SlackApi
) -> None:
    await slack.tell("Harbour Wire", pact())
    slack_api.fault("chat.update", Refusal("message_not_found"))
    await slack.tell("Meridian Post", again(), hours=1)
    assert len(slack_api.posts()) == 1, "an edit of a message that somebody deleted is no new message"
    slack_api.fault("chat.postMessage", Refusal("thread_not_found"))
    await slack.tell("Meridian Post", news(), hours=5)
    alone = slack_api.posts()[-1]
    assert "thread_ts" not in alone.body
    assert "your alert" in str(alone.body["blocks"])
