"""Deadlines worked out by hand: the engine agrees, explains each, and the README shows what it says."""

import pytest

from services.sla.domain.explain import explain
from services.sla.domain.limits import Counting
from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar
from tests.unit.sla.by_hand import EXAMPLES, README, page, readme_with
from tests.unit.sla.hand_example import Example

HOUR = 3600


def by_title(example):
    return example.title


@pytest.mark.parametrize("example", EXAMPLES, ids=by_title)
def test_it_ends_when_it_was_reckoned_to(example: Example):
    assert example.wall(example.clock.due_at) == example.due


@pytest.mark.parametrize("example", EXAMPLES, ids=by_title)
def test_what_is_counted_is_the_limit(example: Example):
    """The spans of the explanation add up to what the limit says, pauses left out."""
    told = explain(example.clock)
    if not told.cut and example.clock.limit.seconds is not None:
        assert sum((end - begin).total_seconds() for begin, end in told.counted) == example.clock.limit.seconds
    if not told.cut and example.clock.limit.counting is Counting.WORKING_DAYS and not example.waits:
        zone = example.calendar.work.zone
        assert len({begin.astimezone(zone).date() for begin, _ in told.counted}) == example.clock.limit.amount


def test_a_year_that_is_not_announced_is_provisional():
    before, after = (example for example in EXAMPLES if example.start == "2026-12-30 10:00")
    assert (before.clock.provisional, after.clock.provisional) == (True, False)


def test_a_calendar_with_no_open_day_is_refused():
    with pytest.raises(Invalid, match="hours: no day has working time: give at least one span on one day"):
        WorkCalendar("Asia/Shanghai", hours={"mon": []})


def test_a_calendar_whose_last_open_day_is_past_says_so():
    only_once = WorkCalendar("Asia/Shanghai", day_hours={EXAMPLES[0].clock.started_at.date(): [("09:00", "17:00")]})
    with pytest.raises(Invalid, match="no working time is left for this before the year 2300"):
        only_once.add(EXAMPLES[-1].clock.started_at, HOUR)


def test_the_readme_shows_what_explain_says():
    """`python -m tests.unit.sla.by_hand` writes it anew."""
    text = README.read_text(encoding="utf-8")
    assert readme_with(text, page()) == text
