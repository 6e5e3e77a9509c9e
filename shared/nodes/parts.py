"""What the supervisor keeps alive: the broker, and one process for each service."""

import http.client
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.kernel.errors import AftercareError
from shared.nodes.backoff import Backoff
from shared.nodes.output import how_it_ended, last_line
from shared.nodes.ports import LOOPBACK, is_open
from shared.nodes.process import start_child

PROBE_SECONDS = 0.5
PROBE_EVERY_SECONDS = 0.1


class Part(Protocol):
    """Something that runs, or should."""

    def start(self) -> None:
        """Start it without waiting for it."""
        ...

    def is_running(self) -> bool:
        """Whether its process is alive."""
        ...

    def is_loading(self) -> bool:
        """Whether it still keeps a processor busy with its start."""
        ...

    def is_ready(self) -> bool:
        """Whether it can be used now."""
        ...

    def last_words(self) -> str:
        """What it said last."""
        ...

    def end(self) -> str:
        """How it ended, in words."""
        ...


class ServiceProcess:
    """One service of the suite in a process of its own; ready when `GET /readyz` says so."""

    def __init__(
        self, name: str, command: Sequence[str], port: int, data: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.port = port
        self._command = command
        self._data = data
        self._environment = environment
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self._data / "logs" / f"{self.name}.log"

    @property
    def url(self) -> str:
        """Where it answers HTTP."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start the process."""
        self.child = start_child(self._command, owner=self._data, log=self.log, environment=self._environment)

    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self.child is not None and self.child.poll() is None

    def is_loading(self) -> bool:
        """Whether it does not answer HTTP yet; from then on it only waits for what it needs."""
        return self.is_running() and not is_open(self.port)

    def is_ready(self) -> bool:
        """Whether it says that it is ready."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PROBE_SECONDS)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def last_words(self) -> str:
        """The last line of its log."""
        return last_line(self.log)

    def end(self) -> str:
        """Whether it was killed, or what it said last."""
        return how_it_ended(self.exit_code, self.last_words())

    @property
    def exit_code(self) -> int | None:
        """How its process ended; None while it runs."""
        return self.child.poll() if self.child else None


@dataclass
class Watch:
    """Keeps one part alive; nothing here waits longer than one probe. It is not ready before what it `needs` is."""

    name: str
    part: Part
    report: Callable[[str], None]
    needs: "Watch | None" = None
    deaths: int = 0
    is_started: bool = False
    is_ready: bool = False
    _ready_since: float = 0.0
    _probe_at: float = 0.0
    _start_at: float | None = None

    def __post_init__(self) -> None:
        self._backoff = Backoff()

    def start(self) -> None:
        """Start the part now."""
        self._start_at = None
        self.is_started = True
        self.is_ready = False
        self.part.start()

    def is_loading(self) -> bool:
        """Whether its start keeps a processor busy."""
        return self.is_started and not self.is_ready and self.part.is_loading()

    def tend(self) -> bool:
        """Notice that it got ready, or died; start it again when its time has come. True when it was started again."""
        if not self.is_started:
            return False
        if self._start_at is not None:
            return self._restart_if_due(self._start_at)
        if not self.part.is_running():
            self._mourn(self.part.end())
        elif not self.is_ready:
            self._probe()
        return False

    def _probe(self) -> None:
        """Not all the time: an answer costs the part what its start needs."""
        now = time.monotonic()
        if now < self._probe_at or (self.needs is not None and not self.needs.is_ready):
            return
        self._probe_at = now + PROBE_EVERY_SECONDS
        if self.part.is_ready():
            self.is_ready = True
            self._ready_since = now
            self.report(f"{self.name} is ready")

    def _mourn(self, end: str) -> None:
        healthy = time.monotonic() - self._ready_since if self.is_ready else 0.0
        delay = self._backoff.delay(healthy)
        self._start_at = time.monotonic() + delay
        self.deaths += 1
        self.is_ready = False
        self.report(f"{self.name} {end}; starting it again in {delay:g} s")

    def _restart_if_due(self, start_at: float) -> bool:
        if time.monotonic() < start_at:
            return False
        try:
            self.start()
        except (AftercareError, OSError) as error:
            self._mourn(f"did not start ({error})")
            return False
        return True
