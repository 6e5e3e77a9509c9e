"""Callers who come through the operator's own proxies: limits by address must mean theirs, not the proxy's."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def behind(proxies: int, application: Wsgi) -> Wsgi:
    """The application behind so many proxies; the address that the outermost of them saw is the caller's.

    What a caller writes into X-Forwarded-For stands before that, and is not believed; without proxies none of it is.
    """
    return ProxyFix(application, x_for=proxies, x_proto=0) if proxies else application
