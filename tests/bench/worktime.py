"""Working time against `businesstimedelta`, and a long limit against a short one, in one run.

Both count the same week (Mon-Fri 09:00-12:00 and 13:00-18:00 in Shanghai, without holidays) from the same
instants, and every answer is compared before anything is measured.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import businesstimedelta
import pytz

from shared.worktime import WorkCalendar

HOUR = 3600
ZONE = "Asia/Shanghai"
STARTS = [datetime(2026, 1, 1, 1, 17, tzinfo=UTC) + timedelta(hours=37 * step) for step in range(200)]
REPEATS = 7


def rows() -> list[dict[str, Any]]:
    """The bench rows of working time; a ratio of 100 means a hundred times as fast as the reference."""
    week = {day: [("09:00", "12:00"), ("13:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = WorkCalendar(ZONE, hours=week)
    peer = businesstimedelta.BusinessTimeDelta(_peer_rules(), hours=27)
    for start in STARTS:
        ours, theirs = calendar.add(start, 27 * HOUR), start + peer
        if ours != theirs:
            raise AssertionError(f"27 working hours from {start}: {ours} here, {theirs} by businesstimedelta")
    return [_against_peer(calendar, peer), _long_against_short(calendar)]


def _against_peer(calendar: WorkCalendar, peer: Any) -> dict[str, Any]:
    some = STARTS[::10]
    ours, theirs = _medians(
        (lambda: [calendar.add(start, 27 * HOUR) for start in STARTS], len(STARTS)),
        (lambda: [start + peer for start in some], len(some)),
    )
    return {
        "name": "worktime add 27 working hours",
        "unit": "us a call",
        "ours": ours,
        "reference": theirs,
        "reference_name": "businesstimedelta",
        "ratio": theirs / ours,
        "goal": "ratio >= 80",
        "holds": theirs / ours >= 80,
    }


def _long_against_short(calendar: WorkCalendar) -> dict[str, Any]:
    long, short = _medians(
        (lambda: [calendar.add(start, 1000 * HOUR) for start in STARTS], len(STARTS)),
        (lambda: [calendar.add(start, HOUR) for start in STARTS], len(STARTS)),
    )
    return {
        "name": "worktime add 1,000 working hours",
        "unit": "us a call",
        "ours": long,
        "reference": short,
        "reference_name": "worktime add 1 working hour",
        "ratio": long / short,
        "goal": "ratio <= 1.5",
        "holds": long / short <= 1.5,
    }


def _medians(*jobs: tuple[Callable[[], object], int]) -> list[float]:
    """Microseconds a call of each job: the median of repeats that take turns, so that a slow spell hits all."""
    taken: list[list[float]] = [[] for _ in jobs]
    for job, _ in jobs:
        job()
    for _ in range(REPEATS):
        for (job, calls), times in zip(jobs, taken, strict=True):
            begin = perf_counter()
            job()
            times.append((perf_counter() - begin) / calls * 1e6)
    return [median(times) for times in taken]


def _peer_rules() -> Any:
    zone, weekdays = pytz.timezone(ZONE), [0, 1, 2, 3, 4]
    return businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(time(9), time(18), weekdays, tz=zone),
            businesstimedelta.LunchTimeRule(time(12), time(13), weekdays, tz=zone),
        ]
    )
