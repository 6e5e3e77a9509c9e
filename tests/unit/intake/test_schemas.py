"""The border: what is wrong is refused, all at once, each with its field (contracts 4)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from services.intake.domain.steps import TABLE
from services.intake.schemas import (
    STEPS,
    CaseStatus,
    FindCases,
    GetCase,
    LookupCaller,
    RegisterCase,
    TakeStep,
    to_registration,
)
from shared.base.schema import load
from shared.kernel.errors import Invalid

GOOD: dict[str, Any] = {
    "kind": "complaint",
    "channel": "phone",
    "customer": {"name": "张三", "phone": "138 0013 8000", "email": "zhang@Customer.example"},
    "subject": "tile adhesive",
    "description": "it does not\nstick",
}
#: What each step's own fields look like on the wire.
STEP_FIELDS: dict[str, dict[str, Any]] = {
    "correct": {"set": {"region": "south", "customer": {"phone": None}}, "reason": "x"},
    "hand_over": {"owner": "desk"},
    "start_investigation": {},
    "inspect": {"findings": "x", "evidence": [{"ref": "photos/1", "kind": "photo"}]},
    "give_relief": {"what": "x"},
    "reply": {"text": "x", "plan": "x", "by_when": "2026-10-09T22:00:00+08:00"},
    "give_opinion": {"accountable": "desk", "text": "x", "warning": {"text": "x"}},
    "propose_measure": {"department": "quality", "measure": "x"},
    "approve": {"department": "quality"},
    "reject": {"department": "quality", "reason": "x"},
    "agree_plan": {"text": "x", "subject_to_approval": True},
    "start_treatment": {},
    "check": {"passed": False, "text": "x"},
    "record_progress": {"text": "x"},
    "wait_for_customer": {"reason": "x"},
    "resume": {},
    "determine_cause": {"cause": "other", "departments": ["quality"], "grounds": "x", "ours": False},
    "raise_severity": {"severity": "major", "reason": "x"},
    "object": {"text": "x"},
    "link_repeat": {"repeat_of": "1000 0000-0008", "reason": "x"},
    "unlink_repeat": {"reason": "x"},
    "involve_authority": {"authority": "x", "reference": "x", "reply_due_at": "2026-10-09T22:00:00Z"},
    "reply_to_authority": {"reference": "x"},
    "report_to_head": {},
    "receive_report": {"text": "x"},
    "give_team_opinion": {"accountable": "desk", "text": "x"},
    "make_appointment": {"visit_at": "2026-10-09T22:00:00Z", "visit_until": "2026-10-09T23:00:00Z", "replaces": "a2"},
    "arrive": {"appointment_id": "a2"},
    "promise": {"what": "x", "due_at": "2026-10-09T22:00:00Z"},
    "keep_promise": {"promise_id": "p2"},
    "resolve": {"result": "x", "accountable": "desk"},
    "record_reaction": {"text": "x", "score": 9},
    "revisit": {"satisfied": True, "score": 0, "text": "x", "demand_met": False},
    "improve": {"measure": "x", "owner": "desk", "due_at": "2026-10-09T22:00:00Z"},
    "check_effect": {"improvement_id": "i2", "effective": False},
    "close": {},
    "withdraw": {"reason": "x"},
    "reopen": {"reason": "x"},
    "name_approvers": {"departments": ["quality", "production"], "order": "in_turn"},
    "propose_compensation": {"kind": "refund", "amount": 120.5, "currency": "CNY", "reason": "x"},
    "approve_compensation": {"compensation_id": "c2", "note": "x"},
    "refuse_compensation": {"compensation_id": "c2", "grounds": "x"},
    "pay_compensation": {"compensation_id": "c2", "paid_on": "2026-10-09", "reference": "x"},
    "request_analysis": {"departments": ["quality"], "due_at": "2026-10-09T22:00:00Z"},
    "give_finding": {"department": "quality", "finding": "x", "ours": False, "cause": "other", "evidence": []},
    "excuse_department": {"department": "quality", "reason": "x"},
    "show_appraisal": {"grounds": "x", "evidence": [], "how": "x", "next_steps": "x"},
    "add_evidence": {"evidence": [{"ref": "photos/1", "digest": "a" * 64}], "about": "x"},
    "feed_back": {"department": "quality", "text": "x"},
    "follow_up": {"improvement_id": "i2", "effective": False, "text": "x"},
    "urge": {"task_id": "finding:quality", "text": "x"},
}


NO_AMOUNTS: list[Any] = [
    *(0, 0.0, -1, "-1.00", 0.001, "1.234", 0.1 + 0.2, 1_000_000_000, "1000000000", 10**30, 1e22),
    *("", "x", "1,200.50", "1e3", "12.", ".5", " 12", "١٢", "１２", "0", "0.00", "NaN", True, None, [], {}),
    *(float("nan"), float("inf"), "12 CNY"),
]


def reasons(schema: type[Schema], request: Any) -> dict[str, list[str]]:
    """What is wrong with a request, by field."""
    with pytest.raises(Invalid) as refused:
        load(schema(), request)
    detail: dict[str, list[str]] = refused.value.detail
    return detail


def test_a_good_registration_comes_out_in_one_form() -> None:
    asked = to_registration(load(RegisterCase(), GOOD))
    assert asked.customer.phone == "+8613800138000"
    assert asked.customer.email == "zhang@customer.example"
    assert (asked.region, asked.severity, asked.verifiable, asked.mode) == ("unassigned", "minor", True, "live")
    assert (asked.source, asked.external_ref, asked.category) == ("", None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "rant"}, "kind"),
        ({"channel": None}, "channel"),
        ({"source": "a\nb"}, "source"),
        ({"external_ref": ""}, "external_ref"),
        ({"external_ref": "x" * 201}, "external_ref"),
        ({"occurred_at": "2026-10-09T22:00:00"}, "occurred_at"),
        ({"occurred_at": "2026-13-09T22:00:00Z"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": 1760000000}, "occurred_at"),
        ({"region": "South"}, "region"),
        ({"region": "south..foshan"}, "region"),
        ({"customer": []}, "customer"),
        ({"customer": {"phone": "12345"}}, "customer.phone"),
        ({"customer": {"phone": "call me"}}, "customer.phone"),
        ({"customer": {"phone": 13800138000}}, "customer.phone"),
        ({"customer": {"phone": "+8613800138000;ext=1"}}, "customer.phone"),
        ({"customer": {"email": "nobody"}}, "customer.email"),
        ({"customer": {"email": "a@b@c.example"}}, "customer.email"),
        ({"customer": {"email": "a@-b.example"}}, "customer.email"),
        ({"customer": {"anonymous": "yes"}}, "customer.anonymous"),
        ({"customer": {"age": 40}}, "customer.age"),
        ({"subject": "   "}, "subject"),
        ({"subject": "x" * 501}, "subject"),
        ({"description": "bell \x07"}, "description"),
        ({"description": "\x1fhidden"}, "description"),
        ({"description": "half \ud83d"}, "description"),
        ({"description": "turned \u202e round"}, "description"),
        ({"description": 7}, "description"),
        ({"severity": "huge"}, "severity"),
        ({"verifiable": 1}, "verifiable"),
        ({"product": {"quantity": -1}}, "product.quantity"),
        ({"product": {"quantity": 1.5}}, "product.quantity"),
        ({"product": {"quantity": True}}, "product.quantity"),
        ({"product": {"quantity": 2, "defective_quantity": 3}}, "product.defective_quantity"),
        ({"product": {"shipped_on": "09.10.2026"}}, "product.shipped_on"),
        ({"product": {"shipped_on": "2026-W41-5"}}, "product.shipped_on"),
        ({"product": {"purchased_on": 20261009}}, "product.purchased_on"),
        ({"authority": {"reference": "R"}}, "authority.name"),
        ({"authority": {"name": "x", "reply_due_at": "soon"}}, "authority.reply_due_at"),
        ({"repeat_of": 1}, "repeat_of"),
        ({"mode": "past"}, "mode"),
        ({"priority": 1}, "priority"),
    ],
)
def test_each_wrong_field_of_a_registration_is_named(change: dict[str, Any], field: str) -> None:
    assert list(reasons(RegisterCase, {**GOOD, **change})) == [field]


def test_every_error_is_told_at_once() -> None:
    wrong = reasons(RegisterCase, {"customer": {"phone": "1"}, "product": {"quantity": -1}, "x": 1})
    assert set(wrong) == {"kind", "channel", "subject", "description", "customer.phone", "product.quantity", "x"}


def test_a_product_with_two_mistakes_names_both() -> None:
    product = {"quantity": 1, "defective_quantity": 2, "shipped_on": "never"}
    assert set(reasons(RegisterCase, {**GOOD, "product": product})) == {
        "product.defective_quantity",
        "product.shipped_on",
    }


@pytest.mark.parametrize("request_", [[], None, "case", 7])
def test_what_is_no_object_is_refused(request_: Any) -> None:
    assert list(reasons(RegisterCase, request_)) == ["request"]
    assert reasons(TakeStep, request_)


def test_names_that_cannot_be_shown_are_made_showable() -> None:
    [name] = reasons(RegisterCase, {**GOOD, "\ud800" * 300: 1})
    assert name == "?" * 100


# --- steps ---


def test_every_step_has_a_schema() -> None:
    assert set(STEPS) == set(TABLE) == set(STEP_FIELDS)


@pytest.mark.parametrize("step", STEP_FIELDS)
def test_a_step_takes_its_fields_and_no_other(step: str) -> None:
    common = {"case_no": "100000000008", "step": step, "by": "desk"}
    assert load(TakeStep(), common | STEP_FIELDS[step])["step"] == step
    assert list(reasons(TakeStep, common | STEP_FIELDS[step] | {"more": 1})) == ["more"]


@pytest.mark.parametrize("step", STEP_FIELDS)
def test_what_a_step_needs_is_named(step: str) -> None:
    needed = {name for name, field in STEPS[step].fields.items() if field.required and name != "step"}
    assert set(reasons(TakeStep, {"step": step})) == needed


@pytest.mark.parametrize(
    ("step", "change", "field"),
    [
        ("dance", {}, "step"),
        (7, {}, "step"),
        ("close", {"by": ""}, "by"),
        ("close", {"at": "2026-10-09 22:00"}, "at"),
        ("close", {"expected_version": "2"}, "expected_version"),
        ("correct", {"set": {}, "reason": "x"}, "set"),
        ("correct", {"set": {"severity": "major"}, "reason": "x"}, "set.severity"),
        ("correct", {"set": {"region": None}, "reason": "x"}, "set.region"),
        ("correct", {"set": {"customer": {"anonymous": None}}, "reason": "x"}, "set.customer.anonymous"),
        ("give_opinion", {"no_warning_reason": "x"}, "warning"),
        ("give_opinion", {"warning": {}}, "warning.text"),
        ("inspect", {"evidence": [{"ref": "a"}] * 21}, "evidence"),
        ("inspect", {"evidence": [{"ref": "a"}, {"kind": "photo"}]}, "evidence.1.ref"),
        ("determine_cause", {"departments": []}, "departments"),
        ("determine_cause", {"departments": "quality"}, "departments"),
        ("determine_cause", {"departments": ["quality", 7]}, "departments.1"),
        ("revisit", {"score": 11}, "score"),
        ("promise", {"due_at": "tomorrow"}, "due_at"),
        ("revisit", {"demand_met": "no"}, "demand_met"),
        ("name_approvers", {"departments": []}, "departments"),
        ("name_approvers", {"departments": ["a", "a"]}, "departments"),
        ("name_approvers", {"departments": ["a", 7]}, "departments.1"),
        ("name_approvers", {"order": "any"}, "order"),
        *(("propose_compensation", {"amount": amount}, "amount") for amount in NO_AMOUNTS),
        ("propose_compensation", {"currency": "yuan"}, "currency"),
        ("propose_compensation", {"currency": "cny"}, "currency"),
        ("propose_compensation", {"kind": "thanks"}, "kind"),
        ("pay_compensation", {"paid_on": "today"}, "paid_on"),
    ],
)
def test_each_wrong_field_of_a_step_is_named(step: Any, change: dict[str, Any], field: str) -> None:
    request = {"case_no": "100000000008", "step": step, "by": "desk", **STEP_FIELDS.get(step, {}), **change}
    assert list(reasons(TakeStep, request)) == [field]


# --- questions ---


@pytest.mark.parametrize(
    ("schema", "request_", "fields"),
    [
        (GetCase, {}, ["case_no"]),
        (LookupCaller, {"phone": "12"}, ["phone"]),
        (CaseStatus, {}, ["request"]),
        (CaseStatus, {"phone": ""}, ["phone"]),
        (FindCases, {"state": "lost"}, ["state"]),
        (FindCases, {"limit": 0}, ["limit"]),
        (FindCases, {"limit": 1001}, ["limit"]),
        (FindCases, {"from": "2026-10-09", "to": 5}, ["from", "to"]),
    ],
)
def test_wrong_questions(schema: type[Schema], request_: Any, fields: list[str]) -> None:
    assert sorted(reasons(schema, request_)) == fields


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(sorted({*RegisterCase().fields, *(name for step in STEPS.values() for name in step.fields)}))


@given(request=json_values | st.dictionaries(names, json_values, max_size=8), step=st.sampled_from(sorted(TABLE)))
def test_whatever_comes_is_loaded_or_refused(request: Any, step: str) -> None:
    for schema in (RegisterCase, TakeStep, GetCase, LookupCaller, CaseStatus, FindCases):
        asked = {**request, "step": step} if isinstance(request, dict) and schema is TakeStep else request
        try:
            load(schema(), asked)
        except Invalid as refused:
            refused.message.encode()
