"""The same request id gives the first answer, whatever the case has become meanwhile (contracts 4)."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from services.intake.handlers import WITHOUT_FACTS
from services.intake.storage.tables import MESSAGING
from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict
from shared.kernel.plain_json import parse_json, write_json
from shared.outbox import Answers
from tests.integration.intake.office import Answer, Office

Ask = Callable[[str, Callable[[UnitOfWork], Answer]], Answer]


@pytest.fixture
def ask(office: Office) -> Ask:
    """Sends a command under a request id; the answer as its caller reads it."""
    answers = Answers(office.database, MESSAGING.answers)

    def send(request_id: str, command: Callable[[UnitOfWork], Answer]) -> Answer:
        told: Answer = parse_json(write_json(answers.run("a_method", request_id, command)))
        return told

    return send


@pytest.mark.parametrize("reference", [{}, {"external_ref": "call-1"}])
def test_a_registration_asked_again_is_neither_a_second_case_nor_a_duplicate(
    office: Office, ask: Ask, reference: Answer
) -> None:
    first = ask("r1", lambda uow: office.registering(uow, **reference))
    again = ask("r1", lambda uow: office.registering(uow, **reference))
    assert again == first
    assert (first["duplicate"], len(office.find()["cases"]), len(office.said())) == (False, 1, 1)


def test_a_step_asked_again_gives_the_case_as_it_was(office: Office, ask: Ask) -> None:
    case_no = office.case_no()
    first = ask("s1", lambda uow: office.stepping(uow, case_no, "start_investigation"))
    office.step(case_no, "record_progress", text="went on")
    again = ask("s1", lambda uow: office.stepping(uow, case_no, "start_investigation"))
    assert again == first
    assert [fact["fact"] for fact in first["facts"]] == ["received", "investigation_started"]
    assert len(office.get(case_no)["facts"]) == 3
    with pytest.raises(Conflict):
        ask("s2", lambda uow: office.stepping(uow, case_no, "start_investigation"))


def test_what_stands_in_the_history_is_not_kept_twice(office: Office) -> None:
    case_no, protected = office.case_no(), office.case_no(customer={"name": "A. Buyer", "protected": True})
    answers = Answers(office.database, MESSAGING.answers)

    def step(number: str) -> Answer:
        def command(uow: UnitOfWork) -> Answer:
            return office.stepping(uow, number, "start_investigation")

        told: Answer = parse_json(write_json(answers.run_together("take_step", number, command, WITHOUT_FACTS)))
        return told

    for number in (case_no, protected):
        first = step(number)
        office.step(number, "record_progress", text="went on")
        assert step(number) == first
        assert len(first["facts"]) == 2
    with office.database.read() as connection:
        kept = dict(connection.execute(sa.select(MESSAGING.answers.c.request_id, MESSAGING.answers.c.answer)).all())
    assert {number for number in kept if "facts" in kept[number]} == {protected}, "of theirs each one sees another part"
