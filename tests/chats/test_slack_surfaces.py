"""Slack's modals and App Home, with the real commands behind them: pressed, filled in and read as a person does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from bot.chats.slack import HttpMode, SlackChat
from bot.model import Address, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from handlers.commands import menu
from handlers.dispatch import Dispatcher
from tests.doubles import block_kit
from tests.doubles.slack_api import APP_TOKEN, SIGNING_SECRET, Refusal, SlackApi, signature_headers
from tests.handlers.house import ScriptedDesk
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Json = Any
GOOD = "@dprk & @russia"
BAD = "@dprk & (@russia"


class Desk:
    """The adapter with the commands behind it, and short ways to look at what stands on Slack's side."""

    def __init__(self, api: SlackApi, chat: SlackChat, desk: ScriptedDesk) -> None:
        self.api, self.chat, self.desk = api, chat, desk
        self.channel = Address(Platform.SLACK, api.channel)
        self.direct = Address(Platform.SLACK, f"D-{api.user}")

    @property
    def port(self) -> int:
        assert self.chat.http_port is not None
        return self.chat.http_port

    async def command(self, text: str) -> None:
        await self.api.deliver_command(self.port, self.api.command_fields("/topics", text))

    async def topic(self, name: str, query: str = GOOD, *, at: Address | None = None) -> Topic:
        chat = await self.desk.store.chat_at(at or self.channel, title="", now=NOW)
        topic = await self.desk.store.add_topic(Topic(0, chat.id, name, query, NOW))
        await self.desk.store.subscribe(Subscription(chat.id, topic.id, NOW))
        return topic

    async def topics(self, at: Address | None = None) -> dict[str, Topic]:
        chat = await self.desk.store.chat_at(at or self.channel, title="", now=NOW)
        return {topic.name: topic for topic in await self.desk.store.topics_of(chat.id)}

    async def modal(self, callback: str = "form") -> Json:
        """The newest modal of this kind, once it is there."""

        def found() -> list[Json]:
            views = self.api.views.values()
            return [view for view in views if view["type"] == "modal" and view["callback_id"] == callback]

        await self.api.until(found)
        return found()[-1]

    async def open_home(self) -> Json:
        event = {"type": "app_home_opened", "user": self.api.user, "channel": self.direct.chat, "tab": "home"}
        await self.api.deliver_event(self.port, self.api.event_body(event))
        await self.api.until(lambda: self.api.posts("views.publish"))
        return self.home

    @property
    def home(self) -> Json:
        return self.api.views[f"V-{self.api.user}"]

    async def send(self, view: Json, values: dict[str, str]) -> Json:
        body = self.api.view_body("view_submission", self.api.typed(view, values), response_urls=[])
        return await self.api.deliver_view(self.port, body)


def shown(view: Json) -> str:
    return "\n".join(block_kit.texts(view["blocks"]))


def button(view: Json, label: str) -> Json:
    rows = (block["elements"] for block in view["blocks"] if block["type"] == "actions")
    return next(element for row in rows for element in row if element["text"]["text"] == label)


def fields(view: Json) -> dict[str, str]:
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    chosen = {block["block_id"]: block["element"].get("initial_option", {}).get("value", "") for block in inputs}
    return {block["block_id"]: block["element"].get("initial_value") or chosen[block["block_id"]] for block in inputs}


@pytest.fixture
async def desk(api: SlackApi) -> AsyncIterator[Desk]:
    store = await open_store("sqlite://")
    adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url, timeout_s=2)
    scripted = ScriptedDesk(store, lexicons.load())
    await adapter.start(Dispatcher(scripted, adapter.may_change).handle, menu())
    yield Desk(api, adapter, scripted)
    await adapter.stop()
    await store.close()


# ---------------------------------------------------------------- the form


async def test_edit_opens_a_form_with_the_topic_in_it_and_then_shows_its_figures(desk: Desk) -> None:
    topic = await desk.topic("Arms")
    await desk.desk.store.chat_at(desk.channel, title="", now=NOW)
    await desk.command("edit Arms")
    view = await desk.modal()
    assert (view["title"]["text"], view["submit"]["text"]) == ("Edit topic", "Save")
    assert fields(view) == {"name": "Arms", "query": topic.query, "sensitivity": "normal"}
    await desk.api.until(lambda: desk.api.posts("views.update"))
    assert "The archive is empty" in shown(desk.api.views[view["id"]])
    assert desk.api.responses == []


async def test_what_is_typed_is_tried_and_a_fault_is_pointed_at(desk: Desk) -> None:
    await desk.topic("Arms")
    await desk.command("edit Arms")
    view = await desk.modal()
    await desk.api.deliver_press(desk.port, desk.api.change_body(view, {"query": BAD}))
    await desk.api.until(lambda: "⚠" in shown(desk.api.views[view["id"]]))
    after = desk.api.views[view["id"]]
    assert f"{BAD}\n{' ' * BAD.index('(')}^" in block_kit.texts(after["blocks"])
    # Its ids are as they were: Slack then leaves in the fields what the person typed.
    assert [b["block_id"] for b in after["blocks"] if b["type"] == "input"] == ["name", "query", "sensitivity"]
    await desk.api.deliver_press(desk.port, desk.api.change_body(view, {"query": GOOD}))
    await desk.api.until(lambda: "⚠" not in shown(desk.api.views[view["id"]]))


async def test_only_the_last_of_what_somebody_types_is_tried(desk: Desk) -> None:
    await desk.command("add")
    view = await desk.modal()
    for typed in ("@", "@d", "@dp", "@dpr", "@dprk"):
        await desk.api.deliver_press(desk.port, desk.api.change_body(view, {"query": typed}))
    await desk.api.until(lambda: desk.api.posts("views.update"))
    assert len(desk.api.posts("views.update")) == 1


@pytest.mark.parametrize(
    ("values", "under"),
    [
        pytest.param({"query": BAD}, "query", id="a query that does not parse"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"name": "Ships"}, "name", id="another topic's name"),
        pytest.param({"name": "x" * 81}, "name", id="a long name"),
        pytest.param({"query": ""}, "query", id="nothing to watch for"),
        pytest.param({"sensitivity": "whatever"}, "sensitivity", id="a level that there is not"),
    ],
)
async def test_a_fault_keeps_the_form_open_and_stands_under_its_field(
    desk: Desk, values: dict[str, str], under: str
) -> None:
    await desk.topic("Arms")
    await desk.topic("Ships")
    await desk.command("edit Arms")
    answer = await desk.send(await desk.modal(), values)
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [under]
    assert (await desk.topics())["Arms"].query == GOOD


async def test_what_is_sent_changes_the_topic_and_the_channel_is_told(desk: Desk) -> None:
    topic = await desk.topic("Arms")
    await desk.command("edit Arms")
    answer = await desk.send(await desk.modal(), {"name": "Arms trade", "query": "@dprk", "sensitivity": "strict"})
    assert answer == {}
    await desk.api.until(lambda: desk.api.responses)
    changed = (await desk.topics())["Arms trade"]
    assert (changed.id, changed.query, changed.sensitivity) == (topic.id, "@dprk", "strict")
    assert "“Arms trade” is changed" in desk.api.responses[0]["text"]
    assert list(await desk.topics()) == ["Arms trade"]


async def test_a_name_alone_changes_nothing_else(desk: Desk) -> None:
    await desk.topic("Arms")
    await desk.command("edit Arms")
    await desk.send(await desk.modal(), {"name": "Weapons"})
    await desk.api.until(lambda: desk.api.responses)
    assert "is called Weapons from now on" in desk.api.responses[0]["text"]
    assert desk.desk.backfilled == []


async def test_a_new_topic_makes_its_query_from_its_name(desk: Desk) -> None:
    await desk.command("add")
    view = await desk.modal()
    assert fields(view) == {"name": "", "query": "", "sensitivity": "normal"}
    await desk.api.deliver_press(desk.port, desk.api.change_body(view, {"name": "DPRK-Russia arms"}))
    await desk.api.until(lambda: "@dprk" in shown(desk.api.views[view["id"]]))
    assert await desk.send(view, {"name": "DPRK-Russia arms"}) == {}
    await desk.api.until(lambda: desk.api.responses)
    assert "@dprk" in (await desk.topics())["DPRK-Russia arms"].query


async def test_edit_under_a_proposal_opens_its_form_and_saving_settles_it(desk: Desk) -> None:
    await desk.command("add DPRK-Russia arms")
    await desk.api.until(lambda: desk.api.responses)
    edit = button({"blocks": desk.api.responses[0]["blocks"]}, "Edit")
    await desk.api.deliver_press(desk.port, desk.api.whisper_press_body(edit))
    view = await desk.modal()
    assert view["title"]["text"] == "Edit before saving"
    assert await desk.send(view, {"name": "Arms", "query": "@dprk", "sensitivity": "wide"}) == {}
    await desk.api.until(lambda: len(desk.api.responses) == 2)
    assert {name: t.query for name, t in (await desk.topics()).items()} == {"Arms": "@dprk"}
    chat = await desk.desk.store.chat_at(desk.channel, title="", now=NOW)
    assert await desk.desk.store.proposals_of(chat.id) == ()


async def test_a_form_that_may_not_open_any_more_leaves_its_text_and_a_button(desk: Desk) -> None:
    await desk.topic("Arms")
    desk.api.fault("views.open", Refusal("expired_trigger_id"))
    await desk.command("edit Arms")
    await desk.api.until(lambda: desk.api.responses)
    assert "/topics edit Arms = " in desk.api.responses[0]["text"]
    again = button({"blocks": desk.api.responses[0]["blocks"]}, "Open the form")
    await desk.api.deliver_press(desk.port, desk.api.whisper_press_body(again))
    assert fields(await desk.modal())["name"] == "Arms"


async def test_guests_may_not_send_a_form(desk: Desk) -> None:
    await desk.topic("Arms")
    await desk.command("edit Arms")
    view = await desk.modal()
    desk.api.guests.add(desk.api.other_user)
    body = desk.api.view_body("view_submission", desk.api.typed(view, {"query": "@dprk"}))
    body["user"]["id"] = desk.api.other_user
    answer = await desk.api.deliver_view(desk.port, body)
    assert "admins" in answer["errors"]["name"]
    assert (await desk.topics())["Arms"].query == GOOD


async def test_a_form_of_another_chats_topic_finds_nothing(desk: Desk) -> None:
    strange = await desk.topic("Theirs", at=Address(Platform.SLACK, "C0STRANGE"))
    await desk.topic("Arms")
    await desk.command("edit Arms")
    view = await desk.modal()
    kept = json.loads(view["private_metadata"]) | {"what": f"topic-edit:{strange.id}"}
    answer = await desk.send({**view, "private_metadata": json.dumps(kept)}, {"query": "@dprk"})
    assert "not here any more" in answer["errors"]["name"]


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param("", id="none"),
        pytest.param("{", id="broken"),
        pytest.param("[]", id="a list"),
        pytest.param('{"chat": 1}', id="a chat that is a number"),
        pytest.param('{"chat": "C1"}', id="no form"),
    ],
)
async def test_views_that_are_not_ours_are_only_acknowledged(desk: Desk, metadata: str) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "form", "private_metadata": metadata, "blocks": []}
    assert await desk.api.deliver_view(desk.port, desk.api.view_body("view_submission", view)) == {}
    press = desk.api.view_press_body(view, {"type": "button", "action_id": "a", "value": "topics:"})
    assert await desk.api.deliver_press(desk.port, press) == 200


async def test_forged_and_replayed_submissions_are_refused(desk: Desk) -> None:
    await desk.topic("Arms")
    await desk.command("edit Arms")
    body = desk.api.view_body("view_submission", desk.api.typed(await desk.modal(), {"query": "@dprk"}))
    raw = urlencode({"payload": json.dumps(body)})
    kind = "application/x-www-form-urlencoded"
    forged = signature_headers(raw, secret="somebody else's")  # noqa: S106 - no secret
    assert await desk.api.deliver(desk.port, raw, kind, **forged) == 401
    assert await desk.api.deliver(desk.port, raw, kind, **signature_headers(raw, at=1_700_000_000)) == 401
    assert (await desk.topics())["Arms"].query == GOOD


# ---------------------------------------------------------------- the home page


async def test_the_home_page_of_somebody_new_says_what_to_do(desk: Desk) -> None:
    view = await desk.open_home()
    said = shown(view)
    assert "Nothing is watched yet" in said
    assert "No feed yet" in said
    assert "Digests: off" in said
    assert "Nothing is muted" in said
    assert button(view, "Add a topic")


async def test_the_home_page_lists_topics_with_what_can_be_done(desk: Desk) -> None:
    await desk.topic("Arms", at=desk.direct)
    await desk.topic("Elsewhere")
    view = await desk.open_home()
    assert "Arms" in shown(view)
    assert "Elsewhere" not in shown(view)
    assert [button(view, label)["value"] for label in ("Edit", "Pause", "Remove")]


async def test_a_press_on_the_home_page_is_answered_in_a_modal_and_the_page_drawn_anew(desk: Desk) -> None:
    await desk.topic("Arms", at=desk.direct)
    view = await desk.open_home()
    await desk.api.deliver_press(desk.port, desk.api.view_press_body(view, button(view, "Remove")))
    await desk.api.until(lambda: len(desk.api.posts("views.publish")) == 2)
    assert await desk.topics(desk.direct) == {}
    answer = await desk.modal("answer")
    assert "is no longer watched" in shown(answer)
    assert "Nothing is watched yet" in shown(desk.home)
    # The way back works from the modal, too.
    await desk.api.deliver_press(desk.port, desk.api.view_press_body(answer, button(answer, "Bring it back")))
    await desk.api.until(lambda: len(desk.api.posts("views.publish")) == 3)
    assert list(await desk.topics(desk.direct)) == ["Arms"]
    assert len([view for view in desk.api.views.values() if view["type"] == "modal"]) == 1


async def test_a_topic_is_added_from_the_home_page(desk: Desk) -> None:
    view = await desk.open_home()
    await desk.api.deliver_press(desk.port, desk.api.view_press_body(view, button(view, "Add a topic")))
    form = await desk.modal()
    answer = await desk.send(form, {"name": "Arms", "query": GOOD})
    assert answer["response_action"] == "update"
    await desk.api.until(lambda: "Watching 1 topic" in shown(desk.home))
    assert "Now watching “Arms”" in shown(await desk.modal("answer"))


async def test_the_shortcut_adds_a_topic_to_ones_direct_messages(desk: Desk) -> None:
    body = desk.api.view_body("shortcut", {"id": ""}, callback_id="new_topic")
    del body["view"], body["container"]
    await desk.api.deliver_press(desk.port, body)
    await desk.send(await desk.modal(), {"name": "Arms", "query": GOOD})
    await desk.api.until(lambda: desk.api.posts("views.publish") and "Watching 1 topic" in shown(desk.home))
    assert list(await desk.topics(desk.direct)) == ["Arms"]


async def test_a_page_with_everything_stays_within_slacks_limits(desk: Desk) -> None:
    for number in range(50):
        await desk.topic(f"{'N' * 70} {number}", f'"{"word " * 60}{number}"', at=desk.direct)
    view = await desk.open_home()
    assert len(view["blocks"]) <= 100
    assert "30 more topics" in shown(view)
    assert "Nothing is muted" in shown(view)
    assert desk.api.violations == []


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"tab": "messages"}, id="the messages tab"),
        pytest.param({"channel": "C0CHANNEL"}, id="no direct messages"),
        pytest.param({"user": None}, id="nobody"),
    ],
)
async def test_other_openings_draw_nothing(desk: Desk, event: dict[str, str]) -> None:
    opened = {"type": "app_home_opened", "user": desk.api.user, "channel": desk.direct.chat, "tab": "home"}
    assert await desk.api.deliver_event(desk.port, desk.api.event_body(opened | event)) == 200
    await desk.chat.stop()
    assert desk.api.posts("views.publish") == []


async def test_a_modal_that_is_drawn_too_often_gets_its_answer_later(desk: Desk) -> None:
    view = await desk.open_home()
    desk.api.fault("views.update", Refusal("ratelimited", 429, 0))
    await desk.api.deliver_press(desk.port, desk.api.view_press_body(view, button(view, "Help")))
    await desk.api.until(lambda: desk.api.posts("views.update"))
    assert "One moment" not in shown(await desk.modal("answer"))


async def test_by_socket_mode_a_fault_comes_back_with_the_acknowledgement(api: SlackApi) -> None:
    store = await open_store("sqlite://")
    adapter = SlackChat(api.token, app_token=APP_TOKEN, base_url=api.base_url, timeout_s=2)
    await adapter.start(Dispatcher(ScriptedDesk(store, lexicons.load()), adapter.may_change).handle, menu())
    try:
        await api.until(lambda: api.sockets)
        await api.socket_send("slash_commands", api.command_fields("/topics", "add"))
        await api.until(lambda: api.views)
        (view,) = api.views.values()
        envelope = await api.socket_send(
            "interactive", api.view_body("view_submission", api.typed(view, {"name": "Arms", "query": BAD}))
        )
        await api.until(lambda: any(ack["envelope_id"] == envelope for ack in api.socket_acks))
        (answer,) = [ack["payload"] for ack in api.socket_acks if ack["envelope_id"] == envelope]
        assert (answer["response_action"], list(answer["errors"])) == ("errors", ["query"])
    finally:
        await adapter.stop()
        await store.close()
