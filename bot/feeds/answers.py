"""What a server may send around a body: HTTP's own framing, which no cap on bodies sees.

Endless "100 Continue" before an answer, or a chunk whose extension never ends, would keep the whole bot busy until the
deadline. This module must not know what is asked for, nor read bodies.
"""

from __future__ import annotations

from typing import Any

from aiohttp import ClientPayloadError
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import BadHttpMessage

from bot import limits


class BoundedAnswers(ResponseHandler):
    """One connection, as aiohttp has it, on which each answer has so many bytes and interim answers, and no more."""

    _received_bytes = 0
    _heads = 0

    def set_response_params(self, **kind: Any) -> None:  # noqa: ANN401 - aiohttp's own
        """Begin a new answer."""
        self._received_bytes = self._heads = 0
        super().set_response_params(**kind)

    def data_received(self, data: bytes) -> None:
        """Take what came, or hang up where it is too much."""
        self._received_bytes += len(data)
        if self._received_bytes > limits.ANSWER_WIRE_BYTES:
            self._hang_up()
        else:
            super().data_received(data)

    def feed_data(self, data: Any, size: int = 0) -> None:  # noqa: ANN401 - aiohttp's own
        """Take the head of an answer, interim or final."""
        self._heads += 1
        if self._heads <= limits.ANSWER_HEADS:
            super().feed_data(data, size)
        elif self._heads == limits.ANSWER_HEADS + 1:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._payload is not None:
            self._payload.set_exception(ClientPayloadError("too much around the body"))
        self.set_exception(BadHttpMessage("too much around the body"))
        if self.transport is not None:
            self.transport.abort()
