"""What fuzzing has found so far, kept so that it stays found."""

from __future__ import annotations

import json

import pytest

from tests.fuzz.measured import Tally, judge
from tests.fuzz.targets import TARGETS

BY_NAME = {target.name: target for target in TARGETS}
OPML = b"<opml><head><title>%b</title></head><body><outline text='%b' xmlUrl='https://a.example/'/></body></opml>"
CHAT = {"id": 1, "type": "private"}
RSS = (
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>a</title>%b"
    b"<item><title>b</title><link>https://a.example/1</link></item></channel></rss>"
)


def topics(name: str) -> bytes:
    return f"topics:\n- name: {name}\n  query: x\n".encode()


@pytest.mark.parametrize(
    ("target", "data"),
    [
        pytest.param("opml", OPML % (b"a", b"\xed\xa0\x80"), id="half a character in a list of feeds"),
        pytest.param("opml", OPML % (b"&#xD800;", b"&#56320;"), id="references to halves of characters"),
        pytest.param("topics file", topics("0x" + "f" * 6000), id="a number longer than Python prints"),
        pytest.param("topics file", topics("20:" * 3000 + "1.5"), id="a number beyond any float"),
        pytest.param("slack", b'{"actions": ["a"], "channel": "C1"}', id="a press of text"),
        pytest.param("slack", b'{"actions": [], "user": []}', id="a press of nothing"),
        pytest.param(
            "telegram",
            json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": CHAT, "text": 5}}).encode(),
            id="a text that is a number",
        ),
        pytest.param(
            "telegram",
            json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "/help"}}).encode(),
            id="a message in no chat",
        ),
        pytest.param("documents", RSS % (b"<?x " + b"<!--" * 20_000 + b"?>"), id="comments begun in an instruction"),
        pytest.param("documents", RSS % (b"<?x " + b"<![CDATA[" * 9_000 + b"?>"), id="texts begun in an instruction"),
        pytest.param("feed", b"<?xml " + b"encoding='" * 3_000 + b" >" + RSS % b"", id="an encoding said thousandfold"),
        pytest.param("feed", RSS.replace(b"utf-8", b"punycode") % (b"a" * 200_000), id="an encoding of domain names"),
        pytest.param("feed", b"\n" * 32_000 + RSS % b"", id="blank lines before a feed"),
        pytest.param("arrival", RSS % (b"<link " + b"a" * 30_000 + b"/>"), id="a link of one long name"),
        pytest.param("slack", b'{"text": "%b"}' % (b"<" * 40_000), id="references begun"),
        pytest.param("article", b"<!--" * 25_000, id="an entry of comments begun"),
        pytest.param("article", b"<![CDATA[" * 11_000, id="an entry of marked sections begun"),
    ],
)
def test_it_holds_now(target: str, data: bytes) -> None:
    fault = judge(BY_NAME[target], data, Tally())
    assert fault is None, fault.what
