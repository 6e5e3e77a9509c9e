"""JSON as RFC 8259 has it: UTF-8, no NaN, no infinity; what is written can always be encoded."""

import json
import math
from json.encoder import encode_basestring
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Written:
    """A value as JSON text, which need not be written again: a member of an object goes in as it stands.

    It is kept in pieces, so that a long text is copied once, when everything around it is there. What is told again
    and again may be a piece of bytes already.
    """

    __slots__ = ("pieces",)

    def __init__(self, *pieces: str | bytes) -> None:
        self.pieces = pieces

    @property
    def text(self) -> str:
        """The whole of it."""
        return "".join([piece if isinstance(piece, str) else piece.decode() for piece in self.pieces])

    @property
    def encoded(self) -> list[bytes]:
        """The same as it is sent, still in pieces."""
        return [encoded(piece) if isinstance(piece, str) else piece for piece in self.pieces]


def parse_json(raw: bytes) -> Any:
    """What the bytes say; raises ValueError when they are no JSON in UTF-8, or nested too deeply to be sane."""
    try:
        return json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def write_json(value: Any) -> bytes:
    """Compact JSON, text kept readable; raises TypeError or ValueError for what JSON cannot say."""
    return b"".join(written(value).encoded)


def encoded(text: str) -> bytes:
    """JSON text as UTF-8; a lone surrogate goes out as the escape by which it came in."""
    return text.encode(errors="backslashreplace")


def encodable(text: str) -> str:
    """JSON text that UTF-8 can carry: a lone surrogate has none, it goes out as the escape by which it came in."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def written(value: Any) -> Written:
    """The value as text; what is Written already may be the value itself or a member of it, not deeper."""
    if isinstance(value, Written):
        return value
    ready = [name for name, member in value.items() if isinstance(member, Written)] if isinstance(value, dict) else []
    if not ready:
        return Written(_ENCODER.encode(value))
    rest = _ENCODER.encode({name: member for name, member in value.items() if name not in ready})
    pieces: list[str | bytes] = [rest[:-1]]
    comma = "," if len(rest) > len("{}") else ""
    for name in ready:
        pieces += (comma, _ENCODER.encode(name), ":", *value[name].pieces)
        comma = ","
    return Written(*pieces, "}")


def quoted(text: str) -> str:
    """A text as `written` writes it."""
    return encode_basestring(text)


def written_list(inside: str | bytes) -> Written:
    """A list of values that are JSON text already, with commas between them."""
    return Written("[", inside, "]")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return number
