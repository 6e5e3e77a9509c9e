"""Registering: the first facts, and the second registration of the same matter."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain.case import Account, Customer
from services.intake.domain.registration import Authority, Registration, differences, register
from services.intake.domain.replay import begin
from shared.kernel.errors import Invalid
from tests.unit.intake.builders import LATER, NOW, NUMBER, a_registration

YESTERDAY = NOW - timedelta(days=1)
NOTICE = Authority("consumer association", "R-1", LATER)


def test_the_first_fact_is_when_the_matter_reached_us() -> None:
    taken = register(NUMBER, a_registration(occurred_at=YESTERDAY, product={"model": "T1"}), NOW)
    [entry] = taken.entries
    assert (entry.fact.name, entry.fact.at, entry.fact.recorded_at) == ("received", YESTERDAY, NOW)
    assert entry.fact.set == {
        "kind": "complaint",
        "channel": "phone",
        "mode": "live",
        "region": "south.guangdong",
        "category": "product_quality",
        "severity": "minor",
        "verifiable": True,
        "product": {"model": "T1"},
    }
    assert (taken.case.state, taken.case.version, taken.case.received_at) == ("registered", 1, YESTERDAY)


def test_an_authority_is_a_second_fact_of_the_same_version() -> None:
    taken = register(NUMBER, a_registration(authority=NOTICE), NOW)
    fact = taken.entries[1].fact
    assert (fact.seq, fact.name, fact.key, fact.due_at) == (2, "authority_involved", "R-1", LATER)
    assert taken.case.version == 1


@pytest.mark.parametrize(
    ("given", "by"),
    [
        ({"registrar": "clerk-day"}, "clerk-day"),
        ({}, "system:phone"),
        ({"channel": "online"}, "system:online"),
        ({"mode": "history"}, "system:import"),
    ],
)
def test_who_registers(given: dict[str, Any], by: str) -> None:
    assert register(NUMBER, a_registration(**given), NOW).entries[0].fact.by == by


def test_nothing_reaches_us_in_the_future() -> None:
    with pytest.raises(Invalid) as refused:
        register(NUMBER, a_registration(occurred_at=NOW + timedelta(seconds=61)), NOW)
    assert list(refused.value.detail) == ["occurred_at"]


def differs(first: Registration, again: Registration) -> list[str]:
    """The fields in which the second registration differs."""
    received, *others = register(NUMBER, first, NOW).entries
    return differences(begin(NUMBER, received), others[0] if others else None, again)


def test_the_same_again_differs_in_nothing() -> None:
    for same in (a_registration(), a_registration(authority=NOTICE, product={"batch": "B"}, occurred_at=YESTERDAY)):
        assert differs(same, same) == []


@pytest.mark.parametrize(
    ("again", "fields"),
    [
        ({"kind": "repair"}, ["kind"]),
        ({"region": "north", "severity": "major"}, ["region", "severity"]),
        ({"customer": Customer("张三", "+8613800138001", "zhang@customer.example")}, ["customer.phone"]),
        ({"account": Account("tile adhesive", "it does not stick", "money")}, ["demand"]),
        ({"product": {"batch": "B7"}}, ["product.batch"]),
        ({"occurred_at": YESTERDAY}, ["occurred_at"]),
        ({"authority": Authority("association")}, ["authority.name"]),
    ],
)
def test_each_difference_is_named(again: dict[str, Any], fields: list[str]) -> None:
    assert differs(a_registration(), a_registration(**again)) == fields


def test_time_of_the_call_matters_only_when_it_is_given() -> None:
    assert differs(a_registration(occurred_at=YESTERDAY), a_registration()) == []
