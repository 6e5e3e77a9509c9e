"""Moving a suite's time ahead: every timer on the way fires, in order (contracts 2).

rest ─> earliest timer before the target? ─> move there ─> fire ─> rest ─> …  ─> move to the target

Thousands of timers at instants of their own are not worth as many stops: see MOST_HOPS.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.base.clock import Anchor, ClockFile, SuiteClock
from shared.cli.pages import Lines, Page
from shared.kernel.errors import Conflict, Unavailable
from shared.kernel.instants import format_instant, parse_instant

MOST_HOPS = 200
"""Stops at the very instants of timers; a way with more of them ends in as many slices, so none fires much too late."""
MOST_ROUNDS = 100
ANSWER_SECONDS = 75.0
"""A service answers within 60 s, or says that it cannot come to rest."""
AWAY_SECONDS = 30.0
"""How long one that died is waited for: the suite starts it again after 2, 4 or 8 s."""
LOOK_SECONDS = 0.2
GONE = 0
"""The status of a page that nobody answers."""

Watch = Callable[[datetime], None]
Where = Callable[[], Mapping[str, str]]
"""Where each service answers; looked up again while one of them is away."""


@dataclass(frozen=True)
class Moved:
    """How far time has been moved; `hops` are the timers' instants it stopped at on the way."""

    since: datetime
    now: datetime
    hops: int


class TimeMachine:
    """Moves the clock of one suite; as a context it hangs up in the end."""

    def __init__(
        self,
        http: Mapping[str, str] | Where,
        file: ClockFile,
        most_hops: int = MOST_HOPS,
        away_seconds: float = AWAY_SECONDS,
    ) -> None:
        self._where: Where = http if callable(http) else lambda: http
        self._away_seconds = away_seconds
        self._file = file
        self._most_hops = most_hops
        self._quiet: dict[str, Any] = {}
        self._lines = Lines(ANSWER_SECONDS)

    def __enter__(self) -> "TimeMachine":
        return self

    def __exit__(self, *_error: object) -> None:
        self._lines.close()

    def forward_to(self, target: Callable[[datetime], datetime], watch: Watch) -> Moved:
        """Move to the instant that `target` makes of now; raises Conflict when that is past already."""
        self.rest()
        since = self.now()
        goal = target(since)
        if goal < since:
            raise Conflict(f"the suite's clock shows {format_instant(since)} already; time only goes forward")
        hops, least = 0, timedelta()
        while (due := self.earliest()) is not None and due < goal:
            now = self.now()
            if hops == self._most_hops:
                least = (goal - now) / self._most_hops
            self._move(max(now, min(goal, max(due, now + least))))
            self.rest()
            hops += 1
            watch(due)
        self._move(max(goal, self.now()))
        self.rest()
        self._post("/clock", "is not up to date with its timers")
        return Moved(since, self.now(), hops)

    def now(self) -> datetime:
        """What the suite's clock shows."""
        self.anchor()
        return SuiteClock(self._file).now()

    def anchor(self) -> Anchor:
        """Where the clock is tied."""
        found = self._file.read()
        if found is None:
            raise Unavailable(f"there is no clock file {self._file.path}; is the suite running?")
        return found

    def rest(self) -> None:
        """Wait until nothing is under way between the services: all is handled, and nobody said anything more.

        Where nobody has said anything since the last rest, nobody has anything to handle.
        """
        said = self._post("/relayed", "does not come to rest")
        for _ in range(MOST_ROUNDS):
            if said == self._quiet:
                return
            before, said = said, self._post("/rest", "does not come to rest")
            if said == before:
                self._quiet = said
        raise Unavailable("the suite does not come to rest: events go round in circles; look at the logs")

    def earliest(self) -> datetime | None:
        """The instant of the earliest timer of all services."""
        pages = self._ask("GET", "/clock", "does not tell its time")
        due = [parse_instant(page["next_timer"]) for page in pages.values() if page["next_timer"]]
        return min(due, default=None)

    def hop_to(self, instant: datetime) -> None:
        """Move straight to an instant, never back; every timer on the way has fired there, late. Waits for no rest."""
        self._move(max(instant, self.now()))

    def _move(self, instant: datetime) -> None:
        self._file.write(self.anchor().moved_to(instant))
        self._post("/clock", "does not follow the clock")

    def _post(self, path: str, complaint: str) -> dict[str, Any]:
        return self._ask("POST", path, complaint)

    def _ask(self, method: str, path: str, complaint: str) -> dict[str, Any]:
        pages = self._pages(method, path)
        wrong = [name for name, (status, _) in pages.items() if status != 200]
        if any(pages[name][0] == 404 for name in wrong):
            raise Conflict("this suite runs in production mode: its clock cannot be moved")
        if wrong:
            raise Unavailable(f"{', '.join(wrong)} {complaint}; look at `aftercare status`")
        return {name: body for name, (_, body) in pages.items()}

    def _pages(self, method: str, path: str) -> dict[str, Page]:
        """The page of every service; one that is away is waited for, it may be starting again."""
        patient_until = time.monotonic() + self._away_seconds
        pages = self._lines.ask(self._where(), method, path)
        while (away := [name for name, page in pages.items() if _is_away(page)]) and time.monotonic() < patient_until:
            time.sleep(LOOK_SECONDS)
            there = {name: base for name, base in self._where().items() if name in away}
            pages |= self._lines.ask(there, method, path)
        return pages


def _is_away(page: Page) -> bool:
    """Whether nobody answers, or only the pages of a process that does not work yet."""
    status, body = page
    return status == GONE or (isinstance(body, dict) and body.get("connected") is False)
