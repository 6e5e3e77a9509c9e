"""The worked examples of the requirements, through the policy's own clocks."""

import pytest

from services.sla.domain.limits import Counting, Limit
from tests.unit.sla.cases import CN, at, wall

SAME_DAY = Limit(Counting.SAME_DAY)
THREE_DAYS = Limit(Counting.WORKING_DAYS, 3)
FIVE_DAYS = Limit(Counting.WORKING_DAYS, 5)
EIGHT_HOURS = Limit(Counting.WORKING_HOURS, 8)
A_DAY = Limit(Counting.ELAPSED_HOURS, 24)
THREE_WORKDAYS = Limit(Counting.HOURS_ON_WORKING_DAYS, 72)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-10-09 22:00", SAME_DAY, "2026-10-10 18:00"),
        ("2026-10-09 22:00", THREE_DAYS, "2026-10-13 18:00"),
        ("2026-10-09 22:00", FIVE_DAYS, "2026-10-15 18:00"),
        ("2026-10-09 22:00", EIGHT_HOURS, "2026-10-10 18:00"),
        ("2026-10-09 22:00", THREE_WORKDAYS, "2026-10-13 22:00"),
        ("2026-10-10 12:30", SAME_DAY, "2026-10-10 18:00"),
        ("2026-10-10 12:30", EIGHT_HOURS, "2026-10-12 12:00"),
        ("2026-10-10 12:30", THREE_WORKDAYS, "2026-10-14 12:30"),
        ("2026-10-12 07:30", SAME_DAY, "2026-10-12 18:00"),
        ("2026-10-12 07:30", THREE_DAYS, "2026-10-15 18:00"),
        ("2026-09-30 17:30", SAME_DAY, "2026-09-30 18:00"),
        ("2026-09-30 17:30", THREE_DAYS, "2026-10-10 18:00"),
        ("2026-09-30 17:30", FIVE_DAYS, "2026-10-13 18:00"),
        ("2026-09-30 17:30", EIGHT_HOURS, "2026-10-08 17:30"),
        ("2026-09-30 17:30", A_DAY, "2026-10-01 17:30"),
        ("2026-09-30 17:30", THREE_WORKDAYS, "2026-10-10 17:30"),
    ],
)
def test_worked_example(start, limit, due):
    assert wall(limit.due(CN, at(start), None, paused=0)) == due
