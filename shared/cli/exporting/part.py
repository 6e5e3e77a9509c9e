"""A file that grows a page at a time, and goes on where it was broken off.

Until it is complete it is called FILE.part, and FILE.part.json beside it says how far it is good: so many bytes, so
many cases, and behind which place the next page begins. What was written after that is cut off before going on.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from shared.kernel.errors import Conflict, Misconfigured


@dataclass(frozen=True)
class Place:
    """How far an export is."""

    size: int = 0
    cases: int = 0
    after: str | None = None
    """`next` of the last page; None at the beginning."""


class PartFile:
    """One export under way; use it as a context manager. Another `job` (what, of which suite) begins anew."""

    def __init__(self, path: Path, job: Mapping[str, Any]) -> None:
        self.path = path
        self.place = Place()
        self._part = path.with_name(path.name + ".part")
        self._note = path.with_name(path.name + ".part.json")
        self._job = dict(job)

    def __enter__(self) -> "PartFile":
        try:
            handle = os.open(self._part, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Misconfigured([f"cannot write {self.path}: {error.strerror}"]) from None
        self._out: IO[bytes] = os.fdopen(handle, "r+b")
        try:
            fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._out.close()
            raise Conflict(f"{self.path} is being written by another command; wait until that one has ended") from None
        self.place = self._known()
        self._out.truncate(self.place.size)
        self._out.seek(self.place.size)
        return self

    def __exit__(self, *_error: object) -> None:
        self._out.close()

    def _known(self) -> Place:
        try:
            found = json.loads(self._note.read_text())
            place = Place(**found["place"])
        except (OSError, ValueError, KeyError, TypeError):
            return Place()
        is_good = found.get("job") == self._job and place.size <= os.fstat(self._out.fileno()).st_size
        return place if is_good else Place()

    def add(self, text: str, cases: int, after: str | None) -> None:
        """Append a page, then note it."""
        data = text.encode(errors="backslashreplace")
        self._out.write(data)
        self._out.flush()
        self.place = Place(self.place.size + len(data), self.place.cases + cases, after)
        fresh = self._note.with_name(self._note.name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({"job": self._job, "place": asdict(self.place)}))
        fresh.replace(self._note)

    def complete(self) -> None:
        """The file takes its name; there was an older one, it is replaced."""
        os.fsync(self._out.fileno())
        self._part.replace(self.path)
        self._note.unlink(missing_ok=True)
