"""The trace that ties a request, its events and every line logged on the way together (W3C traceparent)."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

current_trace: ContextVar[str] = ContextVar("current_trace", default="")
"""The traceparent of the request or event being handled; staged events and log lines carry it on."""

current_token: ContextVar[str] = ContextVar("current_token", default="")
"""The name of the token with which the request being handled came by HTTP."""


def new_trace() -> str:
    """A traceparent for a request that came without one."""
    return f"00-{uuid4().hex}-{uuid4().hex[:16]}-01"


def trace_here() -> str:
    """The trace that goes on here; a new one where none does, for nothing is no W3C value."""
    return current_trace.get() or new_trace()


@contextmanager
def going_on(trace: str) -> Iterator[None]:
    """What is said inside belongs to this trace, which began somewhere else."""
    token = current_trace.set(trace)
    try:
        yield
    finally:
        current_trace.reset(token)


def tell_trace(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the line says to which trace it belongs, and by whose token it came."""
    if trace := current_trace.get():
        entry.setdefault("trace", trace)
    if token := current_token.get():
        entry.setdefault("token", token)
    return entry
