"""The command line, as a person runs it: real processes, real files, real signals."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from bot import cli
from bot.__main__ import main
from tests.doubles.bot_api import TOKEN
from tests.shared_data import shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPIC = "DPRK-Russia arms"


def environment(folder: Path) -> dict[str, str]:
    """No token, no feed, data in a folder of the test's own."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("BACKSTORY_", "TELEGRAM_", "SLACK_"))
    }
    return {**kept, "BACKSTORY_DATA_DIR": str(folder / "data"), "PYTHONWARNINGS": "error"}


def backstory(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program with our own arguments
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", "utf-8")
    return path


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize("module", ["telegram", "slack_bolt", "trafilatura", "py3langid", "alembic", "PIL", "numpy"])
def test_slow_libraries_are_not_imported_to_reach_the_prompt(module: str) -> None:
    code = f"import sys, bot.app, bot.chats.console; sys.exit({module!r} in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603
    assert found.returncode == 0


def test_suggest_prints_the_query_of_a_name(tmp_path: Path) -> None:
    assert backstory("suggest", TOPIC, folder=tmp_path).stdout == "@dprk & @russia & @arms\n"


def test_a_wrong_command_line_says_what_there_is(tmp_path: Path) -> None:
    found = backstory("fly", folder=tmp_path)
    assert found.returncode == 2
    assert "replay" in found.stderr


@pytest.mark.parametrize("number", ["0", "-1", "ten", "1000000", "99999999999"])
def test_a_number_that_cannot_be_says_what_could(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.run(["backtest", TOPIC, f"--days={number}"])
    assert f"'{number}' is not a whole number from 1 to 100,000" in capsys.readouterr().err


def test_ctrl_c_while_it_is_still_being_imported_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "bot.cli", Interrupted("bot.cli"))
    monkeypatch.setattr("gc.disable", lambda: None)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130


def test_an_unusable_setting_is_explained_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BACKSTORY_HTTP_PORT=many\n")
    found = backstory("doctor", folder=tmp_path)
    assert found.returncode == 1
    assert found.stderr == "backstory: BACKSTORY_HTTP_PORT is 'many'; it must be a whole number from 0 to 65535.\n"


def test_doctor_on_a_fresh_folder_finds_no_fault(tmp_path: Path) -> None:
    found = backstory("doctor", folder=tmp_path)
    assert found.returncode == 0
    assert "database: SQLite" in found.stdout
    assert "/feeds add URL" in found.stdout


def test_replay_writes_a_line_for_each_line_and_reports_bad_ones(tmp_path: Path) -> None:
    entry = {
        "id": "a1",
        "datetime": "2024-06-19T10:00:00Z",
        "lang": "en",
        "title": "North Korea ships munitions to Russia",
        "text": "North Korea shipped munitions to Russia, the White House said. Containers left Rajin by sea.",
        "source": "Harbour Wire",
        "url": "https://harbour.example/a1",
    }
    source = write_lines(
        tmp_path / "in.jsonl", entry, "{not json", {"id": "a3"}, {**entry, "id": "a4", "datetime": None}
    )
    found = backstory("replay", str(source), "--topic", TOPIC, "--out", "out.jsonl", folder=tmp_path)
    assert found.returncode == 0, found.stderr
    lines = read_lines(tmp_path / "out.jsonl")
    assert [line["id"] for line in lines] == ["a1", None, "a3", "a4"]
    assert [line["action"] for line in lines] == ["alert", "none", "none", "none"]
    assert [line["story"] for line in lines] == ["a1", None, None, "a1"]
    assert [bool(line.get("error")) for line in lines] == [False, True, True, False]
    assert "in.jsonl: line 2" in found.stderr
    topics = lines[0]["topics"]
    assert isinstance(topics, list)
    assert {row["concept"] for row in topics[0]["matched"]} >= {"dprk", "russia", "arms"}


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85"], ids=["line", "paragraph", "next-line"])
def test_replay_reads_one_entry_though_its_text_holds_another_kind_of_line_break(tmp_path: Path, char: str) -> None:
    text = f"North Korea shipped munitions to Russia, the White House said.{char}Containers left Rajin by sea."
    entry = {"id": "a1", "datetime": "2024-06-19", "lang": "en", "title": "North Korea ships munitions to Russia"}
    row = json.dumps({**entry, "text": text}, ensure_ascii=False)
    source = write_lines(tmp_path / "in.jsonl", row)
    found = backstory("replay", str(source), "--topic", TOPIC, "--out", "out.jsonl", folder=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert [(line["id"], line["action"]) for line in read_lines(tmp_path / "out.jsonl")] == [("a1", "alert")]


@pytest.mark.parametrize(
    ("topic", "out", "says"),
    [
        pytest.param(TOPIC, "in.jsonl", "in.jsonl is the file that is read: name another one", id="what is read"),
        pytest.param("X=(kim", "out.jsonl", "never closed", id="a topic that does not parse"),
    ],
)
def test_a_replay_that_cannot_be_overwrites_nothing(tmp_path: Path, topic: str, out: str, says: str) -> None:
    source = write_lines(tmp_path / "in.jsonl", {"id": "a1", "title": "Kim"})
    write_lines(tmp_path / "out.jsonl", "what was decided before")
    before = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.jsonl")}
    found = backstory("replay", str(source), "--topic", topic, "--out", out, folder=tmp_path)
    assert found.returncode == 1
    assert says in found.stderr
    assert {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.jsonl")} == before


def test_a_full_disk_is_said_so_by_a_replay(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", {"id": "a1", "title": "Kim"})
    found = backstory("replay", str(source), "--topic", TOPIC, "--out", "/dev/full", folder=tmp_path)
    assert found.returncode == 1
    assert found.stderr.strip() == "backstory: /dev/full was not written to its end: No space left on device"


def test_a_database_that_finds_no_room_is_said_so(tmp_path: Path) -> None:
    assert backstory("status", folder=tmp_path).returncode == 0
    found = subprocess.run(  # where no file may grow beyond a block
        ["/bin/sh", "-c", 'ulimit -f 1 && exec "$0" -m bot status', sys.executable],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert found.returncode == 1
    assert "is full, or fails" in found.stderr


@pytest.mark.parametrize("command", [("import",), ("replay", "--topic", TOPIC, "--out", "out.jsonl")])
def test_a_file_of_which_nothing_can_be_used_is_a_failure(tmp_path: Path, command: tuple[str, ...]) -> None:
    source = write_lines(tmp_path / "in.jsonl", "{not json", {"id": "a3"})
    assert backstory(command[0], str(source), *command[1:], folder=tmp_path).returncode == 1


def test_replay_decides_about_each_line_though_two_outlets_print_one_headline(tmp_path: Path) -> None:
    headline = {"datetime": "2026-01-05", "lang": "en", "title": "North Korea ships munitions to Russia", "text": ""}
    rows = [
        {"id": name, "source": name, "url": "https://x.example/1", **headline} for name in ("Alpha", "Beta", "Gamma")
    ]
    source = write_lines(tmp_path / "in.jsonl", *rows)
    found = backstory("replay", str(source), "--topic", TOPIC, "--out", "out.jsonl", folder=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    lines = read_lines(tmp_path / "out.jsonl")
    assert [(line["story"], line["action"]) for line in lines] == [
        ("Alpha", "alert"),
        ("Alpha", "edit"),
        ("Alpha", "edit"),
    ]
    assert all(line["topics"] for line in lines)


def test_the_five_articles_give_the_stories_and_links_that_a_reader_expects(tmp_path: Path) -> None:
    folder = shared("data", "articles")
    rows = []
    for path in sorted(folder.glob("*.txt"), key=lambda path: path.stem.rpartition("_")[2]):
        name, _, day = path.stem.rpartition("_")
        text = path.read_text("utf-8")
        title = next(line for line in text.splitlines() if len(line) > 60)
        rows.append(
            {"id": name, "datetime": f"{day}T12:00:00Z", "title": title, "text": text, "source": name, "url": None}
        )
    source = write_lines(tmp_path / "in.jsonl", *rows)
    found = backstory("replay", str(source), "--topic", TOPIC, "--out", "out.jsonl", folder=tmp_path)
    assert found.returncode == 0, found.stderr
    by_id = {line["id"]: line for line in read_lines(tmp_path / "out.jsonl")}
    assert all(line["topics"] for line in by_id.values())
    assert by_id["oreanda"]["story"] == by_id["ticker"]["story"] == "oreanda"

    def linked(entry_id: str) -> list[str]:
        links = by_id[entry_id]["backstory"]
        assert isinstance(links, list)
        return [link["id"] for link in links]

    assert linked("ctn") == []
    assert linked("pentagon") == ["ctn"]
    assert set(linked("oreanda")) == {"pentagon", "ctn"}
    assert set(linked("unn")) >= {"pentagon", "ctn"}
    assert {"oreanda", "ticker"} & set(linked("unn"))


def test_import_stores_once_and_a_topic_finds_all_five(tmp_path: Path) -> None:
    articles = str(shared("data", "articles"))
    first = backstory("import", articles, folder=tmp_path)
    assert "5 entries are new, 0 known before" in first.stdout, first.stderr
    second = backstory("import", articles, folder=tmp_path)
    assert "0 entries are new, 5 known before" in second.stdout


def test_backtest_says_what_a_topic_would_have_found(tmp_path: Path) -> None:
    assert "The archive is empty" in backstory("backtest", TOPIC, folder=tmp_path).stdout
    backstory("import", str(shared("data", "articles")), folder=tmp_path)
    found = backstory("backtest", TOPIC, "--days", "600", "--chart", "hits.png", folder=tmp_path)
    assert (tmp_path / "hits.png").read_bytes().startswith(b"\x89PNG")
    assert "Chart: hits.png" in found.stdout
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("Query: @dprk & @russia & @arms\n5 hits (")
    assert "the archive ends there" in found.stdout
    wrong = backstory("backtest", "X=@dprk & (", folder=tmp_path)
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr


def test_a_chart_for_which_there_is_no_room_leaves_no_half_of_a_picture(tmp_path: Path) -> None:
    narrow = ("sh", "-c", 'ulimit -f 4; exec "$@"', "sh", sys.executable, "-m", "bot")
    found = subprocess.run(  # noqa: S603 - our own program, which may write no file of more than 2 kB
        [*narrow, "backtest", TOPIC, "--chart", "hits.png"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"BACKSTORY_DATABASE_URL": "sqlite://"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (found.returncode, found.stderr) == (1, "backstory: hits.png: File too large\n")
    assert list(tmp_path.glob("*.png")) == []


def test_demo_plays_the_sample_coverage_and_ends(tmp_path: Path) -> None:
    found = backstory("demo", folder=tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""
    for words in ("Earlier:", "New:", "2023", "Topic: DPRK-Russia arms"):
        assert words in found.stdout
    assert "\x1b" not in found.stdout


@contextmanager
def running(folder: Path, **given: str) -> Iterator[subprocess.Popen[str]]:
    """`backstory run` as a process of its own, ended at the latest when the test is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={**environment(folder), **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.timeout(90)
def test_run_from_a_pipe_answers_alerts_goes_on_after_the_end_and_drains_on_sigterm(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write("/topics\n/help\n")
        process.stdin.close()
        process.stdin = None
        shown = ""
        while "Earlier:" not in shown:
            line = process.stdout.readline()
            assert line, f"the bot ended: {shown}{process.stderr.read()}"
            shown += line
        process.send_signal(signal.SIGTERM)
        # Not communicate(): it would lose what readline() has read ahead.
        rest, errors = process.stdout.read(), process.stderr.read()
        assert process.wait(timeout=30) == 0, errors
    assert errors == ""
    for words in (f"{TOPIC} (on)", "/topics add NAME", "Topic: DPRK-Russia arms"):
        assert words in shown + rest


@pytest.mark.timeout(60)
def test_a_bot_that_waits_for_its_platform_to_answer_is_live_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        given = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "BACKSTORY_METRICS_PORT": str(port),
        }
        with running(tmp_path, **given) as process:
            asked, _ = silent.accept()
            assert asked.recv(1)  # it waits for an answer now
            live, ready, figures = (answer_of(port, path) for path in ("healthz", "readyz", "metrics"))
            assert live == (200, '{"live": true}')
            assert ready[0] == 503
            assert '"ticks": false, "chat console": false, "chat telegram": false' in ready[1]
            assert figures[0] == 200
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=40) == 0
            assert time.monotonic() - began < 5
            assert process.stderr
            assert process.stderr.read() == ""
        asked.close()


def answer_of(port: int, path: str) -> tuple[int, str]:
    """What a bot says of itself."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", f"/{path}")
        answer = asking.getresponse()
        return answer.status, answer.read().decode()
    finally:
        asking.close()


def test_check_summary_says_what_a_text_does_not_bear_out(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BACKSTORY_ENCODER=off\n", "utf-8")  # a second less, and three runs
    (tmp_path / "article.txt").write_text("Anna Berg said the ferry sank on Monday with 40 people aboard.", "utf-8")
    (tmp_path / "true.txt").write_text("The ferry sank on Monday, Anna Berg said.", "utf-8")
    (tmp_path / "false.txt").write_text("The ferry sank with 400 people aboard.", "utf-8")
    good = backstory("check-summary", "article.txt", "true.txt", folder=tmp_path)
    assert (good.returncode, good.stdout) == (0, "borne out: The ferry sank on Monday, Anna Berg said.\n")
    bad = backstory("check-summary", "article.txt", "false.txt", folder=tmp_path)
    assert bad.returncode == 1
    assert "not borne out: The ferry sank with 400 people aboard.\n  numbers: 400 is in no source" in bad.stdout
    missing = backstory("check-summary", "article.txt", "nowhere.txt", folder=tmp_path)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "SUMMARY_FILE nowhere.txt cannot be read: No such file or directory" in missing.stderr
