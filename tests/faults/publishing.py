"""A town whose days off of next year are announced, and what has to be so once that is carried through (SL-6)."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from services.sla.domain.announced import announced, written
from shared.base.clock import Anchor, ClockFile
from shared.worktime import WorkCalendar, default_calendar
from tests.bench.filling import fill
from tests.faults.firing import CLOCKS_OF_A_CASE, heard
from tests.support.client import Client
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for
from tests.unit.sla.cases import a_case, at

LAST = WorkCalendar.from_dict(written(default_calendar())).known_until
assert LAST is not None
NEXT = LAST.year + 1
CALENDAR = f"cn-{NEXT}"
OPENED = f"{LAST.year}-12-29 10:00"
NOW = at(f"{LAST.year}-12-29 10:01")
OFF = [date(NEXT, 1, day) for day in (1, 2, 3, 4, 5)]


class Announced:
    """One database of sla with complaints opened at the year's end, and as many processes as asked for on it."""

    def __init__(self, folder: Path, amqp_uri: str, db_url: str, cases: int, processes: int = 1) -> None:
        clock = ClockFile(folder / "clock.json")
        clock.write(Anchor.real_time().moved_to(NOW, running=False))
        settings = {"AFTERCARE_CLOCK": str(clock.path)}
        url = db_url or f"sqlite:///{folder / 'sla.db'}"
        homes = [folder / f"replica-{number}" for number in range(processes)]
        for home in homes:
            home.mkdir()
        self.replicas = [ServiceProcess(home, amqp_uri, "sla", url, settings) for home in homes]
        self.sla = self.replicas[0]
        self.cases = fill(url, [a_case(OPENED)], cases * CLOCKS_OF_A_CASE, NOW)

    def close(self) -> None:
        """End what still runs."""
        for each in self.replicas:
            each.kill()

    def until_done(self) -> None:
        """Wait until the version is carried through, and everything is said."""
        done = "SELECT count(*) FROM publications WHERE state = 'done' AND by = 'chen'"
        wait_for(lambda: self.sla.query(done) == [1] and self.sla.is_quiet(), "it is carried through", 60)

    def check(self, outside: Client) -> None:
        """Each clock that moved moved once, was said once, and is counted once."""
        moved = Counter(self.sla.query("SELECT case_no, clock, key FROM ledger WHERE change = 'moved'"))
        assert set(moved.values()) == {1}, "each clock moved once"
        assert len({case_no for case_no, _, _ in moved}) == self.cases, "no case was left out"
        bodies = [json.loads(body) for body in self.sla.query("SELECT body FROM outbox ORDER BY id")]
        assert {body["type"] for body in bodies} == {"clock.moved.v1"}
        assert Counter(map(_clock, bodies)) == moved, "each move was said once"
        assert {body["id"]: body for body in heard(outside)} == {body["id"]: body for body in bodies}
        assert sum(self.sla.query("SELECT moved FROM publications WHERE by = 'chen'")) == len(moved)
        assert self.sla.query("SELECT count(*) FROM pending_cases") == [0]
        assert self.sla.query("SELECT count(*) FROM moved_clocks") == [0]
        for name in {name for _, name, _ in moved}:
            same = f"SELECT DISTINCT due_at, revision, calendar_version FROM clocks WHERE name = '{name}'"
            assert len(self.sla.query(same)) == 1, f"every {name} came to the same"
            timed = "SELECT DISTINCT fire_at = due_at FROM timers JOIN clocks ON id = clock_id WHERE mark = 1000"
            assert self.sla.query(f"{timed} AND name = '{name}'") == [1], f"every {name} is timed anew"


def _clock(body: dict[str, Any]) -> tuple[str, str, str]:
    clock = body["data"]["clock"]
    return clock["case_no"], clock["clock"], clock.get("key", "")


def announcement(**other: Any) -> bytes:
    """The request to announce the days off, or something else of the same name."""
    calendar = announced(WorkCalendar.from_dict(written(default_calendar())), NEXT, OFF, [])
    request = {"name": "cn", "version": CALENDAR, "running": "recompute", "by": "chen", "calendar": calendar.to_dict()}
    return json.dumps({"args": [request | other], "kwargs": {}}).encode()
