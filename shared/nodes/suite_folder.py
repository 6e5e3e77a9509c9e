"""What `aftercare up` keeps in its folder: the lock, the HTTP ports, `suite.json`."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from shared.kernel.errors import Misconfigured
from shared.nodes.folders import make_folder, not_writable, write_private
from shared.nodes.ports import hold, kept_ports

LOCK = "lock"


class SuiteFolder:
    """The folder of one suite, held by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._suite = self.path / "suite.json"
        self._lock: IO[str] | None = None

    def claim(self) -> None:
        """Hold the folder until this process ends; raises Misconfigured when another holds it."""
        make_folder(self.path)
        path = self.path / LOCK
        try:
            handle = os.fdopen(_private(path), "a+")
        except OSError as error:
            raise not_writable(self.path, error.strerror) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            handle.close()
            raise Misconfigured(
                [f"{self.path} is in use by the suite of process {holder}; stop that one or give another --data"]
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        self._lock = handle

    def http_ports(self, names: tuple[str, ...], environment: Mapping[str, str]) -> dict[str, int]:
        """A port for each service: the one its variable names, else that of last time if it is free, else another."""
        chosen = kept_ports(self.path / "ports.json", len(names))
        return {name: _named_port(name, environment) or port for name, port in zip(names, chosen, strict=True)}

    def write_suite(self, content: Mapping[str, Any]) -> None:
        """Tell where the suite answers (contracts 1); readers see the old file or the new."""
        write_private(self._suite, json.dumps(content, indent=2))

    def remove_suite(self) -> None:
        """Nothing answers any more, or not yet."""
        self._suite.unlink(missing_ok=True)

    def release(self) -> None:
        """Let the folder go."""
        if self._lock:
            self._lock.close()
        self._lock = None


def holder_of(folder: Path) -> int | None:
    """The process that holds the folder as its suite; None where nobody does. Looks only, and takes no lock itself."""
    try:
        lock = folder / LOCK
        pid = int(lock.read_text())
        held = any(each.samefile(lock) for each in Path(f"/proc/{pid}/fd").iterdir() if each.exists())
    except (OSError, ValueError):
        return None
    return pid if held else None


def _private(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)


def _named_port(service: str, environment: Mapping[str, str]) -> int | None:
    variable = f"AFTERCARE_{service.upper()}_HTTP_PORT"
    text = environment.get(variable)
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Misconfigured([f"{variable} is wrong: write a port from 1 to 65535"])
    if not hold(int(text)):
        raise Misconfigured([f"port {text} ({variable}) is taken; stop what listens there or choose another"])
    return int(text)
