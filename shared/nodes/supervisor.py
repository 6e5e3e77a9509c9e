"""The supervisor: what `aftercare up` runs in the foreground.

    claim the folder -> set the clock -> start broker and services -> all ready: the clock runs, suite.json
    -> tend them until asked to stop -> drain services, stop the broker, note the clock

One thread, and every part is tended in turn: children die with the thread that starts them.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from shared.base.settings import PRODUCTION
from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.foreign import check_broker, write_topology
from shared.nodes.output import bound
from shared.nodes.parts import ServiceProcess, Watch
from shared.nodes.process import end_leftovers, stop_children
from shared.nodes.rabbitmq import RabbitNode
from shared.nodes.suite_clock import KeptClock
from shared.nodes.suite_folder import SuiteFolder

TICK_SECONDS = 0.05
NOTE_SECONDS = 1.0
DRAIN_SECONDS = 10.0
NEW_BROKER_SECONDS = 1.0
PROCESSORS = len(os.sched_getaffinity(0))
MISCONFIGURED_EXIT = 2
MOST_DEATHS_AT_START = 2
READY = "the suite is ready"

Report = Callable[[str], None]


def service_command(service: str) -> list[str]:
    """How a service of the suite is started."""
    return [sys.executable, "-m", "shared.runtime", service]


@dataclass(frozen=True)
class Plan:
    """What to run and where."""

    data: Path
    services: tuple[str, ...]
    environment: Mapping[str, str]
    clock_start: datetime | None = None
    clock_speed: float | None = None
    command: Callable[[str], Sequence[str]] = field(default=service_command)


class Supervisor:
    """Runs one suite until `stop` is called; leaves nothing running."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self._plan = plan
        self._report = report
        self._folder = SuiteFolder(plan.data)
        self._clock = KeptClock(self._folder.path)
        self._broker: RabbitNode | None = None
        self._services: list[ServiceProcess] = []
        self._watches: list[Watch] = []
        self._stopping = threading.Event()
        self._told_clock: object = None
        self._note_at = 0.0
        self._open_at = 0.0
        self._amqp_uri = ""

    def stop(self) -> None:
        """End `run` soon; may be called from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Run the suite; returns after `stop`.

        Raises Misconfigured or Unavailable, with everything stopped again, when it cannot start.
        """
        self._folder.claim()
        try:
            self._prepare()
            self._start()
            while not self._stopping.is_set():
                self._tend()
                self._stopping.wait(TICK_SECONDS)
        finally:
            self._end()

    def _prepare(self) -> None:
        self._folder.remove_suite()
        end_leftovers(self._folder.path)
        production = self._plan.environment.get("AFTERCARE_MODE") == PRODUCTION
        self._clock.settle(self._plan.clock_start, self._plan.clock_speed, production=production)

    def _start(self) -> None:
        """Start the broker; services need not wait for it, they are started as fast as the machine can load them."""
        given = self._plan.environment.get("AFTERCARE_AMQP_URI")
        if given is None:
            self._report("starting the broker ...")
            self._broker = RabbitNode(self._folder.path / "rabbitmq")
            self._watches.append(Watch("broker", self._broker, self._report))
            self._watches[0].start()
            self._amqp_uri = self._broker.amqp_uri
        else:
            check_broker(given)
            self._report(write_topology(given, self._folder.path / "rabbitmq-definitions.json"))
            self._amqp_uri = given
        broker = self._watches[0] if self._watches else None
        self._report("starting the services ...")
        ports = self._folder.http_ports(self._plan.services, self._plan.environment)
        for name, port in ports.items():
            environment = self._service_environment(name, port)
            service = ServiceProcess(name, self._plan.command(name), port, self._folder.path, environment)
            self._services.append(service)
            self._watches.append(Watch(name, service, self._report, needs=broker))

    def _service_environment(self, service: str, port: int) -> dict[str, str]:
        data, prefix = self._folder.path, f"AFTERCARE_{service.upper()}"
        return {
            f"{prefix}_DB_URL": f"sqlite:///{data}/{service}.db",
            # On one machine names are few and near; eventlet's own resolver costs every process a fifth of its start.
            "EVENTLET_NO_GREENDNS": "yes",
            **self._plan.environment,
            "AFTERCARE_DATA": str(data),
            "AFTERCARE_AMQP_URI": self._amqp_uri,
            f"{prefix}_HTTP_PORT": str(port),
            "AFTERCARE_CLOCK": str(self._clock.file.path),
        }

    def _start_more(self) -> None:
        """Start services while a processor is free: more at once would only take the broker's, and all wait for it."""
        waiting = [watch for watch in self._watches if not watch.is_started]
        if waiting:
            free = max(2, PROCESSORS) - sum(watch.is_loading() for watch in self._watches)
            for watch in waiting[: max(0, free)]:
                watch.start()

    def _tend(self) -> None:
        if self._told_clock is None:
            self._refuse_what_cannot_start()
        self._start_more()
        restarted = [watch.tend() for watch in self._watches]
        if self._broker and self._broker.is_running():
            with contextlib.suppress(Unavailable):
                self._broker.tend()
        if self._told_clock is None:
            self._open_when_ready()
        try:
            self._write(any(restarted))
        except OSError as error:
            self._report(f"cannot write to {self._folder.path} ({error.strerror}); free some space there")

    def _write(self, has_restarted: bool) -> None:
        """What readers of the folder rely on; every second, where the clock stands."""
        if self._told_clock is not None and (has_restarted or self._clock.file.stamp() != self._told_clock):
            self._tell()
        if time.monotonic() >= self._note_at:
            self._note_at = time.monotonic() + NOTE_SECONDS
            self._clock.note()
            for service in self._services:
                bound(service.log)

    def _refuse_what_cannot_start(self) -> None:
        """A part that cannot start ends the start of all: a wrong setting at once, anything else after three deaths."""
        for service in self._services:
            if service.exit_code == MISCONFIGURED_EXIT:
                raise Misconfigured([service.last_words() or f"{service.name} does not start; see {service.log}"])
        for watch in self._watches:
            if watch.deaths > MOST_DEATHS_AT_START:
                why = watch.part.last_words()
                raise Unavailable(f"{watch.name} does not start: {why}; see the logs in {self._folder.path}")

    def _open_when_ready(self) -> None:
        """The suite is open once every part is ready."""
        if not all(watch.is_ready for watch in self._watches):
            self._open_at = time.monotonic() + self._settling_seconds
        elif time.monotonic() >= self._open_at:
            self._clock.release()
            self._tell()
            self._report(f"{READY}: {self._folder.path / 'suite.json'}")

    @property
    def _settling_seconds(self) -> float:
        """Until a new broker's queues survive a SIGKILL: nobody shall rely on the suite before."""
        return NEW_BROKER_SECONDS if self._broker and self._broker.is_new else 0.0

    def _tell(self) -> None:
        stamp = self._clock.file.stamp()
        content = {
            "amqp_uri": self._amqp_uri,
            "http": {service.name: service.url for service in self._services},
            "clock": self._clock.description(),
            "pids": {service.name: service.child.pid for service in self._services if service.child},
        }
        self._folder.write_suite(content)
        self._told_clock = stamp

    def _end(self) -> None:
        if self._watches:
            self._report("stopping ...")
        self._folder.remove_suite()
        stop_children([service.child for service in self._services if service.child], DRAIN_SECONDS)
        if self._broker:
            self._broker.stop()
        self._clock.note(ahead=0)
        self._folder.release()
        if self._watches:
            self._report(f"stopped; state is kept in {self._folder.path}")
