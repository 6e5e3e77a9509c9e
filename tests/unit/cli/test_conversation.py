"""Telling intake of a row: in order, once, whatever happened before."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.cli.importing.conversation import Call, Entered, StepRefused, converse
from shared.cli.importing.mapping import KeyOf, Plan, PlannedStep
from shared.kernel.errors import AftercareError, Conflict, Invalid

PLAN = Plan(
    {"kind": "inquiry", "channel": "phone", "source": "s", "external_ref": "7", "mode": "history"},
    [
        PlannedStep("promise", "due", {"what": "an answer", "due_at": "2014-02-15T10:08:10+00:00"}),
        PlannedStep("keep_promise", "keep_promise", {"promise_id": KeyOf("due")}),
        PlannedStep("resolve", "resolve", {"result": "done"}),
    ],
)


class Intake:
    """Intake in a few lines: one case, its history, and answers kept by request id for as long as asked."""

    def __init__(self) -> None:
        self.history: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.promises: list[str] = []

    def answer(self, call: Call) -> dict[str, Any]:
        if call.method == "intake.get_case":
            return {"history": self.history}
        if call.method == "intake.register_case":
            return {"case_no": "123", "duplicate": True} if self.history else self._act(call)
        if call.request["request_id"] not in self.answers:
            self.answers[call.request["request_id"]] = self._act(call)
        return self.answers[call.request["request_id"]]

    def _act(self, call: Call) -> dict[str, Any]:
        fact = {"by": "system:import", "version": len(self.history) + 1, "fact": call.request.get("step", "received")}
        if fact["fact"] == "promise":
            fact["key"] = f"p{len(self.history) + 1}"
            self.promises.append(fact["key"])
        if fact["fact"] == "keep_promise":
            self.promises.remove(call.request["promise_id"])
        self.history.append(fact)
        return {"case_no": "123", "duplicate": False, "facts": list(self.history)}


def hold(intake: Intake, breaks_off_after: int | None = None, plan: Plan = PLAN) -> Entered | None:
    conversation = converse(plan)
    call = next(conversation)
    for count in range(100):
        if count == breaks_off_after:
            return None
        answer = intake.answer(call)
        try:
            call = conversation.send(answer)
        except StopIteration as done:
            return done.value
    raise AssertionError("it never ends")


def told(intake: Intake) -> list[str]:
    return [fact["fact"] for fact in intake.history]


def test_the_case_is_registered_and_its_steps_are_taken_in_order():
    intake = Intake()
    assert hold(intake) == Entered("123", was_known=False)
    assert told(intake) == ["received", "promise", "keep_promise", "resolve"]
    assert intake.promises == []


@pytest.mark.parametrize("answers_are_kept", [True, False])
@pytest.mark.parametrize("after", range(5))
def test_broken_off_anywhere_it_goes_on_and_says_nothing_twice(after, answers_are_kept):
    intake = Intake()
    hold(intake, breaks_off_after=after)
    if not answers_are_kept:
        intake.answers.clear()
    hold(intake)
    hold(intake)
    assert told(intake) == ["received", "promise", "keep_promise", "resolve"]


def test_what_others_did_with_the_case_is_not_taken_for_ours():
    intake = Intake()
    hold(intake, breaks_off_after=2)
    intake.history.append({"by": "chen", "version": 9, "fact": "record_progress"})
    intake.answers.clear()
    hold(intake)
    assert told(intake) == ["received", "promise", "record_progress", "keep_promise", "resolve"]


def test_every_step_of_every_row_has_a_request_id_of_its_own_that_stays_the_same():
    first, again, other = Intake(), Intake(), Intake()
    hold(first)
    hold(again)
    hold(other, plan=Plan(PLAN.registration | {"external_ref": "8"}, PLAN.steps))
    assert len(first.answers) == len(PLAN.steps)
    assert first.answers.keys() == again.answers.keys()
    assert first.answers.keys().isdisjoint(other.answers)


def refuse(answers: list[Mapping[str, Any]], error: AftercareError) -> None:
    conversation = converse(PLAN)
    next(conversation)
    for answer in answers:
        conversation.send(dict(answer))
    conversation.throw(error)


def test_a_refused_registration_is_the_rows_refusal():
    with pytest.raises(Invalid, match=r"customer\.phone"):
        refuse([], Invalid.field("customer.phone", "is not a phone number"))


def test_a_refused_step_says_which_and_of_what_case():
    registered = {"case_no": "123", "duplicate": False}
    with pytest.raises(StepRefused, match=r"step promise: case 123: not possible \(the case is 123\)"):
        refuse([registered], Conflict("case 123: not possible"))
    with pytest.raises(StepRefused, match=r"step promise: due_at: is too late; what: is empty"):
        refuse([registered], Invalid("not acceptable", {"due_at": ["is too late"], "what": ["is empty"]}))
