"""What came by mail, in a folder under its digest: attachments, and whole messages that are set aside."""

from datetime import datetime
from pathlib import Path
from typing import Final

from services.intake.gateways.files import Files, write_whole

_ATTACHMENTS: Final = "attachments"
_MESSAGES: Final = "messages"


class Store:
    """A folder; replicas that share a database share it too."""

    def __init__(self, folder: Path) -> None:
        self._attachments = Files(folder / _ATTACHMENTS)
        self._messages = folder / _MESSAGES

    def keep_attachment(self, content: bytes) -> str:
        """Keep it; its SHA-256."""
        return self._attachments.keep(content)

    def attachment(self, digest: str) -> Path:
        """Where an attachment lies."""
        return self._attachments.path(digest)

    def keep_message(self, digest: str, raw: bytes) -> None:
        """Keep a message that may be tried again."""
        if not self._message(digest).exists():
            write_whole(self._message(digest), raw)

    def message(self, digest: str) -> bytes | None:
        """A message that was set aside; None when it is not kept any more."""
        try:
            return self._message(digest).read_bytes()
        except FileNotFoundError:
            return None

    def forget_message(self, digest: str) -> None:
        """It is not needed any more."""
        self._message(digest).unlink(missing_ok=True)

    def forget_attachment(self, digest: str) -> None:
        """It is not to be kept any more; whoever refers to it still has its digest."""
        self._attachments.forget(digest)

    def forget_before(self, instant: datetime) -> int:
        """Delete messages that were kept before then; how many."""
        old = [each for each in self._messages.glob("*.eml") if each.stat().st_mtime < instant.timestamp()]
        for each in old:
            each.unlink(missing_ok=True)
        return len(old)

    def _message(self, digest: str) -> Path:
        return self._messages / f"{digest}.eml"
