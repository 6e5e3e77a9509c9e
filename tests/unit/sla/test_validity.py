"""A clock that is valid for some days only: cases received outside have it not."""

import copy
from datetime import UTC, datetime

import pytest

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.policy_file import read_policy
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.worktime import WorkCalendar
from tests.unit.sla.cases import CN, a_case, at

DATA = read_yaml(BUILTIN)
NEW_YORK = Calendar("ny", "ny-1", WorkCalendar("America/New_York", hours={"mon": [("09:00", "17:00")]}))


def policy(**valid):
    data = copy.deepcopy(DATA)
    data["clocks"]["handover"]["valid"] = valid
    return read_policy(data, "ours.yaml")


def has_handover(case, rules, now="2027-06-30 12:00"):
    return any(clock.name == "handover" for clock in clocks(case.facts, rules, at(now)))


@pytest.mark.parametrize(
    ("received", "has"),
    [
        ("2026-02-28 23:59", False),
        ("2026-03-01 00:00", True),
        ("2026-12-31 23:59", True),
        ("2027-01-01 00:00", False),
    ],
)
def test_both_days_are_included_as_the_wall_there_shows_them(received, has):
    rules = [Publication(policy(**{"from": "2026-03-01", "until": "2026-12-31"}), Calendars(CN))]
    assert has_handover(a_case(received), rules) is has


def test_one_end_may_be_open():
    assert has_handover(a_case("2030-01-01 10:00"), [Publication(policy(**{"from": "2026-03-01"}), Calendars(CN))])
    assert has_handover(a_case("2000-01-04 10:00"), [Publication(policy(until="2026-03-01"), Calendars(CN))])


def test_the_day_is_that_of_the_calendar_of_the_case():
    calendars = Calendars(CN, {"west": NEW_YORK})
    rules = [Publication(policy(until="2026-03-01"), calendars)]
    case = a_case("2026-03-02 08:00", region="west")  # the evening of the 1st in New York
    assert case.facts[0].at == datetime(2026, 3, 2, tzinfo=UTC)
    assert has_handover(case, rules)
    assert not has_handover(a_case("2026-03-02 08:00", region="south"), rules)


def test_when_it_was_received_counts_not_when_it_is_corrected():
    rules = [Publication(policy(until="2026-10-31"), Calendars(CN))]
    case = a_case("2026-10-30 10:00", kind="repair").then("corrected", "2026-11-02 10:00", set={"kind": "complaint"})
    assert has_handover(case, rules)


def test_a_date_of_yaml_and_a_date_as_text_are_the_same():
    as_date = policy(**{"from": datetime(2026, 3, 1, tzinfo=UTC).date()})
    assert as_date.clocks["handover"].valid == policy(**{"from": "2026-03-01"}).clocks["handover"].valid
