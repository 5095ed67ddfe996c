from __future__ import annotations

import pytest

from bot.limits import TOPIC_NAME_CHARS, TOPICS_PER_CHAT
from bot.model import UNSAVED, Subscription, Topic
from handlers.ports import Backfill
from tests.handlers.house import AWAY, FEED_URL, HOME, House, button, pressable, texts
from tests.handlers.told import NOW


async def _add_shared(house: House, name: str) -> Topic:
    return await house.desk.store.add_topic(Topic(UNSAVED, None, name, "@arms", NOW))


async def test_a_name_alone_becomes_a_query_and_says_how(house: House) -> None:
    house.desk.found = Backfill(entries=1204, stories=1)
    said = texts(await house.say("/topics add DPRK-Russia arms"))
    assert "Nothing is watched until you save it." in said
    assert house.desk.backfilled == []
    saved = texts(await house.say("/topics save dprk-russia arms"))
    topic = await house.topic("dprk-russia ARMS")
    assert topic.query in said
    assert "@dprk" in topic.query
    assert "@russia" in topic.query
    assert "DPRK → @dprk (North Korea), Russia → @russia, arms → @arms" in said
    assert "1,204 entries on it, in 1 story" in saved
    assert house.desk.backfilled == [topic.query]


async def test_a_new_topic_is_subscribed_to(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    (subscription,) = await house.desk.store.subscriptions_of((await house.chat()).id)
    assert subscription.topic_id == (await house.topic("Arms")).id


async def test_a_query_is_stored_in_its_canonical_form(house: House) -> None:
    said = texts(await house.say("/topics save Arms = @dprk AND (@russia OR @china)"))
    assert (await house.topic("Arms")).query == "@dprk & (@russia | @china)"
    assert "Query: @dprk & (@russia | @china)" in said


async def test_a_query_in_place_of_a_name_is_taken_as_one(house: House) -> None:
    await house.say("/topics save @dprk AND (@russia | @china)")
    assert (await house.topic("@dprk AND (@russia | @china)")).query == "@dprk & (@russia | @china)"
    assert "does not parse" in texts(await house.say("/topics save @dprk & (@russia"))


async def test_words_that_the_lexicon_lacks_are_named(house: House) -> None:
    said = texts(await house.say("/topics add Zorblatt Industries"))
    await house.say("/topics save Zorblatt Industries")
    assert "Not in my lexicon, so taken as it stands, and not found in other languages: “Zorblatt Industries”." in said
    assert "zorblatt" in (await house.topic("Zorblatt Industries")).query.casefold()


async def test_words_that_say_little_are_named(house: House) -> None:
    assert "Left out, as it says little: “news”." in texts(await house.say("/topics add Russia news"))


async def test_two_words_read_as_one_name_are_said_to_be_with_the_way_out(house: House) -> None:
    said = texts(await house.say("/topics add Zorblatt Quenby Sudan"))
    assert "“Zorblatt Quenby” is looked for as one name, side by side. If these are two things: " in said
    assert "/topics add Zorblatt Quenby Sudan = Zorblatt & Quenby & @sudan" in said
    await house.say("/topics save Zorblatt Quenby Sudan = Zorblatt & Quenby & @sudan")
    assert (await house.topic("Zorblatt Quenby Sudan")).query == "Zorblatt & Quenby & @sudan"


async def test_a_name_that_is_known_as_one_is_not_asked_about(house: House) -> None:
    assert "as one name" not in texts(await house.say("/topics add Port Talbot"))


async def test_a_whole_subject_is_said_to_be_one(house: House) -> None:
    assert "Everything on this subject, wherever it happens." in texts(await house.say("/topics add Rentenreform"))
    assert "Everything on this subject" not in texts(await house.say("/topics add Sudan floods"))


async def test_a_name_without_words_asks_for_a_query(house: House) -> None:
    said = texts(await house.say("/topics save !!!"))
    assert "/topics add NAME = " in said
    assert await house.desk.store.topics_of((await house.chat()).id) == ()


async def test_the_newest_archived_stories_are_shown_with_dates(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.tell_story(await house.topic("Arms"))
    said = texts(await house.say("/topics show arms"))
    assert "1 h ago: Arms shipped to Russia (Outlet)" in said
    assert "1 story so far" in said
    assert "sensitivity normal" in said


async def test_the_same_name_again_offers_what_there_is(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    said = await house.say("/topics add ARMS = @russia")
    assert "Arms is watched already" in texts(said)
    assert [each.command for each in pressable(said)] == [
        "/topics show Arms",
        "/topics edit Arms",
        "/topics remove Arms",
    ]
    assert (await house.topic("Arms")).query == "@arms"


async def test_a_long_name_is_refused_with_a_way_out(house: House) -> None:
    said = texts(await house.say(f"/topics save {'x' * (TOPIC_NAME_CHARS + 1)}"))
    assert f"{TOPIC_NAME_CHARS} characters; this one has {TOPIC_NAME_CHARS + 1}" in said
    assert "NAME = QUERY" in said


async def test_a_chat_has_a_most_of_topics(house: House) -> None:
    chat = await house.chat()
    for number in range(TOPICS_PER_CHAT):
        await house.desk.store.add_topic(Topic(UNSAVED, chat.id, f"t{number}", "@arms", NOW))
    assert "which is the most" in texts(await house.say("/topics save One more = @arms"))
    assert "Now watching" in texts(await house.say("/topics save One more = @arms", AWAY))


async def test_the_list_of_many_topics_comes_in_pages(house: House) -> None:
    chat = await house.chat()
    for number in range(45):
        topic = await house.desk.store.add_topic(Topic(UNSAVED, chat.id, f"t{number}", "@arms", NOW))
        if number == 0:
            await house.desk.store.subscribe(Subscription(chat.id, topic.id, NOW))
    first = await house.say("/topics")
    assert "Watching 45 topics, page 1 of 6" in texts(first)
    assert "t0 (on): @arms" in texts(first)
    assert [button.label for button in pressable(first)] == [*(f"t{number}" for number in range(8)), "Next ›"]
    second = await house.press(button(first, "Next ›").data)
    assert "page 2 of 6" in texts(second)
    assert "t8 (off)" in texts(second)
    assert "page 1 of 6" in texts(await house.press(button(second, "‹ Before").data))
    last = await house.say("/topics page 99")
    assert "t44 (off): @arms" in texts(last)
    assert pressable(last)[-1].label == "‹ Before"


async def test_the_list_tells_when_a_topic_last_had_a_story(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.tell_story(await house.topic("Arms"))
    assert "Arms (on, last story 1 h ago): @arms" in texts(await house.say("/topics"))


async def test_an_empty_list_offers_a_first_topic(house: House) -> None:
    said = await house.say("/topics")
    assert "Nothing is watched yet" in texts(said)
    offered = await house.press(pressable(said)[0].data)
    assert "Proposal: “DPRK-Russia arms”" in texts(offered)
    assert "Now watching" in texts(await house.press(button(offered, "Save").data))


async def test_without_a_feed_the_way_to_one_is_told(house: House) -> None:
    assert "/feeds add URL" in texts(await house.say("/topics save Arms = @arms"))
    await house.say(f"/feeds add {FEED_URL}")
    assert "/feeds add URL" not in texts(await house.say("/topics save Chips = @china"))


async def test_removing_says_how_to_bring_it_back(house: House) -> None:
    await house.say('/topics save "a = b" = @arms & @dprk')
    said = await house.say("/topics remove A = B")
    assert '/topics save "a = b" = @arms & @dprk' in texts(said)
    assert await house.desk.store.topics_of((await house.chat()).id) == ()
    await house.press(button(said, "Bring it back").data)
    assert (await house.topic("a = b")).query == "@arms & @dprk"


@pytest.mark.parametrize("level", ["strict", "wide"])
async def test_what_is_brought_back_is_as_sensitive_as_it_was(house: House, level: str) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say(f"/topics set Arms {level}")
    said = await house.say("/topics remove Arms")
    assert "Bring it back: /topics save Arms" in texts(said)
    assert f"@arms · {level}" in texts(await house.press(button(said, "Bring it back").data))
    topic = await house.topic("Arms")
    assert (topic.query, topic.sensitivity.value) == ("@arms", level)


async def test_removing_by_button(house: House) -> None:
    said = await house.say("/topics save Arms = @arms")
    assert "no longer watched" in texts(await house.press(button(said, "Remove").data))
    assert "not here any more" in texts(await house.press(button(said, "Remove").data))


async def test_an_unknown_name_is_answered_with_the_nearest(house: House) -> None:
    await house.say("/topics save Taiwan Strait = @china")
    said = texts(await house.say("/topics show Taiwan Strat"))
    assert "Did you mean “Taiwan Strait”?" in said


async def test_a_shared_topic_can_be_left_but_not_removed(house: House) -> None:
    shared = await _add_shared(house, "Arms")
    assert "shared with every chat" in texts(await house.say("/topics show Arms"))
    assert "/unsubscribe Arms" in texts(await house.say("/topics remove Arms"))
    assert await house.topic("Arms", HOME) == shared
