"""HTTP: what providers tell of messages that they took (contracts 7)."""

from services.notify.http.api import Api, Reader

__all__ = ["Api", "Reader"]
