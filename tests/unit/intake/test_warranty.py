"""Warranty and shelf life: ends of months, leap days, rules by model, laws (IN-12)."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from services.intake.domain.warranty import IN, OUT, UNKNOWN, Period, judge
from services.intake.domain.warranty_file import read_rules
from services.intake.handlers.warranties import load_rules

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
YEAR = Period(months=12)


@pytest.mark.parametrize(
    ("begun", "period", "end"),
    [
        ("2025-03-15", YEAR, "2026-03-15"),
        ("2024-02-29", YEAR, "2025-02-28"),
        ("2024-02-29", Period(months=48), "2028-02-29"),
        ("2026-01-31", Period(months=1), "2026-02-28"),
        ("2028-01-31", Period(months=1), "2028-02-29"),
        ("2026-08-31", Period(months=6), "2027-02-28"),
        ("2026-12-31", Period(months=2), "2027-02-28"),
        ("2026-02-28", Period(months=12), "2027-02-28"),
        ("2026-12-20", Period(days=90), "2027-03-20"),
        ("2028-02-28", Period(days=1), "2028-02-29"),
        ("2026-01-31", Period(months=1, days=1), "2026-03-01"),
    ],
)
def test_the_last_day(begun: str, period: Period, end: str) -> None:
    assert period.after(date.fromisoformat(begun)).isoformat() == end


@given(DAYS, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_period_never_ends_sooner(day: date, months: int, more: int) -> None:
    end = Period(months=months).after(day)
    assert end <= Period(months=months + more).after(day)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(1, 120))
def test_a_later_start_never_ends_sooner(one: date, other: date, months: int) -> None:
    early, late = sorted((one, other))
    assert Period(months=months).after(early) <= Period(months=months).after(late)


@given(DAYS, st.integers(-800, 800))
def test_it_holds_through_its_last_day_and_no_longer(begun: date, days: int) -> None:
    rules = load_rules(None)
    on = begun + timedelta(days=days)
    found = judge(rules, {"model": "T1", "purchased_on": begun.isoformat()}, on)
    assert found
    assert found.ends_on == YEAR.after(begun)
    assert found.state == (IN if on <= found.ends_on else OUT)


def test_what_is_said_of_it() -> None:
    bought = {"model": "T1", "purchased_on": "2026-03-15"}
    rules = load_rules(None)
    within = judge(rules, bought, date(2026, 10, 9))
    assert within
    assert within.as_wire() == {
        "state": "in",
        "kind": "warranty",
        "starts_on": "2026-03-15",
        "ends_on": "2027-03-15",
        "rule": "general",
        "explanation": {
            "zh": "有效，以正确使用为前提：保修期自购买之日 2026-03-15 起至 2027-03-15 止（一年保修，自购买之日起 / "
            "one year from purchase）",
            "en": "within on 2026-10-09, on correct use: warranty from purchase on 2026-03-15 until 2027-03-15 "
            "(一年保修，自购买之日起 / one year from purchase)",
        },
    }
    misused = judge(rules, bought, date(2026, 10, 9), misused=True)
    unknown = judge(rules, {"model": "T1", "shipped_on": "2026-03-15"}, date(2026, 10, 9))
    assert misused
    assert unknown
    assert (misused.state, unknown.state, unknown.ends_on) == (OUT, UNKNOWN, None)
    assert "purchase" in unknown.en


GLUE = {
    "name": "glue",
    "models": ["ＴＡ-*"],
    "kind": "shelf_life",
    "lasts": {"months": 6},
    "from": "production",
    "source": "label",
}
PUMPS = {
    "name": "pumps",
    "models": ["DM-*"],
    "kind": "warranty",
    "lasts": {"years": 2, "days": 30},
    "from": ["shipping", "purchase"],
    "source": "contract",
}


def test_the_first_rule_that_fits_judges() -> None:
    rules, problems = read_rules({"rules": [GLUE, PUMPS]})
    assert problems == []
    glue = judge(rules, {"model": "ta-9", "produced_on": "2026-08-31"}, date(2027, 3, 1))
    pump = judge(rules, {"model": "DM-30", "purchased_on": "2026-01-01", "shipped_on": "2026-01-31"}, date(2027, 1, 1))
    assert glue
    assert pump
    assert (glue.state, glue.kind, glue.ends_on) == (OUT, "shelf_life", date(2027, 2, 28))
    assert (pump.starts_on, pump.ends_on) == (date(2026, 1, 31), date(2028, 3, 1))
    assert judge(rules, {"model": "other"}, date(2027, 1, 1)) is None


def test_every_mistake_of_the_file_at_once() -> None:
    bad = {"name": "x", "models": "DM-*", "kind": "guarantee", "lasts": {"months": 0}, "from": ["delivery"], "until": 1}
    _rules, problems = read_rules({"rules": [bad, {**GLUE}, {**GLUE}, 7]})
    assert [problem.split(":")[0] + ":" + problem.split(":")[1] for problem in problems] == [
        "rules.1: until",
        "rules.1: models",
        "rules.1: kind",
        "rules.1: from",
        "rules.1: source",
        "rules.1: lasts",
        "rules.2: name",
        "rules.3: name",
        "rules.4: must be a mapping",
    ]
    assert read_rules([])[1]
