"""What handling keeps of analysis, improvements and urges: made from facts alone, and the same after it was stored."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.facts import Entry, Fact
from services.intake.domain.handling import NOTHING, Handling

NOW = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


def happened(fact: str, minute: int = 0, detail: Mapping[str, Any] | None = None, **more: Any) -> Entry:
    """An entry, so many minutes after the beginning."""
    at = NOW + timedelta(minutes=minute)
    return Entry(Fact(seq=minute + 2, name=fact, at=at, recorded_at=at, by="desk", **more), detail or {})


REQUESTED = happened("analysis_requested", 1, {"departments": ["quality", "production"]}, due_at=LATER)
GIVEN = happened("finding_given", 2, {"finding": "x", "ours": True, "cause": "quality_defect"}, key="quality")
EXCUSED = happened("department_excused", 3, {"reason": "x"}, key="production")
JUDGED = happened("cause_determined", 4, {"cause": "other", "departments": ["quality"], "grounds": "x", "ours": False})
SET = happened("improvement_set", 5, {"measure": "x", "owner": "li.qiang"}, key="i7", due_at=LATER)
CHECKED = happened("effect_checked", 6, {"effective": False}, key="i7")
SET_AGAIN = happened("improvement_set", 7, {"measure": "x", "owner": "desk"}, key="i9", due_at=LATER)
FED_BACK = happened("fed_back", 8, {"text": "x"}, key="quality")


def urged(minute: int, since: datetime = NOW) -> Entry:
    return happened("urged", minute, key="finding:quality", set={"since": since.isoformat()})


ALL = [REQUESTED, GIVEN, EXCUSED, JUDGED, SET, CHECKED, SET_AGAIN, FED_BACK, urged(9)]


def after(*entries: Entry) -> Handling:
    """The handling that these make, each stored and read again."""
    handling = NOTHING
    for entry in entries:
        handling = Handling.of(handling.after(entry).kept())
    return handling


@pytest.mark.parametrize("count", range(len(ALL) + 1))
def test_what_is_kept_is_what_was(count: int) -> None:
    handling = NOTHING
    for entry in ALL[:count]:
        handling = handling.after(entry)
    assert Handling.of(handling.kept()) == handling == after(*ALL[:count])


def test_departments_owe_their_finding_until_they_gave_it_or_are_excused() -> None:
    assert after().analysis.missing() == []
    assert after(REQUESTED).analysis.missing() == ["quality", "production"]
    assert after(REQUESTED, GIVEN).analysis.missing() == ["production"]
    done = after(REQUESTED, GIVEN, EXCUSED).analysis
    assert (done.missing(), done.asked["quality"].ours, done.asked["quality"].due_at) == ([], True, LATER)
    assert after(REQUESTED, GIVEN, EXCUSED, REQUESTED).analysis.missing() == ["quality", "production"]


def test_the_last_judgement_counts() -> None:
    assert after(REQUESTED).analysis.ours is None
    assert after(JUDGED).analysis.ours is False


def test_a_measure_without_effect_is_renewed_by_the_next_one() -> None:
    first = after(SET, CHECKED).improvements.all["i7"]
    assert (first.owner, first.due_at, first.effective, first.renewed_at) == ("li.qiang", LATER, False, None)
    both = after(SET, CHECKED, SET_AGAIN).improvements.all
    assert (both["i7"].renewed_at, both["i9"].renewed_at) == (SET_AGAIN.fact.at, None)


def test_urges_are_counted_until_the_task_begins_again() -> None:
    twice = after(urged(1), urged(2)).urges.all["finding:quality"]
    assert (twice.times, twice.at, twice.by) == (2, urged(2).fact.at, "desk")
    assert after(urged(1), urged(2), urged(3, LATER)).urges.all["finding:quality"].times == 1
