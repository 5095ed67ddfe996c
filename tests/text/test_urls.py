from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text.urls import canonical_url, feed_name, keys_in, outlet_name, registrable_domain, shown_address


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        pytest.param("https://example.com/a", "https://example.com/a", id="plain-already"),
        pytest.param(" HTTPS://Example.COM/A ", "https://example.com/A", id="case-of-scheme-and-host-only"),
        pytest.param("http://example.com", "http://example.com/", id="root"),
        pytest.param("http://example.com:80/a", "http://example.com/a", id="default-port"),
        pytest.param("https://example.com:80/a", "https://example.com:80/a", id="other-port"),
        pytest.param("https://example.com./a", "https://example.com/a", id="final-dot"),
        pytest.param("https://example.com../a", "https://example.com/a", id="final-dots"),
        pytest.param("HTTP://..", "HTTP://..", id="host-of-dots"),
        pytest.param("https://example.com/a#comments", "https://example.com/a", id="fragment"),
        pytest.param("https://example.com/#!/a", "https://example.com/#!/a", id="hash-bang"),
        pytest.param("https://reader:pw@example.com/a", "https://example.com/a", id="login"),
        pytest.param("https://example.com/a?utm_source=rss&utm_medium=x", "https://example.com/a", id="utm"),
        pytest.param("https://example.com/a?id=3&fbclid=x&p=2", "https://example.com/a?id=3&p=2", id="tracking-amid"),
        pytest.param("https://example.com/a?at_medium=RSS&at_campaign=rss", "https://example.com/a", id="bbc"),
        pytest.param("https://example.com/a?from=rss", "https://example.com/a", id="from-rss"),
        pytest.param("https://example.com/a?from=2024-06-17", "https://example.com/a?from=2024-06-17", id="from-else"),
        pytest.param("https://example.com/a?ref=main", "https://example.com/a?ref=main", id="ref-else"),
        pytest.param("https://m.example.com/a", "https://example.com/a", id="mobile"),
        pytest.param("https://m.amp.m.example.com/a", "https://example.com/a", id="mobile-upon-mobile"),
        pytest.param("https://amp.example.co.uk/a", "https://example.co.uk/a", id="amp-host"),
        pytest.param("https://m.com/a", "https://m.com/a", id="m-is-the-site"),
        pytest.param("https://amp.dev/a", "https://amp.dev/a", id="amp-is-the-site"),
        pytest.param("https://m.co.kr/a", "https://m.co.kr/a", id="m-below-a-suffix"),
        pytest.param("https://example.com/a/amp/", "https://example.com/a", id="amp-path"),
        pytest.param("https://example.com/a.amp.html", "https://example.com/a.html", id="amp-ending"),
        pytest.param("https://example.com/a?amp=1", "https://example.com/a", id="amp-parameter"),
        pytest.param("https://example.com/amp", "https://example.com/amp", id="a-page-called-amp"),
        pytest.param(
            "https://www.google.com/url?rct=j&sa=t&url=https://example.com/a%3Fid%3D1&ct=ga",
            "https://example.com/a?id=1",
            id="google-alerts",
        ),
        pytest.param(
            "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/amp",
            "https://www.example.com/a",
            id="amp-cache",
        ),
        pytest.param(
            "https://example.com/новости", "https://example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", id="utf-8"
        ),
        pytest.param("https://пример.рф/a", "https://xn--e1afmkfd.xn--p1ai/a", id="internationalised-host"),
        pytest.param("http://[::1]:80/a", "http://[::1]/a", id="ipv6"),
        pytest.param("urn:uuid:1", "urn:uuid:1", id="urn"),
        pytest.param("ftp://example.com/a#b", "ftp://example.com/a#b", id="ftp"),
        pytest.param("http://[broken", "http://[broken", id="broken"),
        pytest.param(f"https://{'m.' * 500}com/a", f"https://{'m.' * 500}com/a", id="longer-than-a-host-can-be"),
        pytest.param("", "", id="empty"),
    ],
)
def test_canonical_url(url: str, plain: str) -> None:
    assert canonical_url(url) == plain


_URLS = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"https?://[a-z0-9.\-:@\[\]]{0,20}[/?#a-z0-9&=%.!+~|:;_-]{0,40}", fullmatch=True),
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.sampled_from(
            ["m.example.com", "m.amp.m.com", "www.google.com", "x.cdn.ampproject.org", "example.com:443", "[::1]"]
        ),
        st.sampled_from(
            ["", "/", "/amp", "/a/amp/amp", "/a.amp.html", "/c/s/example.com/amp/", "/url", "//a/%2e%2E/%zz"]
        ),
        st.sampled_from(
            [
                "",
                "?",
                "?&&a=%20+",
                "?utm_a=1&b",
                "?url=http://m.example.com/%3Futm_a%3D1",
                "?q=HTTPS://x.com%23a",
                "#!x",
            ]
        ),
    ),
)


@settings(deadline=None)  # the machine may be busy
@given(_URLS)
def test_canonical_url_of_itself_is_itself(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@settings(deadline=None)  # the machine may be busy
@example("HTTP://[]@")
@given(_URLS)
def test_no_address_is_too_odd(url: str) -> None:
    registrable_domain(url)
    outlet_name(url, url)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        pytest.param("https://www.bbc.co.uk/news", "bbc.co.uk", id="second-level-suffix"),
        pytest.param("https://en.yna.co.kr/view", "yna.co.kr", id="korean"),
        pytest.param("https://somebody.github.io/x", "somebody.github.io", id="private-suffix"),
        pytest.param("http://127.0.0.1:8081/x", "127.0.0.1", id="address"),
        pytest.param("http://[::1]/x", "::1", id="ipv6"),
        pytest.param("http://localhost:8080/x", "localhost", id="localhost"),
        pytest.param("https://paypal.com@evil.example/", "evil.example", id="login-that-looks-like-a-host"),
        pytest.param("https://пример.рф/x", "пример.рф", id="one-script"),
        pytest.param("https://xn--e1afmkfd.xn--p1ai/x", "пример.рф", id="one-script-from-ascii"),
        pytest.param("https://bücher.de/x", "bücher.de", id="latin"),
        pytest.param("https://gооgle.com/x", "xn--ggle-55da.com", id="cyrillic-o-amid-latin"),
        pytest.param("https://аррӏе.com/x", "xn--80ak6aa92e.com", id="all-cyrillic-under-latin"),
        pytest.param("https://ɢoogle.com/x", "xn--oogle-wmc.com", id="latin-look-alike"),
        pytest.param("urn:uuid:1", "", id="no-host"),
        pytest.param("http://[broken", "", id="broken"),
        pytest.param("", "", id="empty"),
    ],
)
def test_registrable_domain(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


@pytest.mark.parametrize(
    ("url", "feed_title", "name"),
    [
        ("https://feeds.bbci.co.uk/x", "BBC News - World", "BBC News"),
        ("https://example.com/x", "World | The Daily Example - RSS", "The Daily Example"),
        ("https://example.com/x", "The Daily Herald » Example Times", "Example Times"),
        ("https://en.yna.co.kr/x", "Yonhap News Agency : North Korea", "Yonhap News Agency"),
        ("https://lenta.ru/rss", "Lenta.ru : Новости", "Lenta.ru"),
        ("https://tass.com/rss", "TASS", "TASS"),
        ("https://example.com/x", "RSS", "example.com"),
        ("https://example.com/x", "Latest news", "example.com"),
        ("https://example.com/x", "", "example.com"),
        ("", "The Daily Example", "The Daily Example"),
        ("", "", ""),
    ],
)
def test_outlet_name(url: str, feed_title: str, name: str) -> None:
    assert outlet_name(url, feed_title) == name


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://news.example/rss", "https://news.example/rss"),
        ("HTTPS://News.example:8443/?feed=rss2&lang=en", "HTTPS://News.example:8443/?feed=rss2&lang=en"),
        ("https://www.youtube.example/feeds?channel_id=UCabcdefghijklmnopqrst12", None),
        ("https://cms.example/feed?id=1234567", None),
        ("https://reader:pw@news.example/rss", "https://news.example/rss"),
        ("https://key@news.example:8443/rss", "https://news.example:8443/rss"),
        ("https://a@b:c@news.example/rss", "https://news.example/rss"),
        ("https://news.example/rss?key=abc", "https://news.example/rss"),
        ("https://news.example/rss?feed=rss2&token=abc&lang=en", "https://news.example/rss?feed=rss2&lang=en"),
        ("https://news.example/rss?abc123", "https://news.example/rss"),
        ("https://news.example/rss?id=a1b2c3", "https://news.example/rss"),
        ("https://news.example/rss#abc", "https://news.example/rss"),
        ("https://pod.example/private/0f8fad5b-d9cb-469f-a165-70867728950e/rss", "https://pod.example/private/"),
        ("https://pod.example/7d793037a0760186574b0282f2f435e7.xml", "https://pod.example/"),
        ("https://news.example/sections/north-korea-2024/latest_headlines.xml", None),
        ("https://[broken/?key=abc", ""),
        ("http://@//]", ""),
    ],
)
def test_an_address_is_shown_without_what_opens_it(url: str, shown: str | None) -> None:
    assert shown_address(url) == (url if shown is None else shown)
    assert shown_address(shown_address(url)) == shown_address(url)


def test_what_is_left_out_of_a_query_is_known() -> None:
    assert keys_in("https://news.example/rss?feed=rss2&token=abc%21&x") == ("abc%21", "")
    assert keys_in("https://[broken/?key=abc") == ()


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("News", "https://news.example/rss", "News"),
        ("", "https://reader:pw@www.example.com/rss", "example.com"),
        (" HTTPS://reader:pw@news.example/rss", "https://news.example/rss?key=abc", "news.example"),
        ("https://reader:pw@old.example/rss", "no address", "https://old.example/rss"),
    ],
)
def test_a_feed_has_no_address_for_a_name(title: str, url: str, name: str) -> None:
    assert feed_name(title, url) == name
