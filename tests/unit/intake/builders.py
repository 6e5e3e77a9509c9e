"""Cases and steps for tests, with what does not matter filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake.domain.case import Account, Case, Customer
from services.intake.domain.dating import Actor
from services.intake.domain.handling.urging import Meant
from services.intake.domain.registration import Registration, register
from services.intake.domain.take import Asked, Taken, take

NOW = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
FIRST = "100000000008"
NUMBER = "987654321096"

#: The least that each step needs.
FIELDS: dict[str, dict[str, Any]] = {
    "correct": {"set": {"region": "south"}, "reason": "wrong region"},
    "hand_over": {"owner": "desk"},
    "start_investigation": {},
    "inspect": {"findings": "cracked"},
    "give_relief": {"what": "a spare one"},
    "reply": {"text": "we come"},
    "give_opinion": {"accountable": "desk", "text": "ours", "no_warning_reason": "a single piece"},
    "propose_measure": {"department": "quality", "measure": "replace"},
    "name_approvers": {"departments": ["quality", "production"], "order": "parallel"},
    "approve": {"department": "quality"},
    "reject": {"department": "quality"},
    "agree_plan": {"text": "replace on Monday"},
    "start_treatment": {},
    "check": {"passed": True},
    "record_progress": {"text": "ordered"},
    "wait_for_customer": {"reason": "photo asked for"},
    "resume": {},
    "determine_cause": {
        "cause": "quality_defect",
        "departments": ["quality", "production"],
        "grounds": "lab",
        "ours": True,
    },
    "raise_severity": {"severity": "critical", "reason": "injury"},
    "object": {"text": "not enough"},
    "link_repeat": {"repeat_of": FIRST, "reason": "same wall"},
    "unlink_repeat": {"reason": "another wall"},
    "involve_authority": {"authority": "consumer association", "reference": "R-1"},
    "reply_to_authority": {},
    "report_to_head": {},
    "receive_report": {"text": "report"},
    "give_team_opinion": {"accountable": "desk", "text": "opinion"},
    "make_appointment": {"visit_at": LATER},
    "arrive": {},
    "promise": {"what": "call back", "due_at": LATER},
    "keep_promise": {"promise_id": "p2"},
    "resolve": {"result": "replaced", "accountable": "desk"},
    "record_reaction": {"text": "content"},
    "revisit": {"satisfied": True},
    "improve": {"measure": "new mix", "owner": "desk", "due_at": LATER},
    "check_effect": {"improvement_id": "i2", "effective": True},
    "close": {},
    "withdraw": {"reason": "solved itself"},
    "reopen": {"reason": "cracked again"},
    "propose_compensation": {"kind": "refund", "amount": "120.00", "currency": "CNY", "reason": "cracked"},
    "approve_compensation": {"compensation_id": "c2"},
    "refuse_compensation": {"compensation_id": "c2", "grounds": "used up"},
    "pay_compensation": {"compensation_id": "c2"},
    "request_analysis": {"departments": ["quality", "production"]},
    "give_finding": {"department": "quality", "finding": "wrong mix", "ours": True},
    "excuse_department": {"department": "quality", "reason": "closed down"},
    "show_appraisal": {"grounds": "lab", "next_steps": "a new wall at cost"},
    "add_evidence": {"evidence": [{"ref": "photos/1"}]},
    "feed_back": {"department": "quality", "text": "seen"},
    "follow_up": {"improvement_id": "i2", "effective": True},
    "urge": {"task_id": "objection"},
}
#: What the duties add to a step before the domain sees it.
UNDERSTOOD: dict[str, dict[str, Any]] = {"urge": {"task": Meant("open", NOW, LATER, {"duty": "objection"}), "open": []}}


def a_registration(**given: Any) -> Registration:
    """A registration, everything usual."""
    usual: dict[str, Any] = {
        "kind": "complaint",
        "channel": "phone",
        "region": "south.guangdong",
        "severity": "minor",
        "verifiable": True,
        "mode": "live",
        "customer": Customer("张三", "+8613800138000", "zhang@customer.example"),
        "account": Account("tile adhesive", "it does not stick"),
        "category": "product_quality",
    }
    return Registration(**{**usual, **given})


def a_case(**given: Any) -> Case:
    """A case that was just registered."""
    return register(NUMBER, a_registration(**given), NOW).case


def asked(step: str, by: str = "desk", *, supervisor: bool = False, **given: Any) -> Asked:
    """A step with the least that it needs; `fields` are laid over that."""
    fields = {**FIELDS[step], **UNDERSTOOD.get(step, {}), **given.pop("fields", {})}
    return Asked(step=step, actor=Actor(by, supervisor), fields=fields, **given)


def taken(case: Case, step: str, at: datetime = NOW, **given: Any) -> Taken:
    """The outcome of a step taken at `at`."""
    return take(case, asked(step, **given), at)


def after(case: Case, *steps: str, **given: Any) -> Case:
    """The case after these steps, one after the other."""
    for step in steps:
        case = taken(case, step, **given).case
    return case
