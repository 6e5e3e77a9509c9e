"""One service, one process: `python -m shared.runtime SERVICE`.

Reads settings (every error at once), migrates the database, answers health at once, starts the nameko container
whether or not the broker is up, and on SIGTERM or Ctrl-C drains within a limit. nameko's own command line is not used:
it waits without limits and needs pkg_resources.
"""

import fcntl
import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import eventlet
from nameko.containers import ServiceContainer

from shared.base import logs
from shared.base.clock import ClockFile, SuiteClock
from shared.base.database import Database
from shared.base.migrations import check, migrate
from shared.base.service_settings import ServiceSettings
from shared.base.settings import read_settings
from shared.kernel.errors import Misconfigured
from shared.outbox.tables import of
from shared.runtime.green_postgres import make_green
from shared.runtime.health import HealthPages, serve
from shared.runtime.loop import within
from shared.runtime.methods import methods_of
from shared.runtime.metrics import Metrics
from shared.runtime.package import Package
from shared.runtime.resources import CONFIG_KEY, Resources
from shared.runtime.rest import rest_pages
from shared.runtime.wall_time import Reading, WallWatch, read_clocks

SPARE_WORKERS = 20
WALL_LOOK_SECONDS = 1.0

log = logs.logger(__name__)


def build_resources(package: Package, settings: ServiceSettings) -> Resources:
    """What the process holds; the database is at the version that the code needs."""
    if settings.db_url.startswith("postgresql"):
        make_green()
    clock = SuiteClock(ClockFile(settings.clock_file) if settings.clock_file else None)
    database = Database(settings.db_url, service=package.name, clock=clock)
    if settings.is_production and not database.is_sqlite:
        if not check(database, package.scripts):
            raise Misconfigured(
                [f"{package.name}'s database is not migrated; run `aftercare migrate {package.name}` first"]
            )
    else:
        migrate(database, package.scripts)
    return Resources(package.name, settings, clock, database, of(package.metadata), Metrics())


def build_container(package: Package, resources: Resources) -> Any:
    """The nameko container of a service, not started."""
    config = {
        CONFIG_KEY: resources,
        "AMQP_URI": resources.settings.amqp_uri,
        # Requests in hand, one worker per consumer and timer loop, and room for retries of held messages.
        "max_workers": resources.settings.workers + SPARE_WORKERS,
    }
    return ServiceContainer(package.service_class(), config)


def claim(db_url: str) -> IO[str] | None:
    """The lock of a SQLite file, for as long as the process lives; a second process on the same file is refused."""
    prefix = "sqlite:///"
    if not db_url.startswith(prefix) or db_url == prefix:
        return None
    path = Path(db_url.removeprefix(prefix) + ".lock")
    try:
        handle = path.open("a+")
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Misconfigured([f"{path.with_suffix('')} is in use by another process; stop that one first"]) from None
    except OSError as error:
        raise Misconfigured(
            [f"cannot write {path}: {error.strerror}; make the folder writable or choose another"]
        ) from None
    return handle


def settle() -> None:
    """Have the collector pass over what the start made: it lasts, and to walk it all stops a busy process (SL-7)."""
    gc.collect()
    gc.freeze()


class Runner:
    """Starts one service and ends it; `read_clocks` reads the machine's clocks."""

    def __init__(self, package: Package, read_clocks: Callable[[], Reading] = read_clocks) -> None:
        self.package = package
        self.read_clocks = read_clocks
        self.settings: ServiceSettings = read_settings(package.settings, package.name)
        logs.configure(package.name, self.settings.log_level)
        self.lock = claim(self.settings.db_url)
        self.resources = build_resources(package, self.settings)
        self.container = build_container(package, self.resources)
        self.resources.methods = methods_of(self.container, self.resources)

    def run(self) -> int:
        """Serve until asked to stop; the exit code: 0, or 1 when an error ended the service."""
        http = self.package.http()
        beyond = http(self.resources) if http else None
        serve(self.resources, HealthPages(self.resources, beyond, rest_pages(self.resources)))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: eventlet.spawn(self.stop))
        eventlet.spawn(self._watch_wall_time)
        self.container.start()
        settle()
        self.resources.is_open = True
        log.info("started", pid=os.getpid(), http_port=self.settings.http_port)
        try:
            self.container.wait()
        except Exception:
            # Whatever killed the container: only the log masks what its text may hold.
            log.critical("an error ended the service; the supervisor starts it again", exc_info=True)
            return 1
        self.resources.database.close()
        return 0

    def stop(self) -> None:
        """Drain within the limit, then let go; what was not acknowledged is delivered again."""
        self.resources.is_open = False
        if not within(self.settings.drain_seconds, self.container.stop):
            log.warning("the drain took too long; stopped hard", seconds=self.settings.drain_seconds)
            self.container.kill()

    def _watch_wall_time(self) -> None:
        watch = WallWatch(self.read_clocks, self.resources.metrics.clock_steps)
        while True:
            eventlet.sleep(WALL_LOOK_SECONDS)
            watch.look()
