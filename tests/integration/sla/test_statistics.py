"""Timeliness in figures, counted by both databases (SL-9)."""

import pytest

from services.sla import handlers
from services.sla.domain.statistics import percentile
from services.sla.handlers import Office
from services.sla.schemas import Statistics, TimeByHolder
from shared.base.schema import load
from shared.kernel.errors import Invalid, NotFound
from tests.integration.sla.desk import CASE_NO, PEOPLE, RULES, Desk
from tests.unit.sla.cases import a_case

MONDAY = "2026-10-12 10:00"
OCTOBER = {"from": "2026-10-01T00:00:00+08:00", "to": "2026-11-01T00:00:00+08:00"}


def ask(desk: Desk, at_once: int = 20_000, **asked):
    def query(question):
        with desk.database.read() as connection:
            return question(connection)

    request = load(Statistics(), OCTOBER | asked)
    return handlers.statistics(Office(RULES, PEOPLE, query, at_once), desk.clock.now(), request)


def row(rows, **named):
    (found,) = [each for each in rows if all(each[name] == value for name, value in named.items())]
    return found


@pytest.fixture
def told(desk: Desk) -> Desk:
    """Three complaints: one handed over in time, one late, one never; one inquiry of a breach that was revoked."""
    for number, hour in enumerate(["2026-10-12 13:30", "2026-10-13 10:00", None]):
        case = a_case(MONDAY, region="south.foshan" if number else "north", category="misuse" if number else None)
        desk.tell(case, case_no=f"26000000000{number}")
        if hour is not None:
            owner = "li.qiang" if number else "somebody"
            handed = case.then("handed_over", hour, set={"owner": owner})
            desk.fire(hour)
            desk.tell(handed, case_no=f"26000000000{number}")
    desk.tell(a_case(MONDAY, kind="inquiry"), case_no="260000000009")
    desk.fire("2026-10-13 12:00")
    late = a_case(MONDAY, kind="inquiry").then("resolved", "2026-10-13 09:00", recorded="2026-10-13 12:00")
    desk.tell(late, case_no="260000000009")
    return desk


def test_clocks_are_counted_by_what_became_of_them(told: Desk):
    rows = ask(told)["rows"]
    assert row(rows, clock="handover") == {
        "clock": "handover",
        "started": 3,
        "running": 0,
        "met": 1,
        "late": 1,
        "breached": 1,
        "breached_open": 1,
        "revoked": 0,
        "cancelled": 0,
        "met_share": 0.3333,
        "used_percent_median": 36,
        "used_percent_p90": 115,
    }
    first = row(rows, clock="first_response")
    assert (first["met"], first["revoked"], first["breached_open"]) == (1, 1, 3)
    resolution = row(rows, clock="resolution")
    assert (resolution["started"], resolution["running"], resolution["met_share"]) == (4, 3, 1)


def test_by_department_owner_and_region(told: Desk):
    rows = ask(told, by=["department", "clock"], clock="handover")["rows"]
    assert [(each["department"], each["met"], each["late"], each["breached"]) for each in rows] == [
        ("nobody", 0, 0, 1),
        ("unknown", 1, 0, 0),
        ("售后服务部", 0, 1, 0),
    ]
    rows = ask(told, by=["owner", "department"], clock="handover")["rows"]
    assert [(each["owner"], each["department"]) for each in rows] == [
        (None, "nobody"),
        ("li.qiang", "售后服务部"),
        ("somebody", "unknown"),
    ]
    assert {each["region"] for each in ask(told, by=["region"], region="south")["rows"]} == {"south", "south.foshan"}
    rows = ask(told, by=["category"], kind="complaint", clock="handover")["rows"]
    assert [(each["category"], each["started"]) for each in rows] == [(None, 1), ("misuse", 2)]
    assert sum(each["started"] for each in ask(told, by=["clock"], owner="李强")["rows"]) == 6


def test_periods_are_those_in_which_a_clock_falls_due(told: Desk):
    rows = ask(told, by=["period", "clock"], period="day", kind="complaint")["rows"]
    assert {each["period"] for each in rows if each["clock"] == "handover"} == {"2026-10-12"}
    assert {each["period"] for each in rows if each["clock"] == "first_response"} == {"2026-10-13"}
    assert {each["period"] for each in ask(told, by=["period"])["rows"]} == {"2026-10"}
    november = {"from": "2026-11-01T00:00:00+08:00", "to": "2026-12-01T00:00:00+08:00"}
    assert ask(told, **november)["rows"] == []


def test_counted_bit_by_bit_gives_the_same(told: Desk):
    for by in (["clock", "kind"], ["period"], ["policy", "severity"]):
        assert ask(told, at_once=1, by=by) == ask(told, by=by)


def test_who_held_the_cases(told: Desk):
    answer = ask(told, by=["clock"], holders=True)
    held = {
        (each["region"], each["holder"], each.get("owner")): (each["cases"], each["working_seconds"] / 3600)
        for each in answer["holders"]
    }
    assert (
        held
        == {
            ("north", "nobody", None): (1, 2.5),
            ("north", "person", "somebody"): (1, 7.5),
            ("south", "nobody", None): (1, 7),
            ("south.foshan", "nobody", None): (2, 7 + 10),
            ("south.foshan", "person", "li.qiang"): (1, 2 + 1),
        }
        or held
    )
    assert {each.get("department") for each in answer["holders"]} == {None, "unknown", "售后服务部"}


def test_who_held_one_case(told: Desk):
    with told.database.read() as connection:
        asked = load(TimeByHolder(), {"case_no": "2600 0000 0001"})
        answer = handlers.time_by_holder(PEOPLE, RULES, connection, told.clock.now(), asked)
        with pytest.raises(NotFound):
            handlers.time_by_holder(PEOPLE, RULES, connection, told.clock.now(), {"case_no": CASE_NO})
    assert answer["times"][1] == {
        "region": "south.foshan",
        "department": "售后服务部",
        "holder": "person",
        "owner": "li.qiang",
        "from": "2026-10-13T10:00:00+08:00",
        "to": "2026-10-13T12:00:00+08:00",
        "working_seconds": 7200,
    }
    assert answer["working_seconds"] == sum(each["working_seconds"] for each in answer["times"])


def test_what_would_be_too_much_is_refused(told: Desk):
    with pytest.raises(Invalid) as caught:
        ask(told, by=["period"], period="day", **{"from": "2020-01-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"})
    assert caught.value.detail == {"period": ["makes more than 1000 periods; ask for longer ones, or less time"]}


def test_every_wrong_field_is_told_at_once():
    asked = {"from": "2026-10-02", "by": ["clock", "shoe"], "period": "year", "region": "A", "holders": 1}
    with pytest.raises(Invalid) as caught:
        load(Statistics(), asked)
    assert set(caught.value.detail) == {"from", "to", "by.1", "period", "region", "holders"}
    with pytest.raises(Invalid) as caught:
        load(Statistics(), OCTOBER | {"by": ["clock", "clock"], "period": "day", "holders": True, "clock": "handover"})
    assert set(caught.value.detail) == {"by", "period", "holders"}
    with pytest.raises(Invalid) as caught:
        load(Statistics(), OCTOBER | {"to": OCTOBER["from"]})
    assert caught.value.detail == {"to": ["must be later than from"]}


def test_percentiles_are_values_that_were_seen():
    assert percentile({50: 9, 200: 1}, 0.9) == 50
    assert percentile({50: 8, 200: 2}, 0.9) == 200
    assert percentile({7: 1}, 0.5) == 7
    assert percentile({}, 0.5) is None
