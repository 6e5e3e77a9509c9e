"""A suite of stand-ins in a process of its own, and what a test wants to know of it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from shared.nodes.process import wait_until

READY_SECONDS = 120.0
STOP_SECONDS = 60.0


class StandinSuite:
    """`up` on one folder; may be started again and again."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self._environment = environment
        self.process: subprocess.Popen[str] | None = None
        self.said = ""
        """What it reported until its stop."""

    def start(self, *arguments: str) -> "StandinSuite":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.nodes.standin_up", str(self.data), *arguments],
            env={**os.environ, **self._environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def ready(self) -> dict[str, Any]:
        """Wait until it is; what suite.json says."""
        wait_until(lambda: self.is_ready() or self._running.poll() is not None, READY_SECONDS, "the suite is not ready")
        assert self.is_ready(), self._running.communicate()[1]
        return self.suite()

    def is_ready(self) -> bool:
        """Whether suite.json is there, and this start's own: a killed one leaves its file behind."""
        try:
            told = self.suite()
        except FileNotFoundError:
            return False
        return set(told["pids"].values()) <= {child.pid for child in self.descendants()}

    def suite(self) -> dict[str, Any]:
        return dict(json.loads((self.data / "suite.json").read_text()))

    def new_pid(self, service: str, old: int) -> int:
        """Wait until suite.json shows another process for this service."""
        wait_until(lambda: self.suite()["pids"][service] != old, 60, f"{service} does not come back")
        return int(self.suite()["pids"][service])

    def refusal(self, *arguments: str) -> str:
        """Start it in vain; what it says. Nothing of it is left."""
        self.start(*arguments)
        _, said = self._running.communicate(timeout=READY_SECONDS)
        assert self._running.returncode == 2, said
        assert said.startswith("aftercare: ")
        assert said.count("\n") == 1
        return said

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        if self._running.poll() is None:
            self._running.send_signal(how)
        self.said, _ = self._running.communicate(timeout=STOP_SECONDS)
        return self._running.returncode

    @property
    def _running(self) -> subprocess.Popen[str]:
        assert self.process is not None
        return self.process

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self._running.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether none of them is alive; a zombie is not."""
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)
