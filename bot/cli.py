"""The command line: what can be said, and how each command starts and ends. The work is done elsewhere.

Exit status: 0 done, 1 it could not be done (the reason is on standard error), 2 the command line is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__, cli_operations, crashpoints, limits, logs, loops, settings
from bot.errors import BackstoryError, CommandError, ImportFileError
from bot.model import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from bot.model import Platform
    from bot.settings import Settings
    from bot.topics.backtest import Backtest

_REPLAY_DB = "sqlite+aiosqlite://"
_MOST = 100_000  # as days, 274 years: no archive is older, and a date so far back still exists


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == cli_operations.set_up:
            # Before the settings are read: it is what mends them.
            return cli_operations.set_up()
        configured = settings.load()
        logs.configure(level=configured.log_level, secrets=configured.secrets, form=configured.log_format)
        crashpoints.arm(configured.crash_at)
        command: Callable[[Settings, argparse.Namespace], Coroutine[None, None, int]] = options.command
        return loops.run(command(configured, options))
    except BackstoryError as error:
        print(f"backstory: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong, and nobody is left to tell.
        sys.stderr.close()
        return 0
    except Exception as error:
        from bot.store.migrate import fault_in_words  # noqa: PLC0415 - slow to import, and seldom needed

        fault = fault_in_words(error)
        if fault is None:
            raise  # a mistake of ours, of which the traceback tells most
        print(f"backstory: {fault}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backstory", description="Alerts for Telegram and Slack: what is new, and what it continues."
    )
    parser.add_argument("--version", action="version", version=f"backstory {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[..., object], summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(command=command)
        return sub

    add("run", _run, "start the bot: poll, alert, answer; with no token set, a console chat and sample coverage")
    add("worker", _worker, "run one of several processes that share a PostgreSQL database: poll, alert, answer")
    add("demo", _demo, "play the sample coverage on a fast clock, print the alerts, and end")
    importing = add("import", _import, "store past coverage: text articles, HTML pages, JSONL, saved feeds")
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    replay = add("replay", _replay, "run entries from a JSONL file through the pipeline and write its decisions")
    replay.add_argument("file", type=Path, metavar="FILE.jsonl")
    replay.add_argument(
        "--topic", action="append", default=[], metavar="NAME[=QUERY]", help="a topic, by name alone or with its query"
    )
    replay.add_argument("--everything", action="store_true", help="group and link even entries that no topic wants")
    replay.add_argument(
        "--links", type=_positive, default=limits.BACKSTORY_LINKS, metavar="N", help="links per backstory (default 4)"
    )
    replay.add_argument("--db", default=_REPLAY_DB, metavar="URL", help="keep the result in this database")
    replay.add_argument("--out", type=Path, required=True, metavar="OUT.jsonl", help="one line out for each line in")
    testing = add("backtest", _backtest, "show what a topic would have found in the archive")
    testing.add_argument("topic", metavar="NAME[=QUERY]", help="a topic, by name alone or with its query")
    testing.add_argument(
        "--days", type=_positive, default=limits.BACKTEST_DAYS, metavar="N", help="how far back (default 30)"
    )
    testing.add_argument(
        "--sensitivity", choices=[each.value for each in Sensitivity], default=Sensitivity.NORMAL.value
    )
    testing.add_argument("--chart", type=Path, metavar="FILE.png", help="draw the hits by day into this file")
    suggesting = add("suggest", _suggest, "print the query made from a topic's name")
    suggesting.add_argument("name", metavar="NAME")
    checking = add("check-summary", _check_summary, "check a summary against the text that it summarises")
    checking.add_argument("source", type=Path, metavar="SOURCE_FILE", help="the article, as plain text")
    checking.add_argument("summary", type=Path, metavar="SUMMARY_FILE", help="the summary, as plain text")
    cli_operations.add_to(add)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {_MOST:,}")
    return int(text)


async def _run(configured: Settings, _: argparse.Namespace) -> int:
    from bot.app import Bot, front_door, remote_chats, wants_samples  # noqa: PLC0415 - other commands start without it
    from bot.chats.console import ConsoleChat  # noqa: PLC0415

    stop = _set_by_signals()
    console = ConsoleChat(exports=configured.exports_path, no_color=configured.no_color, lang=configured.lang)
    sample_mode = await wants_samples(configured)
    while not stop.is_set():
        door = front_door(configured)
        chats = {console.platform: console, **remote_chats(configured, door)}
        print(_greeting(configured, chats, sample_mode=sample_mode), flush=True)
        bot = Bot(configured, chats, sample_mode=sample_mode, door=door)
        async with AsyncExitStack() as stack:
            # A platform that does not answer is waited for, but not by who ends us.
            await _first(stop.wait(), stack.enter_async_context(bot))
            await _first(stop.wait(), bot.left_samples.wait())
        console.put_back(bot.unanswered)
        sample_mode = False
    return 0


async def _worker(configured: Settings, _: argparse.Namespace) -> int:
    from bot.fleet import open_worker  # noqa: PLC0415 - only a fleet needs its engine

    stop = _set_by_signals()
    async with open_worker(configured):
        print(f"Backstory {__version__}: a worker on PostgreSQL. Ctrl-C to stop.", flush=True)
        await stop.wait()
    return 0


def _set_by_signals() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set, in place of ending the process at once."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _first(*waits: Coroutine[None, None, object]) -> None:
    """Wait until one of these is over, and end the others. Raises what one of them does."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _greeting(configured: Settings, chats: Mapping[Platform, object], *, sample_mode: bool) -> str:
    names = ", ".join(platform.value for platform in chats)
    where = configured.samples_url if sample_mode else configured.database_url
    database = where.rpartition("/")[2] if where.startswith("sqlite") else "PostgreSQL"
    lines = [f"Backstory {__version__}: {names}; database {database}. Type /help for commands, Ctrl-C to stop."]
    if sample_mode:
        lines.append(
            "No token and no feed is set, so bundled sample coverage (July 2023 to November 2024) plays. "
            "Add a real feed to leave it: /feeds add URL"
        )
    return "\n".join(lines)


async def _demo(configured: Settings, _: argparse.Namespace) -> int:
    from bot.app import demo  # noqa: PLC0415
    from bot.chats.console import ConsoleChat  # noqa: PLC0415

    await demo(
        configured, ConsoleChat(exports=configured.exports_path, no_color=configured.no_color, lang=configured.lang)
    )
    return 0


async def _import(configured: Settings, options: argparse.Namespace) -> int:
    from bot.importing import import_paths  # noqa: PLC0415

    report = await import_paths(configured, options.paths)
    print(report.as_text())
    return 0 if report.was_of_use else 1


async def _replay(configured: Settings, options: argparse.Namespace) -> int:
    from bot.encoders import open_encoder  # noqa: PLC0415
    from bot.progress import progress  # noqa: PLC0415
    from bot.replay import Replay, Request  # noqa: PLC0415
    from bot.store.sql import open_store  # noqa: PLC0415
    from bot.topics import lexicon  # noqa: PLC0415

    request = Request(tuple(options.topic), everything=options.everything, links=options.links)
    lines = _lines_to_replay(options.file, options.out)
    store = await open_store(options.db)
    failed = 0
    try:
        with progress(len(lines), "replaying") as advance:
            replay = Replay(store, lexicon.load(), request, encoder=open_encoder(wanted=configured.encoder))
            decided = await replay.lines(lines, advance=advance)
        try:
            with options.out.open("w", encoding="utf-8") as out:
                for line in decided:
                    if "error" in line:
                        failed += 1
                        print(f"backstory: {options.file}: {line['error']}", file=sys.stderr)
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:  # a disk that is full
            raise CommandError(f"{options.out} was not written to its end: {error.strerror}") from error
    finally:
        await store.close()
    if failed:
        print(f"backstory: {failed} of {len(lines)} lines could not be used", file=sys.stderr)
    return 1 if lines and failed == len(lines) else 0


def _lines_to_replay(source: Path, out: Path) -> list[str]:
    """The lines of a JSONL file, once it is certain that what is decided about them can be written.

    Raises:
        CommandError: both are the same file.
        ImportFileError: ``source`` cannot be read, or ``out`` cannot be written.
    """
    try:
        with source.open(encoding="utf-8-sig", errors="replace") as file:
            # As lines of a file: str.splitlines also breaks at characters that JSON lets stand in a text, as U+2028.
            lines = file.readlines()
        if out.exists() and out.samefile(source):
            raise CommandError(f"{out} is the file that is read: name another one for --out")
        # Whether it can be written is seen before the work; what is in it stays until there is something to put there.
        out.open("a").close()
    except OSError as error:
        raise ImportFileError(f"{error.filename}: {error.strerror}") from error
    return lines


async def _suggest(_: Settings, options: argparse.Namespace) -> int:
    from bot.topics import lexicon  # noqa: PLC0415
    from bot.topics.suggest import suggest  # noqa: PLC0415

    print(suggest(options.name, lexicon.load()).query)
    return 0


async def _check_summary(configured: Settings, options: argparse.Namespace) -> int:
    from bot.encoders import open_encoder  # noqa: PLC0415
    from bot.stories.grounding import check_summary  # noqa: PLC0415

    source, summary = _text_in(options.source, "SOURCE_FILE"), _text_in(options.summary, "SUMMARY_FILE")
    faulty = 0
    encoder = open_encoder(wanted=configured.encoder)
    for sentence, faults in check_summary(summary, source, encoder=encoder):
        faulty += bool(faults)
        print(f"{'not borne out' if faults else 'borne out'}: {sentence}")
        for fault in faults:
            print(f"  {fault.kind.value}: {fault.detail}")
    return 1 if faulty or not summary.strip() else 0


def _text_in(path: Path, argument: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ImportFileError(f"{argument} {path} cannot be read: {error.strerror or type(error).__name__}") from error
    except UnicodeDecodeError as error:
        raise ImportFileError(f"{argument} {path} is no text in UTF-8: save it anew as such in an editor") from error


async def _backtest(configured: Settings, options: argparse.Namespace) -> int:
    from bot.replay import topic_from  # noqa: PLC0415
    from bot.store.sql import open_store  # noqa: PLC0415
    from bot.topics import lexicon  # noqa: PLC0415
    from bot.topics.backtest import Trial  # noqa: PLC0415
    from bot.workers.backtests import Backtester  # noqa: PLC0415
    from handlers.figures import in_text  # noqa: PLC0415

    known = lexicon.load()
    name, query = topic_from(options.topic, known)
    store = await open_store(configured.database_url, secret_keys=configured.secret_keys)
    try:
        trial = Trial(query, Sensitivity(options.sensitivity))
        test = await Backtester(store, known).run(trial, now=datetime.now(UTC), days=options.days)
    finally:
        await store.close()
    print(f"Query: {query}\n{in_text(test)}")
    return _chart(options.chart, test, name) if options.chart is not None else 0


def _chart(path: Path, test: Backtest, title: str) -> int:
    """Draw a backtest's hits by day into a file."""
    from bot.pictures.hits import draw  # noqa: PLC0415 - drawing is slow to import

    picture, is_new = draw(test, title), not path.exists()
    try:
        path.write_bytes(picture)
    except OSError as error:
        if is_new:  # on a full disk, what is left is no picture
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise CommandError(f"{path}: {error.strerror}") from error
    print(f"Chart: {path}")
    return 0
