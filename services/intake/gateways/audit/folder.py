"""The folder outside of the database, which only grows: it may lie on a disk that can be written once only.

witness/2026-11-22.host.log     a line for each head that was committed: `case NO SEQ CHAIN`, `reads WRITER SEQ CHAIN`
digests/00000001.json           each digest with its signature
keys/FINGERPRINT.pem            the public keys of the signatures
"""

import errno
import json
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.base.clock import wall_now
from shared.base.logs import logger

MOST_WAITING: Final = 100_000
"""Lines that are kept in memory while they cannot be written."""

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """A digest as the folder keeps it; `file` names where."""

    file: str
    no: int
    body: str
    signature: str


class AuditFolder:
    """Written by each process of the service; read by whoever verifies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._day = ""
        self._handle: int | None = None
        self._waiting: list[str] = []
        self._turn = threading.Lock()

    def is_well(self) -> bool:
        """Whether every line is written; those that wait are tried again."""
        if self._waiting:
            self.witness(())
        return not self._waiting

    def witness(self, lines: Sequence[str]) -> None:
        """Append lines in one write, without waiting for the disk; what cannot be written is written later."""
        with self._turn:
            was_well = not self._waiting
            self._waiting += lines
            try:
                self._append("".join(f"{line}\n" for line in self._waiting).encode())
            except OSError as error:
                self._close()
                del self._waiting[:-MOST_WAITING]
                if was_well:
                    log.error("the witness cannot be written", folder=str(self.path), error=error.strerror)

    def _append(self, text: bytes) -> None:
        """Write what waits; raises OSError where only part of it could be written: the rest goes on waiting."""
        day = wall_now().date().isoformat()
        if self._handle is None or day != self._day:
            self._open(day)
        if self._handle is not None:
            written = os.write(self._handle, text)
            del self._waiting[: text[:written].count(b"\n")]
            if written < len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _open(self, day: str) -> None:
        self._close()
        file = self._folder("witness") / f"{day}.{socket.gethostname()}.log"
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._day = day
        size = os.fstat(self._handle).st_size
        if size and os.pread(self._handle, 1, size - 1) != b"\n":  # a full disk or a crash left half a line
            os.write(self._handle, b"\n")

    def _close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def keep_digest(self, no: int, body: str, signature: str) -> None:
        """Keep a digest, once."""
        self._write_once(self._folder("digests") / f"{no:08}.json", json.dumps({"body": body, "signature": signature}))

    def keep_key(self, fingerprint: str, public: str) -> None:
        """Keep a public key, once."""
        self._write_once(self._folder("keys") / f"{fingerprint}.pem", public)

    def has_digest(self, no: int) -> bool:
        """Whether it is kept already."""
        return (self.path / "digests" / f"{no:08}.json").exists()

    def keys(self) -> dict[str, str]:
        """Every public key by its fingerprint."""
        return {each.stem: each.read_text(errors="replace") for each in sorted(self.path.glob("keys/*.pem"))}

    def digests(self) -> Iterator[KeptDigest]:
        """Every digest, oldest first; one that is damaged has no text."""
        for each in sorted(self.path.glob("digests/*.json")):
            no = int(each.stem) if each.stem.isdecimal() else 0
            try:
                said = json.loads(each.read_text())
                yield KeptDigest(each.name, no, str(said["body"]), str(said["signature"]))
            except (ValueError, KeyError, TypeError):
                yield KeptDigest(each.name, no, "", "")

    def witnessed(self) -> Iterator[tuple[Path, int]]:
        """The files of the witness, each with its length by now: what is written later is not looked at."""
        for each in sorted(self.path.glob("witness/*.log")):
            yield each, each.stat().st_size

    def _folder(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _write_once(self, path: Path, text: str) -> None:
        """Whole at once, and on the disk; who comes second keeps what the first wrote."""
        if path.exists():
            return
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        with unfinished.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
