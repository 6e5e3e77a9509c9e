"""The step table of the contract, as data: which fact a step writes, from which states, to which (contracts 4, IN-7).

A step that needs more than its row has a rule: a function that checks and drafts its facts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.intake.domain import rules
from services.intake.domain.case import Case
from services.intake.domain.facts import Draft
from services.intake.domain.handling import analysing, approving, calling_back, gate, paying, urging
from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.threads import APPOINTMENT, AUTHORITY, IMPROVEMENT, PROMISE
from services.intake.domain.vocabulary import (
    AFTER_OPINION,
    AGREED,
    ANSWERED_KINDS,
    CHECKED,
    CLOSED,
    HANDED_OVER,
    IN_TREATMENT,
    INVESTIGATING,
    OPEN,
    OPINION_GIVEN,
    REGISTERED,
    RESOLVED,
    REVISITED,
    REVISITED_KINDS,
    WITHDRAWN,
)
from shared.kernel.vocabulary import KINDS

Moves = Mapping[str, str]
"""From each legal state to the state after the step."""
Fields = Mapping[str, Any]
Rule = Callable[[Case, Fields, datetime], Draft | list[Draft]]
Needs = Callable[[Case, Handbook], list[gate.Missing]]
Then = Callable[[Case, Fields, Handbook], list[Draft]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the table."""

    fact: str
    moves: Moves
    also: Mapping[str, Moves] = field(default_factory=dict)
    """Moves that only one kind of case has."""
    sets: tuple[str, ...] = ()
    key: str | None = None
    due: str | None = None
    begins: str | None = None
    """The letter that the keys of its threads begin with."""
    ends: str | None = None
    """The kind of thread it ends; `key` is the field that names which."""
    waiting: bool | None = None
    """What the overlay must be for this step."""
    linked: bool | None = None
    """Whether the case must be linked to a first one."""
    rule: Rule | None = None
    needs: Needs | None = None
    """What must be there first, beyond the state."""
    then: Then | None = None
    """What happens in its wake, in the same request."""

    def moves_of(self, kind: str) -> Moves:
        """Where the step leads a case of this kind, by the state it stands in."""
        return {**self.moves, **self.also.get(kind, {})}


def _stay(*states: str) -> Moves:
    return {state: state for state in states}


def _to(target: str, *states: str) -> Moves:
    return dict.fromkeys(states, target)


def _for_kinds(kinds: frozenset[str], moves: Moves) -> Mapping[str, Moves]:
    return dict.fromkeys(kinds, moves)


_WORKED_ON: Final = _stay(*OPEN)
_UNTIL_CLOSED: Final = _stay(*OPEN, RESOLVED, REVISITED)
_CLOSED_UNVISITED: Final = frozenset(KINDS) - REVISITED_KINDS

TABLE: Final[Mapping[str, Step]] = {
    "correct": Step(fact="corrected", moves=_WORKED_ON, rule=rules.correct),
    "hand_over": Step(fact="handed_over", moves={**_stay(*OPEN), **_to(HANDED_OVER, REGISTERED)}, sets=("owner",)),
    "start_investigation": Step(fact="investigation_started", moves=_to(INVESTIGATING, REGISTERED, HANDED_OVER)),
    "inspect": Step(fact="inspected", moves=_WORKED_ON),
    "give_relief": Step(fact="relief_given", moves=_WORKED_ON),
    "reply": Step(fact="replied", moves=_WORKED_ON, rule=rules.reply),
    "give_opinion": Step(
        fact="opinion_given",
        moves=_to(OPINION_GIVEN, HANDED_OVER, INVESTIGATING, OPINION_GIVEN),
        rule=rules.give_opinion,
    ),
    "propose_measure": Step(fact="measure_proposed", moves=_stay(*AFTER_OPINION), key="department"),
    "name_approvers": Step(fact="approvers_named", moves=_WORKED_ON, rule=approving.name_approvers),
    "approve": Step(fact="approved", moves=_stay(*AFTER_OPINION), rule=approving.approve),
    "reject": Step(fact="rejected", moves=_to(OPINION_GIVEN, *AFTER_OPINION), rule=approving.reject),
    "agree_plan": Step(fact="plan_agreed", moves=_to(AGREED, OPINION_GIVEN)),
    "start_treatment": Step(
        fact="treatment_started", moves=_to(IN_TREATMENT, OPINION_GIVEN, AGREED), needs=gate.missing_to_treat
    ),
    "check": Step(fact="checked", moves=_to(CHECKED, IN_TREATMENT), sets=("passed",)),
    "record_progress": Step(fact="progress_recorded", moves=_WORKED_ON),
    "wait_for_customer": Step(fact="waiting_started", moves=_WORKED_ON, waiting=False),
    "resume": Step(fact="waiting_ended", moves=_WORKED_ON, waiting=True),
    "request_analysis": Step(fact="analysis_requested", moves=_WORKED_ON, due="due_at"),
    "give_finding": Step(
        fact="finding_given", moves=_WORKED_ON, rule=analysing.give_finding, needs=analysing.missing_request
    ),
    "excuse_department": Step(
        fact="department_excused", moves=_WORKED_ON, rule=analysing.excuse_department, needs=analysing.missing_debtor
    ),
    "determine_cause": Step(
        fact="cause_determined", moves=_WORKED_ON, rule=rules.determine_cause, needs=analysing.missing_findings
    ),
    "show_appraisal": Step(fact="appraisal_shown", moves=_WORKED_ON, rule=analysing.show_appraisal),
    "add_evidence": Step(fact="evidence_added", moves={**_UNTIL_CLOSED, **_stay(CLOSED)}),
    "raise_severity": Step(fact="severity_raised", moves=_WORKED_ON, rule=rules.raise_severity),
    "object": Step(fact="objected", moves=_to(INVESTIGATING, *AFTER_OPINION)),
    "link_repeat": Step(fact="repeat_linked", moves=_WORKED_ON, linked=False, rule=rules.link_repeat),
    "unlink_repeat": Step(fact="repeat_unlinked", moves=_WORKED_ON, linked=True, rule=rules.unlink_repeat),
    "involve_authority": Step(fact="authority_involved", moves=_WORKED_ON, rule=rules.involve_authority),
    "reply_to_authority": Step(fact="authority_replied", moves=_WORKED_ON, key="reference", ends=AUTHORITY),
    "report_to_head": Step(fact="head_reported", moves=_WORKED_ON),
    "receive_report": Step(fact="report_received", moves=_WORKED_ON),
    "give_team_opinion": Step(fact="team_opinion_given", moves=_WORKED_ON),
    "make_appointment": Step(fact="appointment_made", moves=_WORKED_ON, begins="a", rule=rules.make_appointment),
    "arrive": Step(fact="arrived", moves=_WORKED_ON, key="appointment_id", ends=APPOINTMENT),
    "promise": Step(fact="promised", moves=_WORKED_ON, due="due_at", begins="p"),
    "keep_promise": Step(fact="promise_kept", moves=_WORKED_ON, key="promise_id", ends=PROMISE),
    "resolve": Step(
        fact="resolved",
        moves=_to(RESOLVED, *AFTER_OPINION),
        also=_for_kinds(ANSWERED_KINDS, _to(RESOLVED, *OPEN)),
        rule=rules.resolve,
    ),
    "record_reaction": Step(fact="reaction_recorded", moves=_stay(RESOLVED, REVISITED, CLOSED)),
    "revisit": Step(fact="revisited", moves=_to(REVISITED, RESOLVED), then=calling_back.reopen_for),
    "improve": Step(fact="improvement_set", moves=_UNTIL_CLOSED, due="due_at", begins="i"),
    "check_effect": Step(fact="effect_checked", moves=_UNTIL_CLOSED, key="improvement_id", ends=IMPROVEMENT),
    "follow_up": Step(fact="improvement_followed_up", moves=_stay(CLOSED), key="improvement_id", ends=IMPROVEMENT),
    "feed_back": Step(fact="fed_back", moves={**_UNTIL_CLOSED, **_stay(CLOSED)}, key="department"),
    "urge": Step(fact="urged", moves={**_UNTIL_CLOSED, **_stay(CLOSED)}, rule=urging.urge),
    "close": Step(
        fact="closed",
        moves=_to(CLOSED, REVISITED),
        also=_for_kinds(_CLOSED_UNVISITED, _to(CLOSED, RESOLVED)),
        needs=gate.missing_to_close,
    ),
    "withdraw": Step(fact="withdrawn", moves=_to(WITHDRAWN, *OPEN)),
    "reopen": Step(fact="reopened", moves=_to(INVESTIGATING, RESOLVED, REVISITED, CLOSED, WITHDRAWN)),
    "propose_compensation": Step(
        fact="compensation_proposed", moves=_UNTIL_CLOSED, begins="c", rule=paying.propose_compensation
    ),
    "approve_compensation": Step(
        fact="compensation_approved",
        moves=_UNTIL_CLOSED,
        rule=paying.approve_compensation,
        needs=paying.missing_undecided,
    ),
    "refuse_compensation": Step(
        fact="compensation_refused", moves=_UNTIL_CLOSED, rule=paying.refuse_compensation, needs=paying.missing_open
    ),
    "pay_compensation": Step(
        fact="compensation_paid",
        moves={**_UNTIL_CLOSED, **_stay(CLOSED)},
        rule=paying.pay_compensation,
        needs=paying.missing_unpaid,
    ),
}

BY_FACT: Final[Mapping[str, Step]] = {step.fact: step for step in TABLE.values()}


def is_ready(case: Case, step: Step, book: Handbook = CONTRACT) -> bool:
    """Whether the step is legal for the case as it stands."""
    if case.state not in step.moves_of(case.kind) or obstacle(case, step) is not None:
        return False
    return _has_thread(case, step) and not missing(case, step, book)


def obstacle(case: Case, step: Step) -> str | None:
    """What, other than its state, keeps the case from this step."""
    if step.waiting is not None and step.waiting != case.waiting:
        return "it waits for the customer already" if case.waiting else "it is not waiting for the customer"
    if step.linked is not None and step.linked != (case.repeat_of is not None):
        return f"it is linked to {case.repeat_of} already" if case.repeat_of else "it is linked to no other case"
    return None


def missing(case: Case, step: Step, book: Handbook) -> list[gate.Missing]:
    """What is not there yet that the step needs."""
    return step.needs(case, book) if step.needs else []


def legal_steps(case: Case, book: Handbook = CONTRACT) -> list[str]:
    """The steps that the case as it stands allows, in the order of the table."""
    return [name for name, step in TABLE.items() if is_ready(case, step, book)]


def _has_thread(case: Case, step: Step) -> bool:
    return step.ends is None or bool(case.threads.open(step.ends))
