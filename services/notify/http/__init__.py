"""HTTP: what providers tell of messages that they took (contracts 7)."""

from services.notify.http.api import Api

__all__ = ["Api"]
