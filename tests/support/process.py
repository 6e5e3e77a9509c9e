"""A service as a real process: started, asked, killed, read."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.nodes.ports import free_ports
from tests.support.probe import NAME
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]
READY_SECONDS = 90.0


class ServiceProcess:
    """One service; the probe unless another is named. Started again, it is the same service: same port, same files."""

    def __init__(
        self, folder: Path, amqp_uri: str, service: str = "", db_url: str = "", settings: dict[str, str] | None = None
    ) -> None:
        self.name = service or NAME
        self.module = ["shared.runtime", service] if service else ["tests.support.probe"]
        self.folder = folder
        self.log = folder / f"{self.name}.log"
        (self.port,) = free_ports(1)
        self.db_url = db_url or f"sqlite:///{folder / self.name}.db"
        self.environment = {
            "PATH": os.environ["PATH"],
            "EVENTLET_NO_GREENDNS": "yes",  # as `aftercare up` starts it
            "AFTERCARE_AMQP_URI": amqp_uri,
            "AFTERCARE_DATA": str(folder),
            f"AFTERCARE_{self.name.upper()}_DB_URL": self.db_url,
            f"AFTERCARE_{self.name.upper()}_HTTP_PORT": str(self.port),
            **(settings or {}),
        }
        self.child: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> "ServiceProcess":
        """Start it, without waiting."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", *self.module, *arguments],
                env=self.environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        return self

    def ready(self) -> "ServiceProcess":
        """Wait until it says so; fails at once when it ended instead."""
        wait_for(lambda: not self.is_alive() or self.is_ready(), f"{self.name} is ready; {self.tail()}", READY_SECONDS)
        assert self.is_alive(), f"{self.name} ended: {self.tail()}"
        return self

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.child is not None and self.child.poll() is None

    def is_ready(self) -> bool:
        """What /readyz says; False where nothing answers."""
        try:
            return self.http("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def http(self, method: str, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=70) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def page(self, path: str, method: str = "GET") -> Any:
        """A JSON page."""
        return json.loads(self.http(method, path)[1])

    def metric(self, name: str) -> float:
        """One figure of /metrics; 0 before it is there."""
        lines = [line for line in self.http("GET", "/metrics")[1].splitlines() if line.startswith(f"{name} ")]
        return float(lines[0].rpartition(" ")[2]) if lines else 0.0

    @cached_property
    def engine(self) -> sa.Engine:
        """Its database, seen from outside."""
        return sa.create_engine(self.db_url, poolclass=sa.NullPool)

    def query(self, sql: str) -> list[Any]:
        """Look into its database from outside: the first column, or whole rows where there are more."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.text(sql)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    def effects(self) -> Counter[str]:
        """How often each event had its effect."""
        return Counter(self.query("SELECT event_id FROM effects"))

    def is_quiet(self) -> bool:
        """Nothing waits to be sent or to be tried again."""
        return self.query(
            "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) + (SELECT count(*) FROM held)"
        ) == [0]

    def memory(self) -> float:
        """Resident megabytes."""
        return self._megabytes("VmRSS")

    def peak_memory(self) -> float:
        """The most megabytes that were resident so far."""
        return self._megabytes("VmHWM")

    def _megabytes(self, name: str) -> float:
        status = self._proc("status")
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith(name))
        return int(kilobytes) / 1000

    def processor_seconds(self) -> float:
        """The processor time used so far."""
        user, system = self._proc("stat").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @property
    def pid(self) -> int:
        """The number of the process that runs."""
        assert self.child is not None
        return self.child.pid

    def _proc(self, page: str) -> str:
        return Path(f"/proc/{self.pid}/{page}").read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.child is not None
        self.child.send_signal(number)

    def wait(self, seconds: float = 60.0) -> int:
        """Its exit code, once it ended."""
        assert self.child is not None
        return self.child.wait(seconds)

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self.is_alive():
            self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it as a crash would."""
        if self.is_alive():
            self.signal(signal.SIGKILL)
        if self.child is not None:
            self.child.wait(60)

    def said(self) -> str:
        """All that it logged."""
        return self.log.read_text() if self.log.exists() else ""

    def tail(self) -> str:
        """The end of its log."""
        return self.said()[-1500:]


@contextmanager
def running(process: ServiceProcess, *arguments: str) -> Iterator[ServiceProcess]:
    """The process, ready; killed at the end."""
    try:
        yield process.start(*arguments).ready()
    finally:
        process.kill()
