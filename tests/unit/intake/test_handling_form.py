"""The handling form: whose approval it needs, in which order, and what ends a round (IN-9, decisions/012)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.intake.domain.case import Case
from services.intake.domain.dating import Actor
from services.intake.domain.handling.book import CONTRACT
from services.intake.domain.handling.form import IN_TURN, ORDERS, PARALLEL, Form
from services.intake.domain.handling.telling import handling_as_wire
from services.intake.domain.steps import legal_steps
from services.intake.domain.take import Asked, take
from shared.kernel.errors import Conflict
from tests.unit.intake.builders import NOW, a_case, after, taken

QUALITY, PRODUCTION, SALES = DEPARTMENTS = ("quality", "production", "sales")


def a_serious_case(**given: Any) -> Case:
    """A serious case with an opinion."""
    return replace(after(a_case(severity="serious", **given), "hand_over", "give_opinion"))


def do(case: Case, step: str, **fields: Any) -> Case:
    return taken(case, step, fields=fields).case


def approve(case: Case, *departments: str) -> Case:
    for department in departments:
        case = do(case, "approve", department=department)
    return case


def refused(case: Case, step: str, **fields: Any) -> Conflict:
    with pytest.raises(Conflict) as told:
        do(case, step, **fields)
    assert told.value.detail["legal"] == legal_steps(case)
    assert told.value.detail["state"] == case.state
    return told.value


def form_of(case: Case) -> dict[str, Any]:
    form: dict[str, Any] = handling_as_wire(case, CONTRACT)["handling"]["form"]
    return form


def test_who_proposed_must_approve_where_nobody_is_named() -> None:
    case = do(do(a_serious_case(), "propose_measure", department=QUALITY), "propose_measure", department=SALES)
    assert form_of(case)["waits_for"] == [QUALITY, SALES]
    case = approve(case, PRODUCTION, QUALITY)
    assert not form_of(case)["approved"], "another department's approval is welcome, and not enough"
    form = form_of(approve(case, SALES))
    assert (form["approved"], form["named"], form["waits_for"]) == (True, False, [])
    assert [each["department"] for each in form["approvals"]] == [PRODUCTION, QUALITY, SALES]
    assert form["approvals"][0]["by"] == "desk"


def test_in_turn_means_the_next_one() -> None:
    case = do(a_serious_case(), "name_approvers", departments=[SALES, QUALITY], order=IN_TURN)
    assert form_of(case)["next"] == SALES
    for step in ("approve", "reject"):
        assert "turn of sales" in refused(case, step, department=QUALITY).message
    case = approve(case, SALES)
    assert refused(case, "approve", department=SALES).message.endswith("already")
    assert form_of(case)["next"] == QUALITY
    form = form_of(approve(case, QUALITY))
    assert form["approved"]
    assert "next" not in form


def test_a_department_that_is_not_named_is_told_who_is() -> None:
    case = do(a_serious_case(), "name_approvers", departments=[SALES, QUALITY], order=PARALLEL)
    for step in ("approve", "reject"):
        told = refused(case, step, department=PRODUCTION)
        assert told.detail["approvers"] == [SALES, QUALITY]
        assert "sales, quality" in told.message
    assert form_of(approve(case, QUALITY, SALES))["approved"]


def test_nobody_approves_twice_in_a_round() -> None:
    case = approve(a_serious_case(), QUALITY)
    told = refused(case, "approve", department=QUALITY)
    assert told.detail["round"] == 1
    assert form_of(do(case, "propose_measure", department=QUALITY))["waits_for"] == [QUALITY], "a new measure asks anew"


def test_a_refusal_goes_back_to_the_customer_and_ends_the_round() -> None:
    case = do(a_serious_case(), "propose_measure", department=QUALITY)
    case = do(do(case, "propose_measure", department=SALES), "agree_plan", subject_to_approval=True)
    case = do(approve(case, QUALITY), "reject", department=SALES, reason="too dear")
    form = form_of(case)
    assert (case.state, form["round"], form["approvals"]) == ("opinion_given", 2, [])
    assert not form["plan"]["stands"]
    told = refused(approve(case, QUALITY, SALES), "start_treatment")
    assert [each["what"] for each in told.detail["missing"]] == ["plan"]
    case = approve(do(case, "agree_plan", subject_to_approval=True), QUALITY, SALES)
    assert do(case, "start_treatment").state == "in_treatment"


def test_an_objection_ends_the_round_too() -> None:
    case = approve(do(a_serious_case(), "propose_measure", department=QUALITY), QUALITY)
    form = form_of(do(case, "object"))
    assert (form["round"], form["approved"], form["waits_for"]) == (2, False, [QUALITY])


def test_a_plan_agreed_again_is_approved_again() -> None:
    case = approve(do(a_serious_case(), "propose_measure", department=QUALITY), QUALITY)
    case = do(case, "agree_plan")
    assert form_of(case)["approved"], "departments may approve before the customer agrees"
    again = do(replace(case, state="opinion_given"), "agree_plan")
    assert (form_of(again)["round"], form_of(again)["approved"]) == (2, False)


def test_a_new_measure_asks_everybody_who_is_named() -> None:
    case = do(a_serious_case(), "name_approvers", departments=[SALES, QUALITY], order=IN_TURN)
    case = do(approve(case, SALES), "propose_measure", department=PRODUCTION)
    assert (form_of(case)["next"], form_of(case)["round"]) == (SALES, 2)
    unnamed = do(approve(do(a_serious_case(), "propose_measure", department=QUALITY), QUALITY), "propose_measure")
    assert form_of(unnamed)["waits_for"] == [QUALITY]
    other = do(approve(unnamed, QUALITY), "propose_measure", department=SALES)
    assert form_of(other)["waits_for"] == [SALES], "each answers for its own measures"


def test_naming_again_asks_all_of_them() -> None:
    case = approve(do(a_serious_case(), "name_approvers", departments=[SALES, QUALITY], order=PARALLEL), QUALITY)
    form = form_of(do(case, "name_approvers", departments=[QUALITY], order=IN_TURN))
    assert (form["waits_for"], form["order"], form["round"]) == ([QUALITY], IN_TURN, 2)


def test_what_was_approved_stays_so_in_a_case_that_comes_back() -> None:
    case = approve(do(a_serious_case(), "propose_measure", department=QUALITY), QUALITY)
    case = after(case, "agree_plan", "resolve", "reopen", "give_opinion")
    assert form_of(case)["approved"]
    assert form_of(approve(case, QUALITY))["approved"], "who likes may approve again"
    assert not form_of(do(case, "agree_plan"))["approved"], "a new plan was seen by nobody"
    assert form_of(do(approve(case, QUALITY), "agree_plan"))["approved"]


def test_treatment_subject_to_approval_waits_for_it_and_relief_never_does() -> None:
    case = do(do(a_serious_case(), "propose_measure", department=QUALITY), "agree_plan", subject_to_approval=True)
    told = refused(case, "start_treatment")
    assert told.detail["missing"] == [{"what": "approval of quality", "remedy": "`approve` by quality"}]
    assert "start_treatment" not in legal_steps(case)
    assert do(case, "give_relief").state == "agreed"
    assert do(approve(case, QUALITY), "start_treatment").state == "in_treatment"
    unasked = do(a_serious_case(), "agree_plan", subject_to_approval=True)
    assert refused(unasked, "start_treatment").detail["missing"][0]["what"] == "approvals"
    assert do(approve(unasked, SALES), "start_treatment").state == "in_treatment"


@pytest.mark.parametrize("subject", [None, False])
def test_a_plan_that_is_not_subject_to_approval_is_carried_out(subject: bool | None) -> None:
    fields = {} if subject is None else {"subject_to_approval": subject}
    case = do(do(a_serious_case(), "propose_measure", department=QUALITY), "agree_plan", **fields)
    assert do(case, "start_treatment").state == "in_treatment"


def test_a_mild_case_and_the_past_wait_for_nobody() -> None:
    mild = do(after(a_case(), "hand_over", "give_opinion"), "agree_plan", subject_to_approval=True)
    assert do(mild, "start_treatment").state == "in_treatment"
    past = replace(do(a_serious_case(), "agree_plan", subject_to_approval=True), mode="history")
    past = do(past, "name_approvers", departments=[SALES, QUALITY], order=IN_TURN)
    past = approve(past, QUALITY, QUALITY, PRODUCTION)
    assert do(past, "start_treatment").state == "in_treatment"


class AnyOrder(RuleBasedStateMachine):
    """Proposals, approvals, refusals and plans in any order, beside a simple account of who stands by what."""

    def __init__(self) -> None:
        super().__init__()
        self.case = a_serious_case()
        self.named: Sequence[str] = ()
        self.in_turn = False
        self.measured: set[str] = set()
        self.standing: list[str] = []
        self.planned = False

    @rule(departments=st.permutations(DEPARTMENTS), count=st.integers(1, 3), order=st.sampled_from(ORDERS))
    def name(self, departments: list[str], count: int, order: str) -> None:
        self.named, self.in_turn = departments[:count], order == IN_TURN
        self.take("name_approvers", departments=self.named, order=order)
        self.standing = []

    @rule(department=st.sampled_from(DEPARTMENTS))
    def propose(self, department: str) -> None:
        self.take("propose_measure", department=department, measure="x")
        self.measured.add(department)
        self.standing = [] if self.named else [each for each in self.standing if each != department]

    @rule(department=st.sampled_from(DEPARTMENTS))
    def approve(self, department: str) -> None:
        stranger = self.named and department not in self.named
        if stranger or department in self.standing or (self.in_turn and department != self.turn()):
            self.refused("approve", department)
            return
        self.take("approve", department=department)
        self.standing.append(department)

    @rule(department=st.sampled_from(DEPARTMENTS))
    def reject(self, department: str) -> None:
        if self.named and (department not in self.named or (self.in_turn and self.turn() not in (None, department))):
            self.refused("reject", department)
            return
        self.take("reject", department=department)
        self.standing, self.planned = [], False

    @rule()
    def agree(self) -> None:
        self.case = replace(self.case, state="opinion_given")
        self.take("agree_plan", text="x", subject_to_approval=True)
        self.standing = [] if self.planned else self.standing
        self.planned = True

    def turn(self) -> str | None:
        return next((each for each in self.named if each not in self.standing), None)

    def take(self, step: str, **fields: Any) -> None:
        self.case = take(self.case, Asked(step=step, actor=Actor("desk"), fields=fields), NOW).case

    def refused(self, step: str, department: str) -> None:
        with pytest.raises(Conflict):
            self.take(step, department=department)

    @invariant()
    def it_is_approved_when_everybody_who_is_asked_stands_by_it(self) -> None:
        form: Form = self.case.handling.form
        asked = set(self.named) or self.measured
        assert set(form.approved()) == set(self.standing)
        assert form.is_approved() == (bool(self.standing) and asked <= set(self.standing))

    @invariant()
    def in_turn_nobody_comes_before_another(self) -> None:
        if self.in_turn:
            assert list(self.case.handling.form.approved()) == list(self.named[: len(self.standing)])

    @invariant()
    def treatment_waits_for_plan_and_approvals(self) -> None:
        form = self.case.handling.form
        ready = form.plan is None or (self.planned and form.is_approved())
        case = replace(self.case, state="agreed")
        assert ("start_treatment" in legal_steps(case)) == ready


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestAnyOrder = AnyOrder.TestCase
