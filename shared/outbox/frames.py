"""Messages as the bytes of AMQP 0-9-1 (2.3.5 and 4.2), made ten at a time for one write each.

py-amqp makes the same bytes, one message and one write at a time; that was two thirds of the relay's work.
"""

import struct
from functools import lru_cache

from shared.events import CONTENT_TYPE

_FRAME = struct.Struct(">BHI")
_CONTENT = struct.Struct(">HHQH")
_END = b"\xce"
_OVERHEAD = _FRAME.size + len(_END)
_METHOD, _HEADER, _BODY = 1, 2, 3
_BASIC, _PUBLISH = 60, 40
_MANDATORY = b"\x01"
_PERSISTENT = b"\x02"
_FLAGS = 1 << 15 | 1 << 14 | 1 << 12 | 1 << 7
"""Content type, content encoding, delivery mode, message id."""


def _short(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("B", len(raw)) + raw


_PROPERTIES = _short(CONTENT_TYPE) + _short("utf-8") + _PERSISTENT


class Frames:
    """Writes messages for one channel: persistent, mandatory, with their id."""

    def __init__(self, channel_id: int, frame_max: int) -> None:
        self._channel_id = channel_id
        self._most = frame_max - _OVERHEAD
        self._method = lru_cache(1000)(self._method_frame)

    def message(self, exchange: str, routing_key: str, message_id: str, body: bytes) -> bytes:
        """Method, header and body of one message."""
        header = _CONTENT.pack(_BASIC, 0, len(body), _FLAGS) + _PROPERTIES + _short(message_id)
        parts = [self._method(exchange, routing_key), self._frame(_HEADER, header)]
        parts += [self._frame(_BODY, body[at : at + self._most]) for at in range(0, len(body), self._most)]
        return b"".join(parts)

    def _method_frame(self, exchange: str, routing_key: str) -> bytes:
        arguments = struct.pack(">HHH", _BASIC, _PUBLISH, 0) + _short(exchange) + _short(routing_key) + _MANDATORY
        return self._frame(_METHOD, arguments)

    def _frame(self, kind: int, payload: bytes) -> bytes:
        return _FRAME.pack(kind, self._channel_id, len(payload)) + payload + _END
