"""Promises, appointments, improvements and authority notices: begun once, ended once, told apart by key."""

import pytest

from services.intake.domain.steps import legal_steps
from shared.kernel.errors import Conflict, NotFound
from tests.unit.intake.builders import LATER, NOW, a_case, after, taken


@pytest.mark.parametrize(
    ("begin", "end", "letter", "field"),
    [
        ("promise", "keep_promise", "p", "promise_id"),
        ("make_appointment", "arrive", "a", "appointment_id"),
        ("improve", "check_effect", "i", "improvement_id"),
    ],
)
def test_a_thread_is_begun_and_ended_once(begin: str, end: str, letter: str, field: str) -> None:
    assert end not in legal_steps(a_case())
    begun = taken(a_case(), begin)
    key = begun.entries[0].fact.key
    assert key == f"{letter}2"
    assert end in legal_steps(begun.case)
    ended = taken(begun.case, end, fields={field: key})
    assert ended.entries[0].fact.key == key
    with pytest.raises(Conflict, match=f"{key} is done already"):
        taken(ended.case, end, fields={field: key})
    with pytest.raises(NotFound):
        taken(ended.case, end, fields={field: f"{letter}9"})


def test_a_thread_nobody_began_is_not_found() -> None:
    with pytest.raises(NotFound):
        taken(a_case(), "keep_promise", fields={"promise_id": "p9"})


def test_arriving_needs_no_id_while_only_one_appointment_is_open() -> None:
    one = after(a_case(), "make_appointment")
    assert taken(one, "arrive").entries[0].fact.key == "a2"
    two = after(one, "make_appointment")
    with pytest.raises(Conflict) as refused:
        taken(two, "arrive")
    assert refused.value.detail["open"] == ["a2", "a3"]
    assert taken(two, "arrive", fields={"appointment_id": "a3"}).case.threads.open("appointment") == ["a2"]
    with pytest.raises(Conflict, match="no open appointment"):
        taken(a_case(), "arrive")


def test_an_appointment_can_replace_an_earlier_one() -> None:
    outcome = taken(after(a_case(), "make_appointment"), "make_appointment", fields={"replaces": "a2"})
    fact = outcome.entries[0].fact
    assert (fact.key, fact.voids, fact.due_at) == ("a3", "a2", LATER)
    assert outcome.case.threads.of("appointment") == {"a2": "void", "a3": "open"}
    with pytest.raises(Conflict, match="void"):
        taken(outcome.case, "make_appointment", fields={"replaces": "a2"})
    with pytest.raises(NotFound):
        taken(outcome.case, "make_appointment", fields={"replaces": "a9"})


def test_an_appointment_with_an_end_is_due_at_its_end() -> None:
    fields = {"visit_at": NOW, "visit_until": LATER}
    entry = taken(a_case(), "make_appointment", fields=fields).entries[0]
    assert (entry.fact.due_at, entry.detail) == (LATER, fields)


def test_an_authority_is_answered_under_its_reference() -> None:
    case = after(a_case(), "involve_authority")
    fact = taken(case, "reply_to_authority").entries[0].fact
    assert fact.key == "R-1"
    both = after(case, "involve_authority", fields={"reference": "R-2"})
    with pytest.raises(Conflict, match="several"):
        taken(both, "reply_to_authority")
    answered = after(both, "reply_to_authority", fields={"reference": "R-2"})
    assert answered.threads.open("authority") == ["R-1"]


def test_a_notice_without_reference_is_answered_without_one() -> None:
    case = after(a_case(), "involve_authority", fields={"reference": None})
    assert case.threads.open("authority") == [""]
    with pytest.raises(Conflict, match="open notice"):
        taken(case, "involve_authority", fields={"reference": None})
    assert taken(case, "reply_to_authority").entries[0].fact.key is None
    with pytest.raises(Conflict, match="no open authority"):
        taken(a_case(), "reply_to_authority")


def test_an_authority_may_write_again_under_the_same_reference_once_answered() -> None:
    case = after(a_case(), "involve_authority", "reply_to_authority", "involve_authority")
    assert case.threads.open("authority") == ["R-1"]
