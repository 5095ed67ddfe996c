"""Topics as a file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.limits import TOPIC_NAME_CHARS
from bot.model import ChatConcept, Sensitivity, Topic
from bot.text.normalise import displayable
from bot.topics.exchange import ListedConcept, ListedTopic, read_topics, write_topics

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LINES = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=40)
    .map(lambda text: " ".join(displayable(text).split()))
    .filter(bool)
)


@given(st.lists(st.tuples(LINES, LINES, st.sampled_from(Sensitivity)), max_size=8))
def test_what_is_written_is_read_back(rows: list[tuple[str, str, Sensitivity]]) -> None:
    topics = [Topic(place, 1, name, query, NOW, level) for place, (name, query, level) in enumerate(rows)]
    again = read_topics(write_topics(topics, ()).encode())
    assert again.topics == tuple(ListedTopic(name, query, level) for name, query, level in rows)
    assert not again.faults


def test_concepts_come_along() -> None:
    written = write_topics((), (ChatConcept(1, "shells", ("shell*", "포탄")),))
    assert "포탄" in written
    assert read_topics(written.encode()).concepts == (ListedConcept("shells", ("shell*", "포탄")),)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("topics:\n- name: x\n", "topic 1: it needs a name and a query", id="no query"),
        pytest.param("topics:\n- name: x\n  query: y\n  sensitivity: mild\n", "strict, normal or wide", id="level"),
        pytest.param("topics:\n- just a line\n", "topic 1", id="a line"),
        pytest.param("concepts:\n- name: x\n  aliases: y\n", "concept 1", id="aliases that are no list"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_read(text: str, fault: str) -> None:
    good = "topics:\n- name: Good\n  query: '@dprk'\n"
    found = read_topics((text + ("- name: Good\n  query: '@dprk'\n" if text.startswith("topics") else good)).encode())
    assert any(fault in said for said in found.faults)
    assert [topic.name for topic in found.topics] == ["Good"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"topics: [", "YAML", id="broken"),
        pytest.param(b"- a\n- b\n", "no list of topics", id="a list"),
        pytest.param(b"hello", "no list of topics", id="a word"),
        pytest.param(b"\xff\xfe\x00", "UTF-8", id="another encoding"),
        pytest.param(b"#" * 300_000, "KiB", id="too large"),
        pytest.param(b"!!python/object/apply:os.system [ls]", "no list of topics", id="code"),
        pytest.param(b"topics: " + b"[" * 50_000, "YAML", id="deep"),
        pytest.param(b"topics: [" + b"a," * 120_000 + b"]", "YAML", id="more than anybody could have"),
    ],
)
def test_what_is_no_file_of_topics_says_what_would_be(data: bytes, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        read_topics(data)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("2026", id="a year"),
        pytest.param("0x" + "f" * 6000, id="longer than Python prints numbers"),
        pytest.param("20:" * 3000 + "1", id="sexagesimal"),
        pytest.param("20:" * 3000 + "1.5", id="beyond any float"),
        pytest.param("2026-13-45", id="a date that is none"),
        pytest.param("yes", id="a truth"),
    ],
)
def test_every_value_is_the_text_that_it_is_written_as(name: str) -> None:
    found = read_topics(f"topics:\n- name: {name}\n  query: '@dprk'\n".encode())
    too_long = [f"topic 1: its name is longer than {TOPIC_NAME_CHARS} characters"]
    assert [topic.name for topic in found.topics] == ([name] if len(name) <= TOPIC_NAME_CHARS else [])
    assert list(found.faults) == ([] if len(name) <= TOPIC_NAME_CHARS else too_long)


def test_merges_whose_content_doubles_are_not_carried_out() -> None:
    lines = [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)]
    found = read_topics("\n".join(["a0: &a0 {x: 1}", *lines, "topics: []"]).encode())
    assert found.topics == ()
