"""Every step from every state for every kind: the contract's table, written down a second time by hand."""

from dataclasses import replace

import pytest

from services.intake.domain.case import Case
from services.intake.domain.handling import Handling
from services.intake.domain.handling.analysis import Analysis, Asked
from services.intake.domain.handling.compensation import Compensation, Compensations
from services.intake.domain.steps import TABLE, legal_steps
from services.intake.domain.threads import Threads
from services.intake.domain.vocabulary import STATES
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.vocabulary import KINDS
from tests.unit.intake.builders import NOW, a_case, taken

OPEN = "registered handed_over investigating opinion_given agreed in_treatment checked"
WORKED_OUT = "opinion_given agreed in_treatment checked"

#: step: (fact, from, to); `=` stays where it is. Several rows where the state decides.
CONTRACT: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "correct": ("corrected", [(OPEN, "=")]),
    "hand_over": ("handed_over", [("registered", "handed_over"), (OPEN.removeprefix("registered "), "=")]),
    "start_investigation": ("investigation_started", [("registered handed_over", "investigating")]),
    "inspect": ("inspected", [(OPEN, "=")]),
    "give_relief": ("relief_given", [(OPEN, "=")]),
    "reply": ("replied", [(OPEN, "=")]),
    "give_opinion": ("opinion_given", [("handed_over investigating opinion_given", "opinion_given")]),
    "propose_measure": ("measure_proposed", [(WORKED_OUT, "=")]),
    "name_approvers": ("approvers_named", [(OPEN, "=")]),
    "approve": ("approved", [(WORKED_OUT, "=")]),
    "reject": ("rejected", [(WORKED_OUT, "opinion_given")]),
    "agree_plan": ("plan_agreed", [("opinion_given", "agreed")]),
    "start_treatment": ("treatment_started", [("opinion_given agreed", "in_treatment")]),
    "check": ("checked", [("in_treatment", "checked")]),
    "record_progress": ("progress_recorded", [(OPEN, "=")]),
    "wait_for_customer": ("waiting_started", [(OPEN, "=")]),
    "resume": ("waiting_ended", [(OPEN, "=")]),
    "determine_cause": ("cause_determined", [(OPEN, "=")]),
    "raise_severity": ("severity_raised", [(OPEN, "=")]),
    "object": ("objected", [(WORKED_OUT, "investigating")]),
    "link_repeat": ("repeat_linked", [(OPEN, "=")]),
    "unlink_repeat": ("repeat_unlinked", [(OPEN, "=")]),
    "involve_authority": ("authority_involved", [(OPEN, "=")]),
    "reply_to_authority": ("authority_replied", [(OPEN, "=")]),
    "report_to_head": ("head_reported", [(OPEN, "=")]),
    "receive_report": ("report_received", [(OPEN, "=")]),
    "give_team_opinion": ("team_opinion_given", [(OPEN, "=")]),
    "make_appointment": ("appointment_made", [(OPEN, "=")]),
    "arrive": ("arrived", [(OPEN, "=")]),
    "promise": ("promised", [(OPEN, "=")]),
    "keep_promise": ("promise_kept", [(OPEN, "=")]),
    "resolve": ("resolved", [(WORKED_OUT, "resolved")]),
    "record_reaction": ("reaction_recorded", [("resolved revisited closed", "=")]),
    "revisit": ("revisited", [("resolved", "revisited")]),
    "improve": ("improvement_set", [(f"{OPEN} resolved revisited", "=")]),
    "check_effect": ("effect_checked", [(f"{OPEN} resolved revisited", "=")]),
    "close": ("closed", [("revisited", "closed")]),
    "withdraw": ("withdrawn", [(OPEN, "withdrawn")]),
    "reopen": ("reopened", [("resolved revisited closed withdrawn", "investigating")]),
    "propose_compensation": ("compensation_proposed", [(f"{OPEN} resolved revisited", "=")]),
    "approve_compensation": ("compensation_approved", [(f"{OPEN} resolved revisited", "=")]),
    "refuse_compensation": ("compensation_refused", [(f"{OPEN} resolved revisited", "=")]),
    "pay_compensation": ("compensation_paid", [(f"{OPEN} resolved revisited closed", "=")]),
    "request_analysis": ("analysis_requested", [(OPEN, "=")]),
    "give_finding": ("finding_given", [(OPEN, "=")]),
    "excuse_department": ("department_excused", [(OPEN, "=")]),
    "show_appraisal": ("appraisal_shown", [(OPEN, "=")]),
    "add_evidence": ("evidence_added", [(f"{OPEN} resolved revisited closed", "=")]),
    "feed_back": ("fed_back", [(f"{OPEN} resolved revisited closed", "=")]),
    "follow_up": ("improvement_followed_up", [("closed", "=")]),
    "urge": ("urged", [(f"{OPEN} resolved revisited closed", "=")]),
}
#: Kinds that go another way.
OTHERWISE = {
    ("resolve", "inquiry"): [(OPEN, "resolved")],
    ("resolve", "guidance"): [(OPEN, "resolved")],
    ("resolve", "suggestion"): [(OPEN, "resolved")],
    ("close", "inquiry"): [("resolved revisited", "closed")],
    ("close", "guidance"): [("resolved revisited", "closed")],
    ("close", "suggestion"): [("resolved revisited", "closed")],
}


def a_case_in(state: str, kind: str, step: str) -> Case:
    """A case in this state in which only the state decides about the step."""
    threads = Threads(
        {
            "promise": {"p2": "open"},
            "appointment": {"a2": "open"},
            "improvement": {"i2": "open"},
            "authority": {"R-0": "open"},
        }
    )
    stands = "approved" if step == "pay_compensation" else "proposed"
    asked_for = {"c2": Compensation("refund", "120.00", "CNY", "desk", stands)}
    linked = {"repeat_of": "123456789015"} if step == "unlink_repeat" else {}
    analysis = Analysis() if step == "determine_cause" else Analysis({"quality": Asked(at=NOW)})
    handling = Handling(compensation=Compensations(asked_for), analysis=analysis)
    return replace(
        a_case(kind=kind, **linked), state=state, waiting=step == "resume", threads=threads, handling=handling
    )


def goal(step: str, kind: str, state: str) -> str | None:
    """Where the contract says the step leads, or None where it is illegal."""
    for states, to in OTHERWISE.get((step, kind), CONTRACT[step][1]):
        if state in states.split():
            return state if to == "=" else to
    return None


def test_the_table_has_the_steps_of_the_contract() -> None:
    assert {name: step.fact for name, step in TABLE.items()} == {step: row[0] for step, row in CONTRACT.items()}


@pytest.mark.parametrize("step", CONTRACT)
@pytest.mark.parametrize("kind", KINDS)
def test_each_step_leads_where_the_contract_says(step: str, kind: str) -> None:
    for state in STATES:
        case = a_case_in(state, kind, step)
        expected = goal(step, kind, state)
        assert (step in legal_steps(case)) == (expected is not None), (state, step)
        if expected is None:
            refused_with_alternatives(case, step)
            continue
        outcome = taken(case, step)
        assert outcome.case.state == expected
        assert outcome.entries[0].fact.name == CONTRACT[step][0]
        assert outcome.case.version == case.version + 1


def refused_with_alternatives(case: Case, step: str) -> None:
    with pytest.raises(Conflict) as refused:
        taken(case, step)
    assert refused.value.detail["state"] == case.state
    assert refused.value.detail["legal"] == legal_steps(case)
    assert case.state in refused.value.message


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
def test_every_step_named_as_legal_is_legal(kind: str, state: str) -> None:
    case = a_case_in(state, kind, "none")
    for step in legal_steps(case):
        try:
            taken(case, step)
        except Invalid as error:
            pytest.fail(f"{step}: {error}")


def test_a_check_that_fails_stays_in_treatment() -> None:
    case = replace(a_case(kind="repair"), state="in_treatment")
    outcome = taken(case, "check", fields={"passed": False, "text": "still leaks"})
    assert outcome.case.state == "in_treatment"
    assert outcome.entries[0].fact.set == {"passed": False}
