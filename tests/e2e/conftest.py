"""A whole suite, run by the operator's own command: what its users see and nothing else."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.cli.main import run
from shared.cli.suite import Suite
from tests.support.dovecot import USER, Dovecot, running_dovecot, why_none

MAIN = Path(__file__).parents[2]
READS_MAIL = {"AFTERCARE_INTAKE_IMAP_SECONDS": "1", "AFTERCARE_NOTIFY_REPLY_TO": USER}
STOP_SECONDS = 120
COMMAND = (sys.executable, "-m", "shared.cli.main")

Ended = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Running:
    """A suite that runs, and the command line at it."""

    data: Path
    process: "subprocess.Popen[str]"

    @property
    def suite(self) -> Suite:
        """What `suite.json` says."""
        return Suite.at(self.data)

    def typed(self, *words: str) -> Ended:
        """Run a command at this suite as a process, as a person does; whatever it ends with."""
        command = [*COMMAND, *words, "--data", str(self.data)]
        return subprocess.run(command, cwd=MAIN, capture_output=True, text=True, check=False)

    def aftercare(self, *words: str, stdin: str = "") -> Ended:
        """Run a command at this suite, without half a second for a process; whatever it ends with."""
        out, err, keyboard = io.StringIO(), io.StringIO(), sys.stdin
        code: object = 0
        sys.stdin = io.StringIO(stdin)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                run([*words, "--data", str(self.data)])
        except SystemExit as ended:
            code = ended.code
        finally:
            sys.stdin = keyboard
        assert isinstance(code, int), code
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def done(self, *words: str, stdin: str = "") -> str:
        """Run a command that must end well; what it prints."""
        ended = self.aftercare(*words, stdin=stdin)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def told(self, *words: str, stdin: str = "") -> Any:
        """Run a command that must end well with --json; what it tells."""
        return json.loads(self.done(*words, "--json", stdin=stdin))


StartSuite = Callable[..., Running]


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Dovecot | None]:
    """The mailbox that the shared suite reads; none where no mail server can be started."""
    if why_none():
        yield None
        return
    with running_dovecot() as found:
        yield found


@pytest.fixture(scope="package")
def suite(tmp_path_factory: pytest.TempPathFactory, mailbox: Dovecot | None) -> Iterator[Running]:
    """A suite that tests share; it begins on Friday 9 October 2026 at 22:00 in Shanghai."""
    settings = {} if mailbox is None else {**READS_MAIL, "AFTERCARE_INTAKE_IMAP_URL": mailbox.url()}
    begin = ("--clock-start", "2026-10-09T22:00:00+08:00")
    with started(tmp_path_factory.mktemp("suite"), *begin, **settings) as found:
        yield found


@pytest.fixture(scope="module")
def start_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartSuite]:
    """Starts a suite for one module, in a new folder; options are those of `aftercare up`."""
    with ExitStack() as running:
        yield lambda *options: running.enter_context(started(tmp_path_factory.mktemp("suite"), *options))


@contextmanager
def started(data: Path, *options: str, **settings: str) -> Iterator[Running]:
    """A suite that is ready, with more settings; ended as Ctrl-C does."""
    command = [*COMMAND, "up", "--data", str(data), *options]
    environment = {**os.environ, **settings}
    with subprocess.Popen(
        command, cwd=MAIN, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            heard = []
            for line in process.stdout:
                heard.append(line)
                if line.startswith("the suite is ready"):
                    break
            else:
                raise AssertionError("the suite did not start:\n" + "".join(heard))
            yield Running(data, process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=STOP_SECONDS)
