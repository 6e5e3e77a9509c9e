"""Compensation: proposed, decided within limits, paid once (IN-22)."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.case import Case
from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.handling.limits import MOST, Limits, parse_amount, read_limits
from services.intake.domain.handling.telling import handling_as_wire
from services.intake.domain.steps import legal_steps
from services.intake.handlers.compensating import refuse_approver
from services.intake.storage.policy_files import HandlingFiles, load_handbook
from shared.base.people import ROLES, People, load_people
from shared.kernel.errors import Conflict, Forbidden, Invalid, Misconfigured, NotFound
from tests.unit.intake.builders import a_case, taken

BOOK = load_handbook()
PEOPLE = load_people()
DESKS = ("south-desk", "east-desk", "north-desk")


def proposed(case: Case | None = None, by: str = "zhang.min", **fields: Any) -> tuple[Case, str]:
    """A case with one more compensation proposed, and its key."""
    case = taken(case or a_case(), "propose_compensation", by=by, fields=fields).case
    return case, f"c{case.last_seq}"


def do(case: Case, step: str, key: str, **fields: Any) -> Case:
    return taken(case, step, fields={"compensation_id": key, **fields}).case


def states(case: Case) -> list[str]:
    return [each.state for each in case.handling.compensation.all.values()]


def test_from_proposal_to_payment() -> None:
    case, key = proposed()
    assert states(case) == ["proposed"]
    case = do(case, "approve_compensation", key, note="as agreed")
    case = do(case, "pay_compensation", key, reference="B-77")
    [told] = handling_as_wire(case, BOOK)["handling"]["compensation"]
    assert told == {
        "compensation_id": key,
        "kind": "refund",
        "amount": "120.00",
        "currency": "CNY",
        "proposed_by": "zhang.min",
        "state": "paid",
        "decided_by": "desk",
        "paid_on": "2026-10-09",
    }


def test_each_step_asks_for_what_comes_before_it() -> None:
    steps = ("approve_compensation", "refuse_compensation", "pay_compensation")
    assert not set(steps) & set(legal_steps(a_case()))
    for step in steps:
        with pytest.raises(Conflict) as refused:
            do(a_case(), step, "c2")
        assert refused.value.detail["missing"][0]["remedy"].startswith("`")
    case, key = proposed()
    assert set(steps) & set(legal_steps(case)) == {"approve_compensation", "refuse_compensation"}
    with pytest.raises(NotFound):
        do(case, "approve_compensation", "c99")
    case = do(case, "approve_compensation", key)
    assert set(steps) & set(legal_steps(case)) == {"refuse_compensation", "pay_compensation"}
    case, other = proposed(do(case, "pay_compensation", key))
    for step in steps:
        with pytest.raises(Conflict):
            do(case, step, key)
    case = do(case, "refuse_compensation", other)
    assert states(case) == ["paid", "refused"]
    assert not set(steps) & set(legal_steps(case))


def test_a_closed_case_is_still_paid_for() -> None:
    case, key = proposed()
    case = replace(do(case, "approve_compensation", key), state="closed")
    assert states(do(case, "pay_compensation", key)) == ["paid"]
    assert "propose_compensation" not in legal_steps(case)


def test_nothing_is_paid_in_the_future() -> None:
    case, key = proposed()
    case = do(case, "approve_compensation", key)
    with pytest.raises(Invalid) as refused:
        do(case, "pay_compensation", key, paid_on="2026-10-10")
    assert list(refused.value.detail) == ["paid_on"]
    earlier = do(case, "pay_compensation", key, paid_on="2026-10-01")
    assert earlier.handling.compensation.all[key].paid_on == "2026-10-01"


# --- who approves how much ---


def approve(case: Case, key: str, by: str, book: Handbook = BOOK, people: People = PEOPLE) -> None:
    refuse_approver(people, book, case, {"step": "approve_compensation", "compensation_id": key, "by": by})


@pytest.mark.parametrize(
    ("amount", "able"),
    [
        ("500.00", {*DESKS, "desk", "clerk-lead", "aftersales-lead", "sales-vp", "general-manager"}),
        ("500.01", {"clerk-lead", "aftersales-lead", "sales-vp", "general-manager"}),
        ("5000.01", {"sales-vp", "general-manager"}),
        ("50000.01", {"general-manager"}),
    ],
)
def test_who_may_approve_an_amount(amount: str, able: set[str]) -> None:
    case, key = proposed(amount=amount)
    for who in able:
        approve(case, key, who)
    for who in {person.id for person in PEOPLE.everybody} - able:
        with pytest.raises(Forbidden) as refused:
            approve(case, key, who)
        assert set(refused.value.detail["may"]) == able
        assert who in refused.value.message


def test_nobody_approves_what_they_proposed() -> None:
    lead = PEOPLE.find("general-manager")
    assert lead
    case, key = proposed(by=lead.id)
    for name in (lead.id, lead.name):
        with pytest.raises(Forbidden) as refused:
            approve(case, key, name)
        assert lead.id not in refused.value.detail["may"]
    case, key = proposed(by="somebody")
    with pytest.raises(Forbidden):
        approve(case, key, "somebody")


def test_somebody_unknown_is_taken_a_system_is_not() -> None:
    case, key = proposed()
    approve(case, key, "an unknown one")
    with pytest.raises(Forbidden):
        approve(case, key, "system:phone")
    approve(replace(case, mode="history"), key, "system:import")
    approve(case, key, "technician-south", book=CONTRACT)


def test_another_currency_is_for_who_may_approve_any() -> None:
    case, key = proposed(currency="EUR", amount="1.00")
    with pytest.raises(Forbidden) as refused:
        approve(case, key, "sales-vp")
    assert refused.value.detail["roles"] == ["head"]
    approve(case, key, "general-manager")


@given(st.decimals(Decimal("0.01"), MOST, places=2))
@settings(max_examples=60)
def test_an_amount_is_itself_however_it_is_written(amount: Decimal) -> None:
    assert parse_amount(str(amount)) == amount
    assert parse_amount(float(amount)) == amount
    assert str(parse_amount(str(amount.normalize()) if amount < 10 else str(amount))) == str(amount)


def test_an_operator_s_own_limits(tmp_path: Path) -> None:
    file = tmp_path / "compensation.yaml"
    file.write_text("limits: {clerk: {CNY: 10, any: 1.50}, head: {CNY: any}}\n")
    limits = load_handbook(HandlingFiles(compensation=file)).limits
    assert limits.who_may(Decimal("10"), "CNY") == ["clerk", "head"]
    assert limits.who_may(Decimal("1.5"), "EUR") == ["clerk"]
    assert limits.who_may(Decimal("1.51"), "EUR") == []


def test_every_mistake_in_the_file_is_told() -> None:
    wrong = {"limits": {"clerk": {"yuan": 1, "CNY": "much"}, "king": "any", "head": 7}, "more": 1}
    with pytest.raises(Misconfigured) as refused:
        read_limits(wrong, "mine.yaml", ROLES)
    told = "\n".join(refused.value.problems)
    for place in ("limits.clerk.yuan", "limits.clerk.CNY", "'king'", "limits.head", "'more'"):
        assert place in told
    with pytest.raises(Misconfigured):
        read_limits({}, "mine.yaml", ROLES)
    assert Limits().who_may(Decimal(1), "CNY") == []
