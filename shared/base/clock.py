"""The suite's one clock: now = start + speed x (monotonic - real_start), the same in every process (contracts 2).

Business waits run on it; technical waits (retries, leases, timeouts) use `time.monotonic` and `wall_now`.
CLOCK_MONOTONIC is one for the whole machine, so every process that reads the same anchor tells the same time,
and a step of the wall clock changes nothing while the suite runs.
"""

import json
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from shared.kernel.errors import Misconfigured
from shared.kernel.instants import format_instant, parse_instant


def wall_now() -> datetime:
    """The machine's own time; for anchors, retention and technical time stamps only."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the system clock


@dataclass(frozen=True)
class Anchor:
    """Where the suite's time was tied to the machine's: at `monotonic` (= wall `real_start`) it was `start`."""

    start: datetime
    speed: float
    real_start: datetime
    monotonic: float
    running: bool = True

    @classmethod
    def real_time(cls) -> "Anchor":
        """Real time from now on."""
        wall = wall_now()
        return cls(start=wall, speed=1.0, real_start=wall, monotonic=time.monotonic())

    def at(self, monotonic: float) -> datetime:
        """The suite instant at a reading of the monotonic clock."""
        if not self.running:
            return self.start
        return self.start + timedelta(seconds=self.speed * (monotonic - self.monotonic))

    def moved_to(self, instant: datetime, *, running: bool | None = None) -> "Anchor":
        """The same speed, tied anew at this moment so that it is `instant` now."""
        return replace(
            self,
            start=instant,
            real_start=wall_now(),
            monotonic=time.monotonic(),
            running=self.running if running is None else running,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data, instants as RFC 3339."""
        return asdict(self) | {
            "start": format_instant(self.start),
            "real_start": format_instant(self.real_start),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Anchor":
        """The anchor that `to_json` wrote."""
        return cls(
            start=parse_instant(data["start"]).astimezone(UTC),
            speed=float(data["speed"]),
            real_start=parse_instant(data["real_start"]).astimezone(UTC),
            monotonic=float(data["monotonic"]),
            running=bool(data["running"]),
        )


class ClockFile:
    """The anchor on disk, shared by every process of one suite; replaced by rename."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Anchor | None:
        """The anchor, or None where no file is."""
        try:
            return Anchor.from_json(json.loads(self.path.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise Misconfigured(
                [f"{self.path} is not a clock file ({error}); remove it to start in real time"]
            ) from None

    def write(self, anchor: Anchor) -> None:
        """Replace the anchor; readers see the old one or the new one, never half."""
        temporary = self.path.with_suffix(".tmp")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(anchor.to_json()))
        temporary.replace(self.path)

    def stamp(self) -> tuple[int, int]:
        """Changes when the file is replaced, even twice within a tick of the file system; zeros where no file is."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)


class Clock(Protocol):
    """Anything that tells the suite's time."""

    def now(self) -> datetime:
        """The suite's instant, aware, in UTC."""
        ...

    def real_seconds_until(self, instant: datetime) -> float:
        """How long to wait in real time until the suite's clock shows `instant`; not below 0."""
        ...


class SuiteClock:
    """The clock of a process: follows an anchor file, or real time where there is none.

    It looks at the file each time it is asked, which costs some microseconds: whoever moves the clock, releases it at
    the start of a suite or forwards it later, knows that no process tells an older time from then on.
    """

    def __init__(self, file: ClockFile | None = None) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._anchor = Anchor.real_time()
        self._follow()

    def _follow(self) -> None:
        """Read the anchor again if the file was replaced."""
        if self._file is None or (stamp := self._file.stamp()) == self._stamp:
            return
        self._anchor = self._file.read() or self._anchor
        self._stamp = stamp

    def now(self) -> datetime:
        """The suite's instant, in UTC."""
        self._follow()
        return self._anchor.at(time.monotonic())

    def real_seconds_until(self, instant: datetime) -> float:
        """Real seconds until the clock shows `instant`; a standing clock gets nowhere."""
        left = (instant - self.now()).total_seconds()
        if left <= 0:
            return 0.0
        return left / self._anchor.speed if self._anchor.running else float("inf")
