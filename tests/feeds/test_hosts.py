from __future__ import annotations

import pytest

from bot.feeds.hosts import named_host, same_host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/x", "http://a.example/y", True),
        ("http://a.example/", "https://A.example.:443/", True),
        ("http://a.example:8080/", "http://reader:pw@a.example:8080/", True),
        ("http://[::1]:80/", "http://[0:0:0:0:0:0:0:1]/", True),
        ("http://a.example:8080/", "http://a.example:9200/", False),
        ("http://a.example:8080/", "http://a.example/", False),
        ("http://a.example/", "http://b.a.example/", False),
        ("http://a.example/", "http://a.example@b.example/", False),
        ("http://[", "http://[", False),
    ],
)
def test_one_server_is_one_name_and_port(one: str, other: str, *, same: bool) -> None:
    assert same_host(one, other) is same
    assert same_host(other, one) is same


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://localhost:11434/v1", "localhost:11434"),
        ("https://key@LLM.internal/v1", "llm.internal:443"),
        ("http://[::1]/v1", "[::1]:80"),
    ],
)
def test_an_address_names_its_host_and_port(url: str, name: str) -> None:
    assert named_host(url) == name
