"""Starts bots again and again, fast: everything is imported once, and each bot is a fork of this process.

Its one argument says which command the bots run, which limits are others than the product's, and the address of a Unix
socket. Whoever connects there writes one JSON object a line, the bot's environment, and reads one line of its process
id, and one of how it ended (0, or minus the signal), with "stopped" before it each time that it was stopped. One bot at
a time for each connection. All ends with the input.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import redirect_stdout, suppress
from datetime import UTC, datetime

from bot import limits

_OPTIONS = json.loads(sys.argv[1])
# What piled up while bots were killed is a backlog and no flood: each entry is to be followed by itself.
vars(limits).update({"FLOOD_ENTRIES": sys.maxsize} | _OPTIONS["limits"])

from httpx import AsyncClient  # noqa: E402 - limits first: some are read on import
from slack_bolt.app.async_app import AsyncApp  # noqa: E402

from bot import cli  # noqa: E402
from bot.alerts.compose import compose  # noqa: E402
from bot.model import UNSAVED, Address, Feed, ParsedEntry, Platform, Subscription, Topic  # noqa: E402
from bot.store.sql import open_store  # noqa: E402
from bot.topics import lexicon  # noqa: E402
from bot.workers.pipeline import Options, Pipeline  # noqa: E402

_ANYHOW = ("anyio._backends._asyncio", "h11", "httpcore._backends.anyio", "protego", "tzdata")
_WARM = {
    "run": ("bot.app", "bot.chats.console", "bot.chats.telegram", "bot.chats.slack"),
    "worker": ("bot.fleet", "bot.store.seat", "bot.chats.telegram", "bot.chats.slack"),
}


def _warm() -> None:
    """Import what a bot with tokens imports, and read what it reads."""
    for name in (*_WARM[_OPTIONS["command"]], *_ANYHOW):
        importlib.import_module(name)
    # Standard output is for whoever reads what to expect next: not for the log of an alert.
    with redirect_stdout(sys.stderr):
        asyncio.run(_take_in())


async def _take_in() -> None:
    """Take a few entries in, so that all that is read at first use has been read."""
    store, now = await open_store("sqlite://"), datetime.now(UTC)
    chat = await store.chat_at(Address(Platform.CONSOLE, "warm"), title="", now=now)
    topic = await store.add_topic(Topic(UNSAVED, chat.id, "warm", "quwarmx", now))
    await store.subscribe(Subscription(chat.id, topic.id, now))
    feed = await store.add_feed(Feed(UNSAVED, "https://warm.example/", "Warm", now, shared=True, baselined=True))
    pipeline = Pipeline(store, lexicon.load())
    for number in range(3):
        text = f"Badofu {number} gemiko quwarmx lanetu. Sodiva quwarmx peruna kotira."
        entry = ParsedEntry(f"{number}", f"https://warm.example/{number}", f"Quwarmx {number} bageru", text, now)
        await pipeline.ingest(feed, [entry], now=now, options=Options())
    for one in await store.claim_deliveries(now=now, lease_s=1, limit=9, platforms=[Platform.CONSOLE]):
        compose(one.alert, one.delivery)
    await store.close()
    # Each looks at a hundred source files when the first one is made.
    await AsyncClient().aclose()
    AsyncApp(token="xoxb-warm", signing_secret="warm")  # noqa: S106 - no secrets


def _be_a_bot(environment: dict[str, str], log: str) -> None:
    os.environ.update(environment)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (out, 2)):
        os.dup2(number, target)
    os._exit(cli.run([_OPTIONS["command"]]))


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Warm up; then whoever connects is served by a fork."""
    _warm()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(_OPTIONS["door"])
        door.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how those who serve have ended
        _say("ready")
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            connection, _ = door.accept()
            with connection:
                if not os.fork():
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    door.close()
                    # As its input and output, it is the first thing that a bot lets go of.
                    os.dup2(connection.fileno(), 0)
                    os.dup2(connection.fileno(), 1)
                    connection.close()
                    with suppress(BrokenPipeError):  # a test that failed does not wait for its bot
                        _serve()
                    os._exit(0)


def _serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _be_a_bot(asked["environment"], asked["log"])
        _say(child)
        _, status = os.waitpid(child, os.WUNTRACED)
        while os.WIFSTOPPED(status):
            _say("stopped")
            _, status = os.waitpid(child, os.WUNTRACED)
        _say(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
