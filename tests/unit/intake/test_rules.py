"""What single steps ask beyond the table."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain.case import Case
from services.intake.domain.dating import Actor
from services.intake.domain.take import Asked, Taken, take
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.vocabulary import SEVERITIES
from tests.unit.intake.builders import FIRST, LATER, NOW, NUMBER, a_case, after, taken


def test_one_request_raises_the_version_by_one_and_its_facts_share_it() -> None:
    case = after(a_case(), "hand_over")
    outcome = taken(case, "give_opinion")
    assert [entry.fact.name for entry in outcome.entries] == ["opinion_given", "warning_settled"]
    assert [entry.fact.seq for entry in outcome.entries] == [3, 4]
    assert outcome.case.version == case.version + 1


def test_a_stale_version_is_refused() -> None:
    case = after(a_case(), "hand_over")
    with pytest.raises(Conflict) as refused:
        taken(case, "reply", expected_version=1)
    assert refused.value.detail["version"] == 2
    assert taken(case, "reply", expected_version=2).case.version == 3


def test_a_case_keeps_its_owner_and_milestones() -> None:
    case = after(a_case(), "hand_over")
    assert case.owner == "desk"
    assert case.milestones["handed_over"] == NOW


# --- opinions and warning notices (ES-6) ---


def test_a_first_complaint_needs_a_warning_or_the_reason_for_none() -> None:
    case = after(a_case(), "hand_over")
    with pytest.raises(Invalid) as refused:
        opine(case)
    assert refused.value.detail == {"warning": ["a first complaint needs a warning notice, or no_warning_reason"]}


def opine(case: Case, **fields: Any) -> Taken:
    own = {"accountable": "desk", "text": "ours", **fields}
    return take(case, Asked(step="give_opinion", actor=Actor("desk"), fields=own), NOW)


@pytest.mark.parametrize("given", [{"kind": "repair"}, {"repeat_of": FIRST}])
def test_other_cases_need_no_warning(given: dict[str, Any]) -> None:
    outcome = opine(after(a_case(**given), "hand_over"))
    assert [entry.fact.name for entry in outcome.entries] == ["opinion_given"]


def test_a_warning_is_settled_with_its_text_and_a_reason_stays_in_the_history() -> None:
    case = after(a_case(), "hand_over")
    notice = opine(case, warning={"text": "check batch 7"}).entries[1]
    assert (notice.fact.set, notice.fact.text) == ({"warning": True}, "check batch 7")
    reason = opine(case, no_warning_reason="a single piece").entries[1]
    assert (reason.fact.set, reason.fact.text) == ({"warning": False}, None)
    assert reason.detail == {"no_warning_reason": "a single piece"}


def test_once_settled_a_second_opinion_needs_no_notice() -> None:
    case = after(a_case(), "hand_over", "give_opinion")
    assert [entry.fact.name for entry in opine(case).entries] == ["opinion_given"]


@pytest.mark.parametrize("text", ["call 138 0013 8000", "张三说不粘", "an ZHANG@customer.example"])
def test_a_notice_holds_nothing_of_the_customer(text: str) -> None:
    case = after(a_case(), "hand_over", "give_opinion")
    with pytest.raises(Invalid) as refused:
        taken(case, "give_opinion", fields={"warning": {"text": text}})
    assert list(refused.value.detail) == ["warning.text"]


@pytest.mark.parametrize(("step", "field"), [("reply", "text"), ("resolve", "result")])
def test_what_is_written_to_the_customer_may_name_them(step: str, field: str) -> None:
    case = after(a_case(), "hand_over", "give_opinion")
    said = "张三先生：我们明天来，来前打 138 0013 8000"
    assert taken(case, step, fields={field: said}).entries[0].fact.text == said


# --- replies, severity, cause, repeats ---


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, None),
        ({"plan": "replace"}, None),
        ({"by_when": LATER}, None),
        ({"plan": "replace", "by_when": LATER}, LATER),
    ],
)
def test_only_a_reply_with_plan_and_time_is_due(fields: Any, due: Any) -> None:
    fact = taken(a_case(), "reply", fields=fields).entries[0].fact
    assert (fact.due_at, fact.text) == (due, "we come")


@pytest.mark.parametrize("now", range(len(SEVERITIES)))
def test_severity_only_rises(now: int) -> None:
    case = a_case(severity=SEVERITIES[now])
    for asked in range(len(SEVERITIES)):
        fields = {"severity": SEVERITIES[asked]}
        if asked > now:
            assert taken(case, "raise_severity", fields=fields).case.severity == SEVERITIES[asked]
            continue
        with pytest.raises(Conflict) as refused:
            taken(case, "raise_severity", fields=fields)
        assert refused.value.detail["legal"] == list(SEVERITIES[now + 1 :])


def test_the_cause_belongs_to_the_first_department_named() -> None:
    outcome = taken(a_case(), "determine_cause")
    assert (outcome.case.cause, outcome.case.department) == ("quality_defect", "quality")
    assert outcome.entries[0].detail["departments"] == ["quality", "production"]


def test_a_case_is_linked_once_and_can_be_unlinked() -> None:
    linked = after(a_case(), "link_repeat")
    assert linked.repeat_of == FIRST
    with pytest.raises(Conflict, match=FIRST):
        taken(linked, "link_repeat")
    free = after(linked, "unlink_repeat")
    assert free.repeat_of is None
    with pytest.raises(Conflict, match="linked to no other"):
        taken(free, "unlink_repeat")


def test_a_case_cannot_repeat_itself() -> None:
    with pytest.raises(Conflict, match="itself"):
        taken(a_case(), "link_repeat", fields={"repeat_of": NUMBER})


def test_a_correction_tells_attributes_and_keeps_words_and_persons_to_itself() -> None:
    changes = {
        "region": "north",
        "verifiable": False,
        "demand": "money back",
        "customer": {"phone": None, "name": "李四"},
        "product": {"batch": "B7"},
    }
    case = a_case(product={"model": "T1", "batch": "B6"})
    outcome = taken(case, "correct", fields={"set": changes})
    product = {"model": "T1", "batch": "B7"}
    assert outcome.entries[0].fact.set == {"region": "north", "verifiable": False, "product": product}
    assert outcome.case.product == product
    assert (outcome.case.customer.name, outcome.case.customer.phone) == ("李四", None)
    assert outcome.case.account.demand == "money back"
    assert outcome.case.account.subject == case.account.subject


def test_a_correction_leaves_no_more_defective_pieces_than_pieces() -> None:
    case = a_case(product={"quantity": 3, "defective_quantity": 1})
    with pytest.raises(Invalid) as refused:
        taken(case, "correct", fields={"set": {"product": {"defective_quantity": 4}}})
    assert list(refused.value.detail) == ["set.product.defective_quantity"]


# --- waiting (SL-4) ---


def test_waiting_is_an_overlay() -> None:
    waiting = after(a_case(), "hand_over", "wait_for_customer")
    assert (waiting.state, waiting.waiting) == ("handed_over", True)
    with pytest.raises(Conflict, match="waits for the customer already"):
        taken(waiting, "wait_for_customer")
    resumed = after(waiting, "resume")
    assert not resumed.waiting
    with pytest.raises(Conflict, match="not waiting"):
        taken(resumed, "resume")


@pytest.mark.parametrize("last", ["resolve", "withdraw"])
def test_nobody_waits_for_the_customer_once_it_is_over(last: str) -> None:
    case = after(a_case(), "hand_over", "give_opinion", "wait_for_customer")
    outcome = taken(case, last)
    assert outcome.entries[0].fact.name == "waiting_ended"
    assert not outcome.case.waiting
    assert outcome.case.version == case.version + 1


# --- instants to come ---


@pytest.mark.parametrize(
    ("step", "fields", "field"),
    [
        ("promise", {"due_at": NOW - timedelta(seconds=1)}, "due_at"),
        ("improve", {"due_at": NOW - timedelta(seconds=1)}, "due_at"),
        ("make_appointment", {"visit_at": NOW - timedelta(seconds=1)}, "visit_at"),
        ("make_appointment", {"visit_at": LATER, "visit_until": LATER - timedelta(hours=1)}, "visit_until"),
        ("reply", {"plan": "x", "by_when": NOW - timedelta(seconds=1)}, "by_when"),
    ],
)
def test_what_is_promised_lies_ahead(step: str, fields: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        taken(a_case(), step, fields=fields)
    assert list(refused.value.detail) == [field]


def test_in_history_it_may_be_over() -> None:
    old = NOW - timedelta(days=900)
    outcome = taken(a_case(mode="history"), "promise", by="system:import", fields={"due_at": old})
    assert outcome.entries[0].fact.due_at == old
