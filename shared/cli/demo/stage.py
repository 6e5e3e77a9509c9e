"""The stage: a suite of the demo's own in a folder of its own, and its clock in our hands."""

import os
import shutil
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from shared.base.broker import SERVICES
from shared.cli.forward import TimeMachine
from shared.cli.suite import Suite
from shared.kernel.errors import AftercareError, Misconfigured, Unavailable
from shared.nodes.folders import make_folder, write_private
from shared.nodes.process import end_leftovers
from shared.nodes.suite_folder import SuiteFolder
from shared.nodes.supervisor import Plan, Supervisor

MARK: Final = "demo.json"
"""By this file a folder is known as a demo's, which the next demo may replace."""
SPEED: Final = 0.001
"""The clock all but stands, and is moved from stop to stop: the same story every day, however quick the machine."""
HAIR: Final = timedelta(milliseconds=20)
"""Each stop lies this much later past its minute than the one before: what was set moments after that one is due."""
START_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.05


def fresh_folder(data: Path) -> None:
    """Make the folder new; raises Misconfigured when what is in it is not a demo's, or still runs."""
    if data.exists() and not data.is_dir():
        raise Misconfigured([f"{data} is a file; give another --data folder"])
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).exists():
            raise Misconfigured([f"{data} is not an old demo's folder; empty it or give another --data"])
        _clear(data)
    make_folder(data)
    write_private(data / MARK, '{"made_by": "aftercare demo"}\n')


def _clear(data: Path) -> None:
    folder = SuiteFolder(data)
    folder.claim()
    try:
        end_leftovers(folder.path)
        shutil.rmtree(data)
    finally:
        folder.release()


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the operator's settings: the demo uses no broker, database or mail server of theirs."""
    return {name: value for name, value in environment.items() if not name.startswith("AFTERCARE_")}


class Stage:
    """Runs the suite as long as the context lasts; whatever happens, everything started is stopped."""

    def __init__(self, data: Path, begin: datetime) -> None:
        self._data = data.absolute()
        self._said: list[str] = []
        plan = Plan(self._data, SERVICES, own_environment(os.environ), begin, SPEED)
        self._supervisor = Supervisor(plan, self._said.append)
        # Children die with the thread that started them: this one lives until they are stopped.
        self._thread = threading.Thread(target=self._run, name="suite")
        self._failure: BaseException | None = None
        self._stops = 0

    def __enter__(self) -> "Stage":
        self._thread.start()
        try:
            self._wait_ready()
        except BaseException:
            self._stop()
            raise
        self.suite = Suite.at(self._data)
        self._machine = TimeMachine(self.suite.http, self.suite.clock_file)
        return self

    def __exit__(self, *_error: object) -> None:
        with self._machine:
            self._stop()

    def now(self) -> datetime:
        """What the suite's clock shows."""
        return self._machine.now()

    def stop_at(self, instant: datetime) -> None:
        """Move the clock there, at once; what was due on the way fires now."""
        self._stops += 1
        self._machine.hop_to(instant + self._stops * HAIR)

    def rest(self) -> None:
        """Wait until nothing is under way in the suite."""
        self._machine.rest()

    def next_timer(self) -> datetime | None:
        """When something will happen by itself."""
        return self._machine.earliest()

    def _run(self) -> None:
        try:
            self._supervisor.run()
        except (AftercareError, OSError) as error:
            self._failure = error

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not (self._data / "suite.json").exists():
            if self._failure is not None:
                raise self._failure
            if time.monotonic() > deadline:
                last = self._said[-1] if self._said else "nothing was heard of it"
                raise Unavailable(f"the suite did not start: {last}; see the logs in {self._data}")
            time.sleep(POLL_SECONDS)

    def _stop(self) -> None:
        self._supervisor.stop()
        self._thread.join()
