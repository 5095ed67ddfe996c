"""Asks a language model: any endpoint that speaks the chat-completions protocol. HTTP and its shape, nothing else.

Goes through a guarded fetcher of its own, which may reach the endpoint's own host and port on a private address, as no
feed may. The answer is a stranger's: capped, parsed, and handed on as text. The key stands in a header alone, and in no
error.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bot.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.feeds.fetch import Fetcher

ANSWER_BYTES: Final = 64 * 1024
ANSWER_TOKENS: Final = 800
_PATH: Final = "/chat/completions"


class LanguageModel:
    """One endpoint and model. ``url`` is its base address (".../v1") or the whole of it; ``key`` may be empty."""

    def __init__(self, fetcher: Fetcher, *, url: str, model: str, key: str | None) -> None:
        base = url.rstrip("/")
        self._fetcher = fetcher
        self._url = base if base.endswith(_PATH) else base + _PATH
        self._model = model
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    async def answer(self, messages: Sequence[Mapping[str, str]], *, timeout_s: float) -> str:
        """The text of the first choice. Raises FetchError for whatever goes wrong, within ``timeout_s``."""
        body = {
            "model": self._model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": ANSWER_TOKENS,
            "stream": False,
        }
        fetched = await self._fetcher.post(
            self._url,
            json.dumps(body, ensure_ascii=False).encode(),
            headers=self._headers,
            max_bytes=ANSWER_BYTES,
            timeout_s=timeout_s,
            private=True,
        )
        try:
            value: Any = json.loads(fetched.body)
            text = value["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise FetchError("the language model's endpoint does not answer in the chat-completions form") from error
        if not isinstance(text, str):
            raise FetchError("the language model's endpoint gave no text")
        return text
