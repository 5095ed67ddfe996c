"""The console: plain lines on a pipe, styles on a terminal, and nothing that keeps the bot from ending."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import os
import pty
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from bot.chats.chat import Inbound, Reply
from bot.chats.console import ADDRESS, ConsoleChat
from bot.chats.console_text import plain, render, styled
from bot.chats.message import Button, Message, code, heading, link, note, paragraph, text_message
from bot.errors import CommandError, NotSentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALERT = Message(
    (heading(link("Missiles seen", "https://example.org/a")), paragraph("Type ", code("/help"), ".")),
    (
        (
            Button("Why", "why", "12", command="/why 12"),
            Button("Mute", "mute", "12"),
            Button("Site", url="https://example.org/"),
        ),
    ),
)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    for fd in (write, read):
        with contextlib.suppress(OSError):  # closed by the test
            os.close(fd)


class Handler:
    def __init__(self) -> None:
        self.inbound: list[Inbound] = []

    async def __call__(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.inbound.append(inbound)
        return (Reply(text_message("done")),)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.inbound) < count:  # noqa: ASYNC110 - fed by another thread
                await asyncio.sleep(0.005)


async def test_a_message_as_a_pipe_gets_it() -> None:
    written: list[str] = []
    chat = ConsoleChat(write=written.append)
    ref = await chat.send(ADDRESS, ALERT)
    await chat.edit(ref, text_message("again"))
    await chat.send(ADDRESS, text_message("more"), reply_to=ref)
    assert "".join(written) == (
        "\n"
        "Missiles seen\n"
        "  https://example.org/a\n"
        "\n"
        "Type /help.\n"
        "\n"
        "  [Why] /why 12\n"
        "  [Mute] type 1\n"
        "  [Site] https://example.org/\n"
        "\n"
        "↻ updated\n"
        "again\n"
        "\n"
        "↳ more on an earlier alert\n"
        "more\n"
    )


class FullDisk(io.RawIOBase):
    """An output that takes nothing while it is ``full``."""

    def __init__(self) -> None:
        self.full = True
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        piece = bytes(data)[:5]  # an output may take less than it is given
        self.taken += piece
        return len(piece)


async def test_what_the_output_did_not_take_was_not_sent_and_is_not_said_twice_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = FullDisk()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BufferedWriter(disk), encoding="utf-8"))
    chat = ConsoleChat()
    with pytest.raises(NotSentError, match="No space left"):
        await chat.send(ADDRESS, text_message("news"))
    disk.full = False
    ref = await chat.send(ADDRESS, text_message("news"))
    assert disk.taken == b"\nnews\n"
    disk.full = True
    with pytest.raises(NotSentError):
        await chat.edit(ref, text_message("news", "changed"))
    disk.full = False  # what is left would be written at the end


async def test_a_pipe_that_nobody_reads_any_more_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> int:
        raise BrokenPipeError(errno.EPIPE, "closed")

    disk = FullDisk()
    monkeypatch.setattr(disk, "write", refuse)
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BufferedWriter(disk), encoding="utf-8"))
    await ConsoleChat().send(ADDRESS, text_message("news"))
    monkeypatch.undo()


def test_a_terminal_gets_styles_and_links_around_the_same_words() -> None:
    rows = render(ALERT, number=lambda _: 1)
    drawn = styled(rows, width=80)
    assert "\x1b[1" in drawn
    assert "https://example.org/a\x1b\\" in drawn
    assert "Missiles seen" in drawn
    assert "\x1b" not in plain(rows)


def test_untrusted_text_brings_no_codes_of_its_own_to_a_terminal() -> None:
    hostile = text_message("\x1b]0;title\x07\x1b[2J[bold]x[/bold] \x9b31m")
    drawn = styled(render(hostile, number=lambda _: 1), width=80)
    assert drawn == "]0;title[2J[bold]x[/bold] 31m\n"


async def test_an_edit_shows_only_what_has_changed_under_the_headline() -> None:
    written: list[str] = []
    chat = ConsoleChat(write=written.append)
    alert = Message((heading("Envoys meet"), paragraph("They met on Monday."), note("Topic: Envoys")))
    ref = await chat.send(ADDRESS, alert)
    written.clear()
    await chat.edit(ref, Message((*alert.blocks, note("Also: Meridian Post"))))
    assert "".join(written).split("\n") == ["", "↻ updated", "Envoys meet", "Also: Meridian Post", ""]


async def test_lines_are_commands_and_a_number_presses_its_button(pipe: tuple[int, int]) -> None:
    read, write = pipe
    handler = Handler()
    chat = ConsoleChat(write=lambda _: None, input_fd=read)
    await chat.start(handler, ())
    ref = await chat.send(ADDRESS, ALERT)
    os.write(write, "/topics add КНДР\n\n  /why  \r\n1\n7".encode())
    os.close(write)
    await handler.until(4)
    await chat.stop()
    assert [inbound.text for inbound in handler.inbound] == ["/topics add КНДР", "/why", "", "7"]
    assert (handler.inbound[2].data, handler.inbound[2].replied_to) == ("mute:12", ref)


async def test_it_can_be_started_again_and_loses_no_line(pipe: tuple[int, int]) -> None:
    read, write = pipe
    before, after = Handler(), Handler()
    chat = ConsoleChat(write=lambda _: None, input_fd=read)
    await chat.start(before, ())
    os.write(write, b"/one\n")
    await before.until(1)
    await chat.stop()
    os.write(write, b"/two\n")
    await chat.start(after, ())
    os.write(write, b"/three\n")
    await after.until(2)
    await chat.stop()
    assert [inbound.text for inbound in before.inbound + after.inbound] == ["/one", "/two", "/three"]


async def test_at_the_end_of_input_the_bot_goes_on(pipe: tuple[int, int]) -> None:
    read, write = pipe
    written: list[str] = []
    chat = ConsoleChat(write=written.append, input_fd=read)
    await chat.start(Handler(), ())
    os.close(write)
    await asyncio.sleep(0.05)
    await chat.send(ADDRESS, text_message("still here"))
    assert "still here" in written[-1]
    await chat.stop()


async def test_junk_and_over_long_lines_do_no_harm(pipe: tuple[int, int]) -> None:
    read, write = pipe
    handler = Handler()
    chat = ConsoleChat(write=lambda _: None, input_fd=read)
    await chat.start(handler, ())
    junk = b"\xff\xfe\x00\n" + b"x" * 500_000 + b"\n/help\n"
    feeder = threading.Thread(target=_write_all, args=(write, junk))
    feeder.start()
    await handler.until(3)
    feeder.join()
    await chat.stop()
    assert [len(inbound.text) for inbound in handler.inbound] == [3, 10_000, 5]


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/dev/zero", "not a regular file", id="what never ends"),
        pytest.param("{folder}/pipe", "not a regular file", id="what never begins"),
        pytest.param("{folder}/large", "larger than 2 MiB", id="more than is taken"),
        pytest.param("{folder}/none", "No such file", id="nothing"),
        pytest.param("{folder}", "Is a directory", id="a folder"),
        pytest.param("a\0b", "null byte", id="no path at all"),
        pytest.param("~nobody-of-that-name/x", "home", id="nobody's home"),
    ],
)
async def test_what_cannot_be_imported_is_refused_in_words(
    pipe: tuple[int, int], tmp_path: Path, path: str, words: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(1024**4)
    handler = Handler()
    chat = ConsoleChat(write=lambda _: None, input_fd=pipe[0])
    await chat.start(handler, ())
    os.write(pipe[1], f"/import {path.format(folder=tmp_path)}\n/help\n".encode())
    await handler.until(2)
    await chat.stop()
    with pytest.raises(CommandError, match=words):
        await handler.inbound[0].files[0].read()


async def test_references_differ_between_runs() -> None:
    first = await ConsoleChat(write=lambda _: None).send(ADDRESS, text_message("x"))
    second = await ConsoleChat(write=lambda _: None).send(ADDRESS, text_message("x"))
    assert first != second


_BOT = """
import asyncio
from bot.chats.chat import Inbound, Reply
from bot.chats.console import ADDRESS, ConsoleChat
from bot.chats.message import heading, Message, text_message

async def main():
    stopped = asyncio.Event()
    chat = ConsoleChat(on_quit=stopped.set)
    async def handler(inbound: Inbound):
        return (Reply(Message((heading("you said " + inbound.text),))),)
    await chat.start(handler, ())
    await chat.send(ADDRESS, Message((heading("an alert"),)))
    try:
        await asyncio.wait_for(stopped.wait(), {seconds})
    except TimeoutError:
        pass
    await chat.stop()

asyncio.run(main())
"""


def test_a_process_with_a_silent_pipe_ends_when_it_is_told_to() -> None:
    command = [sys.executable, "-c", _BOT.format(seconds=0.3)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        assert process.wait(20) == 0
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read() == b"\nan alert\n"
        assert process.stderr.read() == b""


@pytest.mark.parametrize("redirection", ["<&-", "</dev/null", "<'{}'"], ids=["closed", "null", "a file"])
def test_any_kind_of_input_will_do(tmp_path: Path, redirection: str) -> None:
    commands = tmp_path / "commands.txt"
    commands.write_text("/topics\n", encoding="utf-8")
    shell = f'exec "$0" -c "$1" {redirection.format(commands)}'
    done = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", shell, sys.executable, _BOT.format(seconds=0.3)], capture_output=True, check=True, timeout=20
    )
    answers = b"\nyou said /topics\n" if "{}" in redirection else b""
    assert done.stdout == b"\nan alert\n" + answers
    assert done.stderr == b""


def test_a_terminal_has_a_prompt_that_takes_commands() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _BOT.format(seconds=20)]
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:  # noqa: S603 - our own
        os.close(theirs)
        seen = _read_until(ours, b">\x08")
        os.write(ours, b"/topics\r")
        seen += _read_until(ours, b"you said /topics")
        for _ in range(100):
            # The terminal itself takes the end of input for its own while the prompt is being drawn anew.
            os.write(ours, b"\x04")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
                break
        assert process.returncode == 0
    os.close(ours)
    assert b"an alert" in seen
    assert b"\x1b[1m" in seen


def _read_until(fd: int, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        seen += os.read(fd, 4096)
        if b"\x1b[6n" in seen and b"answered" not in seen:
            os.write(fd, b"\x1b[1;1R")  # a terminal says where its cursor is when asked
            seen += b"answered"
    return seen
