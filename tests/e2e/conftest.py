"""A whole suite, run by the operator's own command: what its users see and nothing else."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.cli.suite import Suite

MAIN = Path(__file__).parents[2]
STOP_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """A suite that runs, and the command line at it."""

    data: Path
    process: "subprocess.Popen[str]"

    @property
    def suite(self) -> Suite:
        """What `suite.json` says."""
        return Suite.at(self.data)

    def aftercare(self, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command at this suite; whatever it ends with."""
        return subprocess.run(
            [*COMMAND, *words, "--data", str(self.data)],
            cwd=MAIN,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *words: str, stdin: str = "") -> str:
        """Run a command that must end well; what it prints."""
        ended = self.aftercare(*words, stdin=stdin)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def told(self, *words: str, stdin: str = "") -> Any:
        """Run a command that must end well with --json; what it tells."""
        return json.loads(self.done(*words, "--json", stdin=stdin))


COMMAND = (sys.executable, "-m", "shared.cli.main")
StartSuite = Callable[..., Running]


@pytest.fixture(scope="session")
def start_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartSuite]:
    """Starts a suite in a new folder; options are those of `aftercare up`."""
    running: list[Running] = []

    def start(*options: str) -> Running:
        data = tmp_path_factory.mktemp("suite")
        command = [*COMMAND, "up", "--data", str(data), *options]
        process = subprocess.Popen(command, cwd=MAIN, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        running.append(Running(data, process))
        assert process.stdout
        heard = []
        for line in process.stdout:
            heard.append(line)
            if line.startswith("the suite is ready"):
                return running[-1]
        raise AssertionError("the suite did not start:\n" + "".join(heard))

    yield start
    for each in running:
        stop(each.process)


@pytest.fixture(scope="session")
def suite(start_suite: StartSuite) -> Running:
    """A suite that tests share; it begins on Friday 9 October 2026 at 22:00 in Shanghai."""
    return start_suite("--clock-start", "2026-10-09T22:00:00+08:00")


def stop(process: "subprocess.Popen[str]") -> None:
    """End a suite as Ctrl-C does."""
    if process.poll() is None:
        os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=STOP_SECONDS)
