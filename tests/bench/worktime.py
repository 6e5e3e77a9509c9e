"""Working time against `businesstimedelta`, and a long limit against a short one, in one run.

Both count the same week (Mon-Fri 09:00-12:00 and 13:00-18:00 in Shanghai, without holidays) from the same
instants, and every answer is compared before anything is measured. At most 1.5 times as slow is at least
1 / 1.5 as fast.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from time import perf_counter
from typing import Any

import businesstimedelta
import pytz

from shared.worktime import WorkCalendar
from tests.bench.measure import Row, row, take_turns

HOUR = 3600
ZONE = "Asia/Shanghai"
STARTS = [datetime(2026, 1, 1, 1, 17, tzinfo=UTC) + timedelta(hours=37 * step) for step in range(200)]
ROUNDS = 7


def rows() -> list[Row]:
    """The bench rows of working time, in calls a second."""
    week = {day: [("09:00", "12:00"), ("13:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = WorkCalendar(ZONE, hours=week)
    peer = businesstimedelta.BusinessTimeDelta(_peer_rules(), hours=27)
    for start in STARTS:
        ours, theirs = calendar.add(start, 27 * HOUR), start + peer
        if ours != theirs:
            raise AssertionError(f"27 working hours from {start}: {ours} here, {theirs} by businesstimedelta")
    add = take_turns(
        _rate(lambda start: calendar.add(start, 27 * HOUR)),
        _rate(lambda start: start + peer, passes=1),
        ROUNDS,
    )
    long = take_turns(
        _rate(lambda start: calendar.add(start, 1000 * HOUR)),
        _rate(lambda start: calendar.add(start, HOUR)),
        ROUNDS,
    )
    return [
        row("worktime, add 27 hours", "calls/s", add, "businesstimedelta", goal=80.0),
        row("worktime, add 1,000 hours", "calls/s", long, "worktime, add 1 hour", goal=round(1 / 1.5, 3)),
    ]


def _rate(call: Callable[[datetime], object], passes: int = 20) -> Callable[[], float]:
    """Calls a second over all starts, so many times that a moment's noise does not show."""
    starts = STARTS * passes

    def measured() -> float:
        begin = perf_counter()
        for start in starts:
            call(start)
        return len(starts) / (perf_counter() - begin)

    return measured


def _peer_rules() -> Any:
    zone, weekdays = pytz.timezone(ZONE), [0, 1, 2, 3, 4]
    return businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(time(9), time(18), weekdays, tz=zone),
            businesstimedelta.LunchTimeRule(time(12), time(13), weekdays, tz=zone),
        ]
    )
