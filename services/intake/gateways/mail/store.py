"""What came by mail, in a folder under its digest: attachments, and whole messages that are set aside.

A file is written once, whole, readable by its owner only, never with a name or a right that somebody could run.
"""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Final

_ATTACHMENTS: Final = "attachments"
_MESSAGES: Final = "messages"


class Store:
    """A folder; replicas that share a database share it too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep_attachment(self, content: bytes) -> str:
        """Keep it; its SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self._write(self.attachment(digest), content)
        return digest

    def attachment(self, digest: str) -> Path:
        """Where an attachment lies."""
        return self._folder / _ATTACHMENTS / digest[:2] / digest

    def keep_message(self, digest: str, raw: bytes) -> None:
        """Keep a message that may be tried again."""
        self._write(self._message(digest), raw)

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
        self.attachment(digest).unlink(missing_ok=True)

    def forget_before(self, instant: datetime) -> int:
        """Delete messages that were kept before then; how many."""
        old = [each for each in (self._folder / _MESSAGES).glob("*.eml") if each.stat().st_mtime < instant.timestamp()]
        for each in old:
            each.unlink(missing_ok=True)
        return len(old)

    def _message(self, digest: str) -> Path:
        return self._folder / _MESSAGES / f"{digest}.eml"

    def _write(self, path: Path, content: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
