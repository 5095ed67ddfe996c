"""The console as a chat: commands from a terminal or a pipe, alerts and answers on standard output.

On a terminal the prompt stays below what is printed. From a pipe each line is a command; at its end the bot goes on
without commands. Nothing here may keep the loop from shutting down: a pipe is read by a daemon thread, past Python's
buffers, since a lock on those held at exit would abort the interpreter.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import secrets
import shutil
import signal
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.chats.chat import Inbound, InboundFile
from bot.chats.console_text import Run, plain, render, styled
from bot.chats.files import check_size
from bot.chats.inbox import Inbox
from bot.chats.message import AttachmentKind, Message, note
from bot.errors import CommandError, NotSentError
from bot.model import Address, MessageRef, Platform
from bot.speech import ENGLISH, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.chats.chat import CommandHint, Errand, InboundHandler, Place, Reply
    from bot.chats.message import Attachment, Button

ADDRESS: Final = Address(Platform.CONSOLE, "console")
_LINE_CHARS: Final = 10_000
_READ_BYTES: Final = 65_536
_NUMBERED_BUTTONS: Final = 500
_SHOWN_KEPT: Final = 500
_IMPORT: Final = re.compile(r"/?import\s+(?P<path>\S.*)", re.IGNORECASE)
_MAX_COLUMNS: Final = 110
_NAME_CHARS: Final = 100
_SAME_NAMES: Final = 1000
_UNSAFE: Final = re.compile(r"[^\w.-]+")  # in the name of a file: folders above all


class ConsoleChat:
    """The ``ChatPort`` of a console; one chat, one person.

    ``write`` takes whole pieces of output (default: standard output); ``input_fd`` is where commands come from
    (default: standard input). Styles and the prompt are used on a terminal alone, and styles not with ``no_color``.
    ``exports`` is the folder that attached files are saved in, never over another; without it they are not.
    ``lang`` is the language of the person there, as far as the terminal tells.
    ``on_quit`` is called for Ctrl-C and Ctrl-D at the prompt (default: SIGINT to this process, as anywhere else). It
    may be started again after a stop.
    """

    def __init__(
        self,
        *,
        write: Callable[[str], object] | None = None,
        input_fd: int | None = None,
        exports: Path | None = None,
        no_color: bool = False,
        on_quit: Callable[[], None] | None = None,
        lang: str = ENGLISH,
    ) -> None:
        self._terminal = write is None and sys.stdout.isatty()
        self._write = write or _write_out
        self._input_fd = _standard_input() if input_fd is None else input_fd
        self._prompting = self._terminal and self._input_fd == 0 and os.isatty(0)
        self._style = self._terminal and not no_color
        self._exports = exports
        self._lang = lang
        self._on_quit = on_quit or (lambda: signal.raise_signal(signal.SIGINT))
        self._session = secrets.token_hex(4)
        self._count = 0
        self._buttons: dict[str, tuple[Button, MessageRef]] = {}
        self._shown: dict[str, Message] = {}
        self._inbox: Inbox | None = None
        self._listening: asyncio.Task[None] | None = None
        self._lines: asyncio.Queue[str | None] | None = None
        self._menu: tuple[CommandHint, ...] = ()
        self._put_back: list[Inbound] = []

    @property
    def platform(self) -> Platform:
        """The console."""
        return Platform.CONSOLE

    async def start(self, handler: InboundHandler, menu: tuple[CommandHint, ...]) -> None:
        """Begin to read commands."""
        self._menu = menu
        self._inbox = Inbox(handler)
        put_back, self._put_back = self._put_back, []
        for inbound in put_back:
            self._inbox.put(inbound, self._answer)
        if self._input_fd is None:
            return  # started without any input at all
        reading = self._prompt() if self._prompting else self._read_pipe(self._input_fd)
        self._listening = asyncio.create_task(reading, name="console")

    def put_back(self, inbounds: Sequence[Inbound]) -> None:
        """Take what was said before as said anew at the next start."""
        self._put_back += inbounds

    async def hold(self, to: Address, seconds: float) -> None:
        """A terminal asks nobody to wait."""

    async def stop(self) -> None:
        """Stop reading and let the command under way finish."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
        if self._inbox is not None:
            await self._inbox.drain()

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Print a message; a reply is marked as one, since a console has no threads.

        A picture cannot be shown, and says nothing that the text does not; a file is saved, and the text says where.
        """
        if errand is not None:
            await errand.begin()
        files = [one for one in message.attachments if one.kind is AttachmentKind.FILE]
        if files:
            saved = [await asyncio.to_thread(_save, one, self._exports) for one in files]
            message = replace(message, blocks=(*message.blocks, *map(note, saved)))
        ref = self._next_ref(to)
        self._remember(ref, message)
        self._print(message, ref, "↳ more on an earlier alert" if reply_to else "")
        return ref

    async def find_sent(
        self,
        to: Address,  # noqa: ARG002 - the port's signature
        delivery_id: int,  # noqa: ARG002 - the same
        *,
        since: datetime,  # noqa: ARG002 - the same
        reply_to: MessageRef | None = None,  # noqa: ARG002 - the same
    ) -> MessageRef | None:
        """What an earlier run printed cannot be read back."""
        return None

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Print what has changed under the headline: what stands on a console cannot be changed itself."""
        before = self._shown.get(ref.message_id)
        self._remember(ref, message)
        if before is not None:
            changed = tuple(block for block in message.blocks[1:] if block not in before.blocks)
            message = Message((*message.blocks[:1], *changed))
        self._print(message, ref, _("↻ updated"))

    async def link_to(self, ref: MessageRef) -> str | None:  # noqa: ARG002 - the port's signature
        """Lines on a terminal have no address."""
        return None

    async def may_change(self, inbound: Inbound) -> bool:  # noqa: ARG002 - the port's signature
        """Whoever sits here owns the place."""
        return True

    async def find_place(self, inbound: Inbound, name: str) -> Place:  # noqa: ARG002 - the port's signature
        """A console has no channels."""
        raise CommandError(_("There are no channels here. On Telegram and Slack alerts can go to a channel of yours."))

    async def check(self) -> str:
        """Which kind of console this is."""
        return "console: a terminal with a prompt" if self._prompting else "console: lines in, lines out"

    # ------------------------------------------------------------ out

    def _remember(self, ref: MessageRef, message: Message) -> None:
        """Keep the newest messages, so that an edit can say what has changed."""
        self._shown[ref.message_id] = message
        if len(self._shown) > _SHOWN_KEPT:
            del self._shown[next(iter(self._shown))]

    def _next_ref(self, to: Address) -> MessageRef:
        self._count += 1
        # Numbers begin anew with each run, but references are stored: the run's own name keeps them apart.
        return MessageRef(to, f"{self._session}-{self._count}")

    def _print(self, message: Message, ref: MessageRef, mark: str) -> None:
        rows: Sequence[Sequence[Run]] = render(message, number=lambda button: self._number(button, ref))
        if mark:
            rows = ((Run(mark, "dim"),), *rows)
        columns = min(shutil.get_terminal_size().columns, _MAX_COLUMNS)
        try:
            self._write("\n" + (styled(rows, width=columns) if self._style else plain(rows)))
        except OSError as error:
            raise NotSentError(f"the output takes nothing: {error.strerror or type(error).__name__}") from error

    def _number(self, button: Button, ref: MessageRef) -> int:
        """The number to type for a button; the oldest ones are forgotten."""
        number = max(map(int, self._buttons), default=0) + 1
        self._buttons[str(number)] = (button, ref)
        while len(self._buttons) > _NUMBERED_BUTTONS:
            del self._buttons[next(iter(self._buttons))]
        return number

    # ------------------------------------------------------------ in

    def _take(self, line: str) -> None:
        text = line.strip()[:_LINE_CHARS]
        if not text or self._inbox is None:
            return
        inbound = Inbound(
            ADDRESS, user_id="console", text=text, chat_title="console", lang=self._lang, files=_named_files(text)
        )
        if text in self._buttons:
            button, ref = self._buttons[text]
            inbound = Inbound(
                ADDRESS, "console", data=button.data, chat_title="console", replied_to=ref, lang=self._lang
            )
        self._inbox.put(inbound, self._answer)

    async def _answer(self, reply: Reply) -> None:
        await self.send(ADDRESS, reply.message)

    async def _read_pipe(self, fd: int) -> None:
        if self._lines is None:
            # One reader for good: a second one, after a stop and a start, would race it for the lines.
            self._lines = asyncio.Queue()
            hand_over = partial(_hand_over, asyncio.get_running_loop(), self._lines)
            threading.Thread(target=_read_lines, args=(fd, hand_over), name="console-input", daemon=True).start()
        while (line := await self._lines.get()) is not None:
            self._take(line)

    async def _prompt(self) -> None:
        # The prompt is for terminals alone, and its import is a good part of the start-up time.
        from prompt_toolkit import PromptSession  # noqa: PLC0415 - see above
        from prompt_toolkit.completion import WordCompleter  # noqa: PLC0415 - see above
        from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415 - see above

        commands = WordCompleter([f"/{hint.name}" for hint in self._menu], sentence=True)
        session: PromptSession[str] = PromptSession("> ", completer=commands, complete_while_typing=False)
        with patch_stdout(raw=True):
            while True:
                try:
                    line = await session.prompt_async(handle_sigint=False)
                except (EOFError, KeyboardInterrupt):
                    self._on_quit()
                    return
                self._take(line)


def _named_files(text: str) -> tuple[InboundFile, ...]:
    """The file whose path follows /import: whoever sits at the console may read it, so it comes along."""
    found = _IMPORT.fullmatch(text)
    if found is None:
        return ()
    path = Path(found["path"])

    async def read() -> bytes:
        try:
            data = await asyncio.to_thread(_beginning, path)
        except (OSError, ValueError, RuntimeError) as error:  # ValueError for NUL, RuntimeError for nobody's home
            unread = _("{path} cannot be read: {reason}.")
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(unread.format(path=path, reason=reason.rstrip("."))) from error
        check_size(len(data))
        return data

    return (InboundFile(path.name, 0, read),)


def _beginning(path: Path) -> bytes:
    """A file as far as it may be taken, and a byte more, which tells that it is larger.

    A pipe that nobody writes to never begins, and a device never ends, whatever size it is said to have.
    """
    named = path.expanduser()
    if named.exists() and not (named.is_file() or named.is_dir()):
        raise OSError(errno.EINVAL, "not a regular file")
    with named.open("rb") as file:
        return file.read(limits.OPML_BYTES + 1)


def _save(attachment: Attachment, folder: Path | None) -> str:
    """Write a file beside those that are there already; what to say of it."""
    name = _UNSAFE.sub("-", attachment.name).lstrip(".-")[:_NAME_CHARS] or "export"
    stem, dot, suffix = name.rpartition(".")
    if folder is None:
        return f"{name} cannot be saved here."
    for count in range(1, _SAME_NAMES):
        numbered = f"{stem or suffix}-{count}{dot if stem else ''}{suffix if stem else ''}" if count > 1 else name
        path = folder / numbered
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(attachment.data)
        except FileExistsError:
            continue
        except OSError as error:
            return f"{name} could not be saved: {error.strerror or type(error).__name__}."
        return f"Saved as {path}"
    return f"{name} could not be saved: too many files of that name are there."


def _standard_input() -> int | None:
    """The descriptor of standard input; None where the process was started without one."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None


def _write_out(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    # A console that cannot show a letter shows a question mark; it does not end the bot. Nor does a closed pipe.
    data = text.encode(encoding, "replace")
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    with contextlib.suppress(BrokenPipeError):
        if raw is None:
            sys.stdout.write(data.decode(encoding))
        sys.stdout.flush()
        # Python's buffers would keep what a full disk did not take, and say it beside its repeat.
        while raw is not None and data:
            data = data[_some(raw.write(data)) :]


def _some(count: int | None) -> int:
    """How much was taken. Raises BlockingIOError for nothing, which an output that does not wait calls None."""
    if not count:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return count


def _hand_over(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str | None], line: str | None) -> None:
    """Give a line to the loop from the reader's thread."""
    # The loop may be closed before the pipe ends; then nobody waits for its lines any more.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(lines.put_nowait, line)


def _read_lines(fd: int, hand_over: Callable[[str | None], None]) -> None:
    """Read ``fd`` to its end, handing over each line, then None. An over-long line is cut."""
    rest = b""
    try:
        while chunk := os.read(fd, _READ_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                hand_over(line.decode("utf-8", "replace"))
            rest = rest[: _LINE_CHARS * 4]
    except OSError:
        pass  # the other side is gone, which is an end like any other
    if rest:
        hand_over(rest.decode("utf-8", "replace"))
    hand_over(None)
