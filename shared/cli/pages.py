"""A service's pages, asked from outside: health, clock, rest. Every wait has a limit."""

import http.client
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
SECONDS = 5.0

Page = tuple[int, Any]
"""Status and body; status 0 when nobody answers."""


def ask(base: str, method: str, path: str, seconds: float = SECONDS) -> Page:
    """One page; JSON is read, other text given as it is."""
    where = urlsplit(base)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=seconds)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        is_json = "json" in (response.getheader("Content-Type") or "")
        return response.status, json.loads(body) if is_json else body
    except (OSError, http.client.HTTPException, ValueError) as error:
        return 0, {"error": str(error)}
    finally:
        connection.close()


def ask_all(bases: Mapping[str, str], question: Callable[[str], T]) -> dict[str, T]:
    """The same question to every service at once, by name."""
    with ThreadPoolExecutor(max_workers=max(1, len(bases))) as pool:
        return dict(zip(bases, pool.map(question, bases.values()), strict=True))
