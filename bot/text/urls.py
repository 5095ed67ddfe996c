"""Addresses of articles: their plain form, the site they belong to, the outlet's name.

Pure functions of their arguments: nothing is looked up on the network (the public suffix list comes with ``tld``).
This module must not decide what may be fetched.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from tld import Result, get_tld
from yarl import URL

from bot import limits

# Parameters that say where a reader came from, never what is on the page.
_TRACKING_PREFIXES: Final = ("utm_", "utm-", "at_", "mc_", "mtm_", "pk_", "piwik_", "hsa_", "wt_", "wt.", "ga_", "oly_")
_TRACKING: Final = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
    "igshid", "igsh", "li_fat_id", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "vero_id", "s_cid", "cmpid",
    "cmp", "ncid", "xtor", "smid", "smtyp", "partner", "ftag", "ito", "ns_mchannel", "ns_source", "ns_campaign",
    "ns_linkname", "ref_src", "ref_url", "taid", "rss_id", "feedtype", "soc_src", "soc_trk", "sr_share",
    "traffic_source", "outputtype", "amp", "guccounter", "guce_referrer", "guce_referrer_sig", "campaign_id",
    "mkt_tok", "spm", "__twitter_impression",
})  # fmt: skip
_FEED_VALUES: Final = frozenset({"rss", "rss2", "feed", "feeds", "atom", "rssfeed", "twitter", "facebook", "telegram"})
_FEED_NAMES: Final = frozenset({"from", "ref", "source", "src", "referer", "referrer", "via", "origin", "rss", "feed"})
# Parameters that say which feed is meant; any other may be a key.
_HARMLESS: Final = frozenset({
    "feed", "format", "fmt", "type", "output", "alt", "rss", "atom", "lang", "hl", "gl", "ceid", "q", "query",
    "cat", "category", "section", "tag", "topic", "channel_id", "playlist_id",
})  # fmt: skip
_TOKEN: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{20,}", re.ASCII)
_ADDRESSES: Final = ("http://", "https://")
_MOBILE: Final = re.compile(r"^(?:m|mobile|amp|touch|wap)\.")
_AMP_PATH: Final = re.compile(r"(?<=[^/])/amp(?:\.html)?/?$|\.amp(?=\.html$)|\.amp$")
_AMP_CACHE: Final = ".cdn.ampproject.org"
_UNWRAPS: Final = 3
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9_][a-z0-9._-]{0,252}|[0-9a-f.]*:[0-9a-f:.]*(?:%[a-z0-9]+)?", re.IGNORECASE)
_PUNCTUATION: Final = frozenset("-.0123456789")
_LATIN_LIMIT: Final = "\u024f"
# Scripts that are written together (Unicode TS 39, "highly restrictive"), apart from Latin.
_TOGETHER: Final = (frozenset({"CJK", "HIRAGANA", "KATAKANA"}), frozenset({"CJK", "HANGUL"}))

_TITLE_BREAK: Final = re.compile(r"\s+[-–—|»«>·•:/]+\s+|\s*[|»«·•]\s*|:\s+")
_FEED_WORDS: Final = re.compile(r"(?i)\b(?:rss|atom|feeds?|rss-?(?:лента|канал)|лента rss)\b|\(\s*\)")
# What a feed's title may consist of without naming anybody.
_SECTIONS: Final = frozenset({
    "world", "world news", "international", "news", "latest", "latest news", "top stories", "top news", "home",
    "homepage", "front page", "headlines", "all news", "all", "politics", "asia", "europe", "korea",
    "breaking news", "articles", "untitled", "blog", "posts", "новости", "главное", "последние новости",
    "все новости", "в мире", "мир", "политика", "новини", "головне", "світ", "всі новини",
    "뉴스", "전체기사", "최신뉴스",
    "북한", "国际", "新闻", "国際", "ニュース",
})  # fmt: skip
_NAME_CHARS: Final = 48


@lru_cache(maxsize=limits.URLS_KEPT)
def canonical_url(url: str) -> str:
    """An article's address without what differs from reader to reader: still one that can be followed.

    Out go tracking parameters, the fragment (except ``#!``), default ports, user names, mobile and AMP forms, and the
    wrappers of Google Alerts and the AMP cache; host and percent-escapes get one spelling. Anything that is no http(s)
    address comes back trimmed and otherwise as it was. ``canonical_url(canonical_url(x)) == canonical_url(x)``.
    """
    text = url.strip()
    parsed = _parsed(text)
    if parsed is None:
        return text
    for _ in range(_UNWRAPS):
        inner = _unwrapped(parsed)
        if inner is None:
            break
        parsed = inner
    return str(_plain(parsed))


def registrable_domain(url: str) -> str:
    """The site that an address belongs to ("bbc.co.uk", "somebody.github.io"), to be shown beside a link.

    An internationalised name is shown in its own letters only if all of it, the top level included, is in one script;
    any mixture, in which look-alikes hide, stands in its ASCII form (xn--). "" where there is no host.
    """
    parsed = _parsed(url.strip())
    if parsed is None or not parsed.raw_host:
        return ""
    host = parsed.raw_host.rstrip(".")
    return _readable(_site(host) or host)


def shown_address(url: str) -> str:
    """A feed's address as anybody may see it; the address itself where nothing has to be left out.

    As ``without_keys``, and up to a part of the path that looks like a token. "" for what is no address.
    """
    bare = without_keys(url)
    if not bare:
        return ""
    try:
        parts = urlsplit(bare)
    except ValueError:  # without its login it is no address any more: "http://@//]"
        return ""
    token = _TOKEN.search(parts.path)
    if token is None:
        return bare
    return urlunsplit((parts.scheme, parts.netloc, parts.path[: parts.path.rfind("/", 0, token.start()) + 1], "", ""))


def without_keys(url: str) -> str:
    """A feed's address without login, fragment and parameters that may be keys; itself where there is none of these.

    Those parameters stay that say which feed is meant, such as "?feed=rss2". "" for what is no address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its pair
        return ""
    host = parts.netloc.rpartition("@")[2]
    query = "&".join(pair for pair in parts.query.split("&") if _is_harmless(pair))
    if (host, query, "") == (parts.netloc, parts.query, parts.fragment):
        return url
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def holds_keys(url: str) -> bool:
    """Whether a feed's address holds a login, or what may be a key or a token."""
    return shown_address(url) != url


def keys_in(url: str) -> tuple[str, ...]:
    """The values of an address's parameters that ``shown_address`` leaves out, as they stand there."""
    try:
        pairs = urlsplit(url).query.split("&")
    except ValueError:
        return ()
    return tuple(pair.partition("=")[2] for pair in pairs if not _is_harmless(pair))


def feed_name(title: str, url: str) -> str:
    """A feed's title; its site where it has none, or an address for one, which may hold a password."""
    if title and not title.lstrip().lower().startswith(_ADDRESSES):
        return title
    return registrable_domain(url) or shown_address(title)


def outlet_name(url: str, feed_title: str) -> str:
    """The outlet as a reader would write it: from the feed's title if that holds a name, else from the address.

    "World | The Daily Example - RSS" gives "The Daily Example"; a title that only describes ("RSS", "Latest news")
    gives the site ("example.com").
    """
    domain = registrable_domain(url)
    words = " ".join(feed_title.split())
    parts = [part.strip() for part in _TITLE_BREAK.split(words)]
    names = [name for name in (_FEED_WORDS.sub("", part).strip(" -:|") for part in parts) if _is_name(name)]
    label = domain.partition(".")[0].replace("-", "")
    for name in names:
        if len(label) > 1 and label in re.sub(r"\W", "", name).casefold():
            return name
    if names:
        return names[0]
    return domain or words


def _is_name(part: str) -> bool:
    return 1 < len(part) <= _NAME_CHARS and part.casefold() not in _SECTIONS and any(c.isalpha() for c in part)


def _is_harmless(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return name.casefold() in _HARMLESS or (name.casefold() == "id" and value.isdigit()) or not pair


def _parsed(text: str) -> URL | None:
    """An http(s) address with a host, or None."""
    if len(text) > limits.URL_CHARS or not text[:5].casefold().startswith("http"):
        return None
    try:
        parsed = URL(text)
        usable = parsed.scheme in {"http", "https"} and _HOST.fullmatch(parsed.raw_host or "") and parsed.port
    except (ValueError, IndexError):  # the latter for "http://[]@", which the library does not see coming
        return None
    return parsed if usable else None


def _unwrapped(url: URL) -> URL | None:
    """The address inside a redirector's address, or None."""
    host = url.raw_host or ""
    if url.path == "/url" and re.fullmatch(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}", host):
        pairs = dict(parse_qsl(url.raw_query_string))
        return _parsed(pairs.get("url") or pairs.get("q") or "")
    if host.endswith(_AMP_CACHE):
        found = re.fullmatch(r"/[a-z]/(s/)?(.+)", url.raw_path)
        if found:
            return _parsed(f"{'https' if found[1] else 'http'}://{unquote(found[2]) if '%3' in found[2] else found[2]}")
    return None


def _plain(url: URL) -> URL:
    """One spelling of an unwrapped address."""
    host = (url.raw_host or "").rstrip(".").lower()
    host = f"[{host}]" if ":" in host else _desktop_host(host)
    query = "&".join(pair for pair in url.raw_query_string.split("&") if pair and not _is_tracking(pair))
    path = url.raw_path or "/"
    while (shorter := _AMP_PATH.sub("", path)) != path:
        path = shorter
    fragment = url.raw_fragment if url.raw_fragment.startswith("!") else ""
    port = url.explicit_port
    return URL.build(
        scheme=url.scheme,
        host=host,
        port=None if port == _DEFAULT_PORTS[url.scheme] else port,
        path=path or "/",
        query_string=query,
        fragment=fragment,
        encoded=True,
    )


def _desktop_host(host: str) -> str:
    """The host without "m." and its like, as long as what remains is still somebody's site."""
    while (rest := _MOBILE.sub("", host)) != host and _site(rest) is not None:
        host = rest
    return host


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name, value = unquote(name).casefold(), unquote(value).casefold()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _FEED_NAMES and (value in _FEED_VALUES or (name in {"rss", "feed"} and value in {"", "1", "true"}))


def _site(host: str) -> str | None:
    """The part of an ASCII host that somebody registered, by the public suffix list with its private section."""
    try:
        found = get_tld(f"http://{host}/", fail_silently=True, as_object=True, search_private=True)
    except ValueError:  # a bracketed host that is no address
        return None
    return found.fld if isinstance(found, Result) and found.fld != found.tld else None


def _readable(host: str) -> str:
    """A host in its own letters where that cannot mislead."""
    if "xn--" not in host:
        return host
    try:
        decoded = URL.build(scheme="http", host=host).host or host
    except ValueError:
        return host
    return decoded if _in_one_script(decoded) else host


def _in_one_script(host: str) -> bool:
    letters = [char for char in host if char not in _PUNCTUATION]
    scripts = frozenset(unicodedata.name(char, "?").split("-")[0].split(" ")[0] for char in letters)
    if scripts == {"LATIN"}:
        return max(letters) <= _LATIN_LIMIT
    return len(scripts) == 1 or any(scripts <= together for together in _TOGETHER)
