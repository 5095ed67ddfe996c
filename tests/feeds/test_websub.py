"""Which hub a feed announces, what it is asked, and whose calls are believed."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.websub import Announced, announced, request_body, signed_by

URL = "https://news.example/feed"
HUB = "https://hub.example/"
HUSH = "hush"
ATOM = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{}<entry>{}</entry></feed>'
RSS = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{}<item><title>One</title></item></channel></rss>'
BOTH = f'<link rel="hub" href="{HUB}"/><link rel="self" href="https://news.example/all"/>'


@pytest.mark.parametrize(
    ("body", "links", "expected"),
    [
        pytest.param(ATOM.format(BOTH, ""), "", Announced(HUB, "https://news.example/all"), id="Atom"),
        pytest.param(
            RSS.format(BOTH.replace("<link", "<atom:link")),
            "",
            Announced(HUB, "https://news.example/all"),
            id="RSS with Atom's links",
        ),
        pytest.param(ATOM.format(f"<link href='{HUB}' rel='hub'/>", ""), "", Announced(HUB, URL), id="no self"),
        pytest.param(
            ATOM.format('<link rel="hub" href="/hub?a=1&amp;b=2"/>', ""),
            "",
            Announced("https://news.example/hub?a=1&b=2", URL),
            id="relative and escaped",
        ),
        pytest.param(ATOM.format("", BOTH), "", None, id="an entry's links are not the feed's"),
        pytest.param(ATOM.format(f"<!-- {BOTH} -->", ""), "", None, id="commented out"),
        pytest.param(ATOM.format('<link rel="hub" href="ftp://hub.example/"/>', ""), "", None, id="not HTTP"),
        pytest.param(ATOM.format('<link rel="github" href="https://g.example"/>', ""), "", None, id="another relation"),
        pytest.param(
            ATOM.format("", ""),
            f'<{HUB}>; rel="hub", <https://news.example/all>; rel=self',
            Announced(HUB, "https://news.example/all"),
            id="in the headers",
        ),
        pytest.param(
            ATOM.format(BOTH, ""),
            '<https://other.example/>; rel="alternate hub"',
            Announced("https://other.example/", URL),
            id="the headers come first",
        ),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "feed_url": "https://news.example/f.json", '
            '"hubs": [{"type": "rssCloud", "url": "https://c.example/"}, {"type": "WebSub", "url": "https://hub.example/"}]}',
            "",
            Announced(HUB, "https://news.example/f.json"),
            id="JSON Feed",
        ),
        pytest.param('{"hubs": "yes"}', "", None, id="JSON that is no list"),
        pytest.param("", "", None, id="nothing"),
    ],
)
def test_announced(body: str, links: str, expected: Announced | None) -> None:
    assert announced(body.encode(), url=URL, links=links) == expected


@given(st.binary(max_size=400), st.text(max_size=200))
def test_any_bytes_and_headers_will_do(body: bytes, links: str) -> None:
    announced(body, url=URL, links=links)
    announced(b"<feed><link rel='hub' href='" + body + b"'/>", url=URL, links=f'<{links}>; rel="hub"')


def test_the_request_says_what_the_recommendation_asks_for() -> None:
    body = request_body(Announced(HUB, URL), callback="https://bot.example/websub/t", secret=HUSH, lease_s=60)
    assert parse_qs(body.decode()) == {
        "hub.mode": ["subscribe"],
        "hub.topic": [URL],
        "hub.callback": ["https://bot.example/websub/t"],
        "hub.lease_seconds": ["60"],
        "hub.secret": [HUSH],
    }


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_of_each_method_is_known(method: str) -> None:
    made = hmac.new(b"hush", b"body", getattr(hashlib, method)).hexdigest()
    assert signed_by(HUSH, b"body", f"{method}={made}")
    assert signed_by(HUSH, b"body", f"{method.upper()}={made.upper()}")
    assert not signed_by(HUSH, b"other body", f"{method}={made}")
    assert not signed_by("other", b"body", f"{method}={made}")


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("", id="none"),
        pytest.param("sha256", id="no digest"),
        pytest.param("sha256=", id="an empty digest"),
        pytest.param("md5=" + hmac.new(b"hush", b"body", hashlib.md5).hexdigest(), id="a method not in the list"),
        pytest.param("sha256=\ud800é", id="no ASCII"),
    ],
)
def test_a_signature_that_is_none(signature: str) -> None:
    assert not signed_by(HUSH, b"body", signature)
