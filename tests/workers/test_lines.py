"""Who waits in line for a host, and whose turn it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import Feed
from bot.workers.lines import Lines, Turn

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def turn(number: int, host: str = "one", *, baselined: bool = True, later_s: float = 0) -> Turn:
    feed = Feed(number, f"https://{host}.example/{number}", "News", NOW, shared=True, baselined=baselined)
    return Turn(feed, NOW + timedelta(seconds=later_s))


def test_turns_come_in_order_and_a_hosts_places_are_kept() -> None:
    lines = Lines(2)
    turns = [turn(number) for number in range(4)]
    for one in (*turns, turn(9, "two")):
        lines.join(one)
    assert lines.ready == 3
    assert lines.begin(9) == [turns[0], turns[1], turn(9, "two")]
    assert lines.ready == 0
    lines.end(turns[1])
    assert lines.begin(9) == [turns[2]]


def test_whose_subscribers_wait_for_a_first_answer_comes_before_all_others() -> None:
    lines = Lines(9)
    for one in (turn(1), turn(2, baselined=False), turn(3), turn(4, baselined=False)):
        lines.join(one)
    assert [one.feed.id for one in lines.begin(9)] == [2, 4, 1, 3]


def test_a_feed_that_is_claimed_anew_keeps_its_place_and_stands_there_once() -> None:
    lines = Lines(9)
    for one in (turn(1), turn(2, baselined=False), turn(3), turn(1, later_s=60), turn(2, later_s=60)):
        lines.join(one)
    assert lines.begin(9) == [turn(1, later_s=60), turn(3), turn(2, later_s=60)]
    assert lines.dissolve() == []


def test_who_is_let_go_waits_no_more() -> None:
    lines = Lines(0)
    lines.join(turn(1))
    assert lines.begin(9) == []
    assert lines.dissolve() == [turn(1)]
    assert lines.ready == 0
