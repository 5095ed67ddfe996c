"""The process that reads hostile bodies, so that it can be stopped: ``python -m bot.feeds.parser_process``.

It takes one job at a time from its standard input and writes the answer to its standard output, within limits on memory
and on CPU time that the system enforces. It ends when its input does. It must not fetch, and has nothing to hide: it
is started without the bot's environment.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from bot import limits
from bot.errors import FeedParseError
from bot.feeds.article import extract_page
from bot.feeds.discover import feed_links
from bot.feeds.opml import read_opml
from bot.feeds.parse import parse_feed
from bot.feeds.wire import HEAD, Job, feed_fields, job_of, message

if TYPE_CHECKING:
    from typing import Any

try:
    import resource
except ImportError:
    LIMITED = False  # on Windows the parent's deadline is the only limit
else:
    LIMITED = True

_STATUS: Final = Path("/proc/self/status")


def main() -> None:
    """Serve jobs until the input ends."""
    # Ctrl-C in a terminal goes to the whole group; the bot decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        # What a library prints must not be taken for an answer.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        _limit_memory()
        while (asked := _next(sys.stdin.buffer)) is not None:
            _allow_cpu()
            fields = answer(*asked)
            fields["last"] = _is_bloated()
            out.write(message(fields))
            out.flush()
            if fields["last"]:
                return


def answer(job: Job, body: bytes) -> dict[str, Any]:
    """The answer to one job, as ``wire.Answer`` has it."""
    try:
        return {"value": _value(job, body)}
    except FeedParseError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "reading it takes more memory than is allowed"}
    except Exception as error:  # noqa: BLE001 - whatever a parser of hostile markup may raise
        return {"error": f"it cannot be read ({type(error).__name__})"}


def _value(job: Job, body: bytes) -> Any:  # noqa: ANN401 - JSON, of the job's kind
    match job.kind:
        case "feed":
            return feed_fields(parse_feed(body, url=job.url, content_type=job.content_type))
        case "page":
            return extract_page(body, url=job.url, content_type=job.content_type).body
        case "list":
            return asdict(read_opml(body))
        case "links":
            return [asdict(link) for link in feed_links(body, url=job.url, content_type=job.content_type)]
    raise ValueError(job.kind)


def _next(source: BinaryIO) -> tuple[Job, bytes] | None:
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    fields_bytes, body_bytes = HEAD.unpack(head)
    fields = source.read(fields_bytes)
    body = source.read(body_bytes)
    return (job_of(json.loads(fields)), body) if len(body) == body_bytes else None


def _limit_memory() -> None:
    if LIMITED:
        resource.setrlimit(resource.RLIMIT_AS, (limits.PARSER_MEMORY_BYTES, limits.PARSER_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu() -> None:
    """So many seconds more from now on: the limit counts from the start of the process."""
    if LIMITED:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        until_s = math.ceil(time.process_time() + limits.PARSE_CPU_S)
        resource.setrlimit(resource.RLIMIT_CPU, (until_s, hard))


def _is_bloated() -> bool:
    """Python gives little memory back: after a large feed it is better to begin anew."""
    return _peak_bytes() > limits.PARSER_KEPT_BYTES


def _peak_bytes() -> int:
    """The most memory that this process has held; 0 where nothing tells.

    Linux's ``getrusage`` begins with what the bot held that started it: with a large bot each answer would be the last.
    """
    with suppress(OSError, StopIteration), _STATUS.open("rb") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith(b"VmHWM:"))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit if LIMITED else 0


if __name__ == "__main__":
    main()
