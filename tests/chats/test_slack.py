"""The Slack adapter against a Web API that somebody else wrote, with signed requests and Socket Mode."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bot.chats.chat import CommandHint, Happening, Inbound, Reply
from bot.chats.message import Button, Message, heading, link, paragraph, text_message
from bot.chats.slack import HttpMode, SlackChat
from bot.errors import (
    ChatError,
    ChatGoneError,
    CommandError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    RefusedError,
    RetryAfterError,
    SettingsError,
    TokenRefusedError,
)
from bot.model import Address, MessageRef, Platform
from tests.doubles.slack_api import APP_TOKEN, SIGNING_SECRET, Fault, Refusal, SlackApi, signature_headers
from tests.shared_data import SHARED

if TYPE_CHECKING:
    import backlot

SCHEMAS = SHARED / "specs" / "slack"
FORM = "application/x-www-form-urlencoded"
MENU = (CommandHint("topics", "Your topics"), CommandHint("help", "What I can do"))
ALERT = Message(
    (heading(link("Missiles seen", "https://example.org/a")), paragraph("A summary.")),
    ((Button("Earlier", "earlier", "12"), Button("Why", "why", "12")),),
)


class Echo:
    """A handler that keeps what comes in and answers with the text."""

    def __init__(self, *, private: bool = True) -> None:
        self.inbound: list[Inbound] = []
        self.private = private

    async def __call__(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.inbound.append(inbound)
        return (Reply(text_message(f"you said {inbound.text or inbound.data}"), private_to_user=self.private),)


@pytest.fixture
async def echo(chat: SlackChat) -> Echo:
    handler = Echo()
    await chat.start(handler, MENU)
    return handler


def port_of(chat: SlackChat) -> int:
    assert chat.http_port is not None
    return chat.http_port


@pytest.mark.parametrize(
    ("command", "text", "passed_on"),
    [
        pytest.param("/topics", "add DPRK-Russia arms", "/topics add DPRK-Russia arms", id="a command of its own"),
        pytest.param("/topics", "", "/topics", id="without arguments"),
        pytest.param("/backstory", "topics add x", "/topics add x", id="namespaced"),
        pytest.param("/backstory", "/topics add x", "/topics add x", id="namespaced, with a slash all the same"),
        pytest.param("/backstory", "", "/help", id="the namespace alone"),
        pytest.param("/topics", "add A = @dprk &amp; @russia", "/topics add A = @dprk & @russia", id="escapes"),
        pytest.param(
            "/backstory",
            "feeds add <https://example.org/feed?a=1&amp;b=2>",
            "/feeds add https://example.org/feed?a=1&b=2",
            id="wrapped addresses",
        ),
    ],
)
async def test_slash_commands(
    api: SlackApi, chat: SlackChat, echo: Echo, command: str, text: str, passed_on: str
) -> None:
    assert await api.deliver_command(port_of(chat), api.command_fields(command, text)) == 200
    await api.until(lambda: api.responses)
    assert echo.inbound == [
        Inbound(Address(Platform.SLACK, api.channel), api.user, passed_on, chat_title="general", private=False)
    ]
    (answer,) = api.responses
    assert answer["response_type"] == "ephemeral"
    assert "you said" in answer["text"]


async def test_an_answer_is_posted_when_the_response_url_is_used_up(api: SlackApi, chat: SlackChat, echo: Echo) -> None:
    api.refuse_responses = True
    await api.deliver_command(port_of(chat), api.command_fields("/topics", ""))
    await api.until(lambda: api.posts("chat.postEphemeral"))
    (whisper,) = api.posts("chat.postEphemeral")
    assert (whisper.body["user"], whisper.body["text"]) == (api.user, "you said /topics")
    assert len(echo.inbound) == 1


async def test_an_answer_that_is_told_to_wait_is_made_known(api: SlackApi, chat: SlackChat, echo: Echo) -> None:
    api.refuse_responses = True
    api.fault("chat.postEphemeral", Refusal("ratelimited", 429, 60))
    await api.deliver_command(port_of(chat), api.command_fields("/topics", ""))
    await api.until(lambda: len(echo.inbound) == 2)
    assert [(one.happening, one.wait_s) for one in echo.inbound] == [(None, 0), (Happening.HUSHED, 60)]
    assert echo.inbound[1].address == echo.inbound[0].address


async def test_a_mention_in_a_thread_is_answered_there_for_one_person(
    api: SlackApi, chat: SlackChat, echo: Echo
) -> None:
    event = {
        "type": "app_mention",
        "user": api.user,
        "text": "<@U0BOT1> topics add x",
        "channel": api.channel,
        "ts": "1700000001.000100",
        "thread_ts": "1700000000.000100",
    }
    assert await api.deliver_event(port_of(chat), api.event_body(event)) == 200
    await api.until(lambda: api.posts("chat.postEphemeral"))
    thread = Address(Platform.SLACK, api.channel, "1700000000.000100")
    parent = MessageRef(Address(Platform.SLACK, api.channel), "1700000000.000100")
    assert echo.inbound == [Inbound(thread, api.user, "/topics add x", private=False, replied_to=parent)]
    assert api.posts("chat.postEphemeral")[0].body["thread_ts"] == "1700000000.000100"


@pytest.mark.parametrize(
    ("text", "passed_on"),
    [
        pytest.param("topics add x", "/topics add x", id="a command without its slash"),
        pytest.param("Help", "/Help", id="in any case"),
        pytest.param("good morning", "good morning", id="talk"),
    ],
)
async def test_direct_messages(api: SlackApi, chat: SlackChat, echo: Echo, text: str, passed_on: str) -> None:
    event = {
        "type": "message",
        "channel_type": "im",
        "user": api.user,
        "text": text,
        "channel": "D024BE91L",
        "ts": "1.1",
    }
    assert await api.deliver_event(port_of(chat), api.event_body(event)) == 200
    await api.until(lambda: echo.inbound)
    assert [(i.text, i.private) for i in echo.inbound] == [(passed_on, True)]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"type": "message", "channel_type": "im", "bot_id": "B1", "text": "x"}, id="a bot's own"),
        pytest.param({"type": "message", "channel_type": "channel", "user": "U1", "text": "x"}, id="channel talk"),
        pytest.param(
            {"type": "message", "channel_type": "im", "user": "U1", "subtype": "message_changed"}, id="an edit"
        ),
        pytest.param({"type": "member_joined_channel", "user": "U1"}, id="an event that we did not ask for"),
    ],
)
async def test_events_that_ask_nothing_are_acknowledged(
    api: SlackApi, chat: SlackChat, echo: Echo, event: dict[str, str]
) -> None:
    body = api.event_body(event | {"channel": "D024BE91L", "ts": "1.1"})
    assert await api.deliver_event(port_of(chat), body) == 200
    await chat.stop()
    assert echo.inbound == []


async def test_a_retried_event_is_handled_once(api: SlackApi, chat: SlackChat, echo: Echo) -> None:
    event = {"type": "app_mention", "user": api.user, "text": "<@U0BOT1> help", "channel": api.channel, "ts": "1.1"}
    body = api.event_body(event)
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert await api.deliver_event(port_of(chat), body) == 200
    assert await api.deliver_event(port_of(chat), body, **retry) == 200
    await api.until(lambda: api.posts("chat.postEphemeral"))
    await chat.stop()
    assert len(echo.inbound) == 1


async def test_a_command_that_was_caught_and_is_sent_again_is_not_carried_out(
    api: SlackApi, chat: SlackChat, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chats.slack_http._SAME_MOMENT_S", 0)
    body = urlencode(api.command_fields("/topics", "remove 1"))
    caught = signature_headers(body, at=int(time.time()) - 240)
    for _ in range(3):
        assert await api.deliver(port_of(chat), body, FORM, **caught) == 200
    await api.until(lambda: api.responses)
    await chat.stop()
    assert [one.text for one in echo.inbound] == ["/topics remove 1"]


async def test_what_cannot_be_answered_soon_is_asked_for_again(
    api: SlackApi, chat: SlackChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.UNANSWERED", 1)
    release, heard = asyncio.Event(), list[str]()

    async def busy(inbound: Inbound) -> tuple[Reply, ...]:
        heard.append(inbound.text)
        await release.wait()
        return (Reply(text_message("done")),)

    await chat.start(busy, MENU)
    event = api.event_body({"type": "app_mention", "user": api.user, "text": "x", "channel": api.channel, "ts": "1.1"})
    await api.deliver_command(port_of(chat), api.command_fields("/topics", ""))
    assert await api.deliver_command(port_of(chat), api.command_fields("/help", "")) == 200
    assert await api.deliver_event(port_of(chat), event) == 503
    release.set()
    await api.until(lambda: api.responses)
    assert await api.deliver_event(port_of(chat), event, **{"X-Slack-Retry-Num": "1"}) == 200
    await api.until(lambda: len(heard) == 2)
    assert heard == ["/topics", "/x"]


async def test_socket_mode_does_not_acknowledge_what_it_has_no_room_for(
    api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.UNANSWERED", 0)
    chat = SlackChat(api.token, app_token=APP_TOKEN, base_url=api.base_url, timeout_s=2)
    echo = Echo()
    await chat.start(echo, MENU)
    await api.until(lambda: api.sockets)
    event = {"type": "app_mention", "user": api.user, "text": "x", "channel": api.channel, "ts": "1.1"}
    unheard = await api.socket_send("events_api", api.event_body(event))
    told = await api.socket_send("slash_commands", api.command_fields("/topics", ""))
    await api.until(lambda: api.socket_acks)
    await chat.stop()
    assert echo.inbound == []
    assert (told in str(api.socket_acks), unheard in str(api.socket_acks)) == (True, False)
    assert "again in a minute" in str(api.socket_acks)


async def test_an_answer_that_edits_takes_the_messages_place(api: SlackApi, chat: SlackChat) -> None:
    async def saved(_: Inbound) -> tuple[Reply, ...]:
        return (Reply(text_message("saved"), edit=True), Reply(text_message("and more")))

    await chat.start(saved, ())
    await chat.send(Address(Platform.SLACK, api.channel), ALERT)
    (posted,) = api.posts()
    await api.deliver_press(port_of(chat), api.press_body(posted, posted.body["blocks"][-1]["elements"][1]))
    await api.until(lambda: len(api.responses) == 2)
    assert [answer["replace_original"] for answer in api.responses] == [True, False]


async def test_a_press_carries_its_data_and_its_message(api: SlackApi, chat: SlackChat, echo: Echo) -> None:
    ref = await chat.send(Address(Platform.SLACK, api.channel), ALERT)
    (posted,) = api.posts()
    buttons = posted.body["blocks"][-1]["elements"]
    assert [button["action_id"] for button in buttons] == ["earlier", "why"]
    assert await api.deliver_press(port_of(chat), api.press_body(posted, buttons[1])) == 200
    await api.until(lambda: api.responses)
    (press,) = echo.inbound
    assert (press.data, press.text, press.replied_to) == ("why:12", "", ref)
    assert api.responses[0]["replace_original"] is False


@pytest.mark.parametrize("thread_takes_it", [True, False])
async def test_a_press_in_a_thread_is_answered_in_the_thread(
    api: SlackApi, chat: SlackChat, echo: Echo, *, thread_takes_it: bool
) -> None:
    """What comes by response_url stands in the channel, where who reads the thread does not see it."""
    channel = Address(Platform.SLACK, api.channel)
    first = await chat.send(channel, ALERT)
    await chat.send(channel, ALERT, reply_to=first)
    update = api.posts()[1]
    body = api.press_body(update, update.body["blocks"][-1]["elements"][1])
    body["message"] |= {"thread_ts": first.message_id}
    if not thread_takes_it:
        api.fault("chat.postEphemeral", Refusal("not_in_channel"))
    await api.deliver_press(port_of(chat), body)
    await api.until(lambda: api.responses or api.posts("chat.postEphemeral"))
    assert echo.inbound[0].address == Address(Platform.SLACK, api.channel, first.message_id)
    assert [post.body["thread_ts"] for post in api.posts("chat.postEphemeral")] == [first.message_id] * thread_takes_it
    assert len(api.responses) == (not thread_takes_it)


async def test_a_post_says_what_it_is_and_unfurls_nothing(api: SlackApi, chat: SlackChat) -> None:
    ref = await chat.send(Address(Platform.SLACK, api.channel), ALERT)
    (posted,) = api.posts()
    assert posted.body["metadata"]["event_type"] == "backstory_message"
    assert (posted.body["unfurl_links"], posted.body["unfurl_media"]) == (False, False)
    assert posted.answer["ts"] == ref.message_id


async def test_where_an_earlier_run_was_asked_to_wait_nothing_is_posted(api: SlackApi, chat: SlackChat) -> None:
    await chat.hold(Address(Platform.SLACK, api.channel), 60)
    await chat.hold(Address(Platform.SLACK, "T404/C1"), 60)  # a workspace that nobody knows any more
    with pytest.raises(RetryAfterError):
        await chat.send(Address(Platform.SLACK, api.channel), text_message("Too soon."))
    assert api.posts() == []


async def test_a_reply_goes_to_the_thread_and_an_edit_keeps_its_blocks(api: SlackApi, chat: SlackChat) -> None:
    channel = Address(Platform.SLACK, api.channel)
    parent = await chat.send(channel, ALERT)
    reply = await chat.send(channel, text_message("more"), reply_to=parent)
    again = await chat.send(channel, text_message("and more"), reply_to=reply)
    assert reply.address.thread == again.address.thread == parent.message_id
    assert [post.body.get("thread_ts") for post in api.posts()] == [None, parent.message_id, parent.message_id]
    await chat.edit(reply, text_message("changed"))
    (update,) = api.posts("chat.update")
    assert (update.body["ts"], update.body["text"]) == (reply.message_id, "changed")
    assert update.body["blocks"]


@pytest.mark.parametrize(
    ("fault", "kind", "arrives"),
    [
        pytest.param(Refusal("ratelimited", 429, 7), RetryAfterError, 0, id="429"),
        pytest.param(Refusal("channel_not_found"), ChatGoneError, 0, id="no such channel"),
        pytest.param(Refusal("is_archived"), ChatGoneError, 0, id="archived"),
        pytest.param(Refusal("not_in_channel"), ChatGoneError, 0, id="not invited"),
        pytest.param(Refusal("token_revoked"), TokenRefusedError, 0, id="uninstalled"),
        pytest.param(Refusal("message_not_found"), MessageGoneError, 0, id="message gone"),
        pytest.param(Refusal("invalid_blocks"), RefusedError, 0, id="any other refusal"),
        pytest.param(Refusal("invalid_auth"), TokenRefusedError, 0, id="a wrong token"),
        pytest.param(Refusal("missing_scope"), NotSentError, 0, id="not allowed"),
        pytest.param(Refusal("restricted_action"), NotSentError, 0, id="only some may post"),
        pytest.param(Refusal("restricted_action_read_only_channel"), NotSentError, 0, id="nobody may post"),
        pytest.param(Refusal("team_added_to_org"), NotSentError, 0, id="the workspace is being moved"),
        pytest.param(Refusal("restricted_action_thread_locked"), MessageGoneError, 0, id="a locked thread"),
        pytest.param(Refusal("is_inactive"), ChatGoneError, 0, id="an edit in an archived channel"),
        pytest.param(Refusal("internal_error"), MaybeSentError, 0, id="their own trouble"),
        pytest.param(Fault.PAGE_503, MaybeSentError, 0, id="a proxy's page"),
        pytest.param(Fault.HANG_AFTER, MaybeSentError, 1, id="delivered but never answered"),
        pytest.param(Fault.DROP_AFTER, MaybeSentError, 1, id="delivered, then the connection broke"),
        pytest.param(Fault.DROP_BEFORE, MaybeSentError, 0, id="the connection broke after writing"),
    ],
)
async def test_faults_become_our_errors(
    api: SlackApi, chat: SlackChat, fault: Refusal | Fault, kind: type[ChatError], arrives: int
) -> None:
    api.fault("chat.postMessage", fault)
    with pytest.raises(kind) as caught:
        await chat.send(Address(Platform.SLACK, api.channel), ALERT)
    assert type(caught.value) is kind
    assert len(api.posts()) == arrives
    if isinstance(caught.value, RetryAfterError):
        assert caught.value.seconds == 7


async def test_the_double_itself_refuses_unknown_channels_and_messages(api: SlackApi, chat: SlackChat) -> None:
    with pytest.raises(ChatGoneError):
        await chat.send(Address(Platform.SLACK, "C0NOSUCH"), ALERT)
    with pytest.raises(MessageGoneError):
        await chat.edit(MessageRef(Address(Platform.SLACK, api.channel), "1.000001"), ALERT)


async def test_after_stop_nothing_is_sent(api: SlackApi, chat: SlackChat) -> None:
    await chat.stop()
    with pytest.raises(NotSentError):
        await chat.send(Address(Platform.SLACK, api.channel), ALERT)


async def test_no_server_means_not_sent(server: backlot.Server) -> None:
    async with SlackApi(server) as api:
        pass
    chat = SlackChat("xoxb-1", app_token=APP_TOKEN, base_url=api.base_url, timeout_s=2)
    with pytest.raises(NotSentError):
        await chat.send(Address(Platform.SLACK, "C1"), ALERT)
    await chat.stop()


async def test_check_names_us_and_a_wrong_token_is_said_in_words(api: SlackApi, chat: SlackChat) -> None:
    assert (await chat.check()).startswith("Slack: @")
    wrong = SlackChat("xoxb-wrong", http=HttpMode(SIGNING_SECRET), base_url=api.base_url)
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN") as caught:
        await wrong.check()
    assert "xoxb-wrong" not in str(caught.value)
    await wrong.stop()


async def test_a_refused_token_ends_the_start_and_a_dead_network_does_not(api: SlackApi, chat: SlackChat) -> None:
    wrong = SlackChat("xoxb-wrong", http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url)
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN"):
        await wrong.start(Echo(), MENU)
    await wrong.stop()
    api.fault("auth.test", Fault.DROP_BEFORE)
    echo = Echo()
    await chat.start(echo, MENU)
    await api.deliver_command(port_of(chat), api.command_fields("/topics", ""))
    await api.until(lambda: echo.inbound)


async def test_a_wrong_app_token_is_said_in_words(api: SlackApi) -> None:
    wrong = SlackChat(api.token, app_token="xapp-" + "wrong", base_url=api.base_url)
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        await wrong.check()
    await wrong.stop()


async def test_tokens_and_secrets_reach_no_log(api: SlackApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    chat = SlackChat(api.token, app_token=APP_TOKEN, base_url=api.base_url, timeout_s=2)
    await chat.start(Echo(), MENU)
    await api.until(lambda: api.sockets)
    await api.socket_send("slash_commands", api.command_fields("/topics", ""))
    await api.until(lambda: api.responses)
    api.fault("chat.postMessage", Fault.DROP_AFTER)
    with pytest.raises(MaybeSentError):
        await chat.send(Address(Platform.SLACK, api.channel), ALERT)
    await chat.stop()
    assert api.token not in caplog.text
    assert APP_TOKEN not in caplog.text


def test_one_of_the_two_modes_must_be_set_up() -> None:
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        SlackChat("xoxb-1")


async def test_full_members_change_things_and_guests_do_not(api: SlackApi, chat: SlackChat) -> None:
    address = Address(Platform.SLACK, api.channel)
    inbound = Inbound(address, api.user, "/topics", private=False)
    assert [await chat.may_change(inbound) for _ in range(2)] == [True, True]
    assert len(api.posts("users.info")) == 1
    guest = api.other_user
    api.guests.add(guest)
    assert not await chat.may_change(Inbound(address, guest, private=False))
    assert await chat.may_change(Inbound(Address(Platform.SLACK, "D1"), guest, private=True))


async def test_while_slack_does_not_say_in_which_language_somebody_reads_none_is_made_up(
    api: SlackApi, chat: SlackChat, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known stays, and is asked for again soon."""
    monkeypatch.setattr("bot.chats.slack_workspace._LANG_RETRY_S", 0.0)
    monkeypatch.setattr("bot.chats.slack_workspace._LANG_CACHE_S", 0.0)
    refused = Refusal("internal_error")
    said = (("ko-KR", False), ("ko-KR", True), ("ru-RU", False), ("ru-RU", True))
    for number, (locale, answers) in enumerate(said, 1):
        api.locale = locale
        api.fault("users.info", *[refused] * (not answers))
        await api.deliver_command(port_of(chat), api.command_fields("/topics", ""))
        await api.until(lambda: len(api.responses) == number)  # noqa: B023 - it is over before the next
    assert [inbound.lang for inbound in echo.inbound] == ["", "ko-KR", "ko-KR", "ru-RU"]


async def test_where_slack_lets_nobody_look_being_there_is_enough(api: SlackApi, chat: SlackChat) -> None:
    api.fault("users.info", Refusal("missing_scope"))
    assert await chat.may_change(Inbound(Address(Platform.SLACK, api.channel), api.user, private=False))


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.PAGE_503, Refusal("internal_error")])
async def test_while_slack_does_not_answer_nobody_changes_anything(
    api: SlackApi, chat: SlackChat, fault: Fault | Refusal
) -> None:
    """And nothing of it is kept: the next try asks again."""
    inbound = Inbound(Address(Platform.SLACK, api.channel), api.user, private=False)
    api.fault("users.info", fault)
    assert not await chat.may_change(inbound)
    assert await chat.may_change(inbound)


async def test_socket_mode_carries_commands_events_and_presses(api: SlackApi) -> None:
    chat = SlackChat(api.token, app_token=APP_TOKEN, base_url=api.base_url, timeout_s=2)
    echo = Echo()
    await chat.start(echo, MENU)
    await api.until(lambda: api.sockets)
    # Envelopes are taken up side by side: only what was answered before the next one has an order.
    await api.socket_send("slash_commands", api.command_fields("/topics", "add x"))
    await api.until(lambda: len(echo.inbound) == 1)
    event = {"type": "app_mention", "user": api.user, "text": "<@U0BOT1> help", "channel": api.channel, "ts": "1.1"}
    await api.socket_send("events_api", api.event_body(event))
    await api.until(lambda: len(echo.inbound) == 2)
    await chat.send(Address(Platform.SLACK, api.channel), ALERT)
    (posted,) = api.posts()
    await api.socket_send("interactive", api.press_body(posted, posted.body["blocks"][-1]["elements"][0]))
    await api.until(lambda: len(echo.inbound) == 3 and len(api.socket_acks) == 3)
    assert [inbound.text or inbound.data for inbound in echo.inbound] == ["/topics add x", "/help", "earlier:12"]
    await chat.stop()


async def test_socket_mode_comes_back_after_the_connection_broke(
    api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chats.slack._PING_S", 0.05)
    chat = SlackChat(api.token, app_token=APP_TOKEN, base_url=api.base_url, timeout_s=2)
    echo = Echo()
    await chat.start(echo, MENU)
    await api.until(lambda: api.sockets)
    await api.sockets[0].close()
    await api.until(lambda: len(api.sockets) == 2)
    await api.socket_send("slash_commands", api.command_fields("/topics", ""))
    await api.until(lambda: echo.inbound)
    await chat.stop()


# ---------------------------------------------------------------- whose channels alerts may go to


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        pytest.param("#press", "C0PRESS", id="by its name"),
        pytest.param("Press", "C0PRESS", id="without the mark, in any case"),
        pytest.param("c0press", "C0PRESS", id="by its id"),
        pytest.param("#last", "C0LAST", id="on the second page"),
    ],
)
async def test_a_channel_that_both_are_in_is_found(api: SlackApi, chat: SlackChat, asked_for: str, found: str) -> None:
    for number, name in (("C0PRESS", "press"), ("C0MORE", "more"), ("C0LAST", "last")):
        api.add_channel(number, name, api.user)
    place = await chat.find_place(Inbound(Address(Platform.SLACK, "D1"), api.user), asked_for)
    assert place.address == Address(Platform.SLACK, found)
    assert place.title == f"#{place.address.chat.removeprefix('C0').lower()}"


@pytest.mark.parametrize(
    ("asked_for", "words"),
    [
        pytest.param("#theirs", "You are in no channel #theirs", id="the person is not in it"),
        pytest.param("#nowhere", "You are in no channel #nowhere", id="there is none"),
        pytest.param("#without", "I am not in #without: invite me", id="the bot is not in it"),
    ],
)
async def test_a_channel_that_is_not_for_us_is_refused_with_the_reason(
    api: SlackApi, chat: SlackChat, asked_for: str, words: str
) -> None:
    api.add_channel("C0THEIRS", "theirs", api.other_user)
    api.add_channel("C0WITHOUT", "without", api.user, with_us=False)
    with pytest.raises(CommandError, match=words):
        await chat.find_place(Inbound(Address(Platform.SLACK, "D1"), api.user), asked_for)


async def test_where_slack_does_not_say_which_channels_there_are_that_is_said(api: SlackApi, chat: SlackChat) -> None:
    api.fault("users.conversations", Refusal("missing_scope"))
    with pytest.raises(CommandError, match="channels:read"):
        await chat.find_place(Inbound(Address(Platform.SLACK, "D1"), api.user), "#press")
