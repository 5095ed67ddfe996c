"""Entries and topics for these tests, with only what a case is about spelt out."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.model import Entry, Sensitivity, Topic

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def an_entry(title: str = "", text: str = "", *, lang: str = "en", source: str = "The Example") -> Entry:
    return Entry(1, 1, "guid", "https://news.example/1", title, text, lang, source, NOW)


def a_topic(query: str, number: int = 1, sensitivity: Sensitivity = Sensitivity.NORMAL) -> Topic:
    return Topic(number, None, f"topic {number}", query, NOW, sensitivity)
