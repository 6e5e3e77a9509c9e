"""Files kept under their digest: written once, whole, readable by their owner only, never under a name from outside."""

import hashlib
import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


class Files:
    """A folder of files by their SHA-256; replicas that share a database share it too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep it; its SHA-256. One that was changed on disk is made good."""
        digest = hashlib.sha256(content).hexdigest()
        if self.read(digest) != content:
            write_whole(self.path(digest), content)
        return digest

    def path(self, digest: str) -> Path:
        """Where a file lies."""
        return self._folder / digest[:2] / digest

    def read(self, digest: str) -> bytes | None:
        """A file's content, whatever it is by now; None when it is not kept."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def found(self, digest: str) -> str | None:
        """The SHA-256 of what lies there now; None when it is not kept."""
        try:
            with self.path(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def forget(self, digest: str) -> None:
        """It is not to be kept any more; whoever refers to it still has its digest."""
        self.path(digest).unlink(missing_ok=True)
