"""The suite's clock on disk: where it stands at start, that it runs once the suite is ready, where it stood at stop."""

import json
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.base.clock import Anchor, ClockFile
from shared.kernel.errors import Misconfigured
from shared.kernel.instants import format_instant, parse_instant
from shared.nodes.folders import write_private

# What is noted while the clock runs lies this far ahead: after a SIGKILL the clock must not go back behind a fact.
AHEAD_SECONDS = 2.0


class KeptClock:
    """Writes `clock.json`, which all processes follow, and `clock-last.json`, where the next start carries on."""

    def __init__(self, data: Path) -> None:
        self.file = ClockFile(data / "clock.json")
        self._last = data / "clock-last.json"
        self._data = data
        self._is_settled = False

    def settle(self, start: datetime | None, speed: float | None, *, production: bool) -> None:
        """Set the clock for a new start: real time, or standing until `release`.

        Raises Misconfigured for a start that is not later than where the clock stands, and in production mode.
        """
        last = self._read_last()
        is_set = start is not None or speed is not None or (last is not None and not last.real_time)
        if production and is_set:
            raise Misconfigured(
                ["production mode runs in real time: give no clock settings, and a fresh --data folder"]
            )
        if start is not None and last is not None and start <= last.stands:
            shown = format_instant(last.stands)
            raise Misconfigured([f"the clock of {self._data} stands at {shown}; give a later --clock-start or none"])
        anchor = Anchor.real_time()
        if is_set:
            kept = last.stands if last and not last.real_time else anchor.start
            kept_speed = last.speed if last else 1.0
            anchor = replace(anchor, start=start or kept, speed=speed or kept_speed, running=False)
        self.file.write(anchor)
        self._is_settled = True
        self.note(ahead=0)

    def release(self) -> None:
        """Let the clock run from where it stands."""
        anchor = self._anchor()
        if not anchor.running:
            self.file.write(anchor.moved_to(anchor.start, running=True))
        self.note()

    def note(self, *, ahead: float = AHEAD_SECONDS) -> None:
        """Write down where the next start carries on; nothing before `settle`, when the file is the last start's."""
        if not self._is_settled:
            return
        anchor = self._anchor()
        stands = anchor.at(time.monotonic() + ahead)
        text = {"stands": format_instant(stands), "speed": anchor.speed, "real_time": is_real_time(anchor)}
        write_private(self._last, json.dumps(text))

    def description(self) -> dict[str, Any]:
        """The clock as `suite.json` shows it."""
        anchor = self._anchor().to_json()
        return {key: anchor[key] for key in ("start", "speed", "real_start")}

    def _anchor(self) -> Anchor:
        anchor = self.file.read()
        if anchor is None:
            raise Misconfigured([f"{self.file.path} is gone; stop the suite and start it again"])
        return anchor

    def _read_last(self) -> "Last | None":
        """Where the last start got to; None in a new folder."""
        try:
            kept = json.loads(self._last.read_text())
            stands, speed, real_time = parse_instant(kept["stands"]), float(kept["speed"]), bool(kept["real_time"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            raise Misconfigured([f"{self._last} is not what `aftercare up` writes; remove it"]) from None
        anchor = self.file.read()
        if anchor is not None and anchor.start > stands:  # moved ahead, and killed before it was noted
            return Last(anchor.start, anchor.speed, is_real_time(anchor))
        return Last(stands, speed, real_time)


@dataclass(frozen=True)
class Last:
    """Where a clock got to."""

    stands: datetime
    speed: float
    real_time: bool


def is_real_time(anchor: Anchor) -> bool:
    """Whether this clock shows the machine's own time and was never moved."""
    return anchor.speed == 1.0 and anchor.start == anchor.real_start
