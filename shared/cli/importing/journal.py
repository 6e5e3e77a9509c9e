"""What went in already, beside the suite's data: a second run goes on where the first one stopped (IN-18).

The journal only saves work: without it every row is told again, and intake knows each one by its external_ref.
"""

import fcntl
import hashlib
import json
from pathlib import Path
from typing import IO

from shared.kernel.errors import Conflict, Misconfigured

Identity = tuple[str, str, str]


def digest(mode: str, *paths: Path) -> str:
    """Names one job: these very files, taken in this mode."""
    found = hashlib.sha256(mode.encode())
    for path in paths:
        with path.open("rb") as handle:
            while block := handle.read(1 << 20):
                found.update(block)
        found.update(b"\0")
    return found.hexdigest()[:16]


class Journal:
    """One job's journal; use it as a context manager: nobody else may do the same job meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: set[int] = set()
        self.seen: dict[Identity, int] = {}

    def __enter__(self) -> "Journal":
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle: IO[str] = self.path.open("a+", encoding="utf-8")
            self.path.chmod(0o600)
        except OSError as error:
            raise Misconfigured([f"cannot write {self.path}: {error.strerror}"]) from None
        self._claim()
        self._load()
        return self

    def __exit__(self, *_error: object) -> None:
        self._handle.close()

    def _claim(self) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._handle.close()
            raise Conflict("this file is being imported by another command; wait until that one has ended") from None

    def _load(self) -> None:
        self._handle.seek(0)
        text = self._handle.read()
        for line in text.splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # cut off when the writer was killed; its row is told again
            self._remember(entry["line"], tuple(entry["ref"]))
        if text and not text.endswith("\n"):
            self._handle.write("\n")

    def add(self, line: int, identity: Identity, case_no: str) -> None:
        """This row is in."""
        self._handle.write(json.dumps({"line": line, "ref": identity, "case_no": case_no}) + "\n")
        self._handle.flush()
        self._remember(line, identity)

    def _remember(self, line: int, identity: Identity) -> None:
        self.lines.add(line)
        self.seen[identity] = line
