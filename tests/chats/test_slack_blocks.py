"""What goes into Slack's small print, which is the one place where text becomes markup."""

from __future__ import annotations

import pytest

from bot.chats.message import (
    Block,
    Button,
    Message,
    Span,
    Style,
    bold,
    code,
    code_block,
    heading,
    link,
    note,
    paragraph,
    text_message,
)
from bot.chats.slack_blocks import SPOKEN, render, render_parts
from handlers.commands import COMMANDS
from tests.doubles import block_kit


@pytest.mark.parametrize(
    ("span", "drawn"),
    [
        pytest.param(bold("Topic "), "*Topic* !", id="bold, against the word"),
        pytest.param(code("a_b & `c`: <d>"), "`a_b &amp; ˋcˋ: &lt;d&gt;`!", id="code stays as it is to be typed"),
        pytest.param(link("a|b>", "https://x.example/?a&b"), "<https://x.example/?a&amp;b|a∣b&gt;>!", id="a link"),
        pytest.param(bold("09:30, snake_case, 1:2"), "*09:30, snake_case, 1:2*!", id="harmless signs stay"),
        pytest.param(bold(":smile: _it_ ~x~ *y*"), "*꞉smile: ˍitˍ ∼x∼ ∗y∗*!", id="formatting becomes look-alikes"),
        pytest.param(bold("<!channel> <@U1> & co"), "*&lt;!channel&gt; &lt;@U1&gt; &amp; co*!", id="calls"),
    ],
)
def test_small_print(span: Span, drawn: str) -> None:
    (block,) = render(Message((note(span, "!"),))).blocks
    assert block["elements"] == [{"type": "mrkdwn", "text": drawn, "verbatim": True}]


def test_small_print_without_styles_is_plain_text() -> None:
    (block,) = render(Message((note("*a* <b> & c"),))).blocks
    assert block["elements"] == [{"type": "plain_text", "text": "*a* <b> & c", "emoji": False}]


def test_a_heading_is_a_header_unless_it_links_or_is_long() -> None:
    kinds = [
        render(Message((block,))).blocks[0]["type"]
        for block in (heading("Topics"), heading(link("News", "https://x.example")), heading("x" * 151))
    ]
    assert kinds == ["header", "rich_text", "rich_text"]


def test_repeated_actions_have_ids_of_their_own_and_rows_stay_rows() -> None:
    row = tuple(Button(f"Pause {n}", "pause", str(n)) for n in range(3))
    blocks = render(Message(text_message("x").blocks, (row, (Button("Help", "help"),)))).blocks
    rows = [[element["action_id"] for element in block["elements"]] for block in blocks if block["type"] == "actions"]
    assert rows == [["pause", "pause:2", "pause:3"], ["help"]]
    assert [element["value"] for element in blocks[1]["elements"]] == ["pause:0", "pause:1", "pause:2"]


def test_parts_hold_everything_and_the_buttons_come_last() -> None:
    message = Message(text_message(*(f"{n}: " + "word " * 200 for n in range(40))).blocks, ((Button("Go", "go"),),))
    parts = render_parts(message)
    assert len(parts) > 1
    assert sum(part.text.count("word") for part in parts[:-1]) > 0
    texts = [
        element["text"]
        for part in parts
        for block in part.blocks
        if block["type"] == "rich_text"
        for section in block["elements"]
        for element in section["elements"]
    ]
    assert "".join(texts).count("word") == 8000
    assert [part.blocks[-1]["type"] == "actions" for part in parts] == [False] * (len(parts) - 1) + [True]


def test_the_fallback_text_keeps_links_and_calls_nobody() -> None:
    message = Message((heading(link("A | B", "https://x.example/?a&b")), note("<!here> *x* ", bold("y"))))
    assert render(message).text == "<https://x.example/?a&amp;b|A ∣ B>\n&lt;!here&gt; *x* y"


@pytest.mark.parametrize("text", ["&" * 9000, "word " * 3000, "x" * 9000])
def test_an_over_long_fallback_text_is_cut(text: str) -> None:
    drawn = render(text_message("first", text, "last")).text
    assert drawn.startswith("first\n\n")
    assert "…" in drawn
    assert len(drawn) <= 4000


def test_style_without_text_is_nothing() -> None:
    (block,) = render(Message((note(Span("", Style.BOLD), "x"),))).blocks
    assert block["elements"][0]["type"] == "plain_text"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param(paragraph("Type ", code("/feeds add URL")), "Type /backstory feeds add URL", id="a command"),
        pytest.param(paragraph(code("/topics add NAME")), "/topics add NAME", id="has a name of its own"),
        pytest.param(paragraph("It waits: /missed shows it."), "It waits: /backstory missed shows it.", id="in prose"),
        pytest.param(paragraph("see /etc/passwd and/or /help/me"), "see /etc/passwd and/or /help/me", id="no command"),
        pytest.param(paragraph(link("On /mute", "https://a.example/mute")), "On /mute", id="somebody else's words"),
        pytest.param(code_block("/digest daily 08:00"), "/backstory digest daily 08:00", id="to be copied"),
    ],
)
def test_a_command_is_shown_as_it_is_typed_in_slack(line: Block, shown: str) -> None:
    (block,) = render(Message((line,))).blocks
    assert "".join(block_kit.texts(block)) == shown


def test_every_command_is_known_to_slack() -> None:
    assert {row.name for row in COMMANDS} == {*SPOKEN, "topics"}
