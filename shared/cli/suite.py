"""The running suite, as `DIR/suite.json` describes it (contracts 1)."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.base.clock import ClockFile
from shared.cli.rpc import SECONDS, Answer, Rpc
from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.suite_folder import holder_of

TELL_SECONDS = 10.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Suite:
    """Where a suite's broker and services answer."""

    data: Path
    amqp_uri: str
    http: dict[str, str]
    clock: dict[str, Any]
    pids: dict[str, int]

    @classmethod
    def at(cls, data: Path) -> "Suite":
        """The suite that runs in this folder; raises Unavailable when none does."""
        path = data / "suite.json"
        try:
            found = json.loads(path.read_text())
            return cls(data, found["amqp_uri"], found["http"], found["clock"], found["pids"])
        except (FileNotFoundError, NotADirectoryError):
            raise Unavailable(_why_none(data.absolute())) from None
        except PermissionError:
            raise Unavailable(f"the suite in {data} belongs to another user") from None
        except (ValueError, KeyError, TypeError):
            raise Misconfigured([f"{path} is not what `aftercare up` writes; start the suite again"]) from None

    def rpc(self, seconds: float = SECONDS) -> Rpc:
        """A connection to its services; use it as a context manager."""
        return Rpc(self.amqp_uri, seconds)

    def call(self, method: str, request: Mapping[str, Any]) -> Answer:
        """One request and its answer."""
        with self.rpc() as rpc:
            return rpc.call(method, request)

    @property
    def clock_file(self) -> ClockFile:
        """The anchor that every process of the suite follows."""
        return ClockFile(self.data / "clock.json")

    def wait_until_told(self, clock: Mapping[str, Any]) -> None:
        """Wait until `suite.json` shows a clock that was moved; the supervisor, its only writer, sees the move."""
        deadline = time.monotonic() + TELL_SECONDS
        while Suite.at(self.data).clock != clock:
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"the clock was moved, but {self.data}/suite.json is not kept; is `aftercare up` alive?"
                )
            time.sleep(POLL_SECONDS)


def _why_none(data: Path) -> str:
    """Why there is no `suite.json`, and what helps; never advises to start a second suite in a wrong place."""
    holder = holder_of(data)
    if holder is not None:
        return f"the suite in {data} (process {holder}) is starting or stopping; wait until it says that it is ready"
    return (
        f"no suite runs in {data}; run this where the suite was started, or give --data; "
        "`make up` or `aftercare up` starts one"
    )
