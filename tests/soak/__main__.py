"""``make soak MINUTES=120``: a real bot in a busy world for hours; its memory, descriptors and tasks must stay flat.

The bot is `backstory run` in a process of its own, with a feed server, a Bot API and people in this one. After a
warm-up (a third of the time, at most 30 minutes) a line is drawn through its memory. 1 is returned if it grows by
more than a megabyte an hour beyond doubt, or if anything else piles up; "Flat." is said only if it surely does not.
Beside it stands what waits: entries that are not stored and deliveries that are not sent. Where that grows, the
machine is too slow for the world: give a RATE below 1.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

import aiohttp

from bot.model import DeliveryState
from bot.progress import progress
from bot.store.sql import open_store
from tests.doubles.bot_api import TOKEN, BotApi
from tests.pipeline.feed_server import feed_server
from tests.soak.figures import MB, ROOM, Sample, Slope, behind, chart, faults, growth, slope, table
from tests.soak.world import World

ROOT: Final = Path(__file__).resolve().parents[2]
EVERY_S: Final = 5.0
MOST_WARM_UP_S: Final = 30 * 60.0
RATE: Final = float(os.environ.get("RATE", "1"))
_FIGURE: Final = re.compile(r"^backstory_(tasks|entries|outbox_deliveries\{state=\"pending\"\}) (\S+)$", re.MULTILINE)


@dataclass
class Watched:
    """A running bot, and what was seen of it."""

    pid: int
    port: int
    world: World
    samples: list[Sample] = field(default_factory=list)

    async def watch(self, seconds: float) -> None:
        """Take a sample every few seconds. Raises ProcessLookupError if the bot is gone."""
        began_s = time.monotonic()
        async with aiohttp.ClientSession() as session:
            with progress(int(seconds // EVERY_S), "Soak") as advance:
                while (at_s := time.monotonic() - began_s) < seconds:
                    tasks, unread, unsent = await self._figures(session)
                    sample = await asyncio.to_thread(_sample, self.pid, at_s, tasks)
                    self.samples.append(replace(sample, unread=unread, unsent=unsent))
                    advance()
                    await asyncio.sleep(EVERY_S)

    async def _figures(self, session: aiohttp.ClientSession) -> tuple[int, int, int]:
        """The bot's tasks, the entries that it has not stored yet, and the deliveries that wait."""
        published = self.world.published
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(f"http://127.0.0.1:{self.port}/metrics", timeout=aiohttp.ClientTimeout(3)) as answer:
                found = {name: int(float(value)) for name, value in _FIGURE.findall(await answer.text())}
                if found:
                    pending = found['outbox_deliveries{state="pending"}']
                    return found["tasks"], max(0, published - found["entries"]), pending
        # A bot that is too busy to answer is where it was, at best.
        last = self.samples[-1] if self.samples else None
        return (last.tasks, last.unread, last.unsent) if last is not None else (0, 0, 0)


def _sample(pid: int, at_s: float, tasks: int) -> Sample:
    """Raises ProcessLookupError if there is no such process."""
    own = _status(pid)
    if own is None:
        raise ProcessLookupError(pid)
    children = [found for child in _children(pid) if (found := _status(child)) is not None]
    return Sample(
        at_s,
        own["VmRSS"] * 1024,
        sum(one["VmRSS"] for one in children) * 1024,
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
        own["Threads"],
        len(children),
        tasks,
    )


def _status(pid: int) -> dict[str, int] | None:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.split()}
        if "VmRSS" in found:
            return {name: int(found[name]) for name in ("VmRSS", "Threads")}
    return None


def _children(pid: int) -> list[int]:
    listed = (path / "children" for path in Path(f"/proc/{pid}/task").iterdir())
    found: list[int] = []
    for path in listed:
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def soak(seconds: float, folder: Path) -> int:
    """Run the bot for so long, and tell what was seen."""
    database, port = f"sqlite:///{folder / 'backstory.db'}", _free_port()
    own = asyncio.current_task()
    if own is not None:  # ended from outside, it ends its bot, too
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, own.cancel)
    async with BotApi() as api, feed_server() as feeds:
        world = World(api, feeds, Random(1), rate=RATE)
        await world.set_up(database)
        ours = ("BACKSTORY_", "TELEGRAM_", "SLACK_")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)} | {
            "BACKSTORY_DATA_DIR": str(folder),
            "BACKSTORY_DATABASE_URL": database,
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_POLL_MIN_S": "5",
            "BACKSTORY_POLL_MAX_S": "10",
            "BACKSTORY_METRICS_PORT": str(port),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
        }
        with (folder / "bot.log").open("wb") as log:
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stdout=log, stderr=log,
                stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        living = asyncio.ensure_future(world.live())
        watched = Watched(bot.pid, port, world)
        gone = False
        try:
            await watched.watch(seconds)
        except ProcessLookupError:
            gone = True
        finally:
            living.cancel()
            await asyncio.wait([living])
            with contextlib.suppress(ProcessLookupError):
                bot.send_signal(signal.SIGTERM)
            how = await bot.wait()
        methods = Counter(method for method, _, _ in api.calls)
        polls = len(feeds.requests)
        _tell(watched.samples, seconds)
        print(f"  {world.published:,} entries, {polls:,} requests to feeds and pages, {world.typed:,} commands")  # noqa: T201
        print(f"  {', '.join(f'{count:,} {name}' for name, count in methods.most_common(6))}")  # noqa: T201
        print(f"  outbox at the end: {await _outbox(database)}; the bot ended with {how}")  # noqa: T201
    found = faults(_warm(watched.samples, seconds))
    if not living.cancelled():
        found.append(f"the world came to an end: {living.exception()!r}")
    if gone or how:
        found.append(f"the bot ended with {how}: its last words are {_last_words(folder)!r}")
    waits = behind(_warm(watched.samples, seconds))
    if waits is not None:
        print(f"BEHIND: {waits}")  # noqa: T201
    print(_verdict(found, slope(_warm(watched.samples, seconds))))  # noqa: T201
    return bool(found)


def _verdict(found: list[str], memory: Slope) -> str:
    if found:
        return f"NOT FLAT: {'; '.join(found)}"
    if memory.is_flat:
        return "Flat."
    return "UNDECIDED: nothing is sure to grow, but memory is too restless for so few minutes; soak for longer"


def _warm(samples: list[Sample], seconds: float) -> list[Sample]:
    begin_s = min(seconds / 3, MOST_WARM_UP_S)
    return [one for one in samples if one.at_s >= begin_s] or samples


def _tell(samples: list[Sample], seconds: float) -> None:
    warm = _warm(samples, seconds)
    line = slope(warm)
    print(f"A bot for {seconds / 60:.0f} minutes, the first {warm[0].at_s / 60:.0f} to warm up")  # noqa: T201
    print(*table(samples), chart(samples), sep="\n")  # noqa: T201
    print(f"  memory {line.mb_per_h:+.2f} MB/h (standard error {line.error:.2f}) after the warm-up")  # noqa: T201
    for name in ROOM:
        first, last = growth(warm, lambda one, name=name: getattr(one, name))  # type: ignore[misc]
        print(f"  {name} {first:g} at first, {last:g} at last")  # noqa: T201
    print(f"  most memory {max(one.memory_bytes for one in samples) / MB:.0f} MB")  # noqa: T201


async def _outbox(database: str) -> str:
    store = await open_store(database)
    status = await store.status()
    await store.close()
    return ", ".join(f"{status.outbox[state]:,} {state.value}" for state in DeliveryState if status.outbox.get(state))


def _last_words(folder: Path) -> str:
    return (folder / "bot.log").read_text(errors="replace")[-500:]


def main() -> int:
    """Soak for MINUTES (default: 120), in a world that is RATE times as busy as it is (default: 1)."""
    minutes = float(os.environ.get("MINUTES", "120"))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(minutes * 60, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
