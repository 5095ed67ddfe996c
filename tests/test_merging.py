"""What is left to say in a chat that was told two stories of one event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.merging import Told, merged, told_by
from bot.model import Action, DeliveryState, MessageRef
from tests.examples import CHAT, DELIVERY

ACTIONS = {"A": Action.ALERT, "R": Action.REPLY, "E": Action.EDIT}


def rows(names: str) -> list[Told]:
    """Rows by name: an Alert, Reply or Edit with its number; "!" may be in the chat, "+" is only planned."""
    return [
        Told(
            1, ACTIONS[name[0]], int(name[1]), ("Arms",), None if name.endswith("+") else int(name[1]), name[2:] == "!"
        )
        for name in names.split()
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "stays", "left"),
    [
        pytest.param("A1!", "", "A1!", "", id="told the kept one alone"),
        pytest.param("", "A1! R2", "A1! R2", "", id="told the other alone"),
        pytest.param("A1! E2", "A3!", "A1! E2", "A3!", id="shown both"),
        pytest.param("A1!", "A2! E3", "A1!", "A2! E3", id="an edit of the message that is closed"),
        pytest.param("A1!", "A2", "A1!", "", id="shown the kept one"),
        pytest.param("A1!", "A2 E3", "A1!", "", id="shown the kept one, an edit of the other's"),
        pytest.param("A1", "A2!", "A2!", "", id="shown the other"),
        pytest.param("A1 E2", "A3!", "A3!", "", id="shown the other, an edit of the kept one's"),
        pytest.param("A1", "A2", "A1", "", id="neither sent"),
        pytest.param("A2", "A1", "A2", "", id="neither sent, the other told first"),
        pytest.param("A3+", "A1", "A1", "", id="the kept one only planned"),
        pytest.param("A3+", "A1!", "A1!", "", id="the kept one only planned, the other shown"),
        pytest.param("A1", "A3+", "A1", "", id="the other only planned"),
        pytest.param("A1+", "A2+", "A1+", "", id="both only planned"),
        pytest.param("E2", "A3", "A3", "", id="an edit without its message tells nothing"),
        pytest.param("A1!", "A2! R3", "A1! R3", "A2!", id="an update of the other"),
        pytest.param("A1!", "A2! R3 E4", "A1! R3 E4", "A2!", id="an update of the other, and an edit of that"),
        pytest.param("A1!", "A2 R3", "A1! R3", "", id="an update of the other, none of which was sent"),
        pytest.param("A1!", "A2! R3! R4", "A1! R4", "A2! R3!", id="a second update of the other"),
        pytest.param("A1 R3", "A2!", "A2! R3", "", id="an update of the kept one, which was not sent"),
        pytest.param("A3+ R4+", "A1!", "A1! R4+", "", id="an update of the kept one, all of it planned"),
        pytest.param("A1! E4", "A2! R3", "A1! E4 R3", "A2!", id="an edit comes before the other's update"),
        pytest.param("A1! R4 E6", "A2! R3 E5", "A1! R4 E6 R3 E5", "A2!", id="updates of both, with edits"),
        pytest.param(
            "A1! E5+", "A2! R3 E6+", "A1! R3 E6+", "A2!", id="a planned edit that would reach the other's update"
        ),
    ],
)
def test_merged(ours: str, theirs: str, stays: str, left: str) -> None:
    found = merged(rows(ours), rows(theirs))
    assert (list(found.stays), list(found.left)) == (rows(stays), rows(left))
    # Doing it twice changes nothing.
    again = merged(found.stays, found.left)
    assert (again.stays, again.left) == (found.stays, found.left)


@pytest.mark.parametrize(
    ("state", "fields", "there"),
    [
        pytest.param(DeliveryState.PENDING, {}, False, id="due"),
        pytest.param(DeliveryState.PENDING, {"attempts": 1}, False, id="told to wait: it never left"),
        pytest.param(DeliveryState.PENDING, {"maybe_sent": True}, True, id="in doubt"),
        pytest.param(DeliveryState.HELD, {}, False, id="held"),
        pytest.param(DeliveryState.HELD, {"bundle_id": 1}, True, id="on its way in a digest"),
        pytest.param(DeliveryState.SENDING, {}, True, id="on its way"),
        pytest.param(DeliveryState.SENT, {}, True, id="sent"),
        pytest.param(DeliveryState.UNKNOWN, {"maybe_sent": True}, True, id="unknown"),
        pytest.param(DeliveryState.DEAD, {"maybe_sent": True}, False, id="given up"),
        pytest.param(DeliveryState.SENT, {"action": Action.EDIT}, False, id="an edit that found no message"),
        pytest.param(
            DeliveryState.SENT,
            {"action": Action.EDIT, "ref": MessageRef(CHAT.address, "7")},
            True,
            id="an edit that was made",
        ),
    ],
)
def test_what_may_be_in_the_chat(state: DeliveryState, fields: dict[str, object], there: bool) -> None:  # noqa: FBT001
    told = told_by(replace(DELIVERY, state=state, **fields))  # type: ignore[arg-type]
    assert (told.there, told.row_id) == (there, DELIVERY.id)
