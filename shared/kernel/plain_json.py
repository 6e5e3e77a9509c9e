"""JSON as RFC 8259 has it: UTF-8, no NaN, no infinity; what is written can always be encoded."""

import json
import math
from typing import Any


def parse_json(raw: bytes) -> Any:
    """What the bytes say; raises ValueError when they are no JSON in UTF-8, or nested too deeply to be sane."""
    try:
        return json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def write_json(value: Any) -> bytes:
    """Compact JSON, text kept readable; raises TypeError or ValueError for what JSON cannot say.

    A lone surrogate has no UTF-8: it goes out as the escape by which it came in.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode(errors="backslashreplace")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return number
